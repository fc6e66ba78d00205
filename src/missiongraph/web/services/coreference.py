"""``/same``: the co-reference service. It finds our IRI by an identifier elsewhere, and gives all other identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Request, Response
from pyoxigraph import NamedNode, Quad, Triple

from missiongraph.graph.links_elsewhere import CODE_LENGTH, Link
from missiongraph.rdf.formats import JSON_LD, RDF_FORMATS, Format, content_type, reading_order, serialise, used_prefixes
from missiongraph.rdf.jsonld_writer import Writer, dump
from missiongraph.web.context.site import Site
from missiongraph.web.http.parameters import json_answer, revalidated, text_of
from missiongraph.web.http.problems import HttpProblem, accepted

_JSON = "application/json"
_FORMATS = {f.media_type: f for f in RDF_FORMATS}

#: Media types of the RDF answers.
RELATED_FORMATS = tuple(_FORMATS)

_LINK = ("iri", "relation", "property", "source")

#: JSON Schema of the answer.
RELATED: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "iri": {"type": ["string", "null"], "description": "Ours; null where several things are linked alike"},
        "codes": {"type": "object", "additionalProperties": {"type": "string"}},
        "same": {
            "type": "array",
            "items": {"type": "object", "properties": {key: {"type": "string"} for key in _LINK}, "required": [*_LINK]},
        },
        "choices": {
            "type": "array",
            "items": {"type": "object", "properties": {"iri": {"type": "string"}}, "required": ["iri"]},
        },
    },
    "required": ["iri", "same"],
}


def answer_same(site: Site, request: Request) -> Response:
    """Our IRI for an identifier and its links, as JSON or RDF; with ``go=1`` a redirect (303) to its page.

    :raises HttpProblem: 400, without exactly one valid identifier; 404, if no thing has it; 406, if no format is
        acceptable
    """
    name, value = _asked(site, request)
    go = text_of(request, "go")
    if go not in ("", "1"):
        raise HttpProblem(400, f"go: “{go}” is not 1")
    things = _things(site, name, value)
    if not things:
        raise HttpProblem(404, f"Nothing here is linked to {name} “{value}”.")
    if len(things) > 1:
        choices = [{"iri": thing.value} for thing in things]
        return json_answer(request, {"iri": None, "same": [], "choices": choices}, status=300)
    thing = things[0]
    if go:
        address = site.address_of(thing)
        target = f"/{address}" if address is not None else thing.value
        return Response(f"See {target}\n", 303, {"Location": target}, mimetype="text/plain")
    return _answer(site, request, thing)


def _asked(site: Site, request: Request) -> tuple[str, str]:
    """Name and value of the single identifier.

    :raises HttpProblem: 400, if there is none, or several, or it is too long
    """
    names = ("iri", *site.coreference.keys)
    given = [(name, text_of(request, name)) for name in names if name in request.args]
    if len(given) != 1:
        raise HttpProblem(400, f"give exactly one of {', '.join(names)}")
    name, value = given[0]
    if not value or (name != "iri" and len(value) > CODE_LENGTH):
        raise HttpProblem(400, f"{name}: give from 1 to {CODE_LENGTH} characters")
    return name, value


def _things(site: Site, name: str, value: str) -> list[NamedNode]:
    try:
        return site.coreference.by_iri(value) if name == "iri" else site.coreference.by_code(name, value)
    except ValueError:
        raise HttpProblem(400, f"{name}: “{value}” is not an absolute IRI") from None


def _answer(site: Site, request: Request, thing: NamedNode) -> Response:
    links = site.coreference.links_of(thing)
    accept = accepted(request)
    chosen = accept.best_match([_JSON, *_FORMATS]) if accept else _JSON
    form = _FORMATS.get(chosen or "")
    if chosen is None and accept.best_match(["text/html"]) is None:
        raise HttpProblem(406, f"offered as {_JSON}, {', '.join(_FORMATS)}", {"Vary": "Accept"})
    if form is not None:
        return revalidated(
            request, Response(_statements(site, links, form), content_type=content_type(form.media_type)), "Accept"
        )
    document = {
        "iri": thing.value,
        "codes": site.coreference.codes_of(thing),
        "same": [
            {
                "iri": link.iri.value,
                "relation": link.relation,
                "property": link.property.value,
                "source": link.source.value,
            }
            for link in links
        ],
    }
    return json_answer(request, document, vary="Accept")


def _statements(site: Site, links: list[Link], form: Format) -> bytes:
    """The links as RDF; in formats with named graphs, in the graphs that state them."""
    if form.holds_graphs:
        quads = sorted((Quad(k.thing, k.property, k.iri, k.source) for k in links), key=reading_order)
        return serialise(quads, form.rdf_format, used_prefixes(quads, site.build.prefixes))
    triples = sorted((Triple(link.thing, link.property, link.iri) for link in links), key=reading_order)
    if form == JSON_LD:
        return dump(Writer(site.build.context).document(triples))
    return serialise(triples, form.rdf_format, used_prefixes(triples, site.build.prefixes))
