"""Answers as tables: nothing is lost on the way to pandas, polars and CSV, whatever the columns hold."""

from __future__ import annotations

import csv
import io
import pickle
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode

from missiongraph.api.table import Table
from missiongraph.api.values import IRI, BlankNode, Text, Value, value_of
from missiongraph.errors import MissiongraphError
from missiongraph.vocab import XSD

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8)
COLUMNS = st.sampled_from(
    [
        st.integers(-(2**63), 2**63 - 1),
        st.booleans(),
        st.floats(allow_nan=False),
        st.dates(),
        st.datetimes(),
        TEXTS,
        TEXTS.map(IRI),
        st.integers() | TEXTS,
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.lists(COLUMNS, min_size=1, max_size=4))
    rows = draw(st.lists(st.tuples(*(st.none() | column for column in columns)), max_size=5))
    return Table([f"v{number}" for number in range(len(columns))], rows)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (NamedNode("https://example.org/a"), IRI("https://example.org/a")),
        (Literal("9", datatype=XSD.integer), 9),
        (Literal("0.10", datatype=XSD.decimal), Decimal("0.10")),
        (Literal("1e3", datatype=XSD.double), 1000.0),
        (Literal("1", datatype=XSD.boolean), True),
        (Literal("2024-10-08", datatype=XSD.date), date(2024, 10, 8)),
        (Literal("2024-10-08T12:00:00Z", datatype=XSD.dateTime), datetime.fromisoformat("2024-10-08T12:00:00+00:00")),
        (Literal("Roma", language="it"), Text("Roma", "it")),
        (Literal("2024-10-08Z", datatype=XSD.date), "2024-10-08Z"),  # a day of a time zone is no day alone
        (Literal("nine", datatype=XSD.integer), "nine"),
        (Literal("2024", datatype=XSD.gYear), "2024"),
    ],
)
def test_a_term_becomes_the_value_that_it_means(term: NamedNode | Literal, value: Value) -> None:
    found = value_of(term)
    assert (found, type(found)) == (value, type(value))


def test_a_text_keeps_its_language_when_it_is_pickled() -> None:
    assert pickle.loads(pickle.dumps(Text("Roma", "it"))).language == "it"


@given(tables())
def test_pandas_has_every_cell(table: Table) -> None:
    pd = pytest.importorskip("pandas")
    frame = table.to_pandas()
    assert list(frame.columns) == list(table.variables)
    for name in table.variables:
        for cell, kept in zip(table.column(name), frame[name], strict=True):
            assert pd.isna(kept) if cell is None else kept == cell or kept.date() == cell


@given(tables())
def test_polars_has_every_cell(table: Table) -> None:
    pytest.importorskip("polars")
    frame = table.to_polars()
    assert frame.columns == list(table.variables)
    for name in table.variables:
        for cell, kept in zip(table.column(name), frame[name].to_list(), strict=True):
            assert kept == cell or kept == str(cell) or (cell is None and kept is None)


@pytest.mark.parametrize(
    ("cells", "in_pandas", "in_polars"),
    [
        ([9, None], "Int64", "Int64"),
        ([True, None], "boolean", "Boolean"),
        ([Decimal("0.1"), 2], "float64", "Float64"),
        ([date(1492, 10, 12), None], "datetime64[s]", "Date"),
        ([IRI("https://example.org/"), BlankNode("_:b")], "str", "String"),
        ([2**80, None], "object", "String"),
        ([9, "nine"], "object", "String"),
    ],
)
def test_columns_have_the_types_that_one_can_count_with(cells: list[Value], in_pandas: str, in_polars: str) -> None:
    pytest.importorskip("pandas"), pytest.importorskip("polars")
    table = Table(["x"], [(cell,) for cell in cells])
    assert str(table.to_pandas()["x"].dtype) == in_pandas
    assert str(table.to_polars()["x"].dtype) == in_polars


@given(tables())
def test_csv_is_read_back(table: Table) -> None:
    header, *rows = csv.reader(io.StringIO(table.to_csv(), newline=""))
    assert header == list(table.variables)
    assert len([row for row in rows if row]) == len([row for row in table if row])


def test_a_table_is_a_list_of_rows() -> None:
    table = Table(["a", "b"], [(1, "<x>"), (2, None)])
    assert (len(table), table[0], list(table[1:]), table.column("a")) == (2, {"a": 1, "b": "<x>"}, [table[1]], [1, 2])
    assert "<td>&lt;x&gt;</td>" in table._repr_html_()
    with pytest.raises(MissiongraphError, match=r"there is no variable “c” \(the query has a, b"):
        table.column("c")
    with pytest.raises(MissiongraphError, match="2 rows and 2 columns"):
        table.value()


def test_a_missing_library_is_named_with_how_to_get_it() -> None:
    script = """if True:
        import sys
        sys.modules["pandas"] = None
        from missiongraph import Table, errors
        try:
            Table(["a"], []).to_pandas()
        except errors.MissingExtra as error:
            print(error)"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "pandas is not installed (pip install 'missiongraph[pandas]')"
