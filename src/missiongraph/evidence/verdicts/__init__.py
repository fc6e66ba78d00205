"""Verdicts: whether a page or a record still supports the claims that rest on it."""
