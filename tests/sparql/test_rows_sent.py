"""The number of rows of an answer is the number that its reader finds."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, Store, parse_query_results

from missiongraph.sparql.results import FORMATS, ResultFormat, write_solutions
from missiongraph.sparql.rows_sent import RowCount

#: What looks like the syntax of the formats, inside of values.
TEXTS = st.lists(
    st.sampled_from(['"', "\\", "{", "}", "{}", "{:{", ":", ",", "[", "<result>", "\n", "\r\n", "\t", "é", "a"]),
    max_size=8,
).map("".join)
TERMS = st.one_of(st.none(), TEXTS.map(Literal), st.just(NamedNode("http://example.org/a,b")))
ROWS = st.lists(st.tuples(TERMS, TERMS), max_size=6)


def answer(rows: list[tuple[Literal | NamedNode | None, ...]]) -> QuerySolutions:
    values = " ".join("(" + " ".join("UNDEF" if term is None else str(term) for term in row) + ")" for row in rows)
    found = Store().query(f"SELECT * {{ VALUES (?x ?y) {{ {values} }} }}")
    assert isinstance(found, QuerySolutions)
    return found


def written(rows: list[tuple[Literal | NamedNode | None, ...]], form: ResultFormat, *, commas: bool) -> bytes:
    out = io.BytesIO()
    write_solutions(answer(rows), form, "", out, commas=commas)
    return out.getvalue()


@given(ROWS, st.sampled_from(["json", "xml", "csv", "tsv"]), st.booleans())
def test_it_is_the_number_of_rows(rows: list[tuple[Literal | NamedNode | None, ...]], name: str, commas: bool) -> None:
    form = FORMATS[name]
    assert isinstance(form, ResultFormat)
    assert RowCount(form, written(rows, form, commas=commas)).value == len(rows)


@given(ROWS)
def test_readers_of_csv_find_as_many(rows: list[tuple[Literal | NamedNode | None, ...]]) -> None:
    form = FORMATS["csv"]
    assert isinstance(form, ResultFormat)
    body = written(rows, form, commas=True)
    assert len(list(csv.reader(io.StringIO(body.decode(), newline="")))) - 1 == RowCount(form, body).value


def test_truth_and_graphs_have_no_rows() -> None:
    truth = Store().query("ASK {}")
    assert isinstance(truth, QueryBoolean)
    for name, of_engine in (("json", QueryResultsFormat.JSON), ("xml", QueryResultsFormat.XML)):
        body = truth.serialize(format=of_engine)
        assert body is not None
        assert parse_query_results(body, of_engine)
        assert RowCount(FORMATS[name], body).value is None
    assert RowCount(FORMATS["ttl"], b"<a:a> <a:b> <a:c> .").value is None
