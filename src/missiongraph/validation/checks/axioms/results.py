"""Results about axioms: the axiom in Turtle, what contradicts it, and where both stand."""

from __future__ import annotations

from pyoxigraph import NamedNode

from missiongraph.publication.dataset import Dataset
from missiongraph.validation.checks.axioms.facts import Fact
from missiongraph.validation.checks.axioms.ontology import Axiom, Ontology
from missiongraph.validation.report import Result, Severity
from missiongraph.validation.shacl import Node, term_of
from missiongraph.validation.shacl.graph import TYPE, is_blank
from missiongraph.validation.term_names import TermNames
from missiongraph.vocab import OWL, RDF

#: A class expression that is nested more deeply is named by its place.
_DEEPEST = 3
_LISTED = ("unionOf", "intersectionOf", "oneOf", "withRestrictions", "members")


class Namer:
    """Makes results of contradictions and unlikely inferences."""

    def __init__(self, dataset: Dataset, ontology: Ontology) -> None:
        self._dataset, self._ontology, self._names = dataset, ontology, TermNames(dataset)

    def violation(self, axiom: Axiom, fact: Fact, english: str, italian: str, focus: Node | None = None) -> Result:
        """The result that *fact* contradicts *axiom*."""
        return self._result("violation", axiom, fact, (english, italian), focus)

    def warning(self, axiom: Axiom, fact: Fact, english: str, italian: str) -> Result:
        """The result that *axiom* would infer from *fact* what hardly anybody means."""
        return self._result("warning", axiom, fact, (english, italian))

    def _result(
        self, severity: Severity, axiom: Axiom, fact: Fact, texts: tuple[str, str], focus: Node | None = None
    ) -> Result:
        statement = self.axiom(axiom)
        subject, predicate, value = fact.stated
        terms = term_of(subject), NamedNode(predicate), term_of(value)
        english, italian = texts
        return Result(
            severity=severity,
            messages=(("en", f"{statement}: {english}"), ("it", f"{statement}: {italian}")),
            source=statement,
            focus=term_of(focus) if focus is not None else terms[0],
            path=str(terms[1]),
            value=terms[2],
            place=self._dataset.place_about(*terms),
            shape_place=self._dataset.place_about(
                term_of(axiom.subject), NamedNode(axiom.predicate), term_of(axiom.value)
            ),
        )

    def because(self, axiom: Axiom | None) -> str:
        """The axiom in brackets; empty without one."""
        return f" ({self.axiom(axiom)})" if axiom is not None else ""

    def axiom(self, axiom: Axiom) -> str:
        """The axiom as a statement in Turtle."""
        predicate = "a" if axiom.predicate == TYPE else self.name(axiom.predicate)
        value = self._list(axiom.value) if self._ontology.graph.values(axiom.value, RDF.first.value) else None
        subject = self.name(axiom.subject)
        if is_blank(axiom.subject) and axiom.predicate in (OWL.members.value, OWL.distinctMembers.value):
            kinds = self._ontology.graph.values(axiom.subject, TYPE)
            subject = f"[ a {self.name(kinds[0])} ]" if kinds else "[]"
        return f"{subject} {predicate} {value or self.name(axiom.value)}"

    def name(self, node: Node, depth: int = 0) -> str:
        """A term by its prefixed name; a class expression in Turtle."""
        if not is_blank(node) or depth > _DEEPEST:
            return self._names.name_of(term_of(node))
        graph, parts = self._ontology.graph, []
        for predicate in graph.properties(node):
            if predicate in (TYPE, RDF.first.value, RDF.rest.value):
                continue
            for value in graph.values(node, predicate):
                listed = predicate.removeprefix(OWL) in _LISTED
                text = self._list(value, depth + 1) if listed else self.name(value, depth + 1)
                parts.append(f"{self._names.name_of(NamedNode(predicate))} {text}")
        return f"[ {' ; '.join(parts)} ]" if parts else self._names.name_of(term_of(node))

    def _list(self, head: Node, depth: int = 0) -> str:
        return f"( {' '.join(self.name(one, depth) for one in self._ontology.members(head))} )"
