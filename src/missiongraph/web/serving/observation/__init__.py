"""What an operator sees of the server: identifiers of requests, logs, metrics."""
