"""What pages are made of: the reader's language and the layout, the facts of a thing, the rows of queries."""
