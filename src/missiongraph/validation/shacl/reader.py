"""Reads the shapes of a shapes graph. Ill-formed ones are reported with their places (SHACL, "syntax rules")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.validation.report import Severity, Term
from missiongraph.validation.shacl import core
from missiongraph.validation.shacl.graph import node_of
from missiongraph.validation.shacl.literal_order import comparable
from missiongraph.validation.shacl.parameters import PARAMETERS, iri, literal, named, named_list, number, parameter_of
from missiongraph.validation.shacl.paths import (
    AlternativePath,
    InversePath,
    Path,
    PredicatePath,
    RepeatedPath,
    SequencePath,
)
from missiongraph.validation.shacl.patterns import NotAPattern
from missiongraph.validation.shacl.shapes import Constraint, Shape, ShapeTerm, circles_of, text_of
from missiongraph.validation.shacl.shapes_graph import ShapesGraph, short
from missiongraph.validation.shacl.sparql import read_components, read_sparql_constraint
from missiongraph.validation.shacl.vocabulary import TERMS
from missiongraph.vocab import RDF, RDFS, SH

_SEVERITIES: dict[Term, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_LISTS_OF_SHAPES = (SH["and"], SH["or"], SH.xone)
_SHAPES = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_ONLY_OF_PROPERTIES = (
    SH.minCount, SH.maxCount, SH.uniqueLang, SH.lessThan, SH.lessThanOrEquals, SH.qualifiedValueShape,
)  # fmt: skip
_REPEATED = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def read_shapes(graph: ShapesGraph) -> list[Shape]:
    """The shapes of *graph*. What is ill-formed is added to ``graph.problems``."""
    return _Reader(graph).read()


class _Reader:
    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._shapes: dict[ShapeTerm, Shape] = {}
        self._components = read_components(graph)
        self._classes = graph.below(RDFS.Class)

    def read(self) -> list[Shape]:
        for term in dict.fromkeys(self._declared()):
            self._shape(term)
        self._refuse_unknown_terms()
        self._refuse_recursion()
        return list(self._shapes.values())

    def _declared(self) -> Iterator[ShapeTerm]:
        """The shapes: by class, by targets, or by parameters (SHACL, section 2.1)."""
        graph = self._graph
        for kind in (SH.Shape, SH.NodeShape, SH.PropertyShape):
            yield from graph.instances(kind)
        parameters = (*PARAMETERS, *_LISTS_OF_SHAPES, *_SHAPES, SH.nodeKind, SH.pattern, SH.languageIn, SH.uniqueLang)
        for predicate in (*_TARGETS, *parameters, SH.closed, SH["in"], SH.sparql):
            yield from graph.subjects(predicate)
        for component in self._components:
            for parameter in component.mandatory:
                yield from graph.subjects(parameter)

    def _shape(self, term: ShapeTerm) -> Shape:
        """The shape *term*, read when it is first asked for: shapes may refer to each other in circles."""
        if term in self._shapes:
            return self._shapes[term]
        shape = self._shapes[term] = Shape(term)
        self._read_head(shape)
        self._read_targets(shape)
        shape.constraints = list(self._constraints(shape))
        return shape

    def _read_head(self, shape: Shape) -> None:
        graph, term = self._graph, shape.term
        paths = graph.values(term, SH.path)
        if len(paths) > 1:
            graph.refuse(term, "it has more than one sh:path", SH.path, paths[1])
        if paths:
            shape.path = self._path(term, paths[0], ())
            if graph.is_instance(term, SH.NodeShape):
                graph.refuse(term, "it is a node shape and has a path (sh:path)", SH.path)
        elif graph.is_instance(term, SH.PropertyShape):
            graph.refuse(term, "it is a property shape and has no path (sh:path)")
        for severity in graph.checked(term, SH.severity, "an IRI"):
            shape.severity = _SEVERITIES.get(severity, "violation")
        shape.messages = messages_of(graph, term)
        shape.deactivated = graph.flag(term, SH.deactivated)

    def _read_targets(self, shape: Shape) -> None:
        graph, term, targets = self._graph, shape.term, shape.targets
        targets.nodes = [node_of(v) for v in graph.checked(term, SH.targetNode, "an IRI or a literal", single=False)]
        targets.classes = [iri(value) for value in graph.checked(term, SH.targetClass, "an IRI", single=False)]
        targets.subjects_of = [iri(v) for v in graph.checked(term, SH.targetSubjectsOf, "an IRI", single=False)]
        targets.objects_of = [iri(v) for v in graph.checked(term, SH.targetObjectsOf, "an IRI", single=False)]
        if isinstance(term, NamedNode) and not self._classes.isdisjoint(graph.values(term, RDF.type)):
            targets.classes.append(term.value)  # an implicit class target

    def _path(self, shape: ShapeTerm, node: Term, above: tuple[Term, ...]) -> Path | None:
        """The property path *node* (SHACL, section 2.3.1), which stands within the paths *above*."""
        graph = self._graph
        if isinstance(node, NamedNode):
            return PredicatePath(node.value)
        said = graph.predicates(node)
        if node in above or not isinstance(node, BlankNode) or not said:
            return self._refused(shape)
        inner = (*above, node)
        if RDF.first in said:
            steps = [self._path(shape, member, inner) for member in graph.members(shape, SH.path, node)]
            return SequencePath(tuple(filter(None, steps))) if len(steps) > 1 and all(steps) else self._refused(shape)
        if len(said) != 1 or len(next(iter(said.values()))) != 1:
            return self._refused(shape)
        (predicate, (value,)), *_ = said.items()
        if predicate == SH.alternativePath:
            paths = [self._path(shape, member, inner) for member in graph.members(shape, SH.path, value)]
            return (
                AlternativePath(tuple(filter(None, paths))) if len(paths) > 1 and all(paths) else self._refused(shape)
            )
        path = self._path(shape, value, inner)
        if path is not None and predicate == SH.inversePath:
            return InversePath(path)
        if path is not None and predicate in _REPEATED:
            return RepeatedPath(path, _REPEATED[predicate])
        return self._refused(shape)

    def _refused(self, shape: ShapeTerm) -> Path | None:
        self._graph.refuse(shape, "the value of sh:path is no property path", SH.path)
        return None

    def _constraints(self, shape: Shape) -> Iterator[Constraint]:
        graph, term = self._graph, shape.term
        if shape.path is None:
            for predicate in _ONLY_OF_PROPERTIES:
                if graph.values(term, predicate):
                    graph.refuse(term, f"{short(predicate)} is for property shapes, and it has no sh:path", predicate)
        for predicate, parameter in PARAMETERS.items():
            for value in graph.checked(term, predicate, parameter.kind, single=parameter.single):
                yield named(parameter.constraint(value), predicate, value)
        yield from self._kinds_and_texts(term)
        yield from self._lists(term)
        yield from self._of_shapes(shape)
        yield from self._qualified(shape)
        for value in graph.values(term, SH.sparql):
            if (constraint := read_sparql_constraint(graph, shape, value)) is not None:
                yield constraint
        for component in self._components:
            yield from component.constraints(graph, shape)

    def _kinds_and_texts(self, term: ShapeTerm) -> Iterator[Constraint]:
        graph = self._graph
        for kind in graph.checked(term, SH.nodeKind, "an IRI"):
            if iri(kind) in core.NODE_KINDS:
                yield named(core.EachValue(core.of_kind(iri(kind))), SH.nodeKind, kind)
            else:
                graph.refuse(term, f"sh:nodeKind knows no {kind}", SH.nodeKind, kind)
        flags = graph.checked(term, SH.flags, "a text")
        for value in graph.checked(term, SH.pattern, "a text", single=False):
            try:
                test = core.like(literal(value).value, "".join(literal(flag).value for flag in flags))
            except NotAPattern as error:
                graph.refuse(term, f"sh:pattern “{literal(value).value}” is {error}", SH.pattern, value)
            else:
                yield named(core.EachValue(test), SH.pattern, value, *((SH.flags, flag) for flag in flags))
        if graph.flag(term, SH.uniqueLang):
            yield named(core.UniqueLang(), SH.uniqueLang, Literal(True))
        for predicate in (SH.minInclusive, SH.minExclusive, SH.maxInclusive, SH.maxExclusive):
            for value in graph.values(term, predicate):
                if isinstance(value, Literal) and not comparable(value):
                    graph.refuse(term, f"nothing can be compared with {value} of {short(predicate)}", predicate, value)

    def _lists(self, term: ShapeTerm) -> Iterator[Constraint]:
        graph = self._graph
        for head in graph.checked(term, SH["in"], "a list"):
            members = graph.members(term, SH["in"], head)
            test = core.among([node_of(member) for member in members])
            yield named_list(core.EachValue(test), SH["in"], members)
        for head in graph.checked(term, SH.languageIn, "a list"):
            tags = graph.members(term, SH.languageIn, head)
            if all(isinstance(tag, Literal) for tag in tags):
                test = core.in_language([literal(tag).value for tag in tags])
                yield named_list(core.EachValue(test), SH.languageIn, tags)
            else:
                graph.refuse(term, "sh:languageIn is a list of language tags in quotes", SH.languageIn)
        ignored: list[Term] = []
        for head in graph.checked(term, SH.ignoredProperties, "a list"):
            ignored += graph.members(term, SH.ignoredProperties, head)
        if graph.flag(term, SH.closed):
            paths = [path for shape in graph.values(term, SH.property) for path in graph.values(shape, SH.path)]
            allowed = [path.value for path in (*paths, *ignored) if isinstance(path, NamedNode)]
            constraint = core.Closed(allowed)
            named_list(constraint, SH.ignoredProperties, ignored)
            yield named(constraint, SH.closed, Literal(True), *constraint.parameters)

    def _of_shapes(self, shape: Shape) -> Iterator[Constraint]:
        graph, term = self._graph, shape.term
        for value in graph.checked(term, SH.property, "a shape", single=False):
            inner = self._referred(term, SH.property, value)
            if inner is not None and inner.path is None and not graph.values(inner.term, SH.path):
                graph.refuse(
                    term, f"sh:property names {_called(graph, inner)}, which has no sh:path", SH.property, value
                )
            elif inner is not None:
                shape.properties.append(inner)
        for value in graph.checked(term, SH.node, "a shape", single=False):
            inner = self._referred(term, SH.node, value)
            if inner is not None and graph.values(inner.term, SH.path):
                graph.refuse(term, f"sh:node names {_called(graph, inner)}, which is a property shape", SH.node, value)
            elif inner is not None:
                yield named(core.All([inner]), SH.node, value)
        for value in graph.checked(term, SH["not"], "a shape", single=False):
            if (inner := self._referred(term, SH["not"], value)) is not None:
                yield named(core.Not([inner]), SH["not"], value)
        for predicate, kind in ((SH["and"], core.All), (SH["or"], core.Or), (SH.xone, core.Xone)):
            for head in graph.checked(term, predicate, "a list", single=False):
                members = graph.members(term, predicate, head)
                shapes = [self._referred(term, predicate, member) for member in members]
                yield named_list(kind([inner for inner in shapes if inner is not None]), predicate, members)

    def _qualified(self, shape: Shape) -> Iterator[Constraint]:
        graph, term = self._graph, shape.term
        numbers = {
            predicate: graph.checked(term, predicate, "a whole number")
            for predicate in (SH.qualifiedMinCount, SH.qualifiedMaxCount)
        }
        values = graph.checked(term, SH.qualifiedValueShape, "a shape")
        disjoint = graph.flag(term, SH.qualifiedValueShapesDisjoint)
        if not values and (stated := next((p for p, found in numbers.items() if found), None)) is not None:
            graph.remark(
                term,
                stated,
                f"{short(stated)} counts nothing without sh:qualifiedValueShape",
                f"{short(stated)} non conta nulla senza sh:qualifiedValueShape",
            )
        for value in values:
            inner = self._referred(term, SH.qualifiedValueShape, value)
            if inner is None:
                continue
            siblings = [s for other in self._siblings(term) if (s := self._referred(term, SH.property, other))]
            others = ((SH.qualifiedValueShapesDisjoint, Literal(True)),) if disjoint else ()
            for predicate, found in numbers.items():
                for counted in found:
                    constraint = core.Qualified(
                        inner,
                        siblings if disjoint else (),
                        number(counted),
                        least=predicate == SH.qualifiedMinCount,
                    )
                    yield named(constraint, predicate, counted, (SH.qualifiedValueShape, value), *others)

    def _siblings(self, term: ShapeTerm) -> Sequence[Term]:
        """The qualified value shapes of the other property shapes of the same parents (SHACL, section 4.7.3)."""
        graph = self._graph
        own = graph.values(term, SH.qualifiedValueShape)
        parents = [subject for subject in graph.subjects(SH.property) if term in graph.values(subject, SH.property)]
        found = (
            shape
            for parent in parents
            for sibling in graph.values(parent, SH.property)
            for shape in graph.values(sibling, SH.qualifiedValueShape)
        )
        return [shape for shape in dict.fromkeys(found) if shape not in own]

    def _referred(self, shape: ShapeTerm, predicate: NamedNode, value: Term) -> Shape | None:
        if isinstance(value, NamedNode) and not self._graph.predicates(value):
            self._graph.refuse(
                shape, f"{short(predicate)} names the shape {value.value}, which no file describes", predicate, value
            )
            return None
        if not isinstance(value, NamedNode | BlankNode):
            self._graph.refuse(shape, f"{short(predicate)} takes shapes, and {value} is none", predicate)
            return None
        return self._shape(value)

    def _refuse_unknown_terms(self) -> None:
        """Refuse shapes that use terms which SHACL does not have; remark on such terms elsewhere."""
        graph = self._graph
        for triple in graph.triples:
            for term in (triple.predicate, triple.object):
                if not (isinstance(term, NamedNode) and term.value.startswith(SH)) or term.value in TERMS:
                    continue
                near = get_close_matches(term.value, TERMS, 1)
                subject = triple.subject
                if not isinstance(subject, Triple) and subject in self._shapes:
                    why = f"SHACL has no term {short(term)}"
                    advice = f"is {short(NamedNode(near[0]))} meant?" if near else None
                    graph.refuse(subject, why, triple.predicate, triple.object, advice=advice)
                else:
                    english, italian = f"SHACL has no term {short(term)}", f"SHACL non ha il termine {short(term)}"
                    graph.remark(subject, triple.predicate, english, italian)

    def _refuse_recursion(self) -> None:
        """Refuse shapes that refer to themselves through a negation: nothing defines what they mean."""
        circles = circles_of(self._shapes.values())
        for shape, others in circles.items():
            for constraint in shape.constraints:
                if not constraint.monotone and any(inner in others for inner in constraint.inner()):
                    self._graph.refuse(
                        shape.term,
                        f"it refers to itself through {parameter_of(constraint)}, so that a node would conform if it "
                        "did not (SHACL, 3.4.3, leaves recursion open)",
                    )


def messages_of(graph: ShapesGraph, term: Term) -> tuple[tuple[str, str], ...]:
    """Language tag (empty: none) and text of each ``sh:message`` of *term*."""
    return tuple(sorted(text_of(m) for m in graph.values(term, SH.message) if isinstance(m, Literal)))


def _called(graph: ShapesGraph, shape: Shape) -> str:
    return f"the {graph.name(shape.term)}"
