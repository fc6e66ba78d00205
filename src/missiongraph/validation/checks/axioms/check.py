"""The check of axioms: each axiom against the statements of its properties and classes.

A result is a violation if the rules of OWL 2 RL contradict the data (OWL 2 Profiles, section 4.3). It is a warning if
they would infer what a reader would hardly mean: that a thing has another class, or that two things are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product

from pyoxigraph import Literal

from missiongraph.publication.dataset import Dataset
from missiongraph.validation.checks.axioms.facts import Fact, Facts
from missiongraph.validation.checks.axioms.ontology import Axiom, Ontology, Restriction
from missiongraph.validation.checks.axioms.results import Namer
from missiongraph.validation.checks.axioms.values import is_datatype, is_value_of
from missiongraph.validation.report import Result
from missiongraph.validation.shacl import Node
from missiongraph.vocab import OWL, RDFS

_RANGE, _DOMAIN = RDFS.range.value, RDFS.domain.value
_MOST_KEYS = 100


def check_axioms(dataset: Dataset) -> Iterator[Result]:
    """A result for each statement that contradicts an axiom of ``ontology/`` or leads to an unlikely inference."""
    quads = [quad for file in dataset.files if file.path.startswith("ontology/") for quad in file.quads]
    if quads:
        ontology = Ontology(quads)
        yield from _Check(Facts(ontology, dataset.engine), Namer(dataset, ontology)).results()


class _Check:
    def __init__(self, facts: Facts, namer: Namer) -> None:
        self._facts, self._ontology, self._namer = facts, facts.ontology, namer

    def results(self) -> Iterator[Result]:
        yield from self._domains_and_ranges()
        yield from self._kinds_of_properties()
        yield from self._restricted()
        yield from self._disjoint_classes()
        yield from self._single_values()
        yield from self._single_subjects()
        yield from self._keys()
        yield from self._shapes_of_relations()
        yield from self._disjoint_properties()
        yield from self._denied()
        yield from self._different()

    def _domains_and_ranges(self) -> Iterator[Result]:
        """Rules prp-dom and prp-rng; for literals dt-not-type."""
        for axiom in self._ontology.axioms(_DOMAIN, _RANGE):
            for fact in self._facts.of(axiom.subject):
                if axiom.predicate == _DOMAIN:
                    yield from self._is_a(fact.subject, axiom.value, axiom, fact)
                else:
                    yield from self._is_in_range(fact.value, axiom.value, axiom, fact)

    def _is_in_range(self, value: Node, range_: Node, axiom: Axiom, fact: Fact) -> Iterator[Result]:
        if not is_datatype(range_, self._ontology):
            if not isinstance(value, Literal):
                yield from self._is_a(value, range_, axiom, fact)
            elif self._ontology.declares(range_):
                name = self._namer.name(range_)
                yield self._namer.warning(
                    axiom,
                    fact,
                    f"the value is a text or number, not a {name}",
                    f"il valore è un testo o un numero, non un {name}",
                )
        elif not isinstance(value, Literal):
            name = self._namer.name(range_)
            yield self._namer.warning(
                axiom, fact, f"the value is a thing, not a {name}", f"il valore è una cosa, non un {name}"
            )
        elif is_value_of(value, range_, self._ontology) is False:
            literal, name = self._namer.name(value), self._namer.name(range_)
            yield self._namer.violation(axiom, fact, f"{literal} is no {name}", f"{literal} non è un {name}")

    def _is_a(self, node: Node, kind: Node, axiom: Axiom, fact: Fact) -> Iterator[Result]:
        """Record that *node* is of class *kind*, and warn if the classes stated of it do not let one expect that."""
        for one in self._ontology.listed(kind, OWL.intersectionOf.value) or [kind]:
            if self._facts.infer(node, one, axiom, fact) and self._facts.is_unexpected(node, one):
                kinds = [self._namer.name(stated) for stated in self._facts.stated(node)]
                what, name = self._namer.name(one), self._namer.name(node)
                yield self._namer.warning(
                    axiom,
                    fact,
                    f"this would make {name} a {what}, but it is stated to be a {' and a '.join(kinds)}",
                    f"questo farebbe di {name} un {what}, ma è dichiarato {' e '.join(kinds)}",
                )

    def _kinds_of_properties(self) -> Iterator[Result]:
        """A text as value of an object property; a thing as value of a datatype property."""
        ranged = {axiom.subject for axiom in self._ontology.axioms(_RANGE)}
        for kind, wants_literal in ((OWL.ObjectProperty, False), (OWL.DatatypeProperty, True)):
            for axiom in self._ontology.of_kind(kind.value):
                if axiom.subject in ranged:
                    continue  # its range says so
                for fact in self._facts.of(axiom.subject):
                    if isinstance(fact.value, Literal) != wants_literal:
                        english = "the value is a thing" if wants_literal else "the value is a text or number"
                        italian = "il valore è una cosa" if wants_literal else "il valore è un testo o un numero"
                        yield self._namer.warning(axiom, fact, english, italian)

    def _restricted(self) -> Iterator[Result]:
        for restriction in self._ontology.restrictions:
            for node, axiom in self._facts.members(restriction.node):
                facts = self._facts.about(node, restriction.on)
                if restriction.most is None:
                    for fact in facts:
                        yield from self._is_in_range(fact.value, restriction.only or "", axiom, fact)
                else:
                    counted = [fact for fact in facts if self._counts(fact.value, restriction)]
                    yield from self._at_most(restriction.most, axiom, counted)

    def _counts(self, value: Node, restriction: Restriction) -> bool:
        if restriction.only is None or restriction.only == OWL.Thing.value:
            return True
        if isinstance(value, Literal):
            return is_value_of(value, restriction.only, self._ontology) is True
        return restriction.only in self._facts.classes(value)

    def _at_most(self, most: int, axiom: Axiom, facts: Sequence[Fact]) -> Iterator[Result]:
        """More than *most* values: a violation if too many differ, else a warning that some would be one.

        :param most: the number that the axiom allows
        """
        distinct = self._facts.distinct(facts, lambda fact: fact.value)
        if len(distinct) <= most:
            return
        surplus, name = distinct[most], self._namer.name(distinct[most].subject)
        values = ", ".join(self._namer.name(fact.value) for fact in distinct[:5]) + ("…" if len(distinct) > 5 else "")
        if most == 0 or self._facts.all_differ([fact.value for fact in distinct], most + 1):
            yield self._namer.violation(
                axiom,
                surplus,
                f"{name} has {len(distinct)} values ({values}), at most {most} can be",
                f"{name} ha {len(distinct)} valori ({values}), possono essere al più {most}",
            )
        else:
            yield self._namer.warning(
                axiom,
                surplus,
                f"{name} has {len(distinct)} values, at most {most} can be: this would make some of {values} one",
                f"{name} ha {len(distinct)} valori, al più {most}: questo farebbe una sola cosa di alcuni tra {values}",
            )

    def _disjoint_classes(self) -> Iterator[Result]:
        """Rules cax-dw, cax-adc, cls-com, cls-nothing2."""
        for node, reason in self._facts.members(OWL.Nothing.value):
            _, fact = self._facts.reason(node, OWL.Nothing.value)
            name = self._namer.name(node)
            yield self._namer.violation(
                reason, fact, f"{name} is in a class without members", f"{name} è in una classe senza membri"
            )
        for one, other, axiom in self._ontology.disjoint:
            others = {self._facts.canonical(node) for node, _ in self._facts.members(other)}
            for node, _ in self._facts.members(one) if others else ():
                if self._facts.canonical(node) in others:
                    yield self._in_both(node, one, other, axiom)

    def _in_both(self, node: Node, one: Node, other: Node, axiom: Axiom) -> Result:
        (first_by, first), (second_by, second) = (self._facts.reason(node, kind) for kind in (one, other))
        name, names = self._namer.name(node), [self._namer.name(kind) for kind in (one, other)]
        why = [self._namer.because(axiom) for axiom in (first_by, second_by)]
        last = first if first_by is not None and second_by is None else second
        return self._namer.violation(
            axiom,
            last,
            f"{name} is a {names[0]}{why[0]} and a {names[1]}{why[1]}, which share no member",
            f"{name} è {names[0]}{why[0]} e {names[1]}{why[1]}, che non hanno membri in comune",
            focus=node,
        )

    def _single_values(self) -> Iterator[Result]:
        """Rule prp-fp."""
        for axiom in self._ontology.of_kind(OWL.FunctionalProperty.value):
            for facts in _grouped(self._facts.of(axiom.subject), lambda fact: self._facts.canonical(fact.subject)):
                yield from self._at_most(1, axiom, facts)

    def _single_subjects(self) -> Iterator[Result]:
        """Rule prp-ifp."""
        for axiom in self._ontology.of_kind(OWL.InverseFunctionalProperty.value):
            for facts in _grouped(self._facts.of(axiom.subject), lambda fact: self._facts.canonical(fact.value)):
                yield from self._one_subject(axiom, facts)

    def _one_subject(self, axiom: Axiom, facts: Sequence[Fact]) -> Iterator[Result]:
        """All subjects of *facts* would be the same thing."""
        distinct = self._facts.distinct(facts, lambda fact: fact.subject)
        for first, second in combinations(distinct, 2):
            names = f"{self._namer.name(first.subject)}, {self._namer.name(second.subject)}"
            if self._facts.differ(first.subject, second.subject):
                yield self._namer.violation(
                    axiom,
                    second,
                    f"{names} have the same value, but are different things",
                    f"{names} hanno lo stesso valore, ma sono cose diverse",
                )
                return
        if len(distinct) > 1:
            names = ", ".join(self._namer.name(fact.subject) for fact in distinct[:5])
            yield self._namer.warning(
                axiom,
                distinct[1],
                f"{len(distinct)} things have the same value: this would make {names} one",
                f"{len(distinct)} cose hanno lo stesso valore: questo farebbe di {names} una sola",
            )

    def _keys(self) -> Iterator[Result]:
        """Rule prp-key."""
        for axiom in self._ontology.axioms(OWL.hasKey.value):
            properties = self._ontology.members(axiom.value)
            keyed: dict[tuple[Node, ...], list[Fact]] = {}
            for node, _ in self._facts.members(axiom.subject):
                facts = [self._facts.about(node, one) for one in properties]
                keys = product(*([self._facts.canonical(fact.value) for fact in some] for some in facts))
                for key, _ in zip(keys, range(_MOST_KEYS), strict=False):
                    keyed.setdefault(key, []).append(facts[0][0])
            for facts_of_key in keyed.values():
                yield from self._one_subject(axiom, facts_of_key)

    def _shapes_of_relations(self) -> Iterator[Result]:
        """Rules prp-irp and prp-asyp."""
        for axiom in self._ontology.of_kind(OWL.IrreflexiveProperty.value):
            for fact in self._facts.of(axiom.subject):
                if self._facts.canonical(fact.subject) == self._facts.canonical(fact.value):
                    name = self._namer.name(fact.subject)
                    yield self._namer.violation(axiom, fact, f"{name} leads to itself", f"{name} conduce a sé stesso")
        for axiom in self._ontology.of_kind(OWL.AsymmetricProperty.value):
            yield from self._asymmetric(axiom)

    def _asymmetric(self, axiom: Axiom) -> Iterator[Result]:
        seen: set[tuple[Node, Node]] = set()
        for fact in self._facts.of(axiom.subject):
            ends = self._facts.canonical(fact.subject), self._facts.canonical(fact.value)
            seen.add(ends)
            if ends[::-1] in seen:
                names = self._namer.name(fact.subject), self._namer.name(fact.value)
                yield self._namer.violation(
                    axiom,
                    fact,
                    f"{names[0]} and {names[1]} lead to each other",
                    f"{names[0]} e {names[1]} conducono l’uno all’altro",
                )

    def _disjoint_properties(self) -> Iterator[Result]:
        """Rules prp-pdw and prp-adp."""
        for one, other, axiom in self._ontology.disjoint_properties:
            pair = self._facts.canonical_pair
            stated = {pair(fact) for fact in self._facts.of(one)}
            for fact in self._facts.of(other) if stated else ():
                if pair(fact) in stated:
                    names = self._namer.name(one), self._namer.name(other)
                    yield self._namer.violation(
                        axiom,
                        fact,
                        f"{self._namer.name(fact.value)} is the value of {names[0]} and of {names[1]}",
                        f"{self._namer.name(fact.value)} è il valore di {names[0]} e di {names[1]}",
                    )

    def _denied(self) -> Iterator[Result]:
        """Rules prp-npa1 and prp-npa2."""
        for denial, denied in self._facts.denials():
            for fact in self._facts.about(denied.subject, denied.predicate):
                if self._facts.canonical(fact.value) == self._facts.canonical(denied.value):
                    yield self._namer.violation(
                        denial, fact, "the statement is stated, and denied", "l’enunciato è affermato, e negato"
                    )

    def _different(self) -> Iterator[Result]:
        """Rules eq-diff1 to eq-diff3."""
        for axiom, fact in self._facts.differences():
            if self._facts.canonical(fact.subject) == self._facts.canonical(fact.value):
                names = self._namer.name(fact.subject), self._namer.name(fact.value)
                yield self._namer.violation(
                    axiom,
                    fact,
                    f"{names[0]} and {names[1]} are stated to be the same, and to differ",
                    f"{names[0]} e {names[1]} sono dichiarati la stessa cosa, e diversi",
                )


def _grouped(facts: Iterable[Fact], key: Callable[[Fact], Node]) -> Iterator[list[Fact]]:
    """Groups of facts with the same key, where there are several."""
    groups: dict[Node, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    return (group for group in groups.values() if len(group) > 1)
