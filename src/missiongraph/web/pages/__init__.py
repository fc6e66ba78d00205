"""The page families, one module for each kind of page."""
