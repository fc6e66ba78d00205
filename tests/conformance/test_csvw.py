"""What we read from tables, against the W3C's tests of CSV on the Web (csv2rdf): the statements of cells, or a refusal.

A publication's tables are read strictly: what the standard passes over with a warning, what it guesses, and what it
rewrites, is refused, so that nobody publishes what they did not write. Each group of tests that are refused has its
reason here, and is refused for it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib.compare import isomorphic

from missiongraph.publication.rdf_files import FaultyFile
from tests.conformance.csvw import CSVT, description, expected, statements
from tests.conformance.manifest import Entry, entries, parameters

pytestmark = pytest.mark.conformance

#: Why tests are refused that the standard has read: what the reader says, and their numbers.
REFUSED = {
    # Cells are kept as they are written, so that they must be written as XML Schema does.
    "a format of its own": """011 012 013 014 015 016 017 018 027 032 033 036 037 155 158 168 170 171 183 188 189
        190 193 245 246 259 260 263 264 268 282 283 284 285""",
    # Columns are described, and a header is compared with their names and titles.
    "the columns differ from the description": "124 273",
    "the row has 5 cells, the description 0": "023",
    # The description lies beside its tables.
    "is no description of tables": "034 035",
    # A primary key names one row, which to the standard is a matter of validation only.
    "is already in line": "232 234",
    # Statements have no order, and lists would be blank nodes.
    "an order of values": "306 307",
}
#: Tests of tables without a description, from which we read nothing, or at addresses with a query, which no file has.
UNDESCRIBED = "001 005 006 007 008 009 010 028 029 116 118"

TESTS = entries("csvw/tests/manifest-rdf.ttl")
REASONS = {f"csvw/tests/test{number}": said for said, numbers in REFUSED.items() for number in numbers.split()}


def of(kind: str, *, refused: bool = False) -> list[object]:
    left_out = {f"csvw/tests/test{number}" for number in UNDESCRIBED.split()}
    found = [test for test in TESTS if test.kind == CSVT[kind] and test.name not in left_out]
    return parameters([test for test in found if (test.name in REASONS) == refused])


def described(test: Entry) -> Path:
    metadata = description(test)
    assert metadata is not None
    return metadata


@pytest.mark.parametrize("test", of("ToRdfTest"))
def test_cells_become_the_expected_statements(test: Entry, tmp_path: Path) -> None:
    assert isomorphic(statements(described(test), tmp_path), expected(test))


@pytest.mark.parametrize("test", of("ToRdfTest", refused=True))
def test_what_is_not_read_is_refused_for_its_reason(test: Entry, tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match=REASONS[test.name]):
        statements(described(test), tmp_path)


@pytest.mark.parametrize("test", [*of("ToRdfTestWithWarnings"), *of("NegativeRdfTest")])
def test_what_the_standard_warns_of_or_forbids_is_refused(test: Entry, tmp_path: Path) -> None:
    with pytest.raises(FaultyFile):
        statements(described(test), tmp_path)


def test_no_test_is_left_out_but_those_without_a_description() -> None:
    assert {test.kind for test in TESTS} <= {CSVT.ToRdfTest, CSVT.ToRdfTestWithWarnings, CSVT.NegativeRdfTest}
    undescribed = {test.name.removeprefix("csvw/tests/test") for test in TESTS if description(test) is None}
    assert undescribed == (set(UNDESCRIBED.split()) if TESTS else set())
