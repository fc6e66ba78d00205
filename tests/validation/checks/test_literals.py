"""Ill-typed literals are told wherever they stand (RDF 1.1 Concepts, section 3.3)."""

from __future__ import annotations

from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.checks.literals import SOURCE, UNKNOWN_LANGUAGE
from tests.conftest import PublicationMaker
from tests.validation.checks.test_by_shapes import PREFIXES

DATA = """ex:a ex:p "2020-02-30"^^xsd:date , "0000"^^xsd:gYear ;
    ex:q "12,5"^^xsd:decimal , "1.0"^^xsd:integer , "yes"^^xsd:boolean , "anything"^^ex:own , "1"^^xsd:boolean .
ex:g { ex:a ex:q "yes"^^xsd:boolean . ex:b ex:q "300"^^xsd:byte . }
"""


def test_each_statement_is_told_once_with_its_place(make_publication: PublicationMaker) -> None:
    folder = make_publication({"data/a.trig": PREFIXES + DATA})
    report = validate(read_dataset(Publication.open(folder)))
    told = [result for result in report.results if result.source == SOURCE]
    assert [(str(result.place), getattr(result.value, "value", "")) for result in told] == [
        ("data/a.trig:3:11", "2020-02-30"),
        ("data/a.trig:4:10", "12,5"),
        ("data/a.trig:4:32", "1.0"),
        ("data/a.trig:4:53", "yes"),
        ("data/a.trig:5:49", "300"),
    ]
    assert {result.severity for result in told} == {"warning"}
    assert told[0].message() == "“2020-02-30” is no xsd:date (as in “2020-12-31”): the literal has no value"
    assert told[0].message(("it",)).startswith("«2020-02-30» non è un xsd:date")
    assert report.conforms


def test_a_language_that_nobody_registered_is_told(make_publication: PublicationMaker) -> None:
    """BCP 47, 2.2.1: the primary subtag is of ISO 639, or registered, or for private use (qaa to qtz, x-)."""
    good = '"a"@en , "a"@sr-Latn , "a"@qaa-Latn , "a"@x-mine , "a"@i-klingon , "a"@mul'
    folder = make_publication({"data/a.trig": PREFIXES + f'ex:a ex:p {good} ,\n "a"@xx , "a"@english-GB .'})
    report = validate(read_dataset(Publication.open(folder)))
    told = [result for result in report.results if result.source == UNKNOWN_LANGUAGE]
    assert [str(result.place) for result in told] == ["data/a.trig:4:2", "data/a.trig:4:11"]
    assert told[0].message() == "“xx” is no language that IANA’s registry of language subtags knows"
    assert told[0].message(("it",)).startswith("«xx» non è una lingua")
    assert report.conforms
