"""The reader's language, the layout of pages, and the pages of long documents."""
