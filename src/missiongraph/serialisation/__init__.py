"""RDF as bytes: the formats that are offered, their stable order, and JSON-LD that is pleasant to use."""
