"""SHACL through pySHACL: the one place where RDFLib stands between data and store."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import pyoxigraph as ox
import pyshacl
import rdflib
import rdflib.collection
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError
from rdflib.namespace import RDF, SH

from missiongraph.dataset import Dataset
from missiongraph.errors import Place, Problem, UnreadableInput
from missiongraph.validation.report import Result, Severity, Term
from missiongraph.vocab import MG, RDFS
from missiongraph.vocab import RDF as RDF_TERMS

_SEVERITIES: dict[rdflib.term.Node, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


def check_shapes(dataset: Dataset) -> Iterator[Result]:
    """Results of the publication's shapes on the default graph and on each alternative graph in its surroundings.

    pySHACL validates the union of all graphs that it is given, so a claim that was not accepted would count as
    a second value; it is looked at by itself instead.

    :raises UnreadableInput: a shapes file cannot be parsed, or its shapes are ill-formed
    """
    publication = dataset.publication
    if not publication.shape_files:
        return
    parsed = dataset.shapes
    shapes = _aim_properties(to_rdflib(dict.fromkeys(quad.triple for file in parsed for quad in file.quads)))
    names = ", ".join(file.path for file in parsed)
    yield from _run(dataset, dataset.default_graph, shapes, names)
    for graph, rank in dataset.ranks.items():
        if rank == MG.alternative:
            claims = dataset.triples_in([graph])
            yield from _run(dataset, (*claims, *_surroundings(dataset, claims)), shapes, names, graph, claims)


def _aim_properties(shapes: rdflib.Graph) -> rdflib.Graph:
    """*shapes*, in which property shapes aim at the targets of their node shapes by themselves.

    The results are the same (SHACL, 4.7.4: a result names the property shape as its source), but pySHACL looks at
    all focus nodes of a target at once, and at those of ``sh:property`` one by one. A node shape that others refer
    to keeps its properties, and so does one that is switched off.
    """
    targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    for node in {shape for target in targets for shape in shapes.subjects(target, None)}:
        if (node, SH.deactivated, None) in shapes or (None, None, node) in shapes:
            continue
        for shape in list(shapes.objects(node, SH.property)):
            for target in targets:
                for aim in list(shapes.objects(node, target)):
                    shapes.add((shape, target, aim))
            shapes.remove((node, SH.property, shape))
    return shapes


def _surroundings(dataset: Dataset, claims: Sequence[ox.Triple]) -> Iterator[ox.Triple]:
    """What the default graph says of the resources that *claims* speak of, but for the properties they state.

    Without it a claim about one property of a thing would lack all its other, required properties. Of what these
    name in turn only the classes count.
    """
    stated = {(triple.subject, triple.predicate) for triple in claims}
    subjects = {triple.subject for triple in claims}
    named = subjects | {triple.object for triple in claims}
    others = [triple for triple in dataset.default_graph if (triple.subject, triple.predicate) not in stated]
    near = [triple for triple in others if triple.subject in named or triple.object in subjects]
    yield from near
    mentioned = {term for triple in near for term in (triple.subject, triple.object)}
    subclass, kind = RDFS.subClassOf, RDF_TERMS.type
    for triple in others:
        if triple.predicate == subclass or (triple.predicate == kind and triple.subject in mentioned):
            yield triple


def _run(
    dataset: Dataset,
    triples: Iterable[ox.Triple],
    shapes: rdflib.Graph,
    names: str,
    graph: ox.NamedNode | None = None,
    claims: Sequence[ox.Triple] = (),
) -> Iterator[Result]:
    """Results on *triples*; where *claims* are given, those on their subjects only."""
    quiet = logging.getLogger("missiongraph.pyshacl")
    quiet.setLevel(logging.CRITICAL)
    try:
        # not by its option focus_nodes: that leaves out the values which nested shapes are to look at
        _, report, _ = pyshacl.validate(to_rdflib(triples), shacl_graph=shapes, inference="none", logger=quiet)
    except (ShapeLoadError, ReportableRuntimeError) as error:
        raise UnreadableInput(Problem(f"the shapes cannot be used: {error.message}", Place(names))) from None
    report = cast(rdflib.Graph, report)
    root = next(report.subjects(RDF.type, SH.ValidationReport))
    nodes = list(report.objects(root, SH.result))
    if claims:
        subjects = {_to_rdflib(triple.subject) for triple in claims}
        nodes = [node for node in nodes if report.value(node, SH.focusNode) in subjects]
    found = [_result(dataset, shapes, report, node, graph) for node in nodes]
    yield from sorted(
        found, key=lambda result: (str(result.focus), result.source, str(result.component), str(result.value))
    )


def _result(
    dataset: Dataset, shapes: rdflib.Graph, report: rdflib.Graph, node: rdflib.term.Node, graph: ox.NamedNode | None
) -> Result:
    severity = report.value(node, SH.resultSeverity)
    path = report.value(node, SH.resultPath)
    shape = report.value(node, SH.sourceShape)
    component = str(report.value(node, SH.sourceConstraintComponent))
    own = set(shapes.objects(shape, SH.message))
    messages = [text for text in report.objects(node, SH.resultMessage) if isinstance(text, rdflib.Literal)]
    term = from_rdflib(shape)
    place = dataset.shape_places.term(term) if term is not None else None
    return Result(
        severity=_SEVERITIES.get(severity, "violation") if severity is not None else "violation",
        messages=tuple(sorted((text.language or "", str(text)) for text in messages if text in own)),
        source=str(place) if place and isinstance(shape, rdflib.BNode) else str(shape),
        focus=from_rdflib(report.value(node, SH.focusNode)),
        path=_path(report, path) if path is not None else None,
        value=from_rdflib(report.value(node, SH.value)),
        component=component,
        graph=graph,
        shape_place=place,
        parameters=tuple(_parameters(shapes, shape, component)),
        details=tuple(_result(dataset, shapes, report, detail, graph) for detail in report.objects(node, SH.detail)),
    )


def _parameters(shapes: rdflib.Graph, shape: rdflib.term.Node | None, component: str) -> Iterator[tuple[str, Term]]:
    name = component.removeprefix(str(SH)).removesuffix("ConstraintComponent")
    for parameter in (name[:1].lower() + name[1:] if name != "SPARQL" else "sparql", *_MORE_PARAMETERS.get(name, ())):
        for value in shapes.objects(shape, SH[parameter]) if shape is not None else ():
            listed = (value, rdflib.RDF.first, None) in shapes
            for one in rdflib.collection.Collection(shapes, value) if listed else [value]:
                if (term := from_rdflib(one)) is not None:
                    yield str(SH[parameter]), term


_MORE_PARAMETERS = {
    "Pattern": ("flags",),
    "QualifiedMinCount": ("qualifiedValueShape",),
    "QualifiedMaxCount": ("qualifiedValueShape",),
    "Closed": ("ignoredProperties",),
}


def _path(report: rdflib.Graph, path: rdflib.term.Node) -> str:
    if isinstance(path, rdflib.URIRef):
        return path.n3()
    if (path, rdflib.RDF.first, None) in report:
        return "/".join(_path(report, one) for one in rdflib.collection.Collection(report, path))
    for operator, predicate in (("*", SH.zeroOrMorePath), ("+", SH.oneOrMorePath), ("?", SH.zeroOrOnePath)):
        if (inner := report.value(path, predicate)) is not None:
            return f"({_path(report, inner)}){operator}"
    if (inner := report.value(path, SH.inversePath)) is not None:
        return f"^{_path(report, inner)}"
    head = report.value(path, SH.alternativePath) or rdflib.RDF.nil
    return f"({'|'.join(_path(report, one) for one in rdflib.collection.Collection(report, head))})"


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
