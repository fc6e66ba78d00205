"""The W3C SPARQL suites over HTTP: one publication holds all test data, the protocol picks each test's dataset."""
