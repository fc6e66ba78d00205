"""JSON-LD without loss: whatever RDF 1.1 says comes back from the short names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from missiongraph.rdf.canonical import canonicalise
from missiongraph.rdf.jsonld_context import Context, derive_context
from missiongraph.rdf.jsonld_writer import Writer, dump
from missiongraph.validation.second_opinion import as_rdflib
from missiongraph.vocab import RDF, RDFS, SCHEMA, SKOS, XSD

PREFIXES = {
    "schema": str(SCHEMA),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "xsd": str(XSD),
    "ex": "https://example.org/",
    "go": "https://example.org/GO_",
    "urn": "urn:example:",
}

#: A context as one would design it by hand: aliases, all kinds of coercion and container.
HAND_MADE: Context = {
    "@version": 1.1,
    "id": "@id",
    "type": "@type",
    **{name: space for name, space in PREFIXES.items() if name not in ("go", "urn")},
    "Person": "schema:Person",
    "name": {"@id": "schema:name", "@container": "@language"},
    "knows": {"@id": "schema:knows", "@type": "@id", "@container": "@set"},
    "status": {"@id": "schema:status", "@type": "@vocab"},
    "born": {"@id": "schema:birthDate", "@type": "xsd:date"},
    "note": {"@id": "rdfs:comment", "@type": "xsd:string"},
    "count": "schema:count",
    "tags": {"@id": "schema:keywords", "@container": "@set"},
}

NAMES = ["name", "knows", "status", "birthDate", "count", "keywords", "Person", "id", "type", "graph", "urn"]
iris = st.one_of(
    st.sampled_from(NAMES).map(lambda name: f"{SCHEMA!s}{name}"),
    st.sampled_from(
        [
            RDF.type.value,
            RDFS.comment.value,
            "https://example.org/",
            "https://example.org/a/b",
            "https://example.org/GO_1",
            "https://example.org/name",
            "https://example.org/name#type",
            "https://example.org/1%20à",
            "urn:isbn:1",
            "urn:example:1",
            "schema:name",
            "mailto:a@example.org",
        ]
    ),
).map(NamedNode)
names = iris.filter(lambda iri: "://" in iri.value)
nodes = st.one_of(iris, st.sampled_from("xyz").map(BlankNode))
texts = st.one_of(
    st.sampled_from(["", "true", "1", "01", "-0", "9007199254740993", "2024-01-01", "@id", "schema:name", "_:x"]),
    st.text(st.characters(codec="utf-8"), max_size=5),
)  # fmt: skip
datatypes = st.one_of(st.sampled_from([XSD.string, XSD.integer, XSD.boolean, XSD.double, XSD.date, RDF.JSON]), iris)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(Literal, texts, language=st.sampled_from(["en", "it", "en-gb", "zh-hant"])),
    st.builds(Literal, texts, datatype=datatypes),
)
well_formed = st.one_of(  # RDFLib rewrites the others
    st.builds(Literal, texts),
    st.builds(Literal, texts, language=st.sampled_from(["en", "en-gb"])),
    st.integers().map(Literal),
    st.builds(Literal, texts, datatype=iris),
)
triples = st.builds(Triple, nodes, iris, st.one_of(nodes, literals))
graphs = st.lists(triples, max_size=12)


def back(document: dict[str, Any]) -> set[Quad]:
    return set(parse(dump(document), RdfFormat.JSON_LD))


def in_default_graph(statements: Sequence[Triple]) -> set[Quad]:
    return {Quad(triple.subject, triple.predicate, triple.object) for triple in statements}


@given(graphs)
def test_any_triples_survive_a_derived_context(statements: list[Triple]) -> None:
    writer = Writer(derive_context(statements, PREFIXES))
    assert back(writer.document(statements)) == in_default_graph(statements)


@given(graphs.filter(lambda found: not any("schema:name>" in str(statement) for statement in found)))
def test_any_triples_survive_a_context_made_by_hand(statements: list[Triple]) -> None:
    """But for an IRI that reads as a compact one: JSON-LD has no way to write it under such a context."""
    assert back(Writer(HAND_MADE).document(statements)) == in_default_graph(statements)


@given(graphs, graphs)
def test_a_context_derived_from_other_data_serves_as_well(usage: list[Triple], statements: list[Triple]) -> None:
    context = derive_context([*usage, *statements], PREFIXES)
    assert back(Writer(context).document(statements)) == in_default_graph(statements)


@given(st.lists(st.builds(lambda t, g: Quad(t.subject, t.predicate, t.object, g), triples, names), max_size=12))
def test_any_named_graphs_survive(quads: list[Quad]) -> None:
    writer = Writer(derive_context([quad.triple for quad in quads], PREFIXES))
    assert back(writer.dataset(quads)) == set(quads)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.builds(Triple, nodes, iris, st.one_of(nodes, well_formed)), max_size=12))
def test_another_reader_finds_the_same(statements: list[Triple]) -> None:
    document = dump(Writer(derive_context(statements, PREFIXES)).document(statements))
    assert isomorphic(rdflib.Graph().parse(data=document, format="json-ld"), as_rdflib(statements))


@given(graphs)
def test_the_text_depends_on_nothing_but_the_statements(statements: list[Triple]) -> None:
    first, second = (dump(Writer(derive_context(list(given), PREFIXES)).document(given)) for given in [statements] * 2)
    assert first == second


def test_statements_read_as_one_would_write_them() -> None:
    subject = NamedNode("https://example.org/ada")
    statements = [
        Triple(subject, RDF.type, SCHEMA.Person),
        Triple(subject, SCHEMA["name"], Literal("Ada", language="en")),
        Triple(subject, SCHEMA["name"], Literal("Adina", language="it")),
        Triple(subject, SCHEMA.knows, NamedNode("https://example.org/charles")),
        Triple(subject, SCHEMA.birthDate, Literal("1815-12-10", datatype=XSD.date)),
        Triple(subject, SCHEMA.children, Literal("3", datatype=XSD.integer)),
        Triple(subject, SCHEMA.award, Literal("x")),
        Triple(subject, SCHEMA.award, Literal("y")),
    ]
    document = json.loads(dump(Writer(derive_context(statements, PREFIXES)).document(statements)))
    assert document["graph"] == [
        {
            "id": "https://example.org/ada",
            "type": "Person",
            "name": {"en": "Ada", "it": "Adina"},
            "knows": "https://example.org/charles",
            "birthDate": "1815-12-10",
            "children": 3,
            "award": ["x", "y"],
        }
    ]
    assert document["@context"]["award"] == {"@id": "schema:award", "@container": "@set"}


def test_a_prefix_that_json_ld_would_not_expand_is_not_used() -> None:
    """Only a namespace that ends in a general delimiter makes a prefix (JSON-LD 1.1, section 4.1.5)."""
    statements = [Triple(NamedNode("https://example.org/a"), NamedNode("https://example.org/GO_1"), Literal("x"))]
    assert "go" not in derive_context(statements, {"go": "https://example.org/GO_"})


def test_a_prefix_that_is_the_scheme_of_an_iri_is_not_used() -> None:
    statements = [Triple(NamedNode("urn:isbn:1"), NamedNode("urn:example:p"), Literal("x"))]
    document = Writer(derive_context(statements, PREFIXES)).document(statements)
    assert "urn" not in document["@context"]
    assert back(document) == in_default_graph(statements)


@pytest.mark.parametrize("name", ["id", "type", "graph", "schema", "@id", "1"])
def test_a_property_may_be_called_anything(name: str) -> None:
    statements = [Triple(SCHEMA.a, SCHEMA[name], Literal("x", datatype=SCHEMA[name]))]
    assert back(Writer(derive_context(statements, PREFIXES)).document(statements)) == in_default_graph(statements)


def test_a_value_that_a_definition_does_not_fit_is_written_without_it() -> None:
    context = {"schema": str(SCHEMA), "schema:name": {"@id": str(SCHEMA) + "name", "@container": "@language"}}
    statements = [Triple(SCHEMA.a, SCHEMA["name"], value) for value in (Literal("x", language="en"), SCHEMA.b)]
    assert back(Writer(context).document(statements)) == in_default_graph(statements)


@pytest.mark.parametrize("lexical", ["0", "-7", "007", "+7", "-0", "9007199254740991", "9007199254740993", "x", ""])
def test_a_number_keeps_its_lexical_form(lexical: str) -> None:
    statements = [Triple(SCHEMA.a, SCHEMA.age, Literal(lexical, datatype=XSD.integer))]
    assert back(Writer(derive_context(statements, PREFIXES)).document(statements)) == in_default_graph(statements)


def test_canonical_labels_pass_through() -> None:
    quads = canonicalise([Quad(BlankNode(), RDFS.comment, BlankNode(), DefaultGraph())], seconds=30)
    statements = [quad.triple for quad in quads]
    assert back(Writer(derive_context(statements, {})).document(statements)) == set(quads)


def test_a_part_stands_within_what_names_it() -> None:
    city, point, other = (NamedNode(f"https://example.org/{name}") for name in ("city", "city#point", "other#part"))
    node, again = BlankNode("b"), BlankNode("c")
    triples = [
        Triple(city, SKOS.related, point),
        Triple(city, SKOS.related, node),
        Triple(city, SKOS.related, other),
        Triple(point, RDFS.label, Literal("point")),
        Triple(node, RDFS.label, Literal("node")),
        Triple(other, RDFS.label, Literal("somebody else's")),
        Triple(other, SKOS.related, again),
        Triple(again, SKOS.related, again),
    ]
    nodes = Writer({"related": SKOS.related.value, "label": RDFS.label.value}).nodes(triples)
    assert [one["@id"] for one in nodes] == [city.value, other.value, str(again)]
    assert [one.get("label") for one in nodes[0]["related"]] == ["point", "node", None]


def test_parts_in_a_ring_or_a_long_chain_are_all_written_once() -> None:
    ring = [BlankNode(f"r{n}") for n in range(3)]
    chain = [BlankNode(f"c{n}") for n in range(2000)]
    triples = [Triple(ring[n], RDFS.seeAlso, ring[(n + 1) % 3]) for n in range(3)]
    triples += [Triple(one, RDFS.seeAlso, other) for one, other in pairwise(chain)]
    written = dump(Writer({}).document(triples))
    assert len(list(parse(written, RdfFormat.JSON_LD))) == len(triples)
