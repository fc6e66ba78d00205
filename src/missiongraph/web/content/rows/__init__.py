"""The rows of SPARQL queries: their views, their evidence, lists, and the data of the query editor."""
