"""Values in data ranges, and equal values: OWL 2 Syntax, section 4 and 7; XSD 1.1, Part 2."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, Quad, RdfFormat, parse

from missiongraph.rdf.datatypes import INTEGERS, is_lexical
from missiongraph.validation.checks.axioms.ontology import Ontology
from missiongraph.validation.checks.axioms.values import is_value_of, same_value
from missiongraph.vocab import OWL, RDF, RDFS, XSD

NONE = Ontology([])


def literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=XSD[datatype])


@pytest.mark.parametrize(
    ("text", "datatype", "range_", "expected"),
    [
        ("5", "int", "integer", True),
        ("5.0", "decimal", "integer", True),
        ("5.5", "decimal", "integer", False),
        ("5.", "decimal", "integer", True),
        (".5", "decimal", "decimal", True),
        ("300", "integer", "byte", False),
        ("-0", "integer", "nonNegativeInteger", True),
        ("5", "integer", "double", False),  # the value spaces of numbers are disjoint (XSD, 2.2)
        ("5", "float", "double", False),
        ("a", "string", "integer", False),
        ("a b", "string", "token", True),
        ("a  b", "string", "token", False),
        ("a", "token", "string", True),
        ("a", "anyURI", "string", False),
        ("2020-01-01", "date", "dateTime", False),
        ("2020-01-01T00:00:00Z", "dateTime", "dateTimeStamp", True),
        ("2020-01-01T00:00:00", "dateTime", "dateTimeStamp", False),
        ("P1Y", "duration", "yearMonthDuration", True),
        ("P12M0D", "duration", "yearMonthDuration", None),  # it is one, written otherwise
        ("x", "integer", "integer", None),  # ill-typed literals have no value; another check tells them
    ],
)
def test_a_literal_is_in_a_datatype_by_its_value(text: str, datatype: str, range_: str, expected: bool | None) -> None:
    assert is_value_of(literal(text, datatype), XSD[range_].value, NONE) is expected


def test_every_literal_is_one_and_plain_ones_are_texts() -> None:
    tagged = Literal("a", language="en")
    for one in (tagged, literal("1", "integer"), Literal("x", datatype=OWL["unknown"])):
        assert is_value_of(one, RDFS.Literal.value, NONE) is True
    assert is_value_of(tagged, RDF.PlainLiteral.value, NONE) is True
    assert is_value_of(literal("1", "integer"), RDF.PlainLiteral.value, NONE) is False
    assert is_value_of(tagged, XSD.string.value, NONE) is False
    assert is_value_of(Literal("x", datatype=OWL["unknown"]), XSD.string.value, NONE) is None


@pytest.mark.parametrize(
    ("expression", "inside", "outside"),
    [
        ('owl:oneOf ( "a" "b" )', ['"a"'], ['"c"', "1"]),
        ("owl:unionOf ( xsd:integer xsd:string )", ["1", '"a"'], ["1.5", "true"]),
        ("owl:intersectionOf ( xsd:integer xsd:nonNegativeInteger )", ["1"], ["-1", '"a"']),
        ("owl:datatypeComplementOf xsd:integer", ['"a"'], ["1"]),
        ("owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:minInclusive 5 ] )", ["5"], ["4", '"a"']),
        ("owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:maxExclusive 5 ] )", ["4"], ["5"]),
        ("owl:equivalentClass [ a rdfs:Datatype ; owl:oneOf ( 1 2 ) ]", ["2"], ["3"]),
    ],
)
def test_data_ranges_are_read_as_owl_writes_them(expression: str, inside: list[str], outside: list[str]) -> None:
    head = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    head += "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
    ontology = Ontology(parse(f"{head} _:range a rdfs:Datatype ; {expression} .", RdfFormat.TURTLE))
    (node,) = [
        s for s in ontology.graph.subjects(RDF.type.value) if not ontology.graph.sources(s, OWL.equivalentClass.value)
    ]
    for texts, expected in ((inside, True), (outside, False)):
        for text in texts:
            (quad,) = parse(f"{head} <x:s> <x:p> {text} .", RdfFormat.TURTLE)
            assert isinstance(quad, Quad) and isinstance(quad.object, Literal)
            assert is_value_of(quad.object, node, ontology) is expected, text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.sampled_from(sorted(INTEGERS)))
def test_a_decimal_is_an_integer_of_a_kind_where_its_value_is_written_as_one(number: Decimal, datatype: str) -> None:
    whole = number == number.to_integral_value()
    expected = whole and bool(is_lexical(str(int(number)), datatype))
    assert is_value_of(literal(format(number, "f"), "decimal"), datatype, NONE) is expected


@given(st.integers(), st.integers(), st.integers(0, 3), st.integers(0, 3))
def test_numbers_are_the_same_by_value_however_they_are_written(a: int, b: int, zeros: int, others: int) -> None:
    one = literal(f"{a}." + "0" * (zeros + 1), "decimal")
    other = literal(("-" if b < 0 else "") + "0" * others + str(abs(b)), "integer")
    assert same_value(one, other) is (a == b)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Literal("a", language="en"), Literal("a", language="EN"), True),
        (Literal("a", language="en"), Literal("a", language="it"), False),
        (Literal("a"), Literal("a", language="en"), False),
        (Literal("a"), literal("a", "token"), True),
        (Literal("a"), Literal("b"), False),
        (literal("true", "boolean"), literal("1", "boolean"), True),
        (literal("true", "boolean"), literal("0", "boolean"), False),
        (literal("1", "integer"), literal("1", "double"), False),
        (literal("1", "integer"), Literal("1"), False),
        (literal("2020-01-01", "date"), literal("2020-01-02", "date"), False),
        # one moment, but not identical, and OWL 2 wants identity
        (literal("2020-01-01T00:00:00Z", "dateTime"), literal("2020-01-01T01:00:00+01:00", "dateTime"), None),
        (literal("0", "double"), literal("-0", "double"), None),
        (Literal("a", datatype=OWL["x"]), Literal("b", datatype=OWL["x"]), None),
    ],
)
def test_literals_are_one_value_two_values_or_unknown(one: Literal, other: Literal, expected: bool | None) -> None:
    assert same_value(one, other) is expected
    assert same_value(other, one) is expected


def test_things_are_no_values() -> None:
    assert same_value("https://example.org/a", "https://example.org/b") is None
    assert same_value(str(BlankNode("a")), Literal("a")) is None
