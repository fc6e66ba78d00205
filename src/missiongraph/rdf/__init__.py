"""RDF syntax: lexical spaces, formats and their limits, the JSON-LD writer, RDF/XML preparation, canonical form."""
