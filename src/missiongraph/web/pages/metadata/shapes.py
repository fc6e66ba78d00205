"""The page of the SHACL shapes: in words, what valid data of each class looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Term
from missiongraph.publication.settings import pick
from missiongraph.translation import message
from missiongraph.validation.shapes_in_words import Shape, Shapes, in_words, shapes_in
from missiongraph.vocab import RDFS, SH, local_name
from missiongraph.web.content.layout.term_writer import Reader, upper_first
from missiongraph.web.http.registry import Member
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Fact, Group, Section, Value

#: What follows from a violation of a shape, by severity (SHACL, section 2.1.4).
_SEVERITIES = {
    SH.Violation: message("otherwise the data are refused"),
    SH.Warning: message("otherwise a warning"),
    SH.Info: message("otherwise a remark"),
}

#: The same for SPARQL constraints, which have a message of their own.
_CONSEQUENCES = {
    SH.Violation: message("The data are refused with these words."),
    SH.Warning: message("A warning has these words."),
    SH.Info: message("A remark has these words."),
}


def shape_sections(reader: Reader, member: Member, triples: Sequence[Triple]) -> tuple[Section, ...]:
    """A section for each node shape, with a row for each property shape; the last section has all other shapes."""
    shapes = shapes_in(triples)
    nodes = [s for s, f in shapes.items() if isinstance(s, NamedNode) and (SH.targetClass in f or SH.property in f)]
    reader.learn([term for found in shapes.values() for terms in found.values() for term in terms])
    shown: set[Term] = set()
    sections = []
    for node in sorted(nodes, key=lambda s: _name(reader, s, shapes[s])):
        facts = []
        for part in sorted(shapes[node].get(SH.property, ()), key=lambda p: _order(shapes.get(p, {}))):
            facts.append(_row(reader, part, shapes, first=part not in shown))
            shown.add(part)
        for rule in shapes[node].get(SH.sparql, ()):
            shown.add(rule)
            if text := _text(reader, shapes.get(rule, {}), SH.message):
                words = Value(formatting.quote(text, reader.language), aside=_consequence(reader, shapes[node]))
                facts.append(Fact(reader.say("Otherwise"), (words,)))
        sections.append(_section(reader, node, shapes[node], facts))
    rest = [s for s in shapes if isinstance(s, NamedNode) and s not in shown and s not in nodes and "#" in s.value]
    others = [_row(reader, s, shapes, first=True) for s in sorted(rest, key=str)]
    if others:
        sections.append(Section("page-other", reader.say("Other parts"), (Group("", tuple(others)),)))
    return tuple(sections)


def _section(reader: Reader, node: NamedNode, found: Shape, facts: list[Fact]) -> Section:
    targets = [t for t in found.get(SH.targetClass, ()) if isinstance(t, NamedNode)]
    return Section(
        id=_anchor(node),
        title=_name(reader, node, found),
        groups=(Group("", tuple(facts), description=_text(reader, found, SH.description) or None),) if facts else (),
        kicker=", ".join(reader.class_name(target) for target in targets) or None,
        iri=node.value,
    )


def _row(reader: Reader, shape: Term, shapes: Shapes, *, first: bool) -> Fact:
    found = shapes.get(shape, {})
    path = next((t for t in found.get(SH.path, ()) if isinstance(t, NamedNode)), None)
    name = _text(reader, found, SH["name"]) or _text(reader, found, RDFS.label)
    label = name or (reader.property_name(path) if path else reader.label(shape)[0])
    description = _text(reader, found, SH.description)
    words = in_words(reader, found, shapes)
    says = " ".join(filter(None, (description, words))) or _text(reader, found, SH.message)
    aside = " · ".join(filter(None, (reader.short(path) if path else "", _severity(reader, found)))) or None
    return Fact(
        upper_first(label),
        (Value(says or "…", aside=aside),),
        id=_anchor(shape) if first and isinstance(shape, NamedNode) else None,
    )


def _name(reader: Reader, shape: Term, found: Shape) -> str:
    return _text(reader, found, SH["name"]) or _text(reader, found, RDFS.label) or reader.label(shape)[0]


def _text(reader: Reader, found: Shape, predicate: NamedNode) -> str:
    texts = {t.language or "": t.value for t in found.get(predicate, ()) if isinstance(t, Literal)}
    return re.sub(r"\{[?$]\w+\}", "…", pick(texts, (reader.language,)))  # placeholder that a result fills with a value


def _order(found: Shape) -> tuple[float, str]:
    order = next((t.value for t in found.get(SH.order, ()) if isinstance(t, Literal)), "")
    try:
        return float(order), ""
    except ValueError:
        return float("inf"), str(found)


def _anchor(shape: NamedNode) -> str:
    return shape.value.partition("#")[2] or local_name(shape)


def _severity(reader: Reader, shape: Shape) -> str:
    """What follows if the data violates *shape*. Without ``sh:severity``, the data is refused."""
    return _stated_severity(reader, shape, _SEVERITIES)


def _consequence(reader: Reader, shape: Shape) -> str:
    """The same, as continuation of a constraint's message."""
    return _stated_severity(reader, shape, _CONSEQUENCES)


def _stated_severity(reader: Reader, shape: Shape, words: Mapping[NamedNode, str]) -> str:
    stated = next((term for term in shape.get(SH.severity, ()) if isinstance(term, NamedNode)), SH.Violation)
    return reader.say(words[stated]) if stated in words else reader.label(stated)[0]
