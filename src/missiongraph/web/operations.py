"""What services are asked with and answer, as fragments of OpenAPI 3.1; each for the site that serves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from missiongraph.coreference import CODE_LENGTH
from missiongraph.reconciliation.schemas import BATCH, EXTENSION, QUERIES, Schema
from missiongraph.reconciliation.service import VERSIONS
from missiongraph.sparql.results import FORMATS
from missiongraph.web.parameters import MOST_CHARACTERS, MOST_POSTED
from missiongraph.web.registry import IRI_SCHEMA
from missiongraph.web.site import Site

#: Operations of an address by method, in the words of OpenAPI.
Operations = Mapping[str, Mapping[str, Any]]

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_TEXT = {"type": "string"}
_JSON_CONTENT = {_JSON: {"schema": {"type": "object"}}}
_PROBLEM_CONTENT: Mapping[str, object] = {"application/problem+json": {}}
_PROBLEM = {"description": "A problem (RFC 9457)", "content": _PROBLEM_CONTENT}
_UNCHANGED = {"304": {"description": "Not modified"}}

#: Whole numbers from 1, and from 0, up to ``MOST_SUGGESTED``.
_FROM_1, _FROM_0 = "^(?:[1-9][0-9]?|100)$", "^(?:[0-9]|[1-9][0-9]|100)$"


def _parameter(name: str, description: str, *, required: bool = False, **schema: object) -> dict[str, Any]:
    kind = {"type": "string", "maxLength": MOST_CHARACTERS} | schema
    return {"name": name, "in": "query", "description": description, "required": required, "schema": kind}


def _number(name: str, description: str, pattern: str) -> dict[str, Any]:
    return _parameter(name, description, pattern=pattern)


def healthy(name: str) -> Callable[[Site], Operations]:
    """Of an address that says whether the service works."""
    found = {"get": {"operationId": name, "responses": {"200": {"description": "The service works"}}}}
    return lambda site: found


def sparql(site: Site) -> Operations:
    """Of the SPARQL endpoint. No schema says which texts are queries."""
    asked = (
        ("query", "A SPARQL 1.1 query", _TEXT),
        ("default-graph-uri", "A graph of the default graph; repeatable", dict(IRI_SCHEMA)),
        ("named-graph-uri", "A named graph; repeatable", dict(IRI_SCHEMA)),
        ("format", f"In place of Accept: html, a media type, or one of {', '.join(FORMATS)}", _TEXT),
        ("view", "How the page shows the answer: table, chart, map, graph or raw", _TEXT),
        ("sort", "The variable that orders the rows of the page; with a hyphen before it, from the end", _TEXT),
    )
    parameters = [{"name": name, "in": "query", "description": text, "schema": kind} for name, text, kind in asked]
    form = {"type": "object", "required": ["query"], "properties": {"query": _TEXT}}
    body = {
        "required": True,
        "content": {"application/sparql-query": {"schema": _TEXT}, _FORM: {"schema": form}},
    }
    problem = {**_PROBLEM, "content": {**_PROBLEM_CONTENT, "text/html": {}}}
    responses = {
        "200": {"description": "The answer; without a query the page or the service description"},
        **_UNCHANGED,
        **dict.fromkeys(("400", "406", "413", "415", "429", "502", "503", "504"), problem),
    }
    return {
        "get": {"operationId": "sparql", "parameters": parameters, "responses": responses},
        "post": {"operationId": "sparql-post", "requestBody": body, "responses": responses},
    }


def same(site: Site) -> Operations:
    """Of co-reference, with a parameter for each register and code that the publication knows.

    OpenAPI 3.1 cannot say of parameters that exactly one of them is given.
    """
    known = site.coreference
    codes = [_parameter(key, known.meaning_of(key), minLength=1, maxLength=CODE_LENGTH) for key in known.keys]
    return {
        "get": {
            "operationId": "same",
            "summary": "Our IRI for an identifier of others, and its links",
            "description": f"Exactly one identifier is given: {', '.join(('iri', *known.keys))}.",
            "parameters": [
                _parameter("iri", "An IRI, ours or one that is linked to ours", format="iri"),
                *codes,
                _parameter("go", "1: redirect to the thing", enum=["1"]),
            ],
            "responses": {
                "200": {
                    "description": "The IRI and its links, with their relations",
                    "content": _JSON_CONTENT,
                },
                "300": {"description": "Several things are linked alike", "content": _JSON_CONTENT},
                "303": {"description": "See the thing"},
                **_UNCHANGED,
                **dict.fromkeys(("400", "404", "406"), _PROBLEM),
            },
        }
    }


_BATCH_TEXT, _EXTENSION_TEXT = "A query batch (version 0.2)", "A data extension query (version 0.2)"
_ID = _parameter("id", "Identifier", required=True, minLength=1)
_TOO_MUCH = ("400", "413", "415")
_UNKNOWN = ("400", "404")


def _operation(
    site: Site,
    name: str,
    summary: str,
    *parameters: Mapping[str, Any],
    content: Mapping[str, object] = _JSON_CONTENT,
    problems: Sequence[str] = ("400",),
    body: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """An operation whose answer is in one of the languages of the site."""
    language = _parameter("lang", "Language of names", enum=list(site.languages))
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*parameters, language],
        **({"requestBody": {"required": True, "content": body}} if body else {}),
        "responses": {
            "200": {"description": summary, "content": content},
            **_UNCHANGED,
            **dict.fromkeys(problems, _PROBLEM),
        },
    }


def reconcile(site: Site) -> Operations:
    """Of the root of reconciliation: the manifest, and both kinds of query of version 0.2."""
    form = {
        "type": "object",
        "properties": {"queries": BATCH, "extend": EXTENSION},
        "oneOf": [{"required": ["queries"]}, {"required": ["extend"]}],
    }
    encoding = {name: {"contentType": _JSON} for name in ("queries", "extend")}
    asked = (
        *(_json_parameter(*one) for one in (("queries", _BATCH_TEXT, BATCH), ("extend", _EXTENSION_TEXT, EXTENSION))),
        _parameter("version", "Of the manifest", enum=list(VERSIONS)),
    )
    summary = "The manifest; with queries or extend (not both), their answers"
    return {
        "get": _operation(site, "reconcile", summary, *asked, problems=_TOO_MUCH),
        "post": _operation(
            site,
            "reconcile-batch",
            "The answers of queries or extend",
            problems=_TOO_MUCH,
            body={_FORM: {"schema": form, "encoding": encoding}},
        ),
    }


def _json_parameter(name: str, description: str, schema: Schema) -> dict[str, Any]:
    return _parameter(name, description, maxLength=MOST_POSTED, contentMediaType=_JSON, contentSchema=schema)


def match(site: Site) -> Operations:
    """Of a query batch of the 1.0 draft."""
    return _posts(site, "match", "Candidates for the queries of a batch (1.0 draft)", QUERIES)


def extend(site: Site) -> Operations:
    """Of a data extension query of the 1.0 draft."""
    return _posts(site, "extend", "Values of properties of things (1.0 draft)", EXTENSION)


def _posts(site: Site, name: str, summary: str, schema: Schema) -> Operations:
    body = {_JSON: {"schema": schema}}
    return {"post": _operation(site, f"reconcile-{name}", summary, problems=_TOO_MUCH, body=body)}


def propose(site: Site) -> Operations:
    """Of the properties that a table may be extended by."""
    asked = _parameter("type", "Identifier of the class"), _number("limit", "How many at most", _FROM_1)
    return {"get": _operation(site, "reconcile-propose", "Properties that things of a class have", *asked)}


def preview(site: Site) -> Operations:
    """Of the small pages that others may frame."""
    html: Mapping[str, object] = {"text/html": {}}
    summary = "A small page about an entity"
    return {"get": _operation(site, "reconcile-preview", summary, _ID, content=html, problems=_UNKNOWN)}


def suggest(kind: str) -> Callable[[Site], Operations]:
    """Of suggestions for what somebody types: an entity, a property or a type."""
    asked = (
        _parameter("prefix", "What was typed so far"),
        _number("cursor", "How many to skip", _FROM_0),
        _number("offset", "The same", _FROM_0),
        _number("limit", "How many at most", _FROM_1),
    )
    name, summary = f"reconcile-suggest-{kind}", f"Suggestions of that kind: {kind}"
    return lambda site: {"get": _operation(site, name, summary, *asked)}


def flyout(kind: str) -> Callable[[Site], Operations]:
    """Of a few lines about an entity, a property or a type."""
    content = {**_JSON_CONTENT, "text/html": {}}
    name, summary = f"reconcile-flyout-{kind}", f"A few lines about one: {kind}"
    return lambda site: {"get": _operation(site, name, summary, _ID, content=content, problems=_UNKNOWN)}
