"""Where the words of a claim stand in a page, and how the page has changed them."""
