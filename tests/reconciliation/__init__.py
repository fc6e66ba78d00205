"""Tests of reconciliation without the web."""
