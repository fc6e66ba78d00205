"""SHACL through pySHACL: the one place where RDFLib stands between data and store."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import cast

import pyoxigraph as ox
import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError
from rdflib.namespace import RDF, SH

from missiongraph.dataset import Dataset, read_files
from missiongraph.errors import Place, Problem, UnreadableInput
from missiongraph.validation.report import Result, Severity, Term
from missiongraph.vocab import MG

_SEVERITIES: dict[rdflib.term.Node, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


def check_shapes(dataset: Dataset) -> Iterator[Result]:
    """Results of the publication's shapes on the default graph and on each alternative graph with the metadata.

    pySHACL validates the union of all graphs that it is given, so a claim that was not accepted would count as
    a second value; it is looked at by itself instead.

    :raises UnreadableInput: a shapes file cannot be parsed, or its shapes are ill-formed
    """
    publication = dataset.publication
    if not publication.shape_files:
        return
    parsed = read_files(publication, publication.shape_files)
    shapes = to_rdflib(dict.fromkeys(quad.triple for file in parsed for quad in file.quads))
    names = ", ".join(file.path for file in parsed)
    yield from _run(dataset, dataset.default_graph, shapes, names, None)
    metadata = dataset.graphs_of_class(MG.MetadataGraph)
    for graph, rank in dataset.ranks.items():
        if rank == MG.alternative:
            focus = [s.value for s in {t.subject for t in dataset.triples_in([graph])} if isinstance(s, ox.NamedNode)]
            joined = dict.fromkeys((*dataset.triples_in([graph, *metadata]), *_descriptions(dataset, graph)))
            yield from _run(dataset, joined, shapes, names, graph, focus)


def _descriptions(dataset: Dataset, graph: ox.NamedNode) -> Iterator[ox.Triple]:
    """What the default graph says of the resources that *graph* speaks of, but for the properties it states itself.

    Without it a claim about one property of a thing would lack all its other, required properties.
    """
    claims = dataset.triples_in([graph])
    stated = {(triple.subject, triple.predicate) for triple in claims}
    named = {term for triple in claims for term in (triple.subject, triple.object)}
    for triple in dataset.default_graph:
        if triple.subject in named and (triple.subject, triple.predicate) not in stated:
            yield triple


def _run(
    dataset: Dataset,
    triples: Iterable[ox.Triple],
    shapes: rdflib.Graph,
    names: str,
    graph: ox.NamedNode | None,
    focus: list[str] | None = None,
) -> Iterator[Result]:
    quiet = logging.getLogger("missiongraph.pyshacl")
    quiet.setLevel(logging.CRITICAL)
    try:
        _, report, _ = pyshacl.validate(
            to_rdflib(triples), shacl_graph=shapes, inference="none", focus_nodes=focus, logger=quiet
        )
    except (ShapeLoadError, ReportableRuntimeError) as error:
        raise UnreadableInput(Problem(f"the shapes cannot be used: {error.message}", Place(names))) from None
    report = cast(rdflib.Graph, report)
    root = next(report.subjects(RDF.type, SH.ValidationReport))
    found = [_result(dataset, report, node, graph) for node in report.objects(root, SH.result)]
    yield from sorted(
        found, key=lambda result: (str(result.focus), result.source, str(result.component), str(result.value))
    )


def _result(dataset: Dataset, report: rdflib.Graph, node: rdflib.term.Node, graph: ox.NamedNode | None) -> Result:
    focus = from_rdflib(report.value(node, SH.focusNode))
    path = report.value(node, SH.resultPath)
    severity = report.value(node, SH.resultSeverity)
    messages = [text for text in report.objects(node, SH.resultMessage) if isinstance(text, rdflib.Literal)]
    file = dataset.file_about(focus) if focus is not None else None
    source = report.value(node, SH.sourceShape)
    return Result(
        severity=_SEVERITIES.get(severity, "violation") if severity is not None else "violation",
        messages=tuple(sorted((text.language or "", str(text)) for text in messages)),
        source=str(source),
        focus=focus,
        path=_path(report, path) if path is not None else None,
        value=from_rdflib(report.value(node, SH.value)),
        component=str(report.value(node, SH.sourceConstraintComponent)),
        place=Place(file) if file else None,
        graph=graph,
    )


def _path(report: rdflib.Graph, path: rdflib.term.Node) -> str:
    inverse = report.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{inverse.n3()}"
    return path.n3() if isinstance(path, rdflib.URIRef) else "a property path"


def to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """*triples* as an RDFLib graph; literals keep their lexical forms."""
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((_to_rdflib(triple.subject), _to_rdflib(triple.predicate), _to_rdflib(triple.object)))
    return graph


def _to_rdflib(term: Term) -> rdflib.term.Identifier:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return rdflib.Literal(term.value)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise TypeError(f"not a term of RDF 1.1: {term}")


def from_rdflib(term: rdflib.term.Node | None) -> Term | None:
    """An RDFLib term as pyoxigraph's; ``None`` stays ``None``."""
    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(term.datatype) if term.datatype else None)
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    return ox.NamedNode(str(term))
