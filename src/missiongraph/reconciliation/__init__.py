"""Answers requests of the W3C Reconciliation Service API, version 0.2 and 1.0 draft; it knows no web framework."""
