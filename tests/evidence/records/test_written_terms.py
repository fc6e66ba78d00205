"""What a person writes for a thing, a property and a value."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode

from missiongraph.evidence.records.written_terms import UnknownTerm, WrittenTerms
from missiongraph.evidence.verdicts.values_of_claims import Knowledge
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.publication.starter import write_new_publication
from missiongraph.vocab import SCHEMA, XSD

BASE = "https://data.town.example/"
NORTH = NamedNode(f"{BASE}id/library/north")


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> WrittenTerms:
    folder = tmp_path_factory.mktemp("terms") / "p"
    write_new_publication(folder, "Libraries", BASE, ["en"])
    twins = f"@prefix ex: <{BASE}ns/> . ex:a ex:size 1.5 ; ex:of ex:b . " + "".join(
        f'ex:{one} <http://schema.org/name> "Twin"@en .' for one in "ab"
    )
    (folder / "data" / "more.ttl").write_text(twins)
    return WrittenTerms(Knowledge(read_dataset(Publication.open(folder))), "en")


@pytest.mark.parametrize(
    "written",
    [NORTH.value, f"<{NORTH.value}>", "id/library/north", "/id/library/north", "North Library", "north  library"],
)
def test_a_thing_is_meant_by_iri_path_or_name(terms: WrittenTerms, written: str) -> None:
    assert terms.thing(written) == NORTH


@pytest.mark.parametrize(
    "written", ["schema:maximumAttendeeCapacity", "seats", "http://schema.org/maximumAttendeeCapacity"]
)
def test_a_property_is_meant_by_iri_prefixed_name_or_its_name_in_the_shapes(terms: WrittenTerms, written: str) -> None:
    assert terms.property(written) == SCHEMA.maximumAttendeeCapacity


@pytest.mark.parametrize(
    ("of", "written", "value"),
    [
        ("seats", "120", Literal("120", datatype=XSD.integer)),  # by sh:datatype
        ("founded", "1902", Literal("1902", datatype=XSD.gYear)),
        ("town", "Oldbridge", NamedNode(f"{BASE}id/town/oldbridge")),  # by sh:class
        ("ex:size", "2.5", Literal("2.5", datatype=XSD.decimal)),  # as the data has it
        ("ex:of", "ex:a", NamedNode(f"{BASE}ns/a")),
        ("name", "Northern Library", Literal("Northern Library", language="en")),
        ("mg:independenceGroup", "x", None),
    ],
)
def test_the_shapes_and_else_the_data_say_what_a_value_is(
    terms: WrittenTerms, of: str, written: str, value: NamedNode | Literal | None
) -> None:
    if value is None:  # nobody declares or uses it
        with pytest.raises(UnknownTerm):
            terms.property(of)
        return
    assert terms.value(written, terms.property(of)) == value


def test_a_datatype_or_language_that_is_given_decides(terms: WrittenTerms) -> None:
    seats = terms.property("seats")
    assert terms.value("120", seats, datatype="xsd:decimal") == Literal("120", datatype=XSD.decimal)
    assert terms.value("120", seats, language="it") == Literal("120", language="it")


def test_what_is_unknown_or_several_is_told(terms: WrittenTerms) -> None:
    seats = terms.property("seats")
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: terms.thing("North Libary"), "nearest known one is “North Library”"),
        (lambda: terms.thing("Twin"), f"several things are called “Twin”: <{BASE}ns/a>, <{BASE}ns/b>"),
        (lambda: terms.property("seat"), "nearest known one is “seats”"),
        (lambda: terms.value("many", seats), "write it as in 42"),
        (lambda: terms.value("2020-02-30", seats, "xsd:date"), "2020-12-31"),
        (lambda: terms.value("x", seats, language="no language"), "no language tag"),
    ]
    for call, says in calls:
        with pytest.raises(UnknownTerm) as refused:
            call()
        assert says in str(refused.value)
