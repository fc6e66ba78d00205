"""From view models to HTML: templates and formatting. No HTTP."""
