"""HTTP without any page: registry, negotiation, conditional requests, ``Link``, problem documents, OpenAPI."""
