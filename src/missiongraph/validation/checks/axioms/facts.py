"""The statements of the data under an ontology: by properties below, inverses, and things that are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from pyoxigraph import Literal

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.validation.checks.axioms.ontology import TRIVIAL, Axiom, Ontology
from missiongraph.validation.checks.axioms.values import same_value
from missiongraph.validation.shacl import Graph, Node
from missiongraph.validation.shacl.graph import TYPE
from missiongraph.vocab import OWL, RDF, RDFS

_SAME, _DIFFERENT = OWL.sameAs.value, OWL.differentFrom.value
_LISTS = OWL.members.value, OWL.distinctMembers.value
_SOURCE, _PROPERTY = OWL.sourceIndividual.value, OWL.assertionProperty.value
_TARGETS = OWL.targetIndividual.value, OWL.targetValue.value
_ALWAYS = (_SAME, _DIFFERENT, *_LISTS, _SOURCE, _PROPERTY, *_TARGETS)
#: Axioms whose subject is a property, or whose values are.
_OF_PROPERTIES = tuple(
    term.value for term in (RDFS.domain, RDFS.range, OWL.propertyDisjointWith, OWL.assertionProperty)
)
_KINDS_OF_PROPERTIES = tuple(
    OWL[f"{name}Property"].value
    for name in ("Object", "Datatype", "Functional", "InverseFunctional", "Irreflexive", "Asymmetric")
)


@dataclass(frozen=True)
class Fact:
    """A statement that holds of a property by one stated triple.

    :ivar stated: the triple: subject, property, object
    """

    subject: Node
    value: Node
    stated: tuple[Node, str, Node]

    @property
    def predicate(self) -> str:
        """The property of the stated triple."""
        return self.stated[1]


class Facts:
    """The facts of *engine* that axioms of *ontology* are about, and the classes of things as stated and inferred."""

    def __init__(self, ontology: Ontology, engine: EmbeddedEngine) -> None:
        self.ontology = ontology
        self._about = Graph(engine.statements(_ALWAYS), _ALWAYS)
        self._lists = Graph(
            engine.statements((RDF.first.value, RDF.rest.value)) if any(map(self._has, _LISTS)) else (), None
        )
        predicates = sorted(self._predicates())
        types = (TYPE,) if ontology.speaks_of_classes or any(map(self._has, _LISTS)) else ()
        self._data = Graph(engine.statements((*predicates, *types)), predicates)
        self._inferred: dict[Node, dict[Node, tuple[Axiom, Fact]]] = {}
        self._members: dict[Node, list[Node]] = {}
        self._unexpected: dict[tuple[tuple[Node, ...], Node], bool] = {}

    def _has(self, predicate: str) -> bool:
        return next(iter(self._about.subjects(predicate)), None) is not None

    def _predicates(self) -> set[str]:
        ontology = self.ontology
        spoken = {axiom.subject for axiom in ontology.axioms(*_OF_PROPERTIES)}
        spoken |= {axiom.subject for kind in _KINDS_OF_PROPERTIES for axiom in ontology.of_kind(kind)}
        spoken |= {one for pair in ontology.disjoint_properties for one in pair[:2]}
        spoken |= {restriction.on for restriction in ontology.restrictions}
        spoken |= {one for axiom in ontology.axioms(OWL.hasKey.value) for one in ontology.members(axiom.value)}
        spoken |= set(self._about.objects(_PROPERTY))
        return {way[0] for one in spoken for way in ontology.ways(one) if type(way[0]) is str and way[0][:2] != "_:"}

    def of(self, property_: Node) -> Iterator[Fact]:
        """All facts of *property_*."""
        for predicate, inverted in self.ontology.ways(property_):
            for subject in self._data.subjects(str(predicate)):
                for value in self._data.values(subject, str(predicate)):
                    yield _fact(subject, str(predicate), value, inverted)

    def about(self, node: Node, property_: Node) -> list[Fact]:
        """The facts of *property_* about *node*."""
        found: list[Fact] = []
        for predicate, inverted in self.ontology.ways(property_):
            for other in (self._data.sources if inverted else self._data.values)(node, str(predicate)):
                ends = (other, node) if inverted else (node, other)
                found.append(_fact(ends[0], str(predicate), ends[1], inverted))
        return found

    def stated(self, node: Node) -> tuple[Node, ...]:
        """The classes that are stated of *node*, without those that say nothing (``owl:Thing``)."""
        return tuple(kind for kind in self._data.values(node, TYPE) if kind not in TRIVIAL)

    def infer(self, node: Node, kind: Node, axiom: Axiom, fact: Fact) -> bool:
        """Record that *node* is of class *kind* by *axiom* and *fact*; return whether that was not known."""
        if kind in TRIVIAL or any(kind in self.ontology.classes_above(one) for one in self.stated(node)):
            return False
        known = self._inferred.setdefault(node, {})
        if kind in known:
            return False
        known[kind] = (axiom, fact)
        self._members.clear()
        return True

    def is_unexpected(self, node: Node, kind: Node) -> bool:
        """Whether nothing stated of *node* lets one expect that it is of class *kind*.

        So it has classes, and none of them is known to be below *kind*. If the ontology does not declare one of them,
        this is not known, and the answer is no.
        """
        kinds = self.stated(node)
        key = kinds, kind
        found = self._unexpected.get(key)
        if found is None:
            above = [one for each in kinds for one in self.ontology.classes_above(each)]
            known = self.ontology.declares(kind) or all(self.ontology.declares(one) for one in above)
            found = self._unexpected[key] = bool(kinds) and known
        return found

    def classes(self, node: Node) -> set[Node]:
        """All classes of *node*, stated and inferred."""
        kinds = [*self._data.values(node, TYPE), *self._inferred.get(node, ())]
        return {above for kind in kinds for above in self.ontology.classes_above(kind)}

    def members(self, kind: Node) -> Iterator[tuple[Node, Axiom]]:
        """The members of the class *kind*, each with the axiom that makes it one, as a person would look it up."""
        below = self.ontology.classes_below(kind)
        axiom = next(
            (
                one
                for one in self.ontology.axioms(RDFS.subClassOf.value, OWL.equivalentClass.value)
                if kind in (one.value, one.subject)
            ),
            Axiom(kind, TYPE, OWL.Class.value),
        )
        stated = (node for one in below for node in self._data.sources(one, TYPE))
        inferred = (node for node, kinds in self._inferred.items() if not below.isdisjoint(kinds))
        return ((node, axiom) for node in dict.fromkeys((*stated, *inferred)))

    def reason(self, node: Node, kind: Node) -> tuple[Axiom | None, Fact]:
        """The statement that makes *node* a member of *kind*, and the axiom, if one was needed.

        The statement may be about a thing that is the same as *node*.
        """
        below = self.ontology.classes_below(kind)
        nodes = self.same_as(node)
        for one in nodes:
            for stated in self._data.values(one, TYPE):
                if stated in below:
                    return None, Fact(one, stated, (one, TYPE, stated))
        inferred = (found for one in nodes for found in self._inferred.get(one, {}).items())
        return next(reason for inferred_kind, reason in inferred if inferred_kind in below)

    def canonical(self, node: Node) -> Node:
        """One node for all that are stated to be the same as *node*."""
        return self._same.get(node, node)

    def canonical_pair(self, fact: Fact) -> tuple[Node, Node]:
        """Subject and object of *fact*, each as its canonical node."""
        return self.canonical(fact.subject), self.canonical(fact.value)

    def same_as(self, node: Node) -> Sequence[Node]:
        """*node*, and what is stated to be the same."""
        name = self.canonical(node)
        return [node, *(one for one, other in self._same.items() if other == name and one != node)]

    def distinct(self, facts: Sequence[Fact], end: Callable[[Fact], Node]) -> list[Fact]:
        """The facts whose *end* (subject or object) is not known to be the same as that of an earlier one."""
        found: list[Fact] = []
        for fact in sorted(facts, key=lambda one: (str(one.subject), str(one.value))):  # one order for all runs
            if not any(self._alike(end(fact), end(other)) for other in found):
                found.append(fact)
        return found

    def _alike(self, one: Node, other: Node) -> bool:
        return same_value(one, other) is True or self.canonical(one) == self.canonical(other)

    def differ(self, one: Node, other: Node) -> bool:
        """Whether the two are known to be different: by their values, or by a statement."""
        if isinstance(one, Literal) and isinstance(other, Literal):
            return same_value(one, other) is False
        return frozenset((self.canonical(one), self.canonical(other))) in self._pairs

    def all_differ(self, nodes: Sequence[Node], number: int) -> bool:
        """Whether at least *number* of *nodes* are known to differ from each other."""
        chosen: list[Node] = []
        for node in nodes:
            if all(self.differ(node, other) for other in chosen):
                chosen.append(node)
        return len(chosen) >= number

    def differences(self) -> Iterator[tuple[Axiom, Fact]]:
        """Pairs that are stated to be different, each with the statement."""
        for subject in self._about.subjects(_DIFFERENT):
            for value in self._about.values(subject, _DIFFERENT):
                yield Axiom(subject, _DIFFERENT, value), Fact(subject, value, (subject, _DIFFERENT, value))
        for predicate in _LISTS:
            for node in self._about.subjects(predicate):
                if OWL.AllDifferent.value in self._data.values(node, TYPE):
                    for head in self._about.values(node, predicate):
                        for one, other in combinations(self._members_of(head), 2):
                            yield Axiom(node, predicate, head), Fact(one, other, (node, predicate, head))

    def denials(self) -> Iterator[tuple[Axiom, Fact]]:
        """The statements that an ``owl:NegativePropertyAssertion`` denies."""
        for node in self._about.subjects(_SOURCE):
            subjects, predicates = self._about.values(node, _SOURCE), self._about.values(node, _PROPERTY)
            targets = [one for target in _TARGETS for one in self._about.values(node, target)]
            for subject, predicate, value in product(subjects, predicates, targets):
                yield Axiom(node, _PROPERTY, predicate), Fact(subject, value, (subject, str(predicate), value))

    def _members_of(self, head: Node) -> Iterator[Node]:
        seen: set[Node] = set()
        while head not in seen and (first := self._lists.values(head, RDF.first.value)):
            seen.add(head)
            yield from first
            head = next(iter(self._lists.values(head, RDF.rest.value)), RDF.nil.value)

    @cached_property
    def _pairs(self) -> set[frozenset[Node]]:
        return {frozenset(self.canonical_pair(fact)) for _, fact in self.differences()}

    @cached_property
    def _same(self) -> dict[Node, Node]:
        names: dict[Node, Node] = {}

        def name(node: Node) -> Node:
            while (above := names.get(node, node)) != node:
                node = above
            return node

        for subject in self._about.subjects(_SAME):
            for value in self._about.values(subject, _SAME):
                names.setdefault(subject, subject)
                names.setdefault(value, value)
                names[name(subject)] = name(value)
        return {node: name(node) for node in names}


def _fact(subject: Node, predicate: str, value: Node, inverted: bool) -> Fact:
    ends = (value, subject) if inverted else (subject, value)
    return Fact(*ends, (subject, predicate, value))
