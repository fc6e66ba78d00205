"""The canonical form that builds are named by, against the W3C test suite of RDFC-1.0."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse
from rdflib import Literal, Namespace

from missiongraph.errors import OutOfBounds
from missiongraph.rdf.canonical import canonical_line, canonicalise
from tests.conformance.manifest import MF, Entry, entries, parameters

pytestmark = pytest.mark.conformance

RDFC = Namespace("https://w3c.github.io/rdf-canon/tests/vocab#")
SECONDS = 30.0

TESTS = entries("rdf-canon/manifest.ttl")


def of(kind: str) -> list[object]:
    return parameters([test for test in TESTS if test.kind == RDFC[kind]])


@pytest.mark.parametrize("test", of("RDFC10EvalTest"))
def test_canonical_text(test: Entry) -> None:
    # Bytes, since the result of test060 holds control characters that other ways of reading take for line ends.
    assert canonical_text(test).encode() == test.file(MF.result).read_bytes()


@pytest.mark.parametrize("test", of("RDFC10MapTest"))
def test_issued_identifiers(test: Entry) -> None:
    """The input, renamed by the expected map, is our canonical form.

    The engine keeps its map to itself. Two maps with the same outcome differ by a symmetry of the input only,
    where RDFC-1.0 allows either.
    """
    expected: dict[str, str] = json.loads(test.file(MF.result).read_text(encoding="utf-8"))
    renamed = {canonical_line(rename(quad, expected)) for quad in read(test.file(MF.action))}
    assert "".join(sorted(renamed)) == canonical_text(test)


@pytest.mark.parametrize("test", of("RDFC10NegativeEvalTest"))
def test_poison_is_stopped(test: Entry) -> None:
    with pytest.raises(OutOfBounds):
        canonicalise(read(test.file(MF.action)), seconds=2)


def test_no_test_is_left_out() -> None:
    kinds = {RDFC[kind] for kind in ("RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest")}
    assert {test.kind for test in TESTS} <= kinds


def canonical_text(test: Entry) -> str:
    """Canonical N-Quads: ours for SHA-256, which is all that builds use; test075 asks the engine for SHA-384."""
    quads = read(test.file(MF.action))
    if test.has(RDFC.hashAlgorithm, Literal("SHA384")):
        dataset = Dataset(quads)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0_SHA_384)
        return "".join(sorted(canonical_line(quad) for quad in dataset))
    return "".join(canonical_line(quad) for quad in canonicalise(quads, seconds=SECONDS))


def read(file: Path) -> list[Quad]:
    return list(parse(path=str(file), format=RdfFormat.N_QUADS))


def rename(quad: Quad, labels: dict[str, str]) -> Quad:
    subject, predicate, value, graph = quad
    if isinstance(subject, BlankNode):
        subject = BlankNode(labels[subject.value])
    if isinstance(value, BlankNode):
        value = BlankNode(labels[value.value])
    if isinstance(graph, BlankNode):
        graph = BlankNode(labels[graph.value])
    return Quad(subject, predicate, value, graph)
