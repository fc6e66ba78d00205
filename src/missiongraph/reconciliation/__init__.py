"""The W3C Reconciliation Service API, 0.2 and 1.0 draft, without a web framework."""
