"""The facts of a resource: statements in groups, margin notes, disagreements, blank nodes and lists, schema.org."""
