"""The OpenAPI 3.1 operations of the reconciliation service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from missiongraph.reconciliation import answer_schemas
from missiongraph.reconciliation.query_schemas import BATCH, EXTENSION, QUERIES, Schema
from missiongraph.reconciliation.service import VERSIONS
from missiongraph.web.context.site import Site
from missiongraph.web.http.openapi_fragments import (
    FORM_TYPE,
    JSON_TYPE,
    PROBLEMS,
    UNCHANGED,
    Operations,
    content_of,
    example_thing,
    parameter,
    problem,
)
from missiongraph.web.http.parameters import MOST_POSTED
from missiongraph.web.http.registry import HTML_TYPE

#: Patterns of whole numbers up to ``MOST_SUGGESTED``: from 1, and from 0.
_FROM_1, _FROM_0 = "^(?:[1-9][0-9]?|100)$", "^(?:[0-9]|[1-9][0-9]|100)$"


def _number(name: str, description: str, pattern: str) -> dict[str, Any]:
    return parameter(name, description, pattern=pattern)


_BATCH_TEXT, _EXTENSION_TEXT = "A query batch (version 0.2)", "A data extension query (version 0.2)"
_TOO_MUCH = ("400", "413", "415")
_UNKNOWN = ("400", "404")


def _identifier(example: str | None) -> dict[str, Any]:
    return parameter("id", "Identifier", required=True, minLength=1, example=example)


def _operation(
    site: Site,
    name: str,
    summary: str,
    description: str,
    *parameters: Mapping[str, Any],
    content: Mapping[str, object],
    problems: Sequence[str] = ("400",),
    body: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """An operation whose answer depends on the language."""
    language = parameter("lang", "Language of names", enum=list(site.languages))
    return {
        "operationId": name,
        "tags": ["matching"],
        "summary": summary,
        "description": description,
        "parameters": [*parameters, language],
        **({"requestBody": {"required": True, "content": body}} if body else {}),
        "responses": {
            "200": {"description": summary, "content": content},
            **UNCHANGED,
            **{status: problem(PROBLEMS[status]) for status in problems},
        },
    }


def _json(schema: Schema) -> dict[str, Any]:
    return {JSON_TYPE: {"schema": schema}}


def reconcile(site: Site) -> Operations:
    """The operations of the root: the manifest, and the queries of version 0.2."""
    form = {
        "type": "object",
        "properties": {"queries": BATCH, "extend": EXTENSION},
        "oneOf": [{"required": ["queries"]}, {"required": ["extend"]}],
    }
    encoding = {name: {"contentType": JSON_TYPE} for name in ("queries", "extend")}
    batch = {"q0": {"query": example_thing(site)[1], "limit": 3}}
    asked = (
        _json_parameter("queries", _BATCH_TEXT, BATCH, batch),
        _json_parameter("extend", _EXTENSION_TEXT, EXTENSION),
        parameter("version", "Of the manifest", enum=list(VERSIONS)),
    )
    found = {"anyOf": [answer_schemas.TABLE, answer_schemas.RESULTS]}
    return {
        "get": _operation(
            site,
            "reconcile",
            "The manifest; with queries or extend (not both), their answers",
            "The Reconciliation Service API, version 0.2, as OpenRefine speaks it: without parameters what the service "
            "offers, else the answer to a batch of names or to a query for columns.",
            *asked,
            content=_json({"anyOf": [answer_schemas.MANIFEST, *found["anyOf"]]}),
            problems=_TOO_MUCH,
        ),
        "post": _operation(
            site,
            "reconcile-batch",
            "The answers of queries or extend",
            "Version 0.2: a form with a batch of queries (names, with a class and properties where they are known) or "
            "with a query for columns, each as JSON. An empty query has an empty result.",
            content=_json(found),
            problems=_TOO_MUCH,
            body={FORM_TYPE: {"schema": form, "encoding": encoding, "example": {"queries": batch}}},
        ),
    }


def _json_parameter(name: str, description: str, schema: Schema, example: object = None) -> dict[str, Any]:
    shown = None if example is None else json.dumps(example, ensure_ascii=False)
    return parameter(
        name, description, maxLength=MOST_POSTED, contentMediaType=JSON_TYPE, contentSchema=schema, example=shown
    )


def match(site: Site) -> Operations:
    """The operation of a query batch (1.0 draft)."""
    condition = {"matchType": "name", "propertyValue": example_thing(site)[1]}
    return _posts(
        site,
        "match",
        "Candidates for the queries of a batch (1.0 draft)",
        "Which things names and records may mean, how sure that is, and why. A match may be taken without asking.",
        QUERIES,
        answer_schemas.CANDIDATES,
        {"queries": [{"conditions": [condition], "limit": 3}]},
    )


def extend(site: Site) -> Operations:
    """The operation of a data extension query (1.0 draft)."""
    known = site.reconciliation.terms.properties[:1]
    iri = example_thing(site)[0]
    return _posts(
        site,
        "extend",
        "Values of properties of things (1.0 draft)",
        "Columns for a table whose rows were matched before: the values of properties of each thing.",
        EXTENSION,
        answer_schemas.ROWS,
        {"ids": [iri] if iri else [], "properties": [{"id": one.id} for one in known]},
    )


def _posts(
    site: Site, name: str, summary: str, description: str, schema: Schema, answer: Schema, example: object
) -> Operations:
    body = {JSON_TYPE: {"schema": schema, "example": example}}
    content = _json(answer)
    return {
        "post": _operation(
            site, f"reconcile-{name}", summary, description, content=content, problems=_TOO_MUCH, body=body
        )
    }


def propose(site: Site) -> Operations:
    """The operation that proposes properties for data extension."""
    main = site.reconciliation.terms.main.value
    asked = parameter("type", "Identifier of the class", example=main), _number("limit", "How many at most", _FROM_1)
    text = "What columns a table of things of a class may be given, those of its shapes first."
    summary, content = "Properties that things of a class have", _json(answer_schemas.PROPOSAL)
    return {"get": _operation(site, "reconcile-propose", summary, text, *asked, content=content)}


def preview(site: Site) -> Operations:
    """The operation of the previews that other sites may frame."""
    text = "For programs that show what a candidate is, within a page of their own."
    summary, content = "A small page about an entity", {HTML_TYPE: content_of(HTML_TYPE)}
    asked = _identifier(example_thing(site)[0])
    return {"get": _operation(site, "reconcile-preview", summary, text, asked, content=content, problems=_UNKNOWN)}


def suggest(kind: str) -> Callable[[Site], Operations]:
    """The operation of suggestions for a text being typed.

    :param kind: ``entity``, ``property`` or ``type``
    """
    text = "For a field that completes what is being typed; misspelt words are found too."
    name, summary = f"reconcile-suggest-{kind}", f"Suggestions of that kind: {kind}"

    def described(site: Site) -> Operations:
        asked = (
            parameter("prefix", "What was typed so far", example=example_thing(site)[1][:3]),
            _number("cursor", "How many to skip", _FROM_0),
            _number("offset", "The same", _FROM_0),
            _number("limit", "How many at most", _FROM_1),
        )
        return {"get": _operation(site, name, summary, text, *asked, content=_json(answer_schemas.SUGGESTIONS))}

    return described


def flyout(kind: str) -> Callable[[Site], Operations]:
    """The operation of short descriptions.

    :param kind: ``entity``, ``property`` or ``type``
    """
    text = "What a program shows while somebody points at a suggestion: HTML within JSON, or a page."
    content = {**_json(answer_schemas.FLYOUT), HTML_TYPE: content_of(HTML_TYPE)}
    name, summary = f"reconcile-flyout-{kind}", f"A few lines about one: {kind}"

    def described(site: Site) -> Operations:
        terms = site.reconciliation.terms
        examples = {
            "entity": example_thing(site)[0],
            "type": next((one.value for one in terms.classes), None),
            "property": next((one.id for one in terms.properties), None),
        }
        asked = _identifier(examples[kind])
        return {"get": _operation(site, name, summary, text, asked, content=content, problems=_UNKNOWN)}

    return described
