"""From view models to HTML: templates, and values written for a reader of some language. It knows no HTTP."""
