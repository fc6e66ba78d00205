"""Checks: whether a page or a table of records still supports the claims that rest on it."""
