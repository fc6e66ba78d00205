"""Constraints of SHACL as sentences of the interface: how many values, of what kind, and what if not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.vocab import RDF, SH, XSD
from missiongraph.web.reader import Reader, local_name, upper_first
from missiongraph.web.wording import message

Shape = Mapping[NamedNode, Sequence[Term]]
Shapes = Mapping[Term, Shape]

#: What becomes of data that does not keep to a shape (SHACL, section 2.1.4).
_SEVERITIES = {
    SH.Violation: message("otherwise the data are refused"),
    SH.Warning: message("otherwise a warning"),
    SH.Info: message("otherwise a remark"),
}

#: The same of data that break a rule, which says so in its own words.
_CONSEQUENCES = {
    SH.Violation: message("The data are refused with these words."),
    SH.Warning: message("A warning has these words."),
    SH.Info: message("A remark has these words."),
}

_DATATYPES = {
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
_NODE_KINDS = {
    SH.IRI: message("a thing with an IRI"),
    SH.Literal: message("a literal"),
    SH.BlankNode: message("a part without an IRI"),
    SH.BlankNodeOrIRI: message("a thing"),
}


def severity_of(reader: Reader, shape: Shape) -> str:
    """What follows if *shape* is not kept; a shape that does not say refuses the data."""
    return _severity_in(reader, shape, _SEVERITIES)


def consequence_of(reader: Reader, shape: Shape) -> str:
    """The same beside the message of a rule."""
    return _severity_in(reader, shape, _CONSEQUENCES)


def _severity_in(reader: Reader, shape: Shape, words: Mapping[NamedNode, str]) -> str:
    stated = next((term for term in shape.get(SH.severity, ()) if isinstance(term, NamedNode)), SH.Violation)
    return reader.say(words[stated]) if stated in words else reader.label(stated)[0]


def in_words(reader: Reader, shape: Shape, shapes: Shapes) -> str:
    """The constraints of a property shape as one sentence; empty where it states none that has words here."""
    clauses = [*_clauses(reader, shape, shapes)]
    return f"{upper_first('; '.join(clauses))}." if clauses else ""


def _clauses(reader: Reader, shape: Shape, shapes: Shapes) -> Iterator[str]:
    """How many, of what, among which, written how (SHACL, section 4)."""
    if count := _count(reader, shape):
        yield count
    for kind in _iris(shape, SH["class"]):
        yield reader.say("each of the class “%(kind)s”", kind=reader.class_name(kind))
    for datatype in _iris(shape, SH.datatype):
        known = _DATATYPES.get(datatype)
        yield reader.say("each %(what)s", what=reader.say(known) if known else local_name(datatype))
    for node_kind in _iris(shape, SH.nodeKind):
        if not shape.get(SH["class"]) and node_kind in _NODE_KINDS:
            yield reader.say("each %(what)s", what=reader.say(_NODE_KINDS[node_kind]))
    for head in shape.get(SH["in"], ()):
        names = [reader.label(term)[0] for term in _members(head, shapes)]
        yield reader.say("one of: %(values)s", values=", ".join(names))
    if any(getattr(flag, "value", "") == "true" for flag in shape.get(SH.uniqueLang, ())):
        yield reader.say("at most one in each language")
    for inner in shape.get(SH.qualifiedValueShape, ()):
        yield from _qualified(reader, shape, shapes.get(inner, {}), shapes)
    for constraint, clause in (
        (SH.minInclusive, message("not below %(number)s")),
        (SH.maxInclusive, message("not above %(number)s")),
        (SH.minExclusive, message("above %(number)s")),
        (SH.maxExclusive, message("below %(number)s")),
        (SH.minLength, message("at least %(number)s characters long")),
        (SH.maxLength, message("at most %(number)s characters long")),
    ):
        for bound in shape.get(constraint, ()):
            yield reader.say(clause, number=reader.value(bound).text)
    for pattern in shape.get(SH.pattern, ()):
        yield reader.say("written after the pattern %(pattern)s", pattern=str(getattr(pattern, "value", "")))


def _qualified(reader: Reader, shape: Shape, inner: Shape, shapes: Shapes) -> Iterator[str]:
    """What is asked of some of the values only."""
    least = _number(shape, SH.qualifiedMinCount)
    for head in inner.get(SH.languageIn, ()):
        tags = ", ".join(str(getattr(term, "value", "")) for term in _members(head, shapes))
        yield reader.say("at least %(number)s in the language %(tags)s", number=least or 1, tags=tags)


def _count(reader: Reader, shape: Shape) -> str:
    least, most = _number(shape, SH.minCount), _number(shape, SH.maxCount)
    if least and least != most and most is not None:
        return reader.say("from %(least)s to %(most)s values", least=least, most=most)
    one, several, number = (
        (message("exactly one value"), message("exactly %(number)s values"), least)
        if least is not None and least == most
        else (message("at least one value"), message("at least %(number)s values"), least)
        if least
        else (message("at most one value"), message("at most %(number)s values"), most)
    )
    if number is None:
        return ""
    return reader.say(one) if number == 1 else reader.say(several, number=number)


def _iris(shape: Shape, constraint: NamedNode) -> list[NamedNode]:
    return [term for term in shape.get(constraint, ()) if isinstance(term, NamedNode)]


def _number(shape: Shape, constraint: NamedNode) -> int | None:
    stated = next((t.value for t in shape.get(constraint, ()) if isinstance(t, Literal)), "")
    return int(stated) if stated.isdigit() else None


def _members(head: Term, shapes: Shapes) -> Iterator[Term]:
    """The members of a list, once even where it leads back into itself."""
    seen: set[Term] = set()
    while head not in seen and (first := shapes.get(head, {}).get(RDF.first)):
        seen.add(head)
        yield first[0]
        rest = shapes[head].get(RDF.rest, ())
        if not rest:
            return
        head = rest[0]
