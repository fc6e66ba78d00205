"""Bodies as OpenAPI 3.1 has them, for schemathesis, which writes fields of forms that are objects in another way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

import schemathesis
from schemathesis import SerializationContext


@schemathesis.serializer("application/x-www-form-urlencoded")
def form(context: SerializationContext, value: object) -> bytes:
    """The body of the case, each field as its text, or else as JSON (OpenAPI 3.1, Encoding Object)."""
    body = context.case.body
    if not isinstance(body, Mapping):
        return json.dumps(body).encode()
    return urlencode({name: one if isinstance(one, str) else json.dumps(one) for name, one in body.items()}).encode()


@schemathesis.serializer("application/sparql-query")
def query(context: SerializationContext, value: object) -> bytes:
    """The text of the query."""
    return str(value).encode("utf-8", "replace")
