"""The facts of things: statements in groups, margin notes, disagreements, values without a name, schema.org."""
