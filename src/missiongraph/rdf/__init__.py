"""RDF syntax: lexical spaces, formats and what they cannot carry, readers and writers, canonical form."""
