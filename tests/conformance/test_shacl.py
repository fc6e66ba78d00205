"""pySHACL against the W3C data-shapes test suite, compared as its README asks."""

from __future__ import annotations

import pytest
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
from rdflib import RDF, SH, Graph, Literal, Namespace
from rdflib.compare import graph_diff, isomorphic, to_isomorphic
from rdflib.term import BNode, Node

from tests.conformance.manifest import MF, Entry, entries, parameters, read

pytestmark = pytest.mark.conformance

SHT = Namespace("http://www.w3.org/ns/shacl-test#")

# nodeValidator-001 is listed by no manifest; it lists itself.
TESTS = entries("shacl/manifest.ttl", "shacl/sparql/component/nodeValidator-001.ttl")

EXCEPTIONS = {
    "shacl/core/property/uniqueLang-002": (
        'sh:uniqueLang counts only when it is true itself, and the suite writes "1"^^xsd:boolean to see that; '
        "RDFLib reads both as one value, so pySHACL cannot tell them apart"
    ),
    "shacl/sparql/pre-binding/shapesGraph-001": (
        "pySHACL does not support $shapesGraph and stops with NotImplementedError; "
        "SHACL 5.3.1 leaves it to the processor and wants a failure where it is not supported"
    ),
}

COMPARED = (
    RDF.type,
    SH.conforms,
    SH.result,
    SH.focusNode,
    SH.resultPath,
    SH.resultSeverity,
    SH.sourceConstraint,
    SH.sourceConstraintComponent,
    SH.sourceShape,
    SH.value,
)
PATHS = (RDF.first, RDF.rest, SH.alternativePath, SH.inversePath, SH.oneOrMorePath, SH.zeroOrMorePath, SH.zeroOrOnePath)


@pytest.mark.parametrize("test", parameters(TESTS, EXCEPTIONS))
def test_report(test: Entry) -> None:
    report = run(test)
    if test.value(MF.result) == SHT.Failure:
        assert report is None, "the engine should report a failure and gives a report"
        return
    assert report is not None, "the engine reports a failure"
    expected = essence(test.manifest, test.value(MF.result), test.manifest)
    actual = essence(report, one(report, SH.ValidationReport), test.manifest)
    assert isomorphic(actual, expected), difference(actual, expected)


def test_exceptions_are_of_the_suite() -> None:
    if TESTS:
        assert EXCEPTIONS.keys() <= {test.name for test in TESTS}


def run(test: Entry) -> Graph | None:
    """The report of pySHACL; nothing where it says that it failed."""
    data = read(test.file(MF.action, SHT.dataGraph))
    shapes = read(test.file(MF.action, SHT.shapesGraph))
    try:
        _, report, _ = validate(data, shacl_graph=shapes)
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure):
        return None
    return report if isinstance(report, Graph) else None


def one(graph: Graph, kind: Node) -> Node:
    (node,) = graph.subjects(RDF.type, kind)
    return node


def essence(graph: Graph, report: Node, expected: Graph) -> Graph:
    """What of a report is compared: top-level results, and messages only where the suite expects them."""
    messages = set(expected.objects(None, SH.resultMessage))
    kept = Graph()
    for node in (report, *graph.objects(report, SH.result)):
        for predicate in COMPARED:
            for value in graph.objects(node, predicate):
                kept.add((node, predicate, spelled(graph, value) if predicate == SH.resultPath else value))
        for message in graph.objects(node, SH.resultMessage):
            if message in messages:
                kept.add((node, SH.resultMessage, message))
    return kept


def spelled(graph: Graph, path: Node) -> Node:
    """A property path as one node: reports may share the blank nodes of a path between results, or copy them."""
    if not isinstance(path, BNode):
        return path
    steps = ((predicate, spelled(graph, value)) for predicate in PATHS for value in graph.objects(path, predicate))
    return Literal(" ".join(f"{predicate.n3()} ({value.n3()})" for predicate, value in steps))


def difference(actual: Graph, expected: Graph) -> str:
    _, only_actual, only_expected = graph_diff(to_isomorphic(actual), to_isomorphic(expected))
    return f"\nonly in the report:\n{only_actual.serialize()}\nonly expected:\n{only_expected.serialize()}"
