"""What a description says of a file and of its columns, and of what is not followed (Metadata Vocabulary, 5 and 6)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from missiongraph.publication.rdf_files import FaultyFile
from missiongraph.publication.tables import read_table
from missiongraph.rdf.datatypes import is_lexical
from missiongraph.vocab import RDF, XSD

EX = "https://example.org/"
GRAPH = NamedNode(f"{EX}graph")
ID = {"name": "id", "suppressOutput": True}


def named(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "propertyUrl": f"{EX}{name}", **more}


def read(
    folder: Path, content: str | bytes, columns: list[dict[str, Any]], group: dict[str, Any] | None = None, **more: Any
) -> list[str]:
    """Subject, property and value of each statement, in short."""
    schema = {"aboutUrl": f"{EX}{{id}}", "columns": columns, **more.pop("schema", {})}
    table = {"url": "a.csv", "tableSchema": schema, **more}
    described = {"@context": "http://www.w3.org/ns/csvw", "tables": [table], **(group or {})}
    (folder / "csv-metadata.json").write_text(json.dumps(described), "utf-8")
    (folder / "a.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    quads = read_table(folder / "a.csv", "data/a.csv", GRAPH).quads
    return [f"{q.subject} {q.predicate} {q.object}".replace(EX, "").replace(str(XSD), "xsd:") for q in quads]


def fault(folder: Path, content: str | bytes, columns: list[dict[str, Any]], **more: Any) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        read(folder, content, columns, **more)
    return [str(problem) for problem in caught.value.problems]


BOTH = ['<1> <label> "a,b"', '<2> <label> "c"']


@pytest.mark.parametrize(
    ("dialect", "content"),
    [
        ({}, '\ufeffid,label\r\n1,"a,b"\r\n2,c\r\n'),
        ({"delimiter": ";"}, "id;label\n1;a,b\n2;c\n"),
        ({"delimiter": "\t"}, "id\tlabel\n1\ta,b\n2\tc\n"),
        ({"quoteChar": "'"}, "id,label\n1,'a,b'\n2,c\n"),
        ({"quoteChar": None, "delimiter": ";"}, "id;label\n1;a,b\n2;c\n"),
        ({"encoding": "ISO-8859-1"}, 'id,label\n1,"a,b"\n2,c\n'.encode("latin-1")),
        ({"encoding": "UTF-16"}, 'id,label\n1,"a,b"\n2,c\n'.encode("utf-16")),
        ({"header": False}, '1,"a,b"\n2,c\n'),
        ({"headerRowCount": 2}, 'id,label\nid,label\n1,"a,b"\n2,c\n'),
        ({"headerRowCount": 0}, '1,"a,b"\n2,c\n'),
        ({"skipRows": 2}, 'A list of towns\n\nid,label\n1,"a,b"\n2,c\n'),
        ({"skipColumns": 1}, 'no,id,label\nx,1,"a,b"\ny,2,c\n'),
        ({"skipInitialSpace": True}, 'id, label\n1, "a,b"\n2, c\n'),
        ({"trim": True}, 'id , label\n1 ,"a,b"\n 2, c\n'),
        ({"trim": "start"}, ' id,label\n1,"a,b"\n2, c\n'),
        ({"commentPrefix": "#"}, '# towns\nid,label\n# the first\n1,"a,b"\n2,c\n'),
        ({"skipBlankRows": True}, 'id,label\n,\n1,"a,b"\n\n2,c\n,\n'),
        ({"lineTerminators": ["\r"]}, 'id,label\r1,"a,b"\r2,c\r'),
        ({"lineTerminators": "\n"}, 'id,label\n1,"a,b"\n2,c\n'),
    ],
)
@pytest.mark.parametrize("of_group", [False, True])
def test_a_dialect_is_followed(tmp_path: Path, dialect: dict[str, Any], content: str | bytes, of_group: bool) -> None:
    more: dict[str, Any] = {"group": {"dialect": dialect}} if of_group else {"dialect": dialect}
    assert read(tmp_path, content, [ID, named("label")], **more) == BOTH


def test_a_quote_is_doubled_or_escaped(tmp_path: Path) -> None:
    assert read(tmp_path, 'id,label\n1,"a ""b"""\n', [ID, named("label")]) == ['<1> <label> "a \\"b\\""']
    escaped = {"doubleQuote": False}
    assert read(tmp_path, 'id,label\n1,"a \\"b\\""\n', [ID, named("label")], dialect=escaped) == [
        '<1> <label> "a \\"b\\""'
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=9), max_size=4))
@settings(max_examples=50)
def test_rows_are_read_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    """Also line breaks of Unicode, which end no row, and cells that look like comments."""
    kept = [[str(n), cell] for n, cell in enumerate(cells) if cell.strip() == cell and cell]
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["id", "label"], *kept])
    found = read(tmp_path_factory.mktemp("tables"), written.getvalue(), [ID, named("label")])
    assert found == [f"<{n}> <label> {Literal(cell)}".replace(EX, "").replace(str(XSD), "xsd:") for n, cell in kept]


@pytest.mark.parametrize("cell", ["a\u2028b", "a\x85b", "a\x0bb", "a\x1cb"])
def test_a_line_break_of_unicode_ends_no_row(tmp_path: Path, cell: str) -> None:
    assert read(tmp_path, f"id,label\n1,{cell}\n", [ID, named("label")]) == [f"<1> <label> {Literal(cell)}"]


def test_a_cell_may_be_as_long_as_an_outline(tmp_path: Path) -> None:
    assert len(read(tmp_path, f"id,label\n1,{'x' * 300_000}\n", [ID, named("label")])[0]) > 300_000


@pytest.mark.parametrize(
    ("dialect", "told"),
    [
        ({"delimiter": "::"}, "data/csv-metadata.json: dialect: delimiter “::” is not one sign"),
        ({"lineTerminators": ["|"]}, "data/csv-metadata.json: dialect: lineTerminators “|” are not followed"),
        ({"delimeter": ";"}, "data/csv-metadata.json: dialect: unknown property “delimeter” (the nearest known one is"),
        ("dialect.json", "data/csv-metadata.json: dialect: dialect.json lies elsewhere (nothing is fetched"),
        ({"encoding": "klingon"}, "data/csv-metadata.json: Invalid value"),
        ({"encoding": "US-ASCII"}, "data/a.csv:2:3: is not UTF-8 (byte 0xe8)"),
        ({"encoding": "ascii", "skipRows": -1}, "data/csv-metadata.json: "),
        ({"encoding": "utf-16"}, "data/a.csv:2: is not in utf-16, as its dialect says"),
    ],
)
def test_what_of_a_dialect_is_not_followed_is_refused_by_name(tmp_path: Path, dialect: Any, told: str) -> None:
    content = "id,label\n1,è\n".encode("latin-1")
    assert fault(tmp_path, content, [ID, named("label")], dialect=dialect)[0].startswith(told)


def test_a_schema_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    (told,) = fault(
        tmp_path, "id\n1\n", [ID], group={"tables": [{"url": "a.csv", "tableSchema": "https://a.example/s"}]}
    )
    assert told.startswith("data/csv-metadata.json: tableSchema: https://a.example/s lies elsewhere")


def test_a_header_may_have_the_titles_of_the_columns(tmp_path: Path) -> None:
    columns = [{**ID, "titles": "No."}, named("label", titles={"it": ["Nome", "Denominazione"], "en": "Name"})]
    for header in ("No.;Nome", "No.;Denominazione", "id;Name", "id;label"):
        assert read(tmp_path, f"{header}\n1;x\n", columns, dialect={"delimiter": ";"}) == ['<1> <label> "x"']
    (told,) = fault(tmp_path, "No.;Name\n1;x\n", columns, dialect={"delimiter": ";"}, lang="it")
    assert told.startswith("data/a.csv:1: the columns differ from the description: unknown Name; missing label")


def test_a_wrong_separator_is_told(tmp_path: Path) -> None:
    (told,) = fault(tmp_path, "id;label\n1;x\n", [ID, named("label")])
    assert 'the separator seems to be “;”: "dialect": {"delimiter": ";"}' in told


@pytest.mark.parametrize("where", ["column", "schema", "table", "group"])
def test_what_is_inherited_counts(tmp_path: Path, where: str) -> None:
    """Default, null, separator and language of a column, its schema, its table or its group (5.7)."""
    stated: dict[str, Any] = {"default": "unknown", "null": "-", "lang": "it"}
    column = named("label", **(stated if where == "column" else {}))
    places: dict[str, dict[str, Any]] = {"schema": {"schema": stated}, "table": stated, "group": {"group": stated}}
    found = read(tmp_path, "id,label\n1,\n2,-\n3,a\n", [ID, column], **places.get(where, {}))
    assert found == ['<1> <label> "unknown"@it', '<3> <label> "a"@it']


def test_a_list_may_hold_what_is_no_value(tmp_path: Path) -> None:
    column = named("label", separator="|", null="-", default="?")
    found = read(tmp_path, "id,label\n1,a|-|b\n2,-\n3,\n4,a|\n", [ID, column])
    assert found == ['<1> <label> "a"', '<1> <label> "b"', '<3> <label> "?"', '<4> <label> "a"', '<4> <label> "?"']


def test_a_default_is_of_the_type_and_makes_a_value_required(tmp_path: Path) -> None:
    column = named("year", datatype="gYear", default="1999", required=True)
    assert read(tmp_path, "id,year\n1,\n", [ID, column]) == ['<1> <year> "1999"^^<xsd:gYear>']
    (told,) = fault(tmp_path, "id,year\n1,\n", [ID, column | {"default": "?"}])
    assert told.startswith("data/a.csv:2:2: column “year”: “?” does not fit the type of the column: it is no gYear")
    virtual = named("era", virtual=True, datatype="gYear", default="then")
    assert "“then” does not fit" in fault(tmp_path, "id\n1\n", [ID, virtual])[0]


def test_a_table_or_column_without_output_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "id,label\n1,x\n", [ID, named("label", suppressOutput=True)]) == []
    assert read(tmp_path, "id,label\n1,x\n", [ID, named("label")], suppressOutput=True) == []


def test_rows_are_numbered_as_rows(tmp_path: Path) -> None:
    columns = [ID, named("label", aboutUrl=f"{EX}{{_row}}-{{_sourceRow}}-{{_name}}")]
    content = 'a list\nid,label\n1,"two\nlines"\n2,x\n'
    found = read(tmp_path, content, columns, dialect={"skipRows": 1})
    assert [one.split()[0] for one in found] == ["<1-3-label>", "<2-4-label>"]


TYPES = [
    "boolean", "decimal", "integer", "double", "float", "date", "time", "dateTime", "dateTimeStamp", "gYear", "gMonth",
    "gDay", "gYearMonth", "gMonthDay", "duration", "yearMonthDuration", "dayTimeDuration", "byte", "unsignedByte",
    "nonNegativeInteger", "positiveInteger", "negativeInteger", "hexBinary", "base64Binary", "NMTOKEN",
]  # fmt: skip
CELLS = [
    "31/12/2020", "abcd", "2020", "-0044", "0000", "02020", "2020-12-31", "-0044-03-15", "2021-02-29", "24:00:00",
    "2020-12-31T24:00:00", "2020-12-31T12:00:00+14:00", "2020-12-31T12:00:00+14:01", "--12", "--02-29", "---31", "P1Y",
    "P1D", "PT", "1", "-1", "1.5", "1,5", "1e3", "128", "256", "true", "TRUE", "INF", "+INF", "NaN", "0FB7", "0FB",
    "YQ==", "YR==", "de-CH", "1%", "1 000", "１",
]  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_the_cells_of_a_type_are_its_lexical_space(tmp_path: Path, kind: str) -> None:
    for cell in CELLS:
        content = f'id,value\n1,"{cell}"\n'
        if is_lexical(cell, f"{XSD}{kind}"):
            assert read(tmp_path, content, [ID, named("value", datatype=kind)]) == [
                f'<1> <value> "{cell}"^^<xsd:{kind}>'
            ]
        else:
            (told,) = fault(tmp_path, content, [ID, named("value", datatype=kind)])
            assert told.startswith(f"data/a.csv:2:2: column “value”: “{cell}” does not fit the type of the column")


@pytest.mark.parametrize(
    ("kind", "cell", "iri"),
    [
        ("number", "1e3", XSD.double),
        ("datetime", "2020-12-31T12:00:00", XSD.dateTime),
        ("binary", "YQ==", XSD.base64Binary),
        ("xml", "<a/>", RDF.XMLLiteral),
        ("html", "<p>", RDF.HTML),
    ],
)
def test_types_of_tables_have_their_names_in_rdf(tmp_path: Path, kind: str, cell: str, iri: NamedNode) -> None:
    (found,) = read(tmp_path, f'id,value\n1,"{cell}"\n', [ID, named("value", datatype=kind)])
    assert found.endswith(str(Literal(cell, datatype=iri)).replace(str(XSD), "xsd:"))


@pytest.mark.parametrize(
    ("datatype", "cell", "told"),
    [
        ({"base": "integer", "minimum": 5}, "4", "“4”: value must be >= 5"),
        ({"base": "date", "maximum": "2020-01-01"}, "2021-01-01", "“2021-01-01”: value must be <="),
        ({"base": "decimal", "maxExclusive": 1}, "1.0", "“1.0”: value must be < 1"),
        ({"base": "string", "maxLength": 2}, "abc", "“abc”: value must have at most length 2"),
        ({"base": "string", "format": "[A-Z]{2}"}, "abc", "“abc”: does not fit the pattern [A-Z]{2}"),
        ({"base": "date", "minimum": "2020-01-01"}, "-0044-03-15", "“-0044-03-15”: "),  # not compared: refused
    ],
)
def test_bounds_of_a_type_are_checked(tmp_path: Path, datatype: dict[str, Any], cell: str, told: str) -> None:
    (found,) = fault(tmp_path, f"id,value\n1,{cell}\n", [ID, named("value", datatype=datatype)])
    assert found.startswith(f"data/a.csv:2:2: column “value”: {told}")


def test_a_language_of_a_row_must_be_one(tmp_path: Path) -> None:
    column = named("label", **{"https://w3id.org/missiongraph/ontology#languageColumn": "tag"})
    columns = [ID, {"name": "tag", "suppressOutput": True}, column]
    assert fault(tmp_path, "id,tag,label\n1,d e,x\n", columns) == [
        "data/a.csv:2:2: column “tag”: “d e” is no language tag"
    ]


def test_one_mistake_in_many_cells_is_told_once(tmp_path: Path) -> None:
    rows = "".join(f"{n},n/a\n" for n in range(512))
    (told,) = fault(tmp_path, f"id,year\n{rows}", [ID, named("year", datatype="gYear")])
    assert told.endswith("and in 511 further cells, first in line 3")
    (told,) = fault(tmp_path, f"id,year\n{rows}", [ID, named("year", aboutUrl="place/{id}")])
    assert told.startswith(
        "data/a.csv:2:2: column “year”: “place/0” is no IRI, and in 511 further cells, first in line 3"
    )


def test_many_mistakes_of_a_column_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"{n},n/a {n}\n" for n in range(100))
    told = fault(tmp_path, f"id,year\n{rows}", [ID, named("year", datatype="gYear")])
    assert len(told) == 21
    assert told[-1] == "data/a.csv:22:2: column “year”: 80 further cells with such faults, the first here"


def test_a_key_in_a_table_of_another_dialect_is_found(tmp_path: Path) -> None:
    foreign = {"columnReference": "town", "reference": {"resource": "towns.csv", "columnReference": "code"}}
    (tmp_path / "towns.csv").write_text("Codice;Nome\nprato;Prato\n", "utf-8")
    towns = {
        "url": "towns.csv",
        "dialect": {"delimiter": ";"},
        "tableSchema": {"columns": [{"name": "code", "titles": "Codice"}, {"name": "name", "titles": "Nome"}]},
    }
    main = {
        "url": "a.csv",
        "tableSchema": {"aboutUrl": f"{EX}{{town}}", "columns": [named("town")], "foreignKeys": [foreign]},
    }
    group = {"tables": [main, towns]}
    assert read(tmp_path, "town\nprato\n", [], group=group) == ['<prato> <town> "prato"']
    (told,) = fault(tmp_path, "town\npisa\n", [], group=group)
    assert told.startswith("data/a.csv:2:1: column “town”: “pisa” is not in towns.csv")


@pytest.mark.parametrize(
    ("foreign", "told"),
    [
        ({"reference": {"schemaReference": "s.json", "columnReference": "id"}}, "schemaReference (name the table"),
        ({"reference": {"resource": "a.csv", "columnReference": "no"}}, "names “no”, which is no column of a.csv"),
    ],
)
def test_what_of_a_foreign_key_is_not_followed_is_refused(tmp_path: Path, foreign: dict[str, Any], told: str) -> None:
    (found,) = fault(tmp_path, "id\n1\n", [ID], schema={"foreignKeys": [{"columnReference": "id", **foreign}]})
    assert told in found


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ({"ordered": True, "separator": "|"}, "column “label” of a.csv: an order of values"),
        ({"datatype": {"base": "date", "format": "d.M.yyyy"}}, "a format of its own for date"),
        ({"datatype": {"base": "number", "format": "#,##0"}}, "a format of its own for number"),
        ({"datatype": {"base": "boolean", "format": "Y|N"}}, "a format of its own for boolean"),
        ({"datatype": {"base": "gYear", "minimum": "2000"}}, "minimum"),
    ],
)
def test_what_of_a_column_is_not_followed_is_refused(tmp_path: Path, column: dict[str, Any], told: str) -> None:
    (found,) = fault(tmp_path, "id,label\n1,x\n", [ID, named("label", **column)])
    assert found.startswith("data/csv-metadata.json: ")
    assert told in found
