"""Variables bound beforehand (SHACL, appendix A)."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from missiongraph.validation.report import Term
from missiongraph.validation.shacl.prebinding import against_pre_binding, bind

A, B, TEXT, P = NamedNode("urn:a"), BlankNode("b"), Literal("x"), NamedNode("urn:p")


@pytest.fixture(scope="module")
def store() -> Store:
    filled = Store()
    filled.extend([Quad(A, P, TEXT), Quad(B, P, Literal("y"))])
    return filled


@pytest.mark.parametrize(
    ("query", "of_iri", "of_blank", "of_literal"),
    [
        ("ASK { FILTER($this = <urn:a>) }", 1, 0, 0),
        ("ASK { FILTER(bound($this)) }", 1, 1, 1),
        ("ASK { FILTER(isBlank($this)) }", 0, 1, 0),
        ("ASK { FILTER NOT EXISTS { $this <urn:p> ?o } }", 0, 0, 1),
        ("ASK { FILTER (NOT EXISTS { $this <urn:p> ?o }) }", 0, 0, 1),
        ("SELECT $this { $this <urn:p> ?o }", 1, 1, 0),
        ("SELECT $this { { FILTER(isIRI($this)) } UNION { FILTER(isLiteral($this)) } }", 1, 0, 1),
        ("SELECT $this { # ( { \n ?s ?p $this }", 0, 0, 1),
        ("SELECT $this (COUNT(?o) AS ?n) { $this <urn:p> ?o } GROUP BY $this ORDER BY $this", 1, 1, 0),
        ("SELECT $this { { SELECT $this { $this <urn:p> ?o } LIMIT 1 } }", 1, 1, 0),
        ("SELECT ?x { BIND($this AS ?x) FILTER(?x = <urn:a> || isBlank(?x)) }", 1, 1, 0),
    ],
)
def test_a_variable_stands_for_its_term(store: Store, query: str, of_iri: int, of_blank: int, of_literal: int) -> None:
    assert [_rows(store, query, term) for term in (A, B, TEXT)] == [of_iri, of_blank, of_literal]


def _rows(store: Store, query: str, term: Term) -> int:
    text, functions = bind(query, {"this": term, "elsewhere": A})
    answer = store.query(text, custom_functions=functions)
    if isinstance(answer, QueryBoolean):
        return int(bool(answer))
    assert isinstance(answer, QuerySolutions)
    return len(list(answer))


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }", "MINUS"),
        ("SELECT $this { VALUES ?x { 1 } }", "VALUES"),
        ("SELECT $this { SERVICE <urn:x> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT $this { BIND(1 AS $this) }", "assigned"),
        ("SELECT $this { { SELECT ?o { ?s ?p ?o } } }", "subquery"),
        ("SELECT $this { { SELECT (COUNT($this) AS ?n) { $this ?p ?o } } }", "subquery"),
        ("SELECT $this { { SELECT * { FILTER($this = <urn:a>) } } }", "subquery"),
        ("SELECT $this { { SELECT * { FILTER NOT EXISTS { $this ?p ?o } } } }", "subquery"),
    ],
)
def test_what_cannot_be_asked(query: str, why: str) -> None:
    assert why in (against_pre_binding(query, ["this"]) or "")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this { $this <urn:minus> 'MINUS', ?VALUES } # SERVICE",
        "SELECT $this { { SELECT $this (1 AS ?n) { $this ?p ?o } } }",
        "SELECT $this { { SELECT * { $this ?p ?o FILTER(?o > 1) } } }",
    ],
)
def test_what_can_be_asked(query: str) -> None:
    assert against_pre_binding(query, ["this"]) is None
