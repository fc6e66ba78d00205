"""Mapping sets in SSSOM/TSV: rows are statements, and what cannot be read is refused with its line."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from missiongraph.build import build_publication
from missiongraph.errors import UnreadableInput
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.serving.application import create_app
from tests.conftest import PublicationMaker

HEADER = "#mapping_set_id: https://example.org/m\n#curie_map:\n#  ex: https://example.org/o#\n#  other: https://other.example/\n"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tpredicate_modifier\n"
ROW = "ex:Book\tskos:closeMatch\tother:Tome\tsemapv:ManualMappingCuration\t\n"
DATA = {
    "missiongraph.toml": 'title = "Test"\nbase = "https://example.org/"\nlanguages = ["en", "it"]\n',
    "data/d.ttl": "<https://example.org/id/x> a <https://example.org/o#Book> .",
    "ontology/o.ttl": """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix ex: <https://example.org/o#> .
        <https://example.org/o> a owl:Ontology . ex:Book a owl:Class .""",
}
SKOS = "http://www.w3.org/2004/02/skos/core#"


def publication(make: PublicationMaker, table: str) -> Publication:
    return Publication.open(make({**DATA, "ontology/m.sssom.tsv": table}))


def test_a_row_is_a_statement_with_its_line(make_publication: PublicationMaker) -> None:
    dataset = read_dataset(publication(make_publication, HEADER + COLUMNS + ROW))
    file = next(file for file in dataset.files if file.path.endswith(".tsv"))
    (quad,) = file.quads
    book, tome = NamedNode("https://example.org/o#Book"), NamedNode("https://other.example/Tome")
    assert (quad.subject, quad.predicate, quad.object) == (book, NamedNode(f"{SKOS}closeMatch"), tome)
    place = dataset.place_about(book, NamedNode(f"{SKOS}closeMatch"), tome)
    assert place is not None and (place.file, place.line) == ("ontology/m.sssom.tsv", 6)


@pytest.mark.parametrize(
    "row",
    [
        "ex:Book\tskos:exactMatch\tother:Film\tsemapv:ManualMappingCuration\tNot\n",
        "ex:Book\tskos:exactMatch\tsssom:NoTermFound\tsemapv:ManualMappingCuration\t\n",
    ],
)
def test_a_row_that_denies_a_mapping_states_nothing(make_publication: PublicationMaker, row: str) -> None:
    dataset = read_dataset(publication(make_publication, HEADER + COLUMNS + row))
    assert next(file for file in dataset.files if file.path.endswith(".tsv")).quads == ()


@pytest.mark.parametrize(
    ("table", "says", "line"),
    [
        (HEADER + COLUMNS + ROW.replace("other:", "nobody:"), "no prefix nobody: is declared, as in nobody:Tome", 6),
        (HEADER + COLUMNS + ROW.replace("other:Tome", "Tome"), "object_id is “Tome”, which names nothing", 6),
        (HEADER + COLUMNS.replace("object_id\t", "") + ROW, "there is no column object_id", 5),
        ("#a: b: c\n" + COLUMNS + ROW, "the header is no YAML", 1),
        ("#- a\n" + COLUMNS + ROW, "the header is no list of names and values", 1),
        (HEADER + COLUMNS + ROW.replace("other:Tome", "other:a b"), "is no IRI", 6),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(
    make_publication: PublicationMaker, table: str, says: str, line: int
) -> None:
    with pytest.raises(UnreadableInput) as refused:
        read_dataset(publication(make_publication, table))
    (problem,) = refused.value.problems
    assert says in problem.what
    assert problem.where is not None and (problem.where.file, problem.where.line) == ("ontology/m.sssom.tsv", line)


def test_the_set_is_served_as_it_is_and_told_on_the_page_of_the_ontology(make_publication: PublicationMaker) -> None:
    opened = publication(make_publication, HEADER + COLUMNS + ROW)
    client = create_app(build_publication(read_dataset(opened), opened.folder / "out")).test_client()
    answer = client.get("/mappings/m.sssom.tsv")
    assert (answer.status_code, answer.mimetype) == (200, "text/tab-separated-values")
    assert answer.text == HEADER + COLUMNS + ROW
    assert client.get("/mappings/other.sssom.tsv").status_code == 404
    page = client.get("/o", headers={"Accept": "text/html"}, follow_redirects=True)
    assert "/mappings/m.sssom.tsv" in page.text and "Close to" in page.text
    italian = client.get("/o", headers={"Accept": "text/html", "Accept-Language": "it"}, follow_redirects=True)
    assert "Vicino a" in italian.text
