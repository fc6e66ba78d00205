"""Services: SPARQL endpoint, reconciliation, co-reference, health."""
