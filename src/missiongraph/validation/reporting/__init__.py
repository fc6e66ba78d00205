"""Reports of a validation: sentences, plain text, JUnit, SARIF, SHACL, and why a shape applies."""
