"""A report of validation for its readers: sentences, plain text, JUnit, SARIF, SHACL, explanations."""
