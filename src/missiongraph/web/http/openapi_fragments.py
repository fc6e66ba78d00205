"""OpenAPI 3.1 fragments that families and services share: parameters, media types, problem responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import rows
from missiongraph.web.context.site import Site
from missiongraph.web.http.parameters import MOST_CHARACTERS
from missiongraph.web.http.problems import PROBLEM_TYPE
from missiongraph.web.http.registry import HTML_TYPE

Schema = Mapping[str, Any]

#: A Path Item of OpenAPI: the operations of an address by method.
Operations = Mapping[str, Mapping[str, Any]]

JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
UNCHANGED = {"304": {"description": "Not modified"}}
TEXT: Schema = {"type": "string"}

#: JSON Schema of a problem document (RFC 9457). *line* and *column* say where a query is wrong.
PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, where, and what to do"},
        "instance": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
    },
    "required": ["type", "title", "status", "detail", "instance"],
}

#: Descriptions of problem responses by status, for operations that give none of their own.
PROBLEMS: Mapping[str, str] = {
    "400": "A parameter, or what was sent, is not what it should be; says which and why",
    "404": "Nothing is called so here",
    "406": "Not offered in a format that is accepted; says which there are",
    "412": "The file is another one now",
    "413": "Too much at once",
    "415": "Sent as a media type that is not taken here",
    "416": "The file has no such range",
}


def problem(description: str) -> dict[str, Any]:
    """A Response Object for a problem: a problem document, or a page for browsers."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, HTML_TYPE: {"schema": TEXT}}
    return {"description": description, "content": content}


def content_of(media_type: str) -> dict[str, Any]:
    """The Media Type Object of *media_type*. One for bytes is empty (OpenAPI 3.1, section 4.8.14)."""
    if media_type == JSON_TYPE or media_type.endswith("+json"):
        return {"schema": {"type": ["object", "array"]}}
    return {"schema": TEXT} if media_type.startswith("text/") else {}


def parameter(
    name: str, description: str, *, required: bool = False, example: object = None, **schema: object
) -> dict[str, Any]:
    """A Parameter Object in the query, of type string with the further JSON Schema keywords of *schema*."""
    kind = {"type": "string", "maxLength": MOST_CHARACTERS} | schema
    shown = {} if example is None else {"example": example}
    return {"name": name, "in": "query", "description": description, "required": required, "schema": kind, **shown}


def example_thing(site: Site) -> tuple[str | None, str]:
    """IRI and name of a thing of the main class, for examples; ``None`` and an empty name if there is none."""
    language, kind = site.languages[0], site.reconciliation.terms.main
    for row in rows(site.engine, f"SELECT ?s WHERE {{ ?s a {kind} FILTER(isIRI(?s)) }} LIMIT 1"):
        if isinstance(row["s"], NamedNode):
            return row["s"].value, site.reconciliation.described([row["s"].value], language)[0].name
    return None, site.title(language)
