"""Our validator, pySHACL and the Rust library shacl against the W3C data-shapes test suite."""

from __future__ import annotations

from importlib.util import find_spec

import pyoxigraph as ox
import pytest
from rdflib import SH, Namespace
from rdflib.term import URIRef

from missiongraph.publication.dataset import Dataset
from missiongraph.validation import validate
from missiongraph.validation.second_opinion import as_rdflib, second_opinion
from tests.conformance.manifest import MF, Entry, entries, parameters, path_of
from tests.conformance.shacl_cases import CASES, WRONG, Case, answer
from tests.validation.shacl.validators import VALIDATORS, Row, Rows, parse, row_of

pytestmark = pytest.mark.conformance

SHT = Namespace("http://www.w3.org/ns/shacl-test#")

# nodeValidator-001 is listed by no manifest; it lists itself.
TESTS = entries("shacl/manifest.ttl", "shacl/sparql/component/nodeValidator-001.ttl")

#: Tests that a validator does not pass, by its name.
EXCEPTIONS: dict[str, dict[str, str]] = {
    "missiongraph": {},
    "shacl": {
        "shacl/sparql/pre-binding/unsupported-sparql-004": "a subquery that does not return $this is evaluated",
    },
    "pySHACL": {
        "shacl/core/property/uniqueLang-002": '"1"^^xsd:boolean counts as true, which RDFLib reads as the same value',
        "shacl/sparql/node/prefixes-001": "prefixes of an imported ontology are not read",
        "shacl/sparql/pre-binding/shapesGraph-001": "$shapesGraph is not supported",
    },
}


def outcome(test: Entry, validator: str) -> tuple[object, object]:
    """What *validator* reports, and what the suite expects; blank nodes are alike."""
    data, shapes = (_triples(test, kind) for kind in (SHT.dataGraph, SHT.shapesGraph))
    return _plain(VALIDATORS[validator](data, shapes)), _expected(test)


def _triples(test: Entry, kind: URIRef) -> list[ox.Triple]:
    file = test.file(MF.action, kind)
    return list(parse(file.read_bytes(), file.as_uri()))


def _expected(test: Entry) -> object:
    file = path_of(test.iri)
    file = file if file.suffix else file.with_name(f"{file.name}.ttl")
    manifest = as_rdflib(parse(file.read_bytes(), file.as_uri()))  # RDFLib's own reader rewrites literals
    report = manifest.value(test.iri, MF.result)
    if report == SHT.Failure:
        return None
    rows = [row_of(manifest, node) for node in manifest.objects(report, SH.result)]
    return sorted(map(_without_labels, rows))


def _plain(rows: Rows) -> object:
    return None if rows is None else sorted(_without_labels(row) for row in rows.elements())


def _without_labels(row: Row) -> tuple[str, ...]:
    return tuple("_:" if part.startswith("_:") else part for part in row)


@pytest.mark.parametrize("test", parameters(TESTS))
def test_ours(test: Entry) -> None:
    got, expected = outcome(test, "missiongraph")
    assert got == expected


@pytest.mark.parametrize("test", parameters(TESTS, EXCEPTIONS["pySHACL"]))
def test_pyshacl(test: Entry) -> None:
    try:
        got, expected = outcome(test, "pySHACL")
    except Exception as error:
        raise AssertionError(f"an error of no kind of its own: {error}") from error
    assert got == expected


@pytest.mark.skipif(find_spec("shacl") is None, reason="this platform has no wheel of shacl")
@pytest.mark.parametrize("test", parameters(TESTS, EXCEPTIONS["shacl"]))
def test_shacl(test: Entry) -> None:
    got, expected = outcome(test, "shacl")
    assert got == expected


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
@pytest.mark.parametrize("validator", VALIDATORS)
def test_what_is_known_to_differ(case: Case, validator: str) -> None:
    if validator == "shacl":
        pytest.importorskip("shacl", reason="this platform has no wheel of shacl")
    assert (answer(case, validator) != case.expected) is (case.name in WRONG[validator])


def test_exceptions_are_of_the_suite() -> None:
    if TESTS:
        assert {name for exceptions in EXCEPTIONS.values() for name in exceptions} <= {test.name for test in TESTS}


def test_pyshacl_says_the_same_of_the_shipped_publication(shipped_dataset: Dataset) -> None:
    assert list(second_opinion(shipped_dataset, validate(shipped_dataset).results)) == []
