"""What pages are made of: a reader's language and the layout, the facts of things, the rows of queries."""
