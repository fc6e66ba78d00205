"""Validators on data and shapes of one form, and their reports as sets of results that can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pyoxigraph as ox
import rdflib
from rdflib.term import Node

from missiongraph.processes.quiet_libraries import quiet_libraries
from missiongraph.publication.rdf_files import ParsedFile
from missiongraph.validation.second_opinion import (
    NoOpinion,
    finding_of,
    pyshacl_findings,
    severity_of,
    without_brackets,
)
from missiongraph.validation.shacl import (
    SHAPES_GRAPH,
    Failure,
    Found,
    Graph,
    Run,
    ShapesGraph,
    predicates_of,
    read_shapes,
)
from missiongraph.validation.shacl import term_of as node_term

Triples = Sequence[ox.Triple]
#: Focus, path, value, component, shape, severity; blank nodes of the data by their labels.
Row = tuple[str, str, str, str, str, str]
#: The results, each as often as it is reported; ``None`` where the validator reports a failure.
Rows = Counter[Row] | None


def parse(text: str | bytes, base: str | None = None) -> Triples:
    """The triples of Turtle; blank nodes keep their labels."""
    content = text.encode() if isinstance(text, str) else text
    return [quad.triple for quad in ox.parse(content, ox.RdfFormat.TURTLE, base_iri=base)]


def source_of(shapes: Triples) -> ShapesGraph:
    """A shapes graph that stands in no file."""
    graph = ox.NamedNode("urn:shapes")
    quads = tuple(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in shapes)
    return ShapesGraph([ParsedFile("shapes.ttl", graph, quads)])


def ours(data: Triples, shapes: Triples) -> list[Found] | None:
    """What our validator finds; ``None``: the shapes cannot be used."""
    source = source_of(shapes)
    read = read_shapes(source)
    if source.problems:
        return None

    def store() -> ox.Store:
        filled = ox.Store()
        filled.extend(ox.Quad(*triple) for triple in data)
        filled.extend(ox.Quad(t.subject, t.predicate, t.object, SHAPES_GRAPH) for t in shapes)
        return filled

    try:
        return list(Run(Graph(data, predicates_of(read)), read, store).results())
    except Failure:
        return None


def our_rows(data: Triples, shapes: Triples) -> Rows:
    """The results of our validator."""
    found = ours(data, shapes)
    return None if found is None else Counter(map(our_row, found))


def our_row(found: Found) -> Row:
    """One of our results."""
    shape, fault = found.shape, found.fault
    assert found.constraint is not None
    path = without_brackets(fault.path or (str(shape.path) if shape.path is not None else ""))
    value = "" if fault.value is None else str(node_term(fault.value))
    return (
        str(node_term(found.focus)), path, value, found.constraint.component, str(shape.term), shape.severity,
    )  # fmt: skip


def pyshacl_rows(data: Triples, shapes: Triples) -> Rows:
    """The results of pySHACL."""
    try:
        with quiet_libraries():
            return Counter((*finding, severity) for finding, severity in pyshacl_findings(data, shapes))
    except NoOpinion:
        return None


def shacl_rows(data: Triples, shapes: Triples) -> Rows:
    """The results of the Rust library ``shacl``, whose blank nodes have labels of its own."""
    import shacl

    try:
        compiled = shacl.Shapes.from_text(_n_triples(shapes), "ntriples")
        report = compiled.validate_text(_n_triples(data), "ntriples")
    except ValueError:
        return None
    severities = {"Violation": "violation", "Warning": "warning", "Info": "info"}
    return Counter(
        (one.focus_node, without_brackets(one.path or ""), one.value or "", one.component_iri, one.source_shape or "",
         severities.get(one.severity, "violation"))
        for one in report.results
    )  # fmt: skip


def _n_triples(triples: Triples) -> str:
    content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert content is not None
    return content.decode()


def row_of(report: rdflib.Graph, node: Node) -> Row:
    """A result of a report."""
    return *finding_of(report, node), severity_of(report, node)


VALIDATORS: dict[str, Callable[[Triples, Triples], Rows]] = {
    "missiongraph": our_rows,
    "shacl": shacl_rows,
    "pySHACL": pyshacl_rows,
}
