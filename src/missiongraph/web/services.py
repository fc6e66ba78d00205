"""Services: addresses that compute their answer from the request."""

from __future__ import annotations

from flask import Response, request
from pyoxigraph import NamedNode

from missiongraph.interfaces import SPARQL
from missiongraph.web.ask import answer_query
from missiongraph.web.families.home import HOME
from missiongraph.web.registry import IRI_SCHEMA, Service
from missiongraph.web.site import Site

_OK = {"200": {"description": "The service works"}}


def _healthz(site: Site) -> Response:
    """Works only if the store and the index answer and the home page can be written."""
    member = next(HOME.members(site))
    for variant in HOME.variants(site, member):
        HOME.render(site, member, variant)
    first = next(site.build.index.documents(), None)
    if first is not None:
        site.engine.query(f"ASK {{ ?s ?p {NamedNode(first.document)} }}")
    response = Response("ok\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


def _sparql(site: Site) -> Response:
    return answer_query(site, request)


_TEXT = {"type": "string"}

_QUERY_PARAMETERS = [
    {"name": name, "in": "query", "description": text, "schema": schema}
    for name, text, schema in (
        ("query", "A SPARQL 1.1 query", _TEXT),
        ("default-graph-uri", "A graph of the default graph; repeatable", dict(IRI_SCHEMA)),
        ("named-graph-uri", "A named graph; repeatable", dict(IRI_SCHEMA)),
        ("format", "Result format by extension, in place of Accept", _TEXT),
    )
]
_QUERY_BODY = {
    "required": True,
    "content": {
        "application/sparql-query": {"schema": _TEXT},
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "required": ["query"], "properties": {"query": _TEXT}}
        },
    },
}
_QUERY_RESPONSES = {
    "200": {"description": "The answer; without a query the page or the service description"},
    "304": {"description": "Not modified"},
    **{
        code: {"description": "A problem (RFC 9457)", "content": {"application/problem+json": {}, "text/html": {}}}
        for code in ("400", "406", "413", "415", "503", "504")
    },
}

SERVICES: tuple[Service, ...] = (
    Service(
        "sparql",
        "/sparql",
        ("GET", "POST"),
        _sparql,
        {
            "get": {"operationId": "sparql", "parameters": _QUERY_PARAMETERS, "responses": _QUERY_RESPONSES},
            "post": {"operationId": "sparql-post", "requestBody": _QUERY_BODY, "responses": _QUERY_RESPONSES},
        },
        SPARQL,
    ),
    Service("healthz", "/healthz", ("GET",), _healthz, {"get": {"operationId": "healthz", "responses": _OK}}),
    Service("readyz", "/readyz", ("GET",), _healthz, {"get": {"operationId": "readyz", "responses": _OK}}),
)
