"""Where the words of a claim stand in a page, and what became of them."""
