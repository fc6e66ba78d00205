"""A shapes graph → shapes; what is ill-formed is told with its place (SHACL, sections 2 to 6, "syntax rules")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.validation.report import Severity, Term
from missiongraph.validation.shacl import core
from missiongraph.validation.shacl.graph import node_of
from missiongraph.validation.shacl.parameters import PARAMETERS, iri, literal, named, named_list, number, parameter_of
from missiongraph.validation.shacl.paths import Either, Inverse, Path, Predicate, Repeated, Steps
from missiongraph.validation.shacl.patterns import NotAPattern
from missiongraph.validation.shacl.shapes import Constraint, Shape, ShapeTerm, circles_of, text_of
from missiongraph.validation.shacl.shapes_graph import Source, short
from missiongraph.validation.shacl.sparql import read_components, read_sparql_constraint
from missiongraph.validation.shacl.values import comparable
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


def read_shapes(source: Source) -> list[Shape]:
    """All shapes of *source*; what is wrong with any of them is added to its problems."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._shapes: dict[ShapeTerm, Shape] = {}
        self._components = read_components(source)
        self._classes = source.below(RDFS.Class)

    def read(self) -> list[Shape]:
        for term in dict.fromkeys(self._declared()):
            self._shape(term)
        self._refuse_unknown_terms()
        self._refuse_recursion()
        return list(self._shapes.values())

    def _declared(self) -> Iterator[ShapeTerm]:
        """Shapes by their class, their targets or their parameters (SHACL, section 2.1)."""
        source = self._source
        for kind in (SH.Shape, SH.NodeShape, SH.PropertyShape):
            yield from source.instances(kind)
        parameters = (*PARAMETERS, *_LISTS_OF_SHAPES, *_SHAPES, SH.nodeKind, SH.pattern, SH.languageIn, SH.uniqueLang)
        for predicate in (*_TARGETS, *parameters, SH.closed, SH["in"], SH.sparql):
            yield from source.subjects(predicate)
        for component in self._components:
            for parameter in component.mandatory:
                yield from source.subjects(parameter)

    def _shape(self, term: ShapeTerm) -> Shape:
        """The shape *term*, read when it is first met: shapes may refer to each other in circles."""
        if term in self._shapes:
            return self._shapes[term]
        shape = self._shapes[term] = Shape(term)
        self._read_head(shape)
        self._read_targets(shape)
        shape.constraints = list(self._constraints(shape))
        return shape

    def _read_head(self, shape: Shape) -> None:
        source, term = self._source, shape.term
        paths = source.values(term, SH.path)
        if len(paths) > 1:
            source.refuse(term, "it has more than one sh:path", SH.path, paths[1])
        if paths:
            shape.path = self._path(term, paths[0], ())
            if source.is_instance(term, SH.NodeShape):
                source.refuse(term, "it is a node shape and has a path (sh:path)", SH.path)
        elif source.is_instance(term, SH.PropertyShape):
            source.refuse(term, "it is a property shape and has no path (sh:path)")
        for severity in source.checked(term, SH.severity, "an IRI"):
            shape.severity = _SEVERITIES.get(severity, "violation")
        shape.messages = messages_of(source, term)
        shape.deactivated = source.flag(term, SH.deactivated)

    def _read_targets(self, shape: Shape) -> None:
        source, term, targets = self._source, shape.term, shape.targets
        targets.nodes = [node_of(v) for v in source.checked(term, SH.targetNode, "an IRI or a literal", single=False)]
        targets.classes = [iri(value) for value in source.checked(term, SH.targetClass, "an IRI", single=False)]
        targets.subjects_of = [iri(v) for v in source.checked(term, SH.targetSubjectsOf, "an IRI", single=False)]
        targets.objects_of = [iri(v) for v in source.checked(term, SH.targetObjectsOf, "an IRI", single=False)]
        if isinstance(term, NamedNode) and not self._classes.isdisjoint(source.values(term, RDF.type)):
            targets.classes.append(term.value)  # an implicit class target

    def _path(self, shape: ShapeTerm, node: Term, above: tuple[Term, ...]) -> Path | None:
        """The property path *node* (SHACL, section 2.3.1); *above* are those that it stands in."""
        source = self._source
        if isinstance(node, NamedNode):
            return Predicate(node.value)
        said = source.predicates(node)
        if node in above or not isinstance(node, BlankNode) or not said:
            return self._refused(shape)
        inner = (*above, node)
        if RDF.first in said:
            steps = [self._path(shape, member, inner) for member in source.members(shape, SH.path, node)]
            return Steps(tuple(filter(None, steps))) if len(steps) > 1 and all(steps) else self._refused(shape)
        if len(said) != 1 or len(next(iter(said.values()))) != 1:
            return self._refused(shape)
        (predicate, (value,)), *_ = said.items()
        if predicate == SH.alternativePath:
            paths = [self._path(shape, member, inner) for member in source.members(shape, SH.path, value)]
            return Either(tuple(filter(None, paths))) if len(paths) > 1 and all(paths) else self._refused(shape)
        path = self._path(shape, value, inner)
        if path is not None and predicate == SH.inversePath:
            return Inverse(path)
        if path is not None and predicate in _REPEATED:
            return Repeated(path, _REPEATED[predicate])
        return self._refused(shape)

    def _refused(self, shape: ShapeTerm) -> Path | None:
        self._source.refuse(shape, "the value of sh:path is no property path", SH.path)
        return None

    def _constraints(self, shape: Shape) -> Iterator[Constraint]:
        source, term = self._source, shape.term
        if shape.path is None:
            for predicate in _ONLY_OF_PROPERTIES:
                if source.values(term, predicate):
                    source.refuse(term, f"{short(predicate)} is for property shapes, and it has no sh:path", predicate)
        for predicate, parameter in PARAMETERS.items():
            for value in source.checked(term, predicate, parameter.kind, single=parameter.single):
                yield named(parameter.constraint(value), predicate, value)
        yield from self._kinds_and_texts(term)
        yield from self._lists(term)
        yield from self._of_shapes(shape)
        yield from self._qualified(shape)
        for value in source.values(term, SH.sparql):
            if (constraint := read_sparql_constraint(source, shape, value)) is not None:
                yield constraint
        for component in self._components:
            yield from component.constraints(source, shape)

    def _kinds_and_texts(self, term: ShapeTerm) -> Iterator[Constraint]:
        source = self._source
        for kind in source.checked(term, SH.nodeKind, "an IRI"):
            if iri(kind) in core.NODE_KINDS:
                yield named(core.Each(core.of_kind(iri(kind))), SH.nodeKind, kind)
            else:
                source.refuse(term, f"sh:nodeKind knows no {kind}", SH.nodeKind, kind)
        flags = source.checked(term, SH.flags, "a text")
        for value in source.checked(term, SH.pattern, "a text", single=False):
            try:
                test = core.like(literal(value).value, "".join(literal(flag).value for flag in flags))
            except NotAPattern as error:
                source.refuse(term, f"sh:pattern “{literal(value).value}” is {error}", SH.pattern, value)
            else:
                yield named(core.Each(test), SH.pattern, value, *((SH.flags, flag) for flag in flags))
        if source.flag(term, SH.uniqueLang):
            yield named(core.UniqueLang(), SH.uniqueLang, Literal(True))
        for predicate in (SH.minInclusive, SH.minExclusive, SH.maxInclusive, SH.maxExclusive):
            for value in source.values(term, predicate):
                if isinstance(value, Literal) and not comparable(value):
                    source.refuse(term, f"nothing can be compared with {value} of {short(predicate)}", predicate, value)

    def _lists(self, term: ShapeTerm) -> Iterator[Constraint]:
        source = self._source
        for head in source.checked(term, SH["in"], "a list"):
            members = source.members(term, SH["in"], head)
            test = core.among([node_of(member) for member in members])
            yield named_list(core.Each(test), SH["in"], members)
        for head in source.checked(term, SH.languageIn, "a list"):
            tags = source.members(term, SH.languageIn, head)
            if all(isinstance(tag, Literal) for tag in tags):
                test = core.in_language([literal(tag).value for tag in tags])
                yield named_list(core.Each(test), SH.languageIn, tags)
            else:
                source.refuse(term, "sh:languageIn is a list of language tags in quotes", SH.languageIn)
        ignored: list[Term] = []
        for head in source.checked(term, SH.ignoredProperties, "a list"):
            ignored += source.members(term, SH.ignoredProperties, head)
        if source.flag(term, SH.closed):
            paths = [path for shape in source.values(term, SH.property) for path in source.values(shape, SH.path)]
            allowed = [path.value for path in (*paths, *ignored) if isinstance(path, NamedNode)]
            constraint = core.Closed(allowed)
            named_list(constraint, SH.ignoredProperties, ignored)
            yield named(constraint, SH.closed, Literal(True), *constraint.parameters)

    def _of_shapes(self, shape: Shape) -> Iterator[Constraint]:
        source, term = self._source, shape.term
        for value in source.checked(term, SH.property, "a shape", single=False):
            inner = self._referred(term, SH.property, value)
            if inner is not None and inner.path is None and not source.values(inner.term, SH.path):
                source.refuse(
                    term, f"sh:property names {_called(source, inner)}, which has no sh:path", SH.property, value
                )
            elif inner is not None:
                shape.properties.append(inner)
        for value in source.checked(term, SH.node, "a shape", single=False):
            inner = self._referred(term, SH.node, value)
            if inner is not None and source.values(inner.term, SH.path):
                source.refuse(
                    term, f"sh:node names {_called(source, inner)}, which is a property shape", SH.node, value
                )
            elif inner is not None:
                yield named(core.All([inner]), SH.node, value)
        for value in source.checked(term, SH["not"], "a shape", single=False):
            if (inner := self._referred(term, SH["not"], value)) is not None:
                yield named(core.Not([inner]), SH["not"], value)
        for predicate, kind in ((SH["and"], core.All), (SH["or"], core.Or), (SH.xone, core.Xone)):
            for head in source.checked(term, predicate, "a list", single=False):
                members = source.members(term, predicate, head)
                shapes = [self._referred(term, predicate, member) for member in members]
                yield named_list(kind([inner for inner in shapes if inner is not None]), predicate, members)

    def _qualified(self, shape: Shape) -> Iterator[Constraint]:
        source, term = self._source, shape.term
        numbers = {
            predicate: source.checked(term, predicate, "a whole number")
            for predicate in (SH.qualifiedMinCount, SH.qualifiedMaxCount)
        }
        values = source.checked(term, SH.qualifiedValueShape, "a shape")
        disjoint = source.flag(term, SH.qualifiedValueShapesDisjoint)
        if not values and (stated := next((p for p, found in numbers.items() if found), None)) is not None:
            source.remark(
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
        """Qualified value shapes of the other property shapes of its parents (SHACL, section 4.7.3)."""
        source = self._source
        own = source.values(term, SH.qualifiedValueShape)
        parents = [subject for subject in source.subjects(SH.property) if term in source.values(subject, SH.property)]
        found = (
            shape
            for parent in parents
            for sibling in source.values(parent, SH.property)
            for shape in source.values(sibling, SH.qualifiedValueShape)
        )
        return [shape for shape in dict.fromkeys(found) if shape not in own]

    def _referred(self, shape: ShapeTerm, predicate: NamedNode, value: Term) -> Shape | None:
        if isinstance(value, NamedNode) and not self._source.predicates(value):
            self._source.refuse(
                shape, f"{short(predicate)} names the shape {value.value}, which no file describes", predicate, value
            )
            return None
        if not isinstance(value, NamedNode | BlankNode):
            self._source.refuse(shape, f"{short(predicate)} takes shapes, and {value} is none", predicate)
            return None
        return self._shape(value)

    def _refuse_unknown_terms(self) -> None:
        """Refuse terms that SHACL has not, where a shape is described; tell them elsewhere."""
        source = self._source
        for triple in source.triples:
            for term in (triple.predicate, triple.object):
                if not (isinstance(term, NamedNode) and term.value.startswith(SH)) or term.value in TERMS:
                    continue
                near = get_close_matches(term.value, TERMS, 1)
                subject = triple.subject
                if not isinstance(subject, Triple) and subject in self._shapes:
                    why = f"SHACL has no term {short(term)}"
                    advice = f"is {short(NamedNode(near[0]))} meant?" if near else None
                    source.refuse(subject, why, triple.predicate, triple.object, advice=advice)
                else:
                    english, italian = f"SHACL has no term {short(term)}", f"SHACL non ha il termine {short(term)}"
                    source.remark(subject, triple.predicate, english, italian)

    def _refuse_recursion(self) -> None:
        """Refuse shapes that refer to themselves by what is true when they are not: nothing says what is right then."""
        circles = circles_of(self._shapes.values())
        for shape, others in circles.items():
            for constraint in shape.constraints:
                if not constraint.monotone and any(inner in others for inner in constraint.inner()):
                    self._source.refuse(
                        shape.term,
                        f"it refers to itself through {parameter_of(constraint)}, so that a node would conform if it "
                        "did not (SHACL, 3.4.3, leaves recursion open)",
                    )


def messages_of(source: Source, term: Term) -> tuple[tuple[str, str], ...]:
    """Language and text of each ``sh:message`` of *term*."""
    return tuple(sorted(text_of(m) for m in source.values(term, SH.message) if isinstance(m, Literal)))


def _called(source: Source, shape: Shape) -> str:
    return f"the {source.name(shape.term)}"
