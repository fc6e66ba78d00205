"""HTTP without pages: registry, negotiation, conditional requests, links, problems, parameters, OpenAPI."""
