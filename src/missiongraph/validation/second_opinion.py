"""A second opinion: the results of pySHACL for the default graph, compared with those of our own validator.

pySHACL is another implementation, over another RDF library. ``docs/validation.md`` lists the known differences, with
what the specification says of each.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox
import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
from rdflib import RDF, SH
from rdflib.term import Node

from missiongraph.processes.quiet_libraries import quiet_libraries
from missiongraph.publication.dataset import Dataset
from missiongraph.validation.report import Result, Term
from missiongraph.validation.shacl.paths import (
    AlternativePath,
    InversePath,
    Path,
    PredicatePath,
    RepeatedPath,
    SequencePath,
)

#: The source of results of this check.
SOURCE = "second-opinion"

#: Focus node, path, value, component and shape of a result, as text.
Finding = tuple[str, str, str, str, str]

_SEVERITIES: dict[Node, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


class NoOpinion(Exception):
    """pySHACL reports a failure instead of results; the text says which."""


def second_opinion(dataset: Dataset, results: Sequence[Result]) -> Iterator[Result]:
    """A warning for each result on the default graph that only one of the two validators has.

    :param results: results of our validator; those of other checks are ignored
    """
    if not dataset.publication.shape_files:
        return
    shapes = list(dict.fromkeys(quad.triple for file in dataset.shapes for quad in file.quads))
    try:
        with quiet_libraries():
            found = list(pyshacl_findings(dataset.default_graph, shapes))
    except Exception as failure:  # it stops with what its own libraries raise, too: a pattern that Python cannot read
        yield _difference(f"pySHACL gives no opinion: {failure}", f"pySHACL non dà un parere: {failure}")
        return
    theirs = {_named(dataset, finding): severity for finding, severity in found}
    ours = {_finding(result): result for result in results if result.component and result.graph is None}
    for finding in sorted(ours.keys() - theirs.keys()):
        about = _in_words(finding)
        english, italian = f"pySHACL does not find {about}", f"pySHACL non trova {about}"
        yield _difference(english, italian, ours[finding])
    for finding in sorted(theirs.keys() - ours.keys()):
        about = _in_words(finding)
        yield _difference(f"pySHACL finds {about}, and we do not", f"pySHACL trova {about}, e noi no")


def _difference(english: str, italian: str, ours: Result | None = None) -> Result:
    messages = (("en", english), ("it", italian))
    if ours is None:
        return Result("warning", messages, SOURCE)
    return Result("warning", messages, SOURCE, ours.focus, ours.path, ours.value, place=ours.place)


def _in_words(finding: Finding) -> str:
    focus, path, value, component, shape = finding
    name = component.rpartition("#")[2].removesuffix("ConstraintComponent")
    return f"{name} of {shape} at {' '.join(filter(None, (focus, path, value)))}"


def _finding(result: Result) -> Finding:
    value = "" if result.value is None else str(result.value)
    return str(result.focus), without_brackets(result.path or ""), value, result.component or "", result.source


def _named(dataset: Dataset, finding: Finding) -> Finding:
    """*finding* with the place of its shape as its name if the shape has no IRI, as our results have it."""
    *others, shape = finding
    if not shape.startswith("_:"):
        return *others, shape.strip("<>")  # type: ignore[return-value]  # five texts
    place = dataset.shape_places.term(ox.BlankNode(shape.removeprefix("_:")))
    return *others, str(place or shape)  # type: ignore[return-value]  # likewise


def pyshacl_findings(data: Iterable[ox.Triple], shapes: Iterable[ox.Triple]) -> Iterator[tuple[Finding, str]]:
    """The results of pySHACL, each with its severity. Terms are in N-Triples syntax, paths without brackets.

    :raises NoOpinion: pySHACL reports a failure
    """
    quiet = logging.getLogger("missiongraph.pyshacl")
    quiet.setLevel(logging.CRITICAL)
    try:
        _, report, _ = pyshacl.validate(as_rdflib(data), shacl_graph=as_rdflib(shapes), inference="none", logger=quiet)
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
        raise NoOpinion(error.message) from None
    if not isinstance(report, rdflib.Graph):
        raise NoOpinion(str(report))
    root = next(report.subjects(RDF.type, SH.ValidationReport))
    for node in report.objects(root, SH.result):
        yield finding_of(report, node), severity_of(report, node)


def finding_of(report: rdflib.Graph, node: Node) -> Finding:
    """The result *node* of a validation report."""
    path = report.value(node, SH.resultPath)
    return (
        _text(report.value(node, SH.focusNode)),
        _path_text(report, path) if path is not None else "",
        _text(report.value(node, SH.value)),
        str(report.value(node, SH.sourceConstraintComponent)),
        _text(report.value(node, SH.sourceShape)),
    )


def severity_of(report: rdflib.Graph, node: Node) -> str:
    """The severity of the result *node* of a validation report."""
    severity = report.value(node, SH.resultSeverity)
    return _SEVERITIES.get(severity, "violation") if severity is not None else "violation"


def as_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """*triples* as a graph of RDFLib. Literals keep their lexical forms, blank nodes their labels."""
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((as_node(triple.subject), as_node(triple.predicate), as_node(triple.object)))
    return graph


def as_node(term: Term) -> rdflib.term.Identifier:
    """*term* as a node of RDFLib."""
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


def _text(term: Node | None) -> str:
    if term is None:
        return ""
    if isinstance(term, rdflib.Literal):
        if term.language:
            return str(ox.Literal(str(term), language=term.language))
        return str(ox.Literal(str(term), datatype=ox.NamedNode(term.datatype) if term.datatype else None))
    return term.n3()


def _path_text(graph: rdflib.Graph, path: Node) -> str:
    """The property path *path* in SPARQL syntax, so that equal paths are equal texts."""

    def read(node: Node) -> Path:
        if isinstance(node, rdflib.URIRef):
            return PredicatePath(str(node))
        if graph.value(node, RDF.first) is not None:
            return SequencePath(tuple(read(member) for member in graph.items(node)))
        if (inner := graph.value(node, SH.alternativePath)) is not None:
            return AlternativePath(tuple(read(member) for member in graph.items(inner)))
        if (inner := graph.value(node, SH.inversePath)) is not None:
            return InversePath(read(inner))
        signs = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
        return next(RepeatedPath(read(inner), sign) for p, sign in signs.items() if (inner := graph.value(node, p)))

    return without_brackets(str(read(path)))


def without_brackets(path: str) -> str:
    """*path* without brackets, which validators put in different places.

    >>> without_brackets("(<urn:a>)/<urn:b>")
    '<urn:a>/<urn:b>'
    """
    return path.replace("(", "").replace(")", "")
