"""Reading saved pages: HTML, PDF and plain text as normalised text and passages."""
