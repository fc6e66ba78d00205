"""Tables to quads: what a description says of a column, and the row and column of every fault."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from uritemplate import URITemplate

from missiongraph.cli.main import main
from missiongraph.publication.rdf_files import FaultyFile
from missiongraph.publication.source_folder import Publication
from missiongraph.publication.tables import read_table
from missiongraph.vocab import MG, RDF, SCHEMA, XSD
from tests.conftest import PublicationMaker

EX = "https://example.org/"
GRAPH = NamedNode(f"{EX}graph")
PLACE = f"{EX}id/city/{{city}}"
CITY = {"name": "city", "suppressOutput": True, "required": True}
KEYED = {"primaryKey": "city"}


def column(name: str, to: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "aboutUrl": PLACE, "propertyUrl": to, **more}


def described(columns: list[dict[str, Any]], name: str = "cities.csv", **schema: Any) -> dict[str, Any]:
    return {"url": name, "tableSchema": {"columns": columns, **schema}}


def group(*tables: dict[str, Any]) -> str:
    return json.dumps({"@context": "http://www.w3.org/ns/csvw", "tables": tables})


def read(folder: Path, text: str, columns: list[dict[str, Any]], **schema: Any) -> tuple[Quad, ...]:
    folder.mkdir(exist_ok=True)
    (folder / "csv-metadata.json").write_text(group(described(columns, **schema)), "utf-8")
    (folder / "cities.csv").write_bytes(text.encode())
    return read_table(folder / "cities.csv", "data/cities.csv", GRAPH).quads


def fault(folder: Path, text: str, columns: list[dict[str, Any]], **schema: Any) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        read(folder, text, columns, **schema)
    return [str(problem) for problem in caught.value.problems]


def city(slug: str) -> NamedNode:
    return NamedNode(f"{EX}id/city/{slug}")


def test_a_cell_becomes_a_statement_about_its_row(tmp_path: Path) -> None:
    columns = [CITY, column("name", "schema:name", lang="it"), column("founded", f"{EX}founded", datatype="date")]
    assert read(tmp_path, "city,name,founded\nprato,Prato,1992-04-16\n", columns) == (
        Quad(city("prato"), SCHEMA["name"], Literal("Prato", language="it"), GRAPH),
        Quad(city("prato"), NamedNode(f"{EX}founded"), Literal("1992-04-16", datatype=XSD.date), GRAPH),
    )


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "city,name\nprato,\n", [CITY, column("name", "schema:name")]) == ()


def test_a_template_makes_a_value_an_iri(tmp_path: Path) -> None:
    columns = [CITY, column("nuts", f"{EX}in", valueUrl="http://data.europa.eu/nuts/code/{nuts}")]
    (quad,) = read(tmp_path, "city,nuts\nprato,ITI15\n", columns)
    assert quad.object == NamedNode("http://data.europa.eu/nuts/code/ITI15")


def test_a_virtual_column_states_the_same_of_each_row(tmp_path: Path) -> None:
    columns = [CITY, column("kind", "rdf:type", virtual=True, valueUrl="schema:City")]
    assert read(tmp_path, "city\nprato\n", columns) == (Quad(city("prato"), RDF.type, SCHEMA.City, GRAPH),)


def test_a_template_with_an_empty_cell_yields_nothing(tmp_path: Path) -> None:
    nuts = {"name": "nuts", "suppressOutput": True}
    virtual = column("v", f"{EX}in", virtual=True, valueUrl=f"{EX}nuts/{{nuts}}")
    assert read(tmp_path, "city,nuts\nprato,\n", [CITY, nuts, virtual]) == ()


def test_each_row_can_have_its_graph_its_language_and_its_text(tmp_path: Path) -> None:
    columns = [
        CITY,
        {"name": "tag", "suppressOutput": True},
        column("name", "schema:name", **{MG.languageColumn.value: "tag", MG.graphUrl.value: f"{EX}graph/{{city}}"}),
        column("v", "rdfs:label", virtual=True, lang="en", **{MG.textTemplate.value: "{name}, in “{tag}”"}),
    ]
    name, label = read(tmp_path, "city,tag,name\nwien,de,Wien\n", columns)
    assert name == Quad(city("wien"), SCHEMA["name"], Literal("Wien", language="de"), NamedNode(f"{EX}graph/wien"))
    assert (label.object, label.graph_name) == (Literal("Wien, in “de”", language="en"), GRAPH)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text == text.strip()))
def test_a_text_is_taken_as_it_is(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    escaped = text.replace('"', '""')
    folder = tmp_path_factory.mktemp("tables")
    (quad,) = read(folder, f'city,name\nprato,"{escaped}"\n', [CITY, column("name", "schema:name")])
    assert quad.object == Literal(text)


def test_every_fault_is_told_with_its_row_and_column(tmp_path: Path) -> None:
    columns = [CITY, column("founded", f"{EX}founded", datatype="date"), {"name": "source", "required": True}]
    rows = "city,founded,source\nprato,16/04/1992,gazette\npisa,1992-13-01,gazette\nprato,1992-04-16,\n"
    assert fault(tmp_path, rows, columns, **KEYED) == [
        "data/cities.csv:2:2: column “founded”: “16/04/1992” does not fit the type of the column: it is no date, "
        "which is written like 2020-12-31",
        "data/cities.csv:3:2: column “founded”: “1992-13-01” does not fit the type of the column: it is no date, "
        "which is written like 2020-12-31",
        "data/cities.csv:4:3: column “source”: required column value is missing",
        "data/cities.csv:4:1: column “city”: “prato” is already in line 2 (one row each)",
    ]


def test_a_key_of_no_row_in_another_table_is_a_fault(tmp_path: Path) -> None:
    reference = {"columnReference": "city", "reference": {"resource": "cities.csv", "columnReference": "city"}}
    labels = described([CITY, {"name": "round", "suppressOutput": True}], "labels.csv", foreignKeys=[reference])
    (tmp_path / "csv-metadata.json").write_text(group(described([CITY]), labels), "utf-8")
    (tmp_path / "cities.csv").write_text("city\nprato\n", "utf-8")
    (tmp_path / "labels.csv").write_text("city,round\nprato,3\nprado,3\n", "utf-8")
    with pytest.raises(FaultyFile) as caught:
        read_table(tmp_path / "labels.csv", "data/labels.csv", GRAPH)
    expected = "data/labels.csv:3:1: column “city”: “prado” is not in cities.csv (add it to cities.csv, or"
    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("town\nprato\n", "data/cities.csv:1: the columns differ from the description: unknown town; missing city"),
        ("city\nprato,Prato\n", "data/cities.csv:2: the row has 2 cells, the header 1"),
        ("city\n prato\n", "data/cities.csv:2:1: column “city”: “ prato”: white space around the value"),
        ('city\n"prato\n', "data/cities.csv:2: is no CSV"),
    ],
)
def test_a_table_of_another_shape_is_a_fault(tmp_path: Path, text: str, told: str) -> None:
    assert fault(tmp_path, text, [CITY])[0].startswith(told)


def test_a_row_keeps_its_line_after_one_of_several_lines(tmp_path: Path) -> None:
    columns = [CITY, column("note", "schema:description"), {"name": "source", "required": True}]
    rows = 'city,note,source\nprato,"one\ntwo",x\npisa,note,\n'
    assert fault(tmp_path, rows, columns)[0].startswith("data/cities.csv:4:3: ")


@pytest.mark.parametrize("to", ["name", "dcterms:title", "unknown:name", "http:name"])
def test_a_template_that_yields_no_iri_is_a_fault(tmp_path: Path, to: str) -> None:
    (told,) = fault(tmp_path, "city,name\nprato,Prato\n", [CITY, column("name", to)])
    assert told.startswith(f"data/cities.csv:2:2: column “name”: “{to}” is no IRI")


@pytest.mark.parametrize("description", ["", "[]", "{}", group(described([CITY], "other.csv"))])
def test_a_table_without_a_description_is_a_fault(tmp_path: Path, description: str) -> None:
    (tmp_path / "csv-metadata.json").write_text(description, "utf-8")
    (tmp_path / "cities.csv").write_text("city\nprato\n", "utf-8")
    with pytest.raises(FaultyFile, match=r"data/csv-metadata\.json(:1:1)?: "):
        read_table(tmp_path / "cities.csv", "data/cities.csv", GRAPH)


def test_a_writing_of_its_own_is_refused(tmp_path: Path) -> None:
    columns = [CITY, column("founded", f"{EX}founded", datatype={"base": "date", "format": "d/M/yyyy"})]
    (told,) = fault(tmp_path, "city,founded\nprato,16/4/1992\n", columns)
    assert told.startswith("data/csv-metadata.json: column “founded” of cities.csv: a format of its own for date")


def test_a_publication_reads_the_tables_that_it_describes(make_publication: PublicationMaker) -> None:
    columns = [CITY, column("name", "schema:name")]
    files = {"data/t/csv-metadata.json": group(described(columns)), "data/t/cities.csv": "city,name\nprato,Prato\n"}
    folder = make_publication({**files, "data/other/notes.csv": "not, a table of ours\n"})
    publication = Publication.open(folder)
    assert [publication.path_of(file) for file in publication.data_files] == ["data/t/cities.csv"]


def test_there_is_no_build_of_a_table_with_a_fault(make_publication: PublicationMaker, tmp_path: Path) -> None:
    files = {"data/csv-metadata.json": group(described([CITY], **KEYED)), "data/cities.csv": "city\nprato\nprato\n"}
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["build", "--publication", str(make_publication(files)), "--out", str(out)])
    assert result.exit_code == 2
    assert "data/cities.csv:3:1: column “city”: “prato” is already in line 2" in result.output + result.stderr
    assert not out.exists()


def test_a_separator_parts_several_values_of_a_cell(tmp_path: Path) -> None:
    columns = [CITY, column("name", "schema:name", separator="|", lang="it")]
    read_quads = read(tmp_path, "city,name\nprato,Prato|Prà\nroma,\n", columns)
    assert [quad.object for quad in read_quads] == [Literal("Prato", language="it"), Literal("Prà", language="it")]
    assert "nothing between" in fault(tmp_path, "city,name\nprato,Prato||Prà\n", columns)[0]
    named = [CITY, column("name", "schema:name", separator="|", valueUrl="https://example.org/{name}")]
    assert "several values" in fault(tmp_path, "city,name\nprato,Prato|Prà\n", named)[0]


def test_what_the_type_of_a_column_does_not_know_is_no_value(tmp_path: Path) -> None:
    columns = [CITY, column("area", f"{EX}area", datatype="decimal")]
    assert "area" in fault(tmp_path, "city,area\nprato,NaN\n", columns)[0]


def test_a_foreign_key_names_columns_and_one_row(tmp_path: Path) -> None:
    foreign = {"columnReference": "none", "reference": {"resource": "cities.csv", "columnReference": "city"}}
    (told,) = fault(tmp_path, "city\nprato\n", [CITY], foreignKeys=[foreign])
    assert "names no column “none”" in told


def test_what_validation_finds_wrong_of_a_row_names_its_line_and_column(make_publication: PublicationMaker) -> None:
    founded = column("founded", f"{EX}founded", datatype="date")
    table = "city,name,founded\nprato,Prato,1992-04-16\nrome,Rome,1999-01-01\n"
    files = {
        "data/cities.csv": table,
        "data/csv-metadata.json": group(described([CITY, column("name", "schema:name"), founded])),
        "shapes/s.ttl": f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
            [] a sh:NodeShape ; sh:targetSubjectsOf <{EX}founded> ; sh:property [
                sh:path <{EX}founded> ; sh:maxExclusive "1995-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ] .""",
    }
    run = CliRunner().invoke(main, ["validate", "--publication", str(make_publication(files))])
    assert run.exit_code == 1
    assert "data/cities.csv:3:3" in run.output


CELLS = st.text(st.sampled_from("aZ9-._~ %/é+&"), min_size=1, max_size=5).filter(lambda text: text == text.strip())
TEMPLATES = [
    "{a}",
    "{a}/{b}",
    "{+a}",
    "{/a,b}",
    "{?a}",
    "{a}-{a}",
    "%7B{b}",
    "{#b}",
    "{a:2}",
    "x{_row}",
    "{a}{_name}",
    "",
]


@example([("a", "b")], ["{_name}", "{_name}"])
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=3), st.lists(st.sampled_from(TEMPLATES), max_size=3))
def test_templates_are_expanded_as_the_standard_for_them_says(
    rows: list[tuple[str, str]], templates: list[str]
) -> None:
    """RFC 6570, by the library that follows it."""
    abouts = [f"{EX}{template}" for template in templates]
    columns: list[dict[str, Any]] = [{"name": "a", "suppressOutput": True}, {"name": "b", "suppressOutput": True}]
    columns += [
        {"name": f"v{at}", "virtual": True, "aboutUrl": about, "propertyUrl": f"{EX}p", "valueUrl": f"{EX}{at}"}
        for at, about in enumerate(abouts)
    ]
    text = "a,b\n" + "".join(f"{a},{b}\n" for a, b in rows)
    with TemporaryDirectory() as folder:
        found = read(Path(folder), text, columns)
    expected = [
        (URITemplate(about).expand(a=a, b=b, _row=str(number), _name=f"v{at}"), at)
        for number, (a, b) in enumerate(rows, 1)
        for at, about in enumerate(abouts)
    ]
    assert [(q.subject, q.object) for q in found] == list(
        dict.fromkeys((NamedNode(about), NamedNode(f"{EX}{at}")) for about, at in expected)
    )
