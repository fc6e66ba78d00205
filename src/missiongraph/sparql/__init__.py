"""The SPARQL 1.1 Protocol over an engine, independent of any web framework."""
