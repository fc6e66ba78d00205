"""What pySHACL says besides: nothing where both agree, each difference where they do not."""

from __future__ import annotations

from click.testing import CliRunner

from missiongraph.cli.main import main
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.report import Result
from missiongraph.validation.second_opinion import second_opinion
from tests.conftest import PublicationMaker

PREFIXES = """@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
#: A nameless shape, a path that is more than a property, and a shape inside.
SHAPES = f"""{PREFIXES}
ex:Beer sh:targetClass ex:Ale ; sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:maxLength 4 ] ,
    [ sh:path ( ex:brewer [ sh:inversePath ex:owns ] ) ; sh:nodeKind sh:IRI ] ;
    sh:node [ sh:property [ sh:path ex:strength ; sh:datatype xsd:decimal ] ] .
"""
YEARS = f"""{PREFIXES}
ex:Y sh:targetClass ex:Y ; sh:property ex:Y-year . ex:Y-year sh:path ex:year ; sh:datatype xsd:gYear .
"""
YEAR = f'{PREFIXES}ex:y a ex:Y ; ex:year "44"^^xsd:gYear .'
DATA = f"""{PREFIXES}
ex:a a ex:Ale ; ex:name "Stout", "Ale" ; ex:strength 4 ; ex:brewer ex:b . _:owner ex:owns ex:b .
ex:c a ex:Ale .
"""


def dataset_of(make: PublicationMaker, shapes: str, data: str = DATA) -> Dataset:
    return read_dataset(Publication.open(make({"data/a.ttl": data, "shapes/s.ttl": shapes})))


def opinion(dataset: Dataset) -> list[Result]:
    return list(second_opinion(dataset, validate(dataset).results))


def test_where_both_agree_there_is_nothing_to_say(make_publication: PublicationMaker) -> None:
    dataset = dataset_of(make_publication, SHAPES)
    assert len([result for result in validate(dataset).results if result.component]) == 4
    assert opinion(dataset) == []


def test_what_one_alone_finds_is_told_with_its_place(make_publication: PublicationMaker) -> None:
    """``"44"^^xsd:gYear`` is no year (XSD 1.1, Part 2, 3.3.11), which RDFLib does not see."""
    dataset = dataset_of(make_publication, YEARS, YEAR)
    (one,) = opinion(dataset)
    assert one.severity == "warning"
    assert one.message().startswith(
        "pySHACL does not find Datatype of https://example.org/Y-year at <https://example.org/y>"
    )
    assert str(one.place) == "data/a.ttl:3:23"


def test_what_the_other_alone_finds_is_told(make_publication: PublicationMaker) -> None:
    dataset = dataset_of(make_publication, SHAPES)
    told = [result.message() for result in second_opinion(dataset, [])]
    assert len(told) == 4
    assert any("MinCount of shapes/s.ttl:4:" in text and text.endswith("and we do not") for text in told)


def test_a_failure_of_the_other_is_told(make_publication: PublicationMaker) -> None:
    """PySHACL takes patterns for those of Python, which know no Unicode classes."""
    shapes = f'{PREFIXES} ex:Y sh:targetClass ex:Ale ; sh:property [ sh:path ex:name ; sh:pattern "\\\\p{{L}}" ] .'
    (one,) = opinion(dataset_of(make_publication, shapes))
    assert one.message().startswith("pySHACL gives no opinion: ")


def test_the_command_asks_for_it(make_publication: PublicationMaker) -> None:
    folder = make_publication({"data/a.ttl": YEAR, "shapes/s.ttl": YEARS})
    said = CliRunner().invoke(main, ["validate", "--publication", str(folder), "--second-opinion"])
    assert said.exit_code == 1
    assert "pySHACL does not find Datatype" in said.output
