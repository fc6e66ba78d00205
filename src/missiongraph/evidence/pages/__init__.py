"""From a file to the text that a reader sees: HTML, PDF, plain text, normalised."""
