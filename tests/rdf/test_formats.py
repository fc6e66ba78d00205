"""The RDF formats that are offered, and statements in a stable order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple, parse

from missiongraph.rdf.formats import (
    JSON_LD,
    N_QUADS,
    QUAD_FORMATS,
    TRIG,
    TRIPLE_FORMATS,
    TURTLE,
    Format,
    reading_order,
    serialise,
    used_prefixes,
)
from missiongraph.vocab import RDF, RDFS, XSD
from tests.terms import iris, literals, nodes

FORMATS = (*TRIPLE_FORMATS, *QUAD_FORMATS)
A, B = (NamedNode(f"https://example.org/{name}") for name in "ab")
STATEMENTS = [
    Triple(A, RDF.type, B),
    Triple(A, RDFS.label, Literal("à", language="it")),
    Triple(A, RDFS.comment, Literal("1", datatype=XSD.integer)),
]


@pytest.mark.parametrize("form", FORMATS, ids=[form.name for form in FORMATS])
def test_triples_come_back_from_every_format(form: Format) -> None:
    content = serialise(STATEMENTS, form.rdf_format, {"ex": "https://example.org/"})
    assert [quad.triple for quad in parse(content, form.rdf_format)] == STATEMENTS


@pytest.mark.parametrize("form", QUAD_FORMATS, ids=[form.name for form in QUAD_FORMATS])
def test_graphs_come_back_from_the_formats_that_hold_them(form: Format) -> None:
    quads = [Quad(A, RDFS.label, Literal("x"), B)]
    assert list(parse(serialise(quads, form.rdf_format, {}), form.rdf_format)) == quads


def test_only_trig_and_n_quads_hold_graphs() -> None:
    assert [form for form in FORMATS if form.holds_graphs] == [TRIG, N_QUADS]


def test_no_two_formats_share_a_media_type_or_an_extension() -> None:
    types = [name for form in FORMATS for name in (form.media_type, *form.aliases)]
    assert len(set(types)) == len(types)
    assert len({form.extension for form in FORMATS}) == len(FORMATS)


def test_only_prefixes_that_occur_are_used() -> None:
    prefixes = {"ex": "https://example.org/", "xsd": str(XSD), "other": "https://other.example/"}
    assert used_prefixes(STATEMENTS, prefixes) == {"ex": "https://example.org/", "xsd": str(XSD)}


def test_nothing_is_an_empty_document() -> None:
    assert serialise([], TURTLE.rdf_format, {}) == b""
    assert list(parse(serialise([], JSON_LD.rdf_format, {}), JSON_LD.rdf_format)) == []


def test_types_come_first_in_the_order_of_reading() -> None:
    assert [t.predicate for t in sorted(STATEMENTS, key=reading_order)] == [
        RDF.type,
        RDFS.comment,
        RDFS.label,
    ]


@given(
    st.permutations([Quad(s, p, o, g) for s in (A, B) for p in (RDF.type, RDFS.label) for o in (A, B) for g in (A, B)])
)
def test_the_order_does_not_depend_on_where_one_begins(quads: list[Quad]) -> None:
    ordered = sorted(quads, key=reading_order)
    assert ordered == sorted(sorted(quads, key=str), key=reading_order)
    assert [quad.graph_name for quad in ordered] == [A] * 8 + [B] * 8


statements = st.one_of(
    st.builds(Triple, nodes, iris(), st.one_of(nodes, literals)),
    st.builds(Quad, nodes, iris(), st.one_of(nodes, literals), st.one_of(iris(), st.just(DefaultGraph()))),
)


@given(statements)
def test_the_order_is_by_graph_subject_types_property_and_value(statement: Triple | Quad) -> None:
    named = isinstance(statement, Quad) and statement.graph_name != DefaultGraph()
    assert reading_order(statement) == (
        str(statement.graph_name) if isinstance(statement, Quad) and named else "",
        str(statement.subject),
        statement.predicate != RDF.type,
        str(statement.predicate),
        str(statement.object),
    )


@given(st.lists(statements, max_size=4), st.lists(iris(), max_size=4))
def test_the_prefixes_used_are_those_that_a_name_begins_with(
    found: list[Triple | Quad], spaces: list[NamedNode]
) -> None:
    prefixes = {f"p{at}": space.value for at, space in enumerate([*spaces, *(one.predicate for one in found)])}
    prefixes |= {f"s{at}": space[: 1 + max(map(space.rfind, "#/:"))] for at, space in enumerate(prefixes.values())}
    terms = [term for one in found for term in one]
    named = [t.datatype.value if isinstance(t, Literal) else getattr(t, "value", "") for t in terms]
    expected = {
        prefix: space
        for prefix, space in prefixes.items()
        if any(iri[: 1 + max(map(iri.rfind, "#/:"))].startswith(space) for iri in named)
        and not any(iri.startswith(space) and iri.endswith(".") for iri in named)
    }
    assert used_prefixes(found, prefixes) == expected
