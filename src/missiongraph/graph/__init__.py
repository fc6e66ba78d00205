"""Asks the graph about things: statements, names, documents, links to other datasets, application profile, quality."""
