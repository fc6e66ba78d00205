"""The publication as pages and services on the Web."""
