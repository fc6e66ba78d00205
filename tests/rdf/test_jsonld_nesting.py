"""A document in JSON-LD is one object of its thing, for plain JavaScript, and the same statements as before."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from missiongraph.rdf.jsonld_context import Context, derive_context
from missiongraph.rdf.jsonld_writer import Writer, dump
from missiongraph.vocab import RDF, RDFS, SCHEMA, XSD
from tests import terms
from tests.rdf.test_independent_readers import CONTEXTS
from tests.rdf.test_jsonld_writer import HAND_MADE, PREFIXES, back, graphs, in_default_graph
from tests.readers import by_rdflib, meant

CITY, COUNTRY, SELECTION = (NamedNode(f"https://example.org/{name}") for name in ("city", "country", "selection"))
THINGS = [NamedNode(f"https://example.org/{name}") for name in "abcd"]
NODES = [*THINGS, *map(BlankNode, "xyz")]

#: Properties that link, of which some have a definition under which a link does not fit.
LINKS = [SCHEMA.knows, SCHEMA.status, SCHEMA["name"], SCHEMA.birthDate, RDF.type, RDF.first, RDF.rest]
linked = st.lists(
    st.builds(
        Triple,
        st.sampled_from(NODES),
        st.sampled_from(LINKS),
        st.sampled_from([*NODES, Literal("a"), Literal("b", language="en"), Literal("c", language="en")]),
    ),
    max_size=25,
)


def framed(statements: list[Triple], context: Context, about: NamedNode = CITY) -> dict[str, Any]:
    """The object, without its context, as a program has it."""
    document, _ = Writer(context).framed(statements, about)
    return {name: value for name, value in json.loads(dump(document)).items() if name != "@context"}


@given(linked, st.sampled_from([HAND_MADE, None]))
@settings(deadline=None)
def test_nodes_that_name_each_other_in_any_way_are_all_there(statements: list[Triple], made: Context | None) -> None:
    context = derive_context(statements, PREFIXES) if made is None else made
    document, _ = Writer(context).framed(statements, THINGS[0])
    assert back(document) == in_default_graph(statements)
    assert by_rdflib(dump(document), "jsonld") == meant(statements)


@given(graphs, st.sampled_from(["https://example.org/a/b", "schema:name", "urn:isbn:1", "mg:x"]))
def test_any_statements_survive_a_frame_on_any_thing(statements: list[Triple], about: str) -> None:
    document, _ = Writer(derive_context(statements, PREFIXES)).framed(statements, NamedNode(about))
    assert back(document) == in_default_graph(statements)
    assert document.get("id", document.get("@id")) == about


@given(found=terms.statements, context=st.sampled_from(CONTEXTS), about=terms.iris(), own=st.booleans())
@settings(deadline=None, max_examples=200)
def test_a_frame_under_any_context_is_read_alike(
    found: list[Triple], context: Context, about: NamedNode, own: bool
) -> None:
    if own and isinstance(found[0].subject, NamedNode):
        about = found[0].subject
    written = dump(Writer(context).framed(found, about)[0])
    assert by_rdflib(written, "jsonld") == meant(parse(written, RdfFormat.JSON_LD)) == meant(found)


CONTEXT: Context = {
    "@version": 1.1,
    "id": "@id",
    "reverse": "@reverse",
    "included": "@included",
    "schema": str(SCHEMA),
    "rdfs": str(RDFS),
    "name": {"@id": "schema:name", "@container": "@language"},
    "country": {"@id": "schema:addressCountry", "@type": "@id"},
    "within": {"@id": "schema:containedInPlace", "@type": "@id"},
    "selected": {"@id": "schema:member", "@type": "@id", "@container": "@set"},
    "kind": {"@id": "schema:category", "@type": "@vocab"},
}
STATEMENTS = [
    Triple(CITY, SCHEMA["name"], Literal("Rome", language="en")),
    Triple(CITY, SCHEMA["name"], Literal("Roma", language="it")),
    Triple(CITY, SCHEMA.containedInPlace, COUNTRY),
    Triple(CITY, SCHEMA.addressCountry, COUNTRY),
    Triple(COUNTRY, SCHEMA["name"], Literal("Italy", language="en")),
    Triple(COUNTRY, SCHEMA.about, CITY),
    Triple(SELECTION, SCHEMA.member, CITY),
    Triple(SELECTION, SCHEMA["name"], Literal("Selection", language="en")),
    Triple(SELECTION, SCHEMA.addressCountry, COUNTRY),
    Triple(NamedNode("https://example.org/else"), SCHEMA["name"], Literal("else", language="en")),
]


def test_what_a_thing_names_stands_wherever_it_names_it() -> None:
    city = framed(STATEMENTS, CONTEXT)
    assert city["name"] == {"en": "Rome", "it": "Roma"}
    assert city["country"]["name"]["en"] == city["within"]["name"]["en"] == "Italy"


def test_what_names_a_thing_stands_under_reverse_with_its_own_names() -> None:
    city = framed(STATEMENTS, CONTEXT)
    (selection,) = city["reverse"]["selected"]
    assert selection["name"]["en"] == "Selection" and "selected" not in selection
    assert selection["country"] == COUNTRY.value
    (country,) = [city["reverse"][key] for key in city["reverse"] if key != "selected"]
    assert country[0]["id"] == COUNTRY.value if isinstance(country, list) else country["id"] == COUNTRY.value


def test_what_has_nothing_to_do_with_a_thing_stands_beside_it() -> None:
    city = framed(STATEMENTS, CONTEXT)
    assert list(city)[-1] == "included"
    assert [one["id"] for one in city["included"]] == ["https://example.org/else"]


def test_values_of_a_property_are_all_objects_or_all_texts() -> None:
    other = NamedNode("https://example.org/other")
    statements = [
        *(
            Triple(CITY, predicate, value)
            for predicate in (SCHEMA.member, SCHEMA.category)
            for value in (COUNTRY, other)
        ),
        Triple(COUNTRY, SCHEMA["name"], Literal("Italy", language="en")),
        *(Triple(CITY, SCHEMA.addressCountry, value) for value in (other, NamedNode("https://example.org/third"))),
    ]
    city = framed(statements, CONTEXT)
    for name in ("selected", "kind"):
        assert [one["id"] for one in city[name]] == [COUNTRY.value, other.value]
    assert city["country"] == [other.value, "https://example.org/third"]
    assert back(Writer(CONTEXT).framed(statements, CITY)[0]) == in_default_graph(statements)


def test_a_thing_of_which_nothing_is_said_is_an_object_of_what_names_it() -> None:
    city = framed([Triple(SELECTION, SCHEMA.member, CITY), Triple(SELECTION, RDF.type, CITY)], CONTEXT)
    assert city["id"] == CITY.value
    assert [one["id"] for one in city["reverse"]["selected"]] == [SELECTION.value]


@pytest.mark.parametrize("length", [1, 19, 20, 21, 500])
def test_a_chain_of_any_length_is_whole(length: int) -> None:
    chain: list[NamedNode | BlankNode] = [CITY, *(BlankNode(f"b{number}") for number in range(length))]
    statements = [Triple(one, RDF.rest, other) for one, other in pairwise(chain)]
    assert back(Writer(CONTEXT).framed(statements, CITY)[0]) == in_default_graph(statements)


NUMBERS: Context = {**CONTEXT, "number": {"@id": "schema:value", "@type": XSD.decimal.value}}
NUMBERS["count"] = {"@id": "schema:count", "@type": XSD.integer.value}


@pytest.mark.parametrize(
    ("text", "as_decimal", "as_integer"),
    [
        ("27", 27, 27),
        ("-1", -1, -1),
        ("027", "027", "027"),
        ("+7", "+7", "+7"),
        ("9007199254740993", "9007199254740993", "9007199254740993"),
        ("44.49381", "44.49381", "44.49381"),
        ("1.0", "1.0", "1.0"),
    ],
)
def test_a_number_of_a_typed_term_is_a_number_where_its_form_survives(
    text: str, as_decimal: object, as_integer: object
) -> None:
    """JSON-LD 1.1 API, 8.2.2: a whole number keeps its form and takes the datatype of the term, 1.5 becomes 1.5E0."""
    statements = [
        Triple(CITY, SCHEMA.value, Literal(text, datatype=XSD.decimal)),
        Triple(CITY, SCHEMA["count"], Literal(text, datatype=XSD.integer)),
    ]
    city = framed(statements, NUMBERS)
    assert (city["number"], city["count"]) == (as_decimal, as_integer)
    written = dump(Writer(NUMBERS).framed(statements, CITY)[0])
    assert by_rdflib(written, "jsonld") == meant(parse(written, RdfFormat.JSON_LD)) == meant(statements)


def test_a_number_without_a_typed_term_is_one_only_as_an_integer() -> None:
    statements = [Triple(CITY, SCHEMA.price, Literal("7", datatype=kind)) for kind in (XSD.integer, XSD.decimal)]
    assert framed(statements, {"xsd": "http://www.w3.org/2001/XMLSchema#"})[f"{SCHEMA!s}price"] == [
        7,
        {"@value": "7", "@type": "xsd:decimal"},
    ]


@pytest.mark.parametrize("protected", [{"@protected": True}, {}], ids=["context", "term"])
def test_a_protected_name_is_taken_back_where_an_iri_begins_with_it(protected: Context) -> None:
    """To redefine a protected term is an error (JSON-LD 1.1, 4.1.11), and "ex:y" would be read as prefix and rest."""
    prefix = {"@id": "https://example.org/", "@prefix": True, "@protected": True}
    context = {**protected, "ex": "https://example.org/" if protected else prefix}
    statements = [Triple(NamedNode("ex:y"), SCHEMA["name"], Literal("x"))]
    written = dump(Writer(context).framed(statements, NamedNode("ex:y"))[0])
    assert by_rdflib(written, "jsonld") == meant(parse(written, RdfFormat.JSON_LD)) == meant(statements)
