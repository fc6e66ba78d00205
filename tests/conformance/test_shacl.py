"""Our validator, pySHACL and the Rust library shacl against the W3C data-shapes test suite."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import SH, Namespace
from rdflib.term import URIRef

from tests.conformance.manifest import MF, Entry, entries, parameters, path_of
from tests.validation.shacl.validators import VALIDATORS, Row, Rows, as_rdflib, parse, row_of

pytestmark = pytest.mark.conformance

SHT = Namespace("http://www.w3.org/ns/shacl-test#")

# nodeValidator-001 is listed by no manifest; it lists itself.
TESTS = entries("shacl/manifest.ttl", "shacl/sparql/component/nodeValidator-001.ttl")

#: Tests that a validator does not pass, by its name.
EXCEPTIONS: dict[str, dict[str, str]] = {
    "missiongraph": {},
    "pySHACL": {},
    "shacl": {},
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


@pytest.mark.parametrize("validator", VALIDATORS)
@pytest.mark.parametrize("test", parameters(TESTS))
def test_report(test: Entry, validator: str) -> None:
    got, expected = outcome(test, validator)
    assert got == expected
