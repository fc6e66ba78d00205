"""The OpenAPI 3.1 operations of ``/sparql`` and ``/same``."""

from __future__ import annotations

from typing import get_args

from missiongraph.graph.links_elsewhere import CODE_LENGTH
from missiongraph.sparql.results import ANY_FORMATS, FORMATS, SOLUTION_FORMATS
from missiongraph.web.content.rows.opening_query import opening_query
from missiongraph.web.context.site import Site
from missiongraph.web.http.openapi_fragments import (
    FORM_TYPE,
    JSON_TYPE,
    TEXT,
    UNCHANGED,
    Operations,
    Schema,
    content_of,
    example_thing,
    parameter,
    problem,
)
from missiongraph.web.http.registry import HTML_TYPE, IRI_SCHEMA
from missiongraph.web.rendering.view_models import ViewName
from missiongraph.web.services.coreference import RELATED, RELATED_FORMATS

#: JSON Schema of the answer to SELECT and ASK (SPARQL 1.1 Query Results JSON Format).
_BINDINGS: Schema = {
    "type": "object",
    "properties": {
        "head": {"type": "object", "properties": {"vars": {"type": "array", "items": TEXT}}},
        "results": {
            "type": "object",
            "properties": {
                "bindings": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object",
                            "properties": {"type": TEXT, "datatype": TEXT, "xml:lang": TEXT},
                            "required": ["type", "value"],
                        },
                    },
                }
            },
            "required": ["bindings"],
        },
        "boolean": {"type": "boolean"},
    },
    "required": ["head"],
}

_SPARQL = (
    "The SPARQL 1.1 Protocol, for queries. Send `query` by GET or in a form, or the query itself as "
    "`application/sparql-query`. SELECT and ASK are answered in JSON, XML, CSV or TSV, CONSTRUCT and DESCRIBE in the "
    "formats of RDF, a browser by a page. Without a query a browser gets a page that opens with one, and a program the "
    "service description, which names functions and limits. The default graph holds what is accepted, named graphs "
    "every claim with its evidence. Updates are refused."
)


def sparql(site: Site) -> Operations:
    """The operations of the SPARQL endpoint. JSON Schema cannot say which texts are queries."""
    asked = (
        ("query", "A SPARQL 1.1 query", TEXT),
        ("default-graph-uri", "A graph of the default graph; repeatable", dict(IRI_SCHEMA)),
        ("named-graph-uri", "A named graph; repeatable", dict(IRI_SCHEMA)),
        ("format", f"In place of Accept: html, a media type, or one of {', '.join(FORMATS)}", TEXT),
        ("view", "How the page shows the answer, where that suits it", {**TEXT, "enum": list(get_args(ViewName))}),
        ("sort", "The variable that orders the rows of the page; with a hyphen before it, from the end", TEXT),
    )
    query = opening_query(site)
    parameters = [
        {"name": name, "in": "query", "description": text, "schema": kind}
        | ({"example": query} if name == "query" else {})
        for name, text, kind in asked
    ]
    form = {"type": "object", "required": ["query"], "properties": {"query": TEXT}}
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": TEXT},
            FORM_TYPE: {"schema": form, "example": {"query": query}},
        },
    }
    offered = dict.fromkeys(form.media_type for form in ANY_FORMATS)
    content = {name: content_of(name) for name in (*offered, HTML_TYPE)}
    content[SOLUTION_FORMATS[0].media_type] = {"schema": _BINDINGS}
    responses = {
        "200": {"description": "The answer; without a query the page or the service description", "content": content},
        **UNCHANGED,
        "400": problem("Not a query, one that is not answered here, or a parameter that cannot be; says where"),
        "406": problem("No format that is accepted can carry the answer"),
        "413": problem("Too long"),
        "415": problem("Neither a form nor a query was sent"),
        "429": problem("The network has used up its processor time; Retry-After says when to try again"),
        "502": problem("An endpoint that the query calls gave no answer"),
        "503": problem("Too many are asking, or the query took too much memory"),
        "504": problem("Not answered in time"),
    }
    about = {"tags": ["queries"], "summary": "Ask the whole publication in SPARQL", "description": _SPARQL}
    return {
        "get": {"operationId": "sparql", **about, "parameters": parameters, "responses": responses},
        "post": {"operationId": "sparql-post", **about, "requestBody": body, "responses": responses},
    }


def same(site: Site) -> Operations:
    """The operation of the co-reference service, with a parameter for each register and code of the publication.

    OpenAPI 3.1 cannot say that exactly one of several parameters must be given.
    """
    known, example = site.coreference, example_thing(site)[0]
    codes = [parameter(key, known.meaning_of(key), minLength=1, maxLength=CODE_LENGTH) for key in known.keys]
    content = {JSON_TYPE: {"schema": RELATED}, **{name: content_of(name) for name in RELATED_FORMATS}}
    return {
        "get": {
            "operationId": "same",
            "tags": ["matching"],
            "summary": "Our IRI for an identifier of others, and its links",
            "description": (
                f"Exactly one identifier is given: {', '.join(('iri', *known.keys))}. The answer is our IRI with its "
                "codes and its links, each with what it means and the graph that states it."
            ),
            "parameters": [
                parameter("iri", "An IRI, ours or one that is linked to ours", format="iri", example=example),
                *codes,
                parameter("go", "1: redirect to the thing", enum=["1"]),
            ],
            "responses": {
                "200": {"description": "The IRI and its links, with their relations", "content": content},
                "300": {"description": "Several things are linked alike", "content": {JSON_TYPE: {"schema": RELATED}}},
                "303": {"description": "See the thing", "content": {"text/plain": {"schema": TEXT}}},
                **UNCHANGED,
                "400": problem("Not exactly one identifier, or none that can be"),
                "404": problem("Nothing is linked to it"),
                "406": problem("Not offered in a format that is accepted"),
            },
        }
    }
