"""The axioms of an ontology, as far as data can be checked against them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TypeAlias, TypeVar

from pyoxigraph import Literal, Quad

from missiongraph.validation.shacl import Graph
from missiongraph.validation.shacl.graph import TYPE, Node
from missiongraph.vocab import OWL, RDF, RDFS

_One = TypeVar("_One")
#: A property, and whether its statements are read from their object to their subject.
Way: TypeAlias = tuple[Node, bool]

#: Classes that all things are in, or that only say how a term is used. They say nothing about a thing.
TRIVIAL = frozenset(
    term.value for term in (OWL.Thing, OWL.NamedIndividual, RDFS.Resource, OWL.Axiom, OWL.NegativePropertyAssertion)
)
_SUBCLASS, _SUBPROPERTY = RDFS.subClassOf.value, RDFS.subPropertyOf.value
_SAME_CLASS, _SAME_PROPERTY, _INVERSE = OWL.equivalentClass.value, OWL.equivalentProperty.value, OWL.inverseOf.value
_MEMBERS, _UNION, _ALL_OF = OWL.members.value, OWL.unionOf.value, OWL.intersectionOf.value
#: Superclasses that OWL and RDFS themselves define.
_BUILT_IN = {
    OWL.Class.value: (RDFS.Class.value,),
    RDFS.Datatype.value: (RDFS.Class.value,),
    **{
        OWL[name].value: (RDF.Property.value,)
        for name in (
            "ObjectProperty",
            "DatatypeProperty",
            "AnnotationProperty",
            "OntologyProperty",
            "FunctionalProperty",
        )
    },
    **{
        OWL[f"{name}Property"].value: (OWL.ObjectProperty.value,)
        for name in ("InverseFunctional", "Transitive", "Symmetric", "Asymmetric", "Reflexive", "Irreflexive")
    },
}


@dataclass(frozen=True)
class Axiom:
    """A statement of an ontology that restricts data: its subject, property and object."""

    subject: Node
    predicate: str
    value: Node


@dataclass(frozen=True)
class Restriction:
    """A restriction on the values that members of a class have of a property (OWL 2 Syntax, sections 8.2 to 8.5).

    :ivar most: the largest number of values
    :ivar only: the class or data range of all values; with *most*, of the values that count
    """

    node: Node
    on: Node
    most: int | None
    only: Node | None


class Ontology:
    """The axioms of *quads* about classes and properties."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.graph = Graph((quad for quad in quads if not _is_quoted(quad)), None)
        self._above: dict[Node, frozenset[Node]] = {}

    def axioms(self, *predicates: str) -> Iterator[Axiom]:
        """The axioms with one of *predicates*."""
        for predicate in predicates:
            for subject in self.graph.subjects(predicate):
                for value in self.graph.values(subject, predicate):
                    yield Axiom(subject, predicate, value)

    def of_kind(self, kind: str) -> Iterator[Axiom]:
        """The axioms that a term is a *kind*, such as ``owl:FunctionalProperty``."""
        for subject in self.graph.sources(kind, TYPE):
            yield Axiom(subject, TYPE, kind)

    def members(self, head: Node) -> list[Node]:
        """The members of the RDF list *head*."""
        found: list[Node] = []
        seen: set[Node] = set()
        while head not in seen and (first := self.graph.values(head, RDF.first.value)):
            seen.add(head)
            found += first
            head = next(iter(self.graph.values(head, RDF.rest.value)), RDF.nil.value)
        return found

    def listed(self, node: Node, predicate: str) -> list[Node]:
        """The members of the lists that *node* has for *predicate*."""
        return [member for head in self.graph.values(node, predicate) for member in self.members(head)]

    def declares(self, kind: Node) -> bool:
        """Whether the ontology declares the class *kind*. Of other classes it does not know the superclasses."""
        return kind in self._declared or kind in _BUILT_IN

    def is_data_range(self, node: Node) -> bool:
        """Whether the ontology declares *node* as a datatype or data range."""
        return not {RDFS.Datatype.value, OWL.DataRange.value}.isdisjoint(self.graph.values(node, TYPE))

    @cached_property
    def speaks_of_classes(self) -> bool:
        """Whether any axiom depends on the classes of things."""
        stated = self.axioms(RDFS.domain.value, RDFS.range.value, OWL.hasKey.value)
        forbidden = len(self.classes_below(OWL.Nothing.value)) > 1
        return forbidden or bool(self.disjoint or self.restrictions) or next(stated, None) is not None

    def classes_above(self, kind: Node) -> frozenset[Node]:
        """*kind* and its superclasses, class expressions included (rules scm-sco, scm-eqc, scm-int, scm-uni)."""
        found = self._above.get(kind)
        if found is None:
            found = self._above[kind] = frozenset(_reached([kind], lambda one: self._class_edges.get(one, ())))
        return found

    def classes_below(self, kind: Node) -> frozenset[Node]:
        """*kind* and its subclasses."""
        return frozenset(_reached([kind], lambda one: self._class_edges_back.get(one, ())))

    def ways(self, property_: Node, inverted: bool = False) -> tuple[Way, ...]:
        """The properties whose statements imply those of *property_* (rules prp-spo1, prp-eqp, prp-inv, prp-symp)."""
        return tuple(_reached([(property_, inverted)], lambda way: self._property_edges.get(way, ())))

    @cached_property
    def disjoint(self) -> tuple[tuple[Node, Node, Axiom], ...]:
        """Pairs of disjoint classes, each with its axiom (rules cax-dw, cax-adc, cls-com)."""
        pairs = [(one.subject, one.value, one) for one in self.axioms(OWL.disjointWith.value, OWL.complementOf.value)]
        for axiom in self.of_kind(OWL.AllDisjointClasses.value):
            for head in self.graph.values(axiom.subject, _MEMBERS):
                pairs += [(a, b, Axiom(axiom.subject, _MEMBERS, head)) for a, b in combinations(self.members(head), 2)]
        for axiom in self.axioms(OWL.disjointUnionOf.value):
            pairs += [(a, b, axiom) for a, b in combinations(self.members(axiom.value), 2)]
        return tuple(dict.fromkeys(pairs))

    @cached_property
    def disjoint_properties(self) -> tuple[tuple[Node, Node, Axiom], ...]:
        """Pairs of disjoint properties, each with its axiom (rules prp-pdw, prp-adp)."""
        pairs = [(one.subject, one.value, one) for one in self.axioms(OWL.propertyDisjointWith.value)]
        for axiom in self.of_kind(OWL.AllDisjointProperties.value):
            for head in self.graph.values(axiom.subject, _MEMBERS):
                pairs += [(a, b, Axiom(axiom.subject, _MEMBERS, head)) for a, b in combinations(self.members(head), 2)]
        return tuple(dict.fromkeys(pairs))

    @cached_property
    def restrictions(self) -> tuple[Restriction, ...]:
        """The restrictions on number or class of values (rules cls-maxc1 to cls-maxqc4, cls-avf)."""
        found: list[Restriction] = []
        for axiom in self.axioms(OWL.onProperty.value):
            node, on = axiom.subject, axiom.value
            for only in self.graph.values(node, OWL.allValuesFrom.value):
                found.append(Restriction(node, on, None, only))
            for name in ("maxCardinality", "cardinality", "maxQualifiedCardinality", "qualifiedCardinality"):
                for value in self.graph.values(node, OWL[name].value):
                    if isinstance(value, Literal) and value.value.isascii() and value.value.isdigit():
                        ranges = OWL.onClass.value, OWL.onDataRange.value
                        only = next((one for p in ranges for one in self.graph.values(node, p)), None)  # type: ignore[assignment]  # or none
                        found.append(Restriction(node, on, int(value.value), only))
        return tuple(found)

    @cached_property
    def _declared(self) -> set[Node]:
        kinds = OWL.Class.value, RDFS.Class.value, OWL.Restriction.value
        return {one.subject for kind in kinds for one in self.of_kind(kind)} | {
            one.subject for one in self.axioms(_SUBCLASS, _SAME_CLASS)
        }

    @cached_property
    def _class_edges(self) -> dict[Node, list[Node]]:
        edges: dict[Node, list[Node]] = {kind: list(above) for kind, above in _BUILT_IN.items()}

        def add(below: Node, above: Node) -> None:
            edges.setdefault(below, []).append(above)

        for axiom in self.axioms(_SUBCLASS, _SAME_CLASS):
            add(axiom.subject, axiom.value)
            if axiom.predicate == _SAME_CLASS:
                add(axiom.value, axiom.subject)
        for axiom in self.axioms(_ALL_OF):
            for member in self.members(axiom.value):
                add(axiom.subject, member)
        for axiom in self.axioms(_UNION, OWL.disjointUnionOf.value):
            for member in self.members(axiom.value):
                add(member, axiom.subject)
        return edges

    @cached_property
    def _class_edges_back(self) -> dict[Node, list[Node]]:
        edges: dict[Node, list[Node]] = {}
        for below, all_above in self._class_edges.items():
            for above in all_above:
                edges.setdefault(above, []).append(below)
        return edges

    @cached_property
    def _property_edges(self) -> dict[Way, list[Way]]:
        """For each way, those directly below it."""
        edges: dict[Way, list[Way]] = {}

        def add(below: Node, above: Node, turned: bool) -> None:
            for inverted in (False, True):
                edges.setdefault((above, inverted != turned), []).append((below, inverted))

        for axiom in self.axioms(_SUBPROPERTY, _SAME_PROPERTY, _INVERSE):
            add(axiom.subject, axiom.value, axiom.predicate == _INVERSE)
            if axiom.predicate != _SUBPROPERTY:
                add(axiom.value, axiom.subject, axiom.predicate == _INVERSE)
        for axiom in self.of_kind(OWL.SymmetricProperty.value):
            add(axiom.subject, axiom.subject, True)
        return edges


def _reached(start: Iterable[_One], following: Callable[[_One], Iterable[_One]]) -> list[_One]:
    reached = dict.fromkeys(start)
    for one in (todo := [*reached]):
        for other in following(one):
            if other not in reached:
                reached[other] = None
                todo.append(other)
    return list(reached)


def _is_quoted(quad: Quad) -> bool:
    return not hasattr(quad.object, "value") or not hasattr(quad.subject, "value")
