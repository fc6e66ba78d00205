"""Shapes in words: a sentence for the constraints of a shape (SHACL, section 4).

The shapes page uses it for each shape, a report for inner shapes that decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.translation import message
from missiongraph.vocab import RDF, SH, XSD, local_name

Term = NamedNode | BlankNode | Literal | Triple
Shape = Mapping[NamedNode, Sequence[Term]]
Shapes = Mapping[Term, Shape]

#: Datatypes in words.
DATATYPES = {
    XSD.string: message("a text"),
    RDF.langString: message("a text in a stated language"),
    XSD.date: message("a day"),
    XSD.dateTime: message("a moment"),
    XSD.gYear: message("a year"),
    XSD.gYearMonth: message("a month of a year"),
    XSD.integer: message("a whole number"),
    XSD.nonNegativeInteger: message("a whole number, not below zero"),
    XSD.positiveInteger: message("a whole number above zero"),
    XSD.decimal: message("a decimal number"),
    XSD.duration: message("a duration"),
    XSD.boolean: message("yes or no"),
    XSD.anyURI: message("an address"),
}
#: Node kinds in words.
NODE_KINDS = {
    SH.IRI: message("a thing with an IRI"),
    SH.Literal: message("a literal"),
    SH.BlankNode: message("a part without an IRI"),
    SH.BlankNodeOrIRI: message("a thing"),
}


#: How deep inner shapes are put into words.
_DEPTH = 3


class Speaker(Protocol):
    """What puts shapes into words: a language, and names of terms in it."""

    def say(self, message: str, **variables: object) -> str:
        """An English sentence of the interface in this language."""

    def name_of(self, term: Term) -> str:
        """The name of a thing or property; the text of a literal."""

    def class_name(self, kind: NamedNode) -> str:
        """The name of a class."""


def shapes_in(triples: Iterable[Triple]) -> dict[Term, dict[NamedNode, list[Term]]]:
    """The objects of *triples* by subject and predicate."""
    shapes: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        shapes[triple.subject][triple.predicate].append(triple.object)
    return shapes


def in_words(speaker: Speaker, shape: Shape, shapes: Shapes) -> str:
    """The constraints of *shape* as a sentence; empty if there are no words for any."""
    text = clause_of(speaker, shape, shapes)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def clause_of(speaker: Speaker, shape: Shape, shapes: Shapes, depth: int = 0) -> str:
    """The constraints of *shape* as a part of a sentence."""
    return "; ".join(_clauses(speaker, shape, shapes, depth))


def what_datatype(speaker: Speaker, datatype: NamedNode) -> str:
    """A datatype in words; without words for it, its local name."""
    known = DATATYPES.get(datatype)
    return speaker.say(known) if known else local_name(datatype)


def _clauses(speaker: Speaker, shape: Shape, shapes: Shapes, depth: int) -> Iterator[str]:
    """A clause for each constraint of *shape*."""
    if count := _count(speaker, shape):
        yield count
    for kind in _iris(shape, SH["class"]):
        yield speaker.say("each of the class “%(kind)s”", kind=speaker.class_name(kind))
    for datatype in _iris(shape, SH.datatype):
        yield speaker.say("each %(what)s", what=what_datatype(speaker, datatype))
    for node_kind in _iris(shape, SH.nodeKind):
        if not shape.get(SH["class"]) and node_kind in NODE_KINDS:
            yield speaker.say("each %(what)s", what=speaker.say(NODE_KINDS[node_kind]))
    for head in shape.get(SH["in"], ()):
        yield speaker.say("one of: %(values)s", values=", ".join(map(speaker.name_of, members(head, shapes))))
    for value in shape.get(SH.hasValue, ()):
        yield speaker.say("one of them %(value)s", value=speaker.name_of(value))
    for head in shape.get(SH.languageIn, ()):
        yield speaker.say("in one of the languages %(tags)s", tags=", ".join(map(text_of, members(head, shapes))))
    if any(getattr(flag, "value", "") == "true" for flag in shape.get(SH.uniqueLang, ())):
        yield speaker.say("at most one in each language")
    for inner in shape.get(SH.qualifiedValueShape, ()):
        yield from _qualified(speaker, shape, shapes.get(inner, {}), shapes)
    yield from _bounds(speaker, shape)
    yield from _others(speaker, shape)
    if depth < _DEPTH:
        yield from _inner(speaker, shape, shapes, depth + 1)


def _bounds(speaker: Speaker, shape: Shape) -> Iterator[str]:
    for constraint, clause in (
        (SH.minInclusive, message("not below %(number)s")),
        (SH.maxInclusive, message("not above %(number)s")),
        (SH.minExclusive, message("above %(number)s")),
        (SH.maxExclusive, message("below %(number)s")),
        (SH.minLength, message("at least %(number)s characters long")),
        (SH.maxLength, message("at most %(number)s characters long")),
    ):
        for bound in shape.get(constraint, ()):
            yield speaker.say(clause, number=speaker.name_of(bound))
    for pattern in shape.get(SH.pattern, ()):
        yield speaker.say("written after the pattern %(pattern)s", pattern=text_of(pattern))


def _others(speaker: Speaker, shape: Shape) -> Iterator[str]:
    """Clauses that compare the values with those of another property."""
    for constraint, clause in (
        (SH.equals, message("the same as those of “%(other)s”")),
        (SH.disjoint, message("none of them one of “%(other)s”")),
        (SH.lessThan, message("below each of “%(other)s”")),
        (SH.lessThanOrEquals, message("not above any of “%(other)s”")),
    ):
        for other in _iris(shape, constraint):
            yield speaker.say(clause, other=speaker.name_of(other))


def _inner(speaker: Speaker, shape: Shape, shapes: Shapes, depth: int) -> Iterator[str]:
    """Clauses for the inner shapes of *shape*."""

    def in_words_of(term: Term) -> str:
        return named(speaker, term, shapes) or clause_of(speaker, shapes.get(term, {}), shapes, depth)

    for inner in shape.get(SH.node, ()):
        if text := in_words_of(inner):
            yield speaker.say("as “%(shape)s” asks", shape=text)
    for inner in shape.get(SH["not"], ()):
        if text := in_words_of(inner):
            yield speaker.say("not “%(shape)s”", shape=text)
    for constraint, clause in (
        (SH["and"], message("all of: %(shapes)s")),
        (SH["or"], message("at least one of: %(shapes)s")),
        (SH.xone, message("exactly one of: %(shapes)s")),
    ):
        for head in shape.get(constraint, ()):
            texts = [f"({text})" for text in map(in_words_of, members(head, shapes)) if text]
            if texts:
                yield speaker.say(clause, shapes=", ".join(texts))


def named(speaker: Speaker, shape: Term, shapes: Shapes) -> str:
    """The name of a shape with an IRI; empty for another."""
    return speaker.name_of(shape) if isinstance(shape, NamedNode) and shape in shapes else ""


def _qualified(speaker: Speaker, shape: Shape, inner: Shape, shapes: Shapes) -> Iterator[str]:
    """Clauses for qualified value shapes, which restrict only some of the values."""
    least, most = _number(shape, SH.qualifiedMinCount), _number(shape, SH.qualifiedMaxCount)
    for head in inner.get(SH.languageIn, ()):
        tags = ", ".join(map(text_of, members(head, shapes)))
        yield speaker.say("at least %(number)s in the language %(tags)s", number=least or 1, tags=tags)
        return
    if what := clause_of(speaker, inner, shapes, _DEPTH):
        if least:
            yield speaker.say("at least %(number)s of them: %(what)s", number=least, what=what)
        if most is not None:
            yield speaker.say("at most %(number)s of them: %(what)s", number=most, what=what)


def _count(speaker: Speaker, shape: Shape) -> str:
    least, most = _number(shape, SH.minCount), _number(shape, SH.maxCount)
    if least and least != most and most is not None:
        return speaker.say("from %(least)s to %(most)s values", least=least, most=most)
    one, several, number = (
        (message("exactly one value"), message("exactly %(number)s values"), least)
        if least is not None and least == most
        else (message("at least one value"), message("at least %(number)s values"), least)
        if least
        else (message("at most one value"), message("at most %(number)s values"), most)
    )
    if number is None:
        return ""
    return speaker.say(one) if number == 1 else speaker.say(several, number=number)


def _iris(shape: Shape, constraint: NamedNode) -> list[NamedNode]:
    return [term for term in shape.get(constraint, ()) if isinstance(term, NamedNode)]


def _number(shape: Shape, constraint: NamedNode) -> int | None:
    stated = next((t.value for t in shape.get(constraint, ()) if isinstance(t, Literal)), "")
    return int(stated) if stated.isdigit() else None


def text_of(term: Term) -> str:
    """The text of a literal; the IRI of a thing."""
    return str(getattr(term, "value", term))


def members(head: Term, shapes: Shapes) -> Iterator[Term]:
    """The members of an RDF list, each node once, even if the list leads back into itself."""
    seen: set[Term] = set()
    while head not in seen and (first := shapes.get(head, {}).get(RDF.first)):
        seen.add(head)
        yield first[0]
        rest = shapes[head].get(RDF.rest, ())
        if not rest:
            return
        head = rest[0]
