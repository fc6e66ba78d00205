"""Names of things: how they are folded, kept in an index, compared, and found."""
