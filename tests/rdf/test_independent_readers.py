"""What is written is read alike by a parser that is not the writer's own, whatever the terms."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.rdf.format_limits import CannotCarry
from missiongraph.rdf.formats import JSON_LD, RDF_FORMATS, RDF_XML, Format, serialise, used_prefixes
from missiongraph.rdf.jsonld_context import Context, derive_context
from missiongraph.rdf.jsonld_writer import Writer, dump
from missiongraph.vocab import XSD
from tests import terms
from tests.conftest import ROOT
from tests.readers import Term, by_rdflib, meant

BASE = "http://e.example/"
NUMBERS = {kind.value for kind in (XSD.integer, XSD.decimal, XSD.double)}
OURS: Context = json.loads((ROOT / "context.jsonld").read_text("utf-8"))["@context"]
X = f"{BASE}x"

#: Contexts of a publication's own, each of which makes something of plain strings, of names or of IRIs.
CONTEXTS: list[Context] = [
    OURS,
    {**OURS, "@language": "it"},
    {"@language": "en", "@direction": "rtl"},
    {"@vocab": BASE, "@base": BASE, "x": {"@type": "@id"}},
    {"n": {"@id": X, "@container": "@list"}},
    {"n": {"@id": X, "@language": "it"}},
    {"n": {"@id": X, "@direction": "rtl"}},
    {"n": {"@id": X, "@type": "@json"}},
    {"n": {"@id": X, "@type": "@vocab"}, "urn": BASE},
    {"n": {"@id": X, "@container": ["@language", "@set"]}},
    {"n": {"@id": X, "@container": "@index"}},
    {"n": {"@reverse": X}},
    {"mg": BASE, "e": "mg:ns#", "x": {"@id": "e:x", "@type": "@id"}, "schema": {"@id": BASE, "@prefix": True}},
    {"id": "@id", "rdf": "@type", "tag": "urn:x:"},
    {"@protected": True, "mg": BASE, "e": "urn:x:", "n": {"@id": X, "@protected": True, "@type": "@id"}},
]


def by_value(found: set[tuple[Term, ...]]) -> set[tuple[object, ...]]:
    """*found* with numbers by their value: RDFLib makes 1 of a bare 01 in Turtle, which is another form of the same."""

    def value(given: Term) -> object:
        if given[-1] in NUMBERS and re.fullmatch(r"[+-]?[\d.]+([eE][+-]?\d+)?", given[1]):
            with suppress(ValueError):
                return float(given[1]), given[-1]
        return given

    return {tuple(map(value, statement)) for statement in found}


@pytest.mark.parametrize("form", [form for form in RDF_FORMATS if form != JSON_LD], ids=lambda form: form.name)
@given(found=terms.statements, prefixes=terms.prefixes, based=st.booleans())
@settings(max_examples=60)
def test_any_statement_is_read_alike(form: Format, found: list[Triple], prefixes: dict[str, str], based: bool) -> None:
    try:
        content = serialise(found, form.rdf_format, used_prefixes(found, prefixes), BASE if based else None)
    except CannotCarry as error:
        assert form == RDF_XML
        assert "ttl" in str(error)
        return
    assert by_value(by_rdflib(content, form.extension)) == by_value(meant(found))
    assert meant(parse(content, form.rdf_format)) == meant(found)


@given(found=terms.statements, prefixes=terms.prefixes)
@settings(max_examples=100)
def test_json_ld_under_a_derived_context_is_read_alike(found: list[Triple], prefixes: dict[str, str]) -> None:
    content = dump(Writer(derive_context(found, prefixes)).document(found))
    assert by_rdflib(content, "jsonld") == meant(parse(content, RdfFormat.JSON_LD)) == meant(found)


@given(found=terms.statements, context=st.sampled_from(CONTEXTS), graph=terms.iris())
@settings(max_examples=200)
def test_json_ld_under_any_context_is_read_alike(found: list[Triple], context: Context, graph: NamedNode) -> None:
    plain = dump(Writer(context).document(found))
    assert by_rdflib(plain, "jsonld") == meant(parse(plain, RdfFormat.JSON_LD)) == meant(found)
    named = dump(Writer(context).dataset(Quad(t.subject, t.predicate, t.object, graph) for t in found), lines=True)
    quads = list(parse(named, RdfFormat.JSON_LD))
    assert by_rdflib(named, "jsonld") == meant(quads) == meant(found)
    assert {quad.graph_name for quad in quads} == {graph}
