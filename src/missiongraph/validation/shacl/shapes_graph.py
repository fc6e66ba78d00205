"""A shapes graph: its statements, their places in files, and what is ill-formed in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.errors import Place, Problem
from missiongraph.publication.rdf_files import ParsedFile
from missiongraph.publication.source_positions import PlacesOf
from missiongraph.rdf.datatypes import INTEGERS, is_lexical
from missiongraph.validation.report import Term
from missiongraph.validation.shacl.shapes import ShapeTerm
from missiongraph.vocab import RDF, RDFS, SH, XSD


@dataclass(frozen=True)
class Remark:
    """A note on a statement of a shapes file, in English and Italian, for the report."""

    subject: Term
    predicate: NamedNode
    english: str
    italian: str


class ShapesGraph:
    """The statements of *files*.

    :ivar problems: what makes shapes unusable
    :ivar remarks: what has no effect
    :param places: where statements stand in the files
    """

    def __init__(self, files: Sequence[ParsedFile], places: PlacesOf | None = None) -> None:
        self.triples = list(dict.fromkeys(quad.triple for file in files for quad in file.quads))
        self.problems: list[Problem] = []
        self.remarks: list[Remark] = []
        self._below: dict[NamedNode, frozenset[Term]] = {}
        self._places = places
        self._about: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(dict)
        for triple in self.triples:
            self._about[triple.subject].setdefault(triple.predicate, []).append(triple.object)

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """The objects of *subject* and *predicate*."""
        return self._about.get(subject, {}).get(predicate, [])

    def predicates(self, subject: Term) -> dict[NamedNode, list[Term]]:
        """The objects of *subject*, by predicate."""
        return self._about.get(subject, {})

    def subjects(self, predicate: NamedNode) -> Iterator[ShapeTerm]:
        """The subjects of statements with *predicate*."""
        return (s for s, said in self._about.items() if predicate in said and not isinstance(s, Literal | Triple))

    def instances(self, class_: NamedNode) -> Iterator[ShapeTerm]:
        """The SHACL instances of *class_*."""
        return (subject for subject in self.subjects(RDF.type) if self.is_instance(subject, class_))

    def is_instance(self, subject: Term, class_: NamedNode) -> bool:
        """Whether *subject* is a SHACL instance of *class_*."""
        return not self.below(class_).isdisjoint(self.values(subject, RDF.type))

    def below(self, class_: NamedNode) -> frozenset[Term]:
        """*class_* and its subclasses."""
        if class_ in self._below:
            return self._below[class_]
        found: dict[Term, None] = {class_: None}
        for kind in (todo := [class_]):
            for below in self._subclasses.get(kind, ()):
                if below not in found:
                    found[below] = None
                    todo.append(below)
        self._below[class_] = frozenset(found)
        return self._below[class_]

    @cached_property
    def _subclasses(self) -> dict[Term, list[NamedNode]]:
        found: dict[Term, list[NamedNode]] = {}
        for subject in self.subjects(RDFS.subClassOf):
            for above in self.values(subject, RDFS.subClassOf):
                if isinstance(subject, NamedNode):
                    found.setdefault(above, []).append(subject)
        return found

    def place(self, subject: Term, predicate: NamedNode | None = None, value: Term | None = None) -> Place | None:
        """Where the statement stands; if that is not known, where *subject* is described."""
        if self._places is None:
            return None
        found = self._places.statement(subject, predicate, value) if predicate is not None else None
        return found or self._places.term(subject)

    def name(self, shape: ShapeTerm) -> str:
        """The name of *shape* in messages."""
        if isinstance(shape, NamedNode):
            return f"shape {shape.value}"
        paths = self.values(shape, SH.path)
        if paths and isinstance(paths[0], NamedNode):
            return f"shape of the property {paths[0].value}"
        return "shape without a name"

    def refuse(
        self,
        shape: ShapeTerm,
        why: str,
        predicate: NamedNode | None = None,
        value: Term | None = None,
        *,
        of: Term | None = None,
        advice: str | None = None,
    ) -> None:
        """Add a problem: *shape* cannot be used because of the statement.

        :param of: the subject of the statement, if that is not *shape*
        """
        place = self.place(of or shape, predicate, value) or self.place(shape)
        problem = Problem(f"the {self.name(shape)} cannot be used: {why}", place, advice)
        if problem not in self.problems:
            self.problems.append(problem)

    def remark(self, subject: Term, predicate: NamedNode, english: str, italian: str) -> None:
        """Add a remark: the statement has no effect."""
        remark = Remark(subject, predicate, english, italian)
        if remark not in self.remarks:
            self.remarks.append(remark)

    def members(self, shape: ShapeTerm, predicate: NamedNode, head: Term) -> list[Term]:
        """The members of the SHACL list *head* (SHACL, section 1.1); a problem and no members if it is none."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != RDF.nil:
            first, rest = self.values(head, RDF.first), self.values(head, RDF.rest)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                self.refuse(shape, f"the value of {short(predicate)} is no list", predicate)
                return []
            seen.add(head)
            found.append(first[0])
            head = rest[0]
        return found

    def checked(self, shape: ShapeTerm, predicate: NamedNode, kind: str, *, single: bool = True) -> list[Term]:
        """The values of *predicate* that are of *kind*, a key of :data:`KINDS`. Others are problems."""
        values = self.values(shape, predicate)
        if single and len(values) > 1:
            self.refuse(shape, f"{short(predicate)} has {len(values)} values, and may have one", predicate, values[1])
        found = []
        for value in values[:1] if single else values:
            if KINDS[kind](value):
                found.append(value)
            else:
                self.refuse(shape, f"{short(predicate)} takes {kind}, and {shown(value)} is none", predicate, value)
        return found

    def flag(self, shape: ShapeTerm, predicate: NamedNode) -> bool:
        """Whether *predicate* has the value ``true``."""
        return any(value == Literal(True) for value in self.checked(shape, predicate, "a truth value"))


def short(iri: NamedNode) -> str:
    """*iri* with the prefix ``sh:``, else in angle brackets."""
    return f"sh:{iri.value.removeprefix(SH)}" if iri.value.startswith(SH) else f"<{iri.value}>"


def shown(term: Term) -> str:
    """*term* for a message."""
    return "a blank node" if isinstance(term, BlankNode) else str(term)


def _is_literal_of(*datatypes: str) -> Callable[[Term], bool]:
    kinds = frozenset(datatypes)
    return lambda term: (
        isinstance(term, Literal)
        and term.datatype.value in kinds
        and is_lexical(term.value, term.datatype.value) is not False
    )


#: Tests for the values that a parameter takes, by the words of messages.
KINDS: dict[str, Callable[[Term], bool]] = {
    "an IRI": lambda term: isinstance(term, NamedNode),
    "an IRI or a literal": lambda term: isinstance(term, NamedNode | Literal),
    "a literal": lambda term: isinstance(term, Literal),
    "a shape": lambda term: isinstance(term, NamedNode | BlankNode),
    "an IRI or a blank node": lambda term: isinstance(term, NamedNode | BlankNode),
    "a list": lambda term: isinstance(term, NamedNode | BlankNode),
    "a whole number": _is_literal_of(*INTEGERS),
    "a truth value": _is_literal_of(XSD.boolean.value),
    "a text": _is_literal_of(XSD.string.value),
    "a text, with or without language": _is_literal_of(XSD.string.value, RDF.langString.value),
    "any term": lambda term: True,
}
