"""The language of a reader, the layout around a page, and long documents as several pages."""
