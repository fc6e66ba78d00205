"""Evidence: the words of pages, and the records of tables, that claims rest on, and checks of them."""
