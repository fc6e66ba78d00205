"""Tables that nothing describes, and properties whose numbers are of several types."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from missiongraph.cli.main import main
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import Report, validate
from missiongraph.validation.checks.undescribed_tables import SPLIT, UNDESCRIBED
from tests.conftest import PublicationMaker

PREFIXES = "@prefix ex: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


def check(make: PublicationMaker, data: str, **more: str | bytes) -> Report:
    return validate(read_dataset(Publication.open(make({"data/a.ttl": PREFIXES + data, **more}))))


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ('ex:a ex:seats 40 .\nex:b ex:seats "60"^^xsd:nonNegativeInteger .', "xsd:integer, xsd:nonNegativeInteger"),
        ("ex:a ex:seats 40 .\nex:b ex:seats 40.5 .", "xsd:integer, xsd:decimal"),
    ],
)
def test_numbers_of_several_types_are_warned_of(make_publication: PublicationMaker, data: str, names: str) -> None:
    (one,) = [result for result in check(make_publication, data).results if result.source == SPLIT]
    assert (one.severity, str(one.place), one.path) == ("warning", "data/a.ttl:3:15", "<https://example.org/seats>")
    assert f"https://example.org/seats are of several types ({names})" in one.message()


def test_numbers_of_one_type_and_other_values_are_not(make_publication: PublicationMaker) -> None:
    data = 'ex:a ex:seats 40 ; ex:area 4.5 .\nex:b ex:seats 60 , "many" .'
    assert [result for result in check(make_publication, data).results if result.source == SPLIT] == []


def test_a_table_that_nothing_describes_is_warned_of(make_publication: PublicationMaker) -> None:
    report = check(make_publication, "", **{"data/t/places.csv": "\ufeffname;town\nA;Prato\nB;Pisa\n"})
    (one,) = [result for result in report.results if result.source == UNDESCRIBED]
    assert (one.severity, str(one.place)) == ("warning", "data/t/places.csv")
    assert one.message() == (
        "a table without a description is not read: its separator seems to be “;”, its encoding UTF-8 with a byte "
        "order mark, its columns “name”, “town” (describe its columns in data/t/csv-metadata.json, with "
        '"dialect": {"delimiter": ";"}; docs/publication.md has a whole example)'
    )


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        ("name,town\nA,Prato\n", "its separator seems to be “,”, its encoding UTF-8, its columns “name”, “town”"),
        ("name\ttown\nA, B\tPrato\n", "its separator seems to be a tabulator, its encoding UTF-8"),
        ('name|town\n"A|B"|Prato\n', "its separator seems to be “|”"),
        ("name,note;more\nA,b\n", "its separator seems to be “,”"),
        ("name;town\nA;Forlì\n".encode("cp1252"), "its encoding windows-1252"),
        ("name;town\nA;Forlì\n".encode("utf-16"), "its encoding UTF-16 with a byte order mark"),
        ("name\nA\n", "its columns “name”"),
        ("", "its columns none"),
    ],
)
def test_a_table_alone_is_told_what_it_seems_to_be(
    make_publication: PublicationMaker, content: str | bytes, seems: str
) -> None:
    run = CliRunner().invoke(main, ["validate", "--publication", str(make_publication({"data/a.csv": content}))])
    assert run.exit_code == 2
    assert run.stderr.startswith("missiongraph: data/a.csv: a table without a description is not read: ")
    assert seems in run.stderr
    assert "no RDF file" not in run.stderr


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.ofn", "Ontology(<https://example.org/>)", "data/a.ofn: this is OWL functional syntax, and not read"),
        ("a.xml", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "data/a.xml: this is RDF/XML"),
        ("a.ttl.gz", b"\x1f\x8b\x08", "data/a.ttl.gz: this is a gzip file"),
        ("a.json", '{"@id": "https://example.org/a"}', "data/a.json: this is JSON-LD, and not read (name it .jsonld)"),
        ("readme.txt", "nothing", "no RDF file in"),
    ],
)
def test_other_files_alone_are_told_what_they_are(
    make_publication: PublicationMaker, name: str, content: str | bytes, told: str
) -> None:
    run = CliRunner().invoke(main, ["validate", "--publication", str(make_publication({f"data/{name}": content}))])
    assert run.exit_code == 2
    assert run.stderr.startswith(f"missiongraph: {told}")
