"""Reference data against the records that it was read from: each statement against its cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.evidence.records.recorded_checks import recorded_checks
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from tests.conftest import PublicationMaker, missiongraph

SOURCE = "https://example.org/list"
DATA = """@prefix ex: <https://example.org/> . @prefix mg: <https://w3id.org/missiongraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:codes { ex:quay ex:code "007" ; rdfs:label "Quay"@en, "Molo"@it ; ex:in ex:north ; ex:at ex:quay\\#point .
  ex:quay\\#point ex:height 2.50 . ex:mill ex:code "008" ; ex:in ex:south ; ex:see <https://places.example/m1> . }
ex:codes a mg:ReferenceGraph ; dcterms:source ex:list .
ex:back { ex:quay ex:code "999" . } ex:back a mg:ReferenceGraph ; dcterms:source ex:list ; mg:rank mg:retired .
ex:north rdfs:label "North"@en, "Nord"@it . ex:south rdfs:label "South"@en .
ex:list csvw:tableSchema ex:table . ex:table csvw:primaryKey "code" ; csvw:column ex:c1, ex:c2, ex:c3, ex:c4, ex:c5 .
ex:c1 csvw:name "code" ; csvw:title "Code", "Key" ; csvw:propertyUrl "https://example.org/code" .
ex:c2 csvw:title "Nome" ; csvw:lang "it" ; csvw:propertyUrl "http://www.w3.org/2000/01/rdf-schema#label" .
ex:c3 csvw:title "Region" ; csvw:propertyUrl "https://example.org/in" .
ex:c4 csvw:title "Height" ; csvw:propertyUrl "https://example.org/height" .
ex:c5 csvw:name "p" ; csvw:title "Place" ; csvw:propertyUrl "https://example.org/see" ;
  csvw:valueUrl "https://places.example/{p}" .
"""
ROWS = [
    {"Code": "007", "Nome": "Molo", "Region": "Nord", "Height": "2.5", "Place": ""},
    {"Code": "008", "Nome": "Mulino", "Region": "South", "Height": "3", "Place": "m1"},
    {"Code": "009", "Nome": "Faro", "Region": "North", "Height": "4", "Place": "f1"},
]


def as_csv(rows: list[dict[str, str]], separator: str = ",") -> str:
    return "\n".join(separator.join(cells) for cells in (list(rows[0]), *(list(row.values()) for row in rows))) + "\n"


@pytest.fixture
def folder(make_publication: PublicationMaker) -> Path:
    return make_publication({"data/data.trig": DATA.replace("\\\\#", "\\#")})


def checked(folder: Path, records: str | bytes, *more: str, name: str = "list.csv") -> tuple[int, dict[str, str], str]:
    """The exit code, what became of each cell, and what was said."""
    file = folder.parent / name
    file.write_bytes(records.encode() if isinstance(records, str) else records)
    where = ("--publication", folder, "--source", SOURCE, "--page", file)
    run = missiongraph("evidence", "check", *where, "--format", "json", *more)
    assert "Traceback" not in run.stderr
    claims = json.loads(run.stdout)["claims"] if run.stdout else []
    return run.returncode, {p["words"]: p["verdict"] for c in claims for p in c["passages"]}, run.stdout + run.stderr


def edited(number: int, **cells: str) -> list[dict[str, str]]:
    return [{**row, **cells} if position == number else row for position, row in enumerate(ROWS)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_cell_that_states_the_value_supports_it(folder: Path, separator: str) -> None:
    code, cells, _ = checked(folder, as_csv(ROWS, separator))
    assert code == 0
    assert cells == {
        "quay, Code: 007": "supported",
        "quay, Nome: Molo": "supported",
        "quay, Region: North": "supported",
        "quay, Height: 2.50": "changed",  # the same number, written otherwise
        "mill, Code: 008": "supported",
        "mill, Region: South": "supported",
        "mill, Place: m1": "supported",
    }


@pytest.mark.parametrize(
    ("records", "encoding"), [(json.dumps(ROWS), "utf-8"), (json.dumps({r["Code"]: r for r in ROWS}), "utf-16")]
)
def test_objects_of_json_are_records_too(folder: Path, records: str, encoding: str) -> None:
    assert checked(folder, records.encode(encoding), name="list.json")[0] == 0


@pytest.mark.parametrize(
    ("number", "cell", "value", "accused"),
    [
        (0, "Nome", "Pontile", "quay, Nome: Molo"),
        (0, "Height", "25", "quay, Height: 2.50"),
        (0, "Region", "South", "quay, Region: North"),
        (0, "Code", "017", "quay, Code: 007"),
        (1, "Place", "m2", "mill, Place: m1"),
    ],
)
def test_a_wrong_value_is_caught_and_both_are_named(
    folder: Path, number: int, cell: str, value: str, accused: str
) -> None:
    code, cells, said = checked(folder, as_csv(edited(number, **{cell: value})))
    assert code == 1
    assert [name for name, verdict in cells.items() if verdict not in ("supported", "changed")] == [accused]
    assert cells[accused] == "contradicted" and f'"{value}"' in said


def test_a_wrong_value_in_the_graph_is_caught_as_well(folder: Path) -> None:
    file = folder / "data" / "data.trig"
    file.write_text(file.read_text().replace('ex:code "007"', 'ex:code "009"'))
    assert [n for n, v in checked(folder, as_csv(ROWS))[1].items() if v == "contradicted"] == ["quay, Code: 009"]


@pytest.mark.parametrize("writing", [{"Code": "7"}, {"Nome": "MOLO"}, {"Height": "2,5"}])
def test_another_writing_accuses_nobody(folder: Path, writing: dict[str, str]) -> None:
    assert checked(folder, as_csv(edited(0, **writing), ";"))[0] == 0


def test_a_row_and_a_column_that_are_missing_are_gone(folder: Path) -> None:
    code, cells, _ = checked(folder, as_csv(ROWS[1:]))
    assert code == 1 and {cells[name] for name in cells if name.startswith("quay")} == {"gone"}
    code, cells, _ = checked(folder, as_csv([{k: v for k, v in row.items() if k != "Nome"} for row in ROWS]))
    assert code == 1 and cells["quay, Nome: Molo"] == "gone"


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ("", "none of the columns"),
        ("a,b\n1,2\n", "none of the columns"),
        ("[" * 100_000, "none of the columns"),
        ("Code,Nome\n1,2\n", "does not look like the records"),
        ('Code,Nome\n"unclosed', "does not look like the records"),
        (b"\xff\xfe\x00\x01\x02\x03", "none of the columns"),
    ],
)
def test_other_files_are_refused(folder: Path, records: str | bytes, says: str) -> None:
    code, _, said = checked(folder, records)
    assert code == 2 and says in said


def test_a_check_of_records_is_kept_like_any_other(folder: Path) -> None:
    checked(folder, as_csv(edited(0, Height="25")), "--record", "--date", "2026-02-03")
    dataset = read_dataset(Publication.open(folder))
    engine = EmbeddedEngine.of(dataset.default_graph, dataset.quads)
    graph = NamedNode("https://example.org/codes")
    (last,) = recorded_checks(engine, [graph])[graph]
    assert (last.verdict, last.stated, last.found) == ("contradicted", "2.50", "25")
