"""The comparison that the suites rest on sees what differs and nothing else; the document names every exception."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.sparql.answers import Table, read
from tests.conformance.sparql.comparison import Likeness, compare
from tests.conformance.sparql.exceptions import EXCEPTIONS

DOCUMENT = Path(__file__).parents[3] / "docs" / "conformance.md"
TSV = "text/tab-separated-values"


def table(*rows: str, ordered: bool = False) -> Table:
    found = read("\n".join(("?a\t?b", *rows, "")).encode(), TSV)
    assert isinstance(found, Table)
    return Table(found.variables, found.rows, ordered)


@pytest.mark.parametrize(
    ("actual", "wanted", "likeness"),
    [
        (("1\t2", "3\t4"), ("3\t4", "1\t2"), Likeness.TERM),
        (("1\t2",), ("1\t2", "1\t2"), Likeness.NONE),
        (("_:x\t1", "_:x\t2"), ("_:y\t2", "_:y\t1"), Likeness.TERM),
        (("_:x\t1", "_:x\t2"), ("_:x\t1", "_:y\t2"), Likeness.NONE),
        (("_:x\t_:y", "_:y\t_:x"), ("_:a\t_:b", "_:b\t_:a"), Likeness.TERM),
        (("_:x\t_:x",), ("_:a\t_:b",), Likeness.NONE),
        (("1\t",), ("01\t",), Likeness.VALUE),
        (("1\t",), ("1.0\t",), Likeness.NONE),
        (("1\t",), ("\t1",), Likeness.NONE),
        (('"1"^^<http://www.w3.org/2001/XMLSchema#byte>\t',), ("1\t",), Likeness.VALUE),
        (('"1"\t',), ('"01"\t',), Likeness.NONE),
        (('"1"@en\t',), ('"1"\t',), Likeness.NONE),
    ],
)
def test_solutions(actual: tuple[str, ...], wanted: tuple[str, ...], likeness: Likeness) -> None:
    assert compare(table(*actual), table(*wanted)) is likeness


def test_order_counts_where_the_suite_says_so() -> None:
    assert compare(table("1\t", "2\t"), table("2\t", "1\t", ordered=True)) is Likeness.NONE
    assert compare(table("1\t", "2\t"), table("1\t", "2\t", ordered=True)) is Likeness.TERM


def test_duplicates_are_optional_where_the_suite_says_so() -> None:
    assert compare(table("1\t"), table("1\t", "1\t"), lax=True) is Likeness.TERM
    assert compare(table("1\t", "1\t"), table("1\t"), lax=True) is Likeness.NONE


def test_kinds_of_answers_do_not_mix() -> None:
    assert compare(True, True) is Likeness.TERM
    assert compare(True, False) is Likeness.NONE
    assert compare(True, table()) is Likeness.NONE


def test_graphs_are_compared_by_isomorphism() -> None:
    one, other, third = (
        read(text, "text/turtle")
        for text in (
            b"_:a <urn:p> _:b . _:b <urn:p> 1 .",
            b"_:b <urn:p> _:a . _:a <urn:p> 1 .",
            b"_:a <urn:p> _:a, 1 .",
        )
    )
    assert compare(one, other) is Likeness.TERM
    assert compare(one, third) is Likeness.NONE


def test_every_exception_is_explained_to_readers() -> None:
    document = DOCUMENT.read_text("utf-8")
    for name, reason in EXCEPTIONS.items():
        assert f"`{name}`" in document
        assert reason in document
