"""Validators on data and shapes of one form, and their reports as sets of results that can be compared."""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import pyoxigraph as ox
import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
from rdflib import RDF, SH
from rdflib.term import Node

from missiongraph.reading import ParsedFile
from missiongraph.validation.report import Term
from missiongraph.validation.shacl import SHAPES_GRAPH, Failure, Found, Graph, Run, Source, predicates_of, read_shapes
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


def source_of(shapes: Triples) -> Source:
    """A shapes graph that stands in no file."""
    graph = ox.NamedNode("urn:shapes")
    quads = tuple(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in shapes)
    return Source([ParsedFile("shapes.ttl", graph, quads)])


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


def as_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """*triples* as an RDFLib graph; literals keep their lexical forms, blank nodes their labels."""
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((as_node(triple.subject), as_node(triple.predicate), as_node(triple.object)))
    return graph


def as_node(term: Term) -> rdflib.term.Identifier:
    """*term* as RDFLib's."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
    datatype = None if plain else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def pyshacl_rows(data: Triples, shapes: Triples) -> Rows:
    """The results of pySHACL."""
    quiet = logging.getLogger("tests.pyshacl")
    quiet.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, report, _ = pyshacl.validate(
                as_rdflib(data), shacl_graph=as_rdflib(shapes), inference="none", logger=quiet
            )
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure):
        return None
    if not isinstance(report, rdflib.Graph):
        return None
    (root,) = report.subjects(RDF.type, SH.ValidationReport)
    return Counter(row_of(report, node) for node in report.objects(root, SH.result))


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

    def text(term: Node | None) -> str:
        if term is None:
            return ""
        if isinstance(term, rdflib.Literal):
            datatype = ox.NamedNode(term.datatype) if term.datatype else None
            return str(
                ox.Literal(str(term), language=term.language)
                if term.language
                else ox.Literal(str(term), datatype=datatype)
            )
        return term.n3()

    severities: dict[Node, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
    path, shape, severity = (report.value(node, p) for p in (SH.resultPath, SH.sourceShape, SH.resultSeverity))
    return (
        text(report.value(node, SH.focusNode)),
        path_text(report, path) if path is not None else "",
        text(report.value(node, SH.value)),
        str(report.value(node, SH.sourceConstraintComponent)),
        text(shape),
        severities.get(severity, "violation") if severity is not None else "violation",
    )


def path_text(graph: rdflib.Graph, path: Node) -> str:
    """A property path of *graph*, spelled so that equal paths are equal texts."""
    from missiongraph.validation.shacl.paths import Either, Inverse, Path, Predicate, Repeated, Steps

    def read(node: Node) -> Path:
        if isinstance(node, rdflib.URIRef):
            return Predicate(str(node))
        if graph.value(node, RDF.first) is not None:
            return Steps(tuple(read(member) for member in graph.items(node)))
        if (inner := graph.value(node, SH.alternativePath)) is not None:
            return Either(tuple(read(member) for member in graph.items(inner)))
        if (inner := graph.value(node, SH.inversePath)) is not None:
            return Inverse(read(inner))
        signs = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
        return next(Repeated(read(inner), sign) for p, sign in signs.items() if (inner := graph.value(node, p)))

    return without_brackets(str(read(path)))


def without_brackets(path: str) -> str:
    """*path* without the brackets that validators put in different places."""
    return path.replace("(", "").replace(")", "")


VALIDATORS: dict[str, Callable[[Triples, Triples], Rows]] = {
    "missiongraph": our_rows,
    "shacl": shacl_rows,
    "pySHACL": pyshacl_rows,
}
