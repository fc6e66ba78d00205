"""Services: addresses that compute their answer from the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from flask import Request, Response, request
from pyoxigraph import NamedNode

from missiongraph.interfaces import RECONCILIATION, SPARQL
from missiongraph.reconciliation.service import VERSIONS
from missiongraph.web.ask import answer_query
from missiongraph.web.families.home import HOME
from missiongraph.web.parameters import MOST_CHARACTERS, MOST_POSTED
from missiongraph.web.reconcile import (
    answer_extend,
    answer_flyout,
    answer_match,
    answer_preview,
    answer_propose,
    answer_root,
    answer_suggest,
)
from missiongraph.web.registry import IRI_SCHEMA, Service
from missiongraph.web.same import answer_same
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
        ("view", "How the page shows the answer: table, chart, map, graph or raw", _TEXT),
        ("sort", "The variable that orders the rows of the page; with a hyphen before it, from the end", _TEXT),
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
        for code in ("400", "406", "413", "415", "429", "502", "503", "504")
    },
}


def _parameter(name: str, description: str, *, required: bool = False, **schema: object) -> dict[str, object]:
    kind = {"type": "string", "maxLength": MOST_CHARACTERS} | schema
    return {"name": name, "in": "query", "description": description, "required": required, "schema": kind}


def _number(name: str, description: str, pattern: str) -> dict[str, object]:
    return _parameter(name, description, pattern=pattern)


#: Whole numbers from 1, and from 0, up to ``MOST_SUGGESTED``.
_FROM_1, _FROM_0 = "^(?:[1-9][0-9]?|100)$", "^(?:[0-9]|[1-9][0-9]|100)$"


_JSON_CONTENT = {"application/json": {"schema": {"type": "object"}}}
_PROBLEM = {"description": "A problem (RFC 9457)", "content": {"application/problem+json": {}}}
_LANGUAGE = _parameter("lang", "Language of names")


def _operation(
    name: str,
    summary: str,
    *parameters: dict[str, object],
    content: Mapping[str, object] = _JSON_CONTENT,
    problems: Sequence[str] = ("400",),
    **more: object,
) -> dict[str, object]:
    responses = {"200": {"description": summary, "content": content}, "304": {"description": "Not modified"}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*parameters, _LANGUAGE],
        "responses": {**responses, **dict.fromkeys(problems, _PROBLEM)},
        **more,
    }


def _sends(media_type: str, **properties: object) -> dict[str, object]:
    return {"required": True, "content": {media_type: {"schema": {"type": "object", "properties": properties}}}}


_ID = _parameter("id", "Identifier", required=True, minLength=1)
_BATCH = ("queries", "A query batch as JSON (version 0.2)"), ("extend", "A data extension query as JSON (version 0.2)")
_TOO_MUCH = ("400", "413", "415")
_SAME = {
    "operationId": "same",
    "summary": "Our IRI for an identifier of others, and its links; exactly one identifier is given",
    "parameters": [
        _parameter("iri", "An IRI, ours or one that is linked to ours", format="iri"),
        _parameter("go", "1: redirect to the thing", enum=["1"]),
    ],
    "responses": {
        "200": {"description": "The IRI and its links, each with its relation and source", "content": _JSON_CONTENT},
        "300": {"description": "Several things are linked alike", "content": _JSON_CONTENT},
        "303": {"description": "See the thing"},
        "304": {"description": "Not modified"},
        **dict.fromkeys(("400", "404", "406"), _PROBLEM),
    },
}


def _reconciliation() -> Iterator[Service]:
    root = {
        "get": _operation(
            "reconcile",
            "The manifest; with queries or extend, their answers",
            *(_parameter(name, text, maxLength=MOST_POSTED) for name, text in _BATCH),
            _parameter("version", "Of the manifest", enum=list(VERSIONS)),
            problems=_TOO_MUCH,
        ),
        "post": _operation(
            "reconcile-batch",
            "The answers of queries or extend",
            problems=_TOO_MUCH,
            requestBody=_sends(
                "application/x-www-form-urlencoded", queries={"type": "string"}, extend={"type": "string"}
            ),
        ),
    }
    yield Service("reconcile", "/reconcile", ("GET", "POST"), _for(answer_root), root, RECONCILIATION)
    for name, answer, summary in (
        ("match", answer_match, "Candidates for the queries of a batch (1.0 draft)"),
        ("extend", answer_extend, "Values of properties of things (1.0 draft)"),
    ):
        body = _sends("application/json")
        posted = {"post": _operation(f"reconcile-{name}", summary, problems=_TOO_MUCH, requestBody=body)}
        yield Service(f"reconcile-{name}", f"/reconcile/{name}", ("POST",), _for(answer), posted)
    proposed = _operation(
        "reconcile-propose",
        "Properties that things of a class have",
        _parameter("type", "Identifier of the class"),
        _number("limit", "How many at most", _FROM_1),
    )
    yield Service("reconcile-propose", "/reconcile/extend/propose", ("GET",), _for(answer_propose), {"get": proposed})
    html: Mapping[str, object] = {"text/html": {}}
    shown = _operation("reconcile-preview", "A small page about an entity", _ID, content=html, problems=("400", "404"))
    yield Service("reconcile-preview", "/reconcile/preview", ("GET",), _for(answer_preview), {"get": shown})
    for kind in ("entity", "property", "type"):
        begun = _parameter("prefix", "What was typed so far")
        skipped = (
            _number("cursor", "How many to skip", _FROM_0),
            _number("offset", "The same", _FROM_0),
            _number("limit", "How many at most", _FROM_1),
        )
        name = f"reconcile-suggest-{kind}"
        suggested = _operation(name, f"Suggestions of that kind: {kind}", begun, *skipped)
        answer = partial(answer_suggest, kind)
        yield Service(name, f"/reconcile/suggest/{kind}", ("GET",), _for(answer), {"get": suggested})
        name = f"reconcile-flyout-{kind}"
        flown = _operation(
            name, f"A few lines about one: {kind}", _ID, content={**_JSON_CONTENT, **html}, problems=("400", "404")
        )
        answer = partial(answer_flyout, kind)
        yield Service(name, f"/reconcile/flyout/{kind}", ("GET",), _for(answer), {"get": flown})


def _for(answer: Callable[[Site, Request], Response]) -> Callable[[Site], Response]:
    return lambda site: answer(site, request)


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
    Service("same", "/same", ("GET",), _for(answer_same), {"get": _SAME}),
    *_reconciliation(),
    Service("healthz", "/healthz", ("GET",), _healthz, {"get": {"operationId": "healthz", "responses": _OK}}),
    Service("readyz", "/readyz", ("GET",), _healthz, {"get": {"operationId": "readyz", "responses": _OK}}),
)
