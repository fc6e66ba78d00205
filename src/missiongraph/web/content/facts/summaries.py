"""Things in a few words: blank nodes and hash IRIs in one line, and the key information beside a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.geometry import GEOMETRIES, stated_geometry
from missiongraph.graph.along_paths import statements_along
from missiongraph.graph.application_profile import Profile
from missiongraph.graph.statements_and_labels import Properties, Statement
from missiongraph.vocab import RDF, SCHEMA
from missiongraph.web.content.facts.declared_disagreements import Conflicts, conflicts_about, refused
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import KeyInformation, Value

_LONGEST_SUMMARY = 2000

#: Most values beside a name.
_MOST_VALUES = 10

#: Most statements that are read about the blank nodes and hash IRIs of one thing.
_MOST_OF_PARTS = 500


def summary(reader: Reader, properties: Mapping[NamedNode, Sequence[Term]]) -> str:
    """A node with *properties* in one line: as an amount of money, as a geometry, else as "name: value" pairs."""
    lexical = {p: v[0].value for p, v in properties.items() if isinstance(v[0], Literal)}
    if SCHEMA.value in lexical and SCHEMA.currency in lexical:
        return formatting.format_money(lexical[SCHEMA.value], lexical[SCHEMA.currency], reader.language)
    if geometry := stated_geometry({p: properties[p] for p in GEOMETRIES if p in properties}):
        return formatting.format_geometry(geometry, reader.language)
    parts = [
        f"{reader.property_name(p)}: {'…' if isinstance(value, BlankNode) else reader.value(value, p).text}"
        for p, values in sorted(properties.items(), key=lambda item: item[0].value)
        for value in values
        if p != RDF.type
    ]
    return "; ".join(parts)[:_LONGEST_SUMMARY]


class KeyValues(NamedTuple):
    """The key information of a thing (``dash:KeyInfoRole``).

    :ivar label: the name of its property
    :ivar graphs: the named graphs that state it
    :ivar differ: whether sources disagree on it
    """

    values: tuple[Value, ...]
    label: str
    graphs: tuple[NamedNode, ...]
    differ: bool

    def with_notes(self, margin: Margin) -> KeyInformation:
        """The view model, with the margin notes of its graphs."""
        notes = margin.notes(self.graphs, self.label)
        return KeyInformation(", ".join(v.text for v in self.values), notes, self.differ, self.values[0].lang)


def key_values(reader: Reader, things: Sequence[NamedNode]) -> dict[NamedNode, KeyValues]:
    """The key information of those of *things* that have some; *reader* learns their terms."""
    engine = reader.site.engine
    wanted = _key_properties(engine, reader.site.profile, things)
    along = statements_along(engine, [(thing, ((path, False),)) for thing, path in wanted], _MOST_VALUES)
    found: dict[NamedNode, list[Statement]] = defaultdict(list)
    for (thing, _), statements in along.items():
        found[thing] += statements
    parts = parts_of(engine, found)
    reader.learn([s.object for said in found.values() for s in said])
    reader.learn([t for of in parts.values() for properties in of.values() for t in terms_of(properties)])
    asked = (t for t in (*found, *(part for of in parts.values() for part in of)) if isinstance(t, NamedNode))
    conflicts = conflicts_about(engine, dict.fromkeys(asked), reader.language) if found else {}
    return {
        thing: _key_values(reader, thing, said, parts.get(thing, {}), conflicts)
        for thing, said in found.items()
        if said
    }


def _key_values(
    reader: Reader, thing: NamedNode, said: Sequence[Statement], parts: Mapping[Term, Properties], conflicts: Conflicts
) -> KeyValues:
    by_predicate: dict[NamedNode, list[Term]] = defaultdict(list)
    for statement in said:
        by_predicate[statement.predicate].append(statement.object)
    shown = [
        value
        for predicate, terms in by_predicate.items()
        for value in (
            *(Value(summary(reader, parts[term])) for term in terms if term in parts),
            *reader.values([term for term in terms if term not in parts], predicate),
        )
    ]
    own = {part: conflicts[part] for part in parts if isinstance(part, NamedNode) and part in conflicts}
    of_thing = {p: one for p, one in conflicts.get(thing, {}).items() if p in by_predicate}
    denied = refused({**own, thing: of_thing})
    return KeyValues(
        values=tuple(value for value in shown if value.lang is None) or tuple(shown[:1]),
        label=reader.property_name(said[0].predicate),
        graphs=tuple(dict.fromkeys(graph for s in said for graph in s.graphs if graph not in denied)),
        differ=bool(own or of_thing),
    )


def _key_properties(engine: Engine, profile: Profile, things: Sequence[NamedNode]) -> list[tuple[NamedNode, NamedNode]]:
    """The properties that hold key information, each with its thing."""
    if not things or not profile.key_info:
        return []
    text = f"""SELECT ?s ?c WHERE {{ VALUES ?s {{ {" ".join(map(str, things))} }}
        ?s {RDF.type} ?c FILTER(?c IN ({", ".join(map(str, profile.key_info))})) }}"""
    return [
        (thing, path)
        for row in rows(engine, text)
        if isinstance(thing := row["s"], NamedNode) and isinstance(kind := row["c"], NamedNode)
        for path in profile.key_info[kind]
    ]


def parts_of(
    engine: Engine, stated: Mapping[NamedNode, Sequence[Statement]]
) -> dict[NamedNode, dict[Term, Properties]]:
    """The properties of objects that belong to one thing alone: its blank nodes and its hash IRIs."""
    ends = dict.fromkeys((thing, s.predicate) for thing, found in stated.items() for s in found if _is_part(s))
    patterns = [
        f"""{{ SELECT ({thing} AS ?s) ?part ?p ?o WHERE {{ {thing} {predicate} ?part
            FILTER(isBlank(?part) || STRSTARTS(STR(?part), {Literal(f"{thing.value}#")})) ?part ?p ?o }}
            LIMIT {_MOST_OF_PARTS} }}"""
        for thing, predicate in ends
    ]
    found: dict[NamedNode, dict[Term, Properties]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    text = f"SELECT ?s ?part ?p ?o WHERE {{ {' UNION '.join(patterns)} }}"
    for row in rows(engine, text) if patterns else ():
        thing, part, predicate, value = row["s"], row["part"], row["p"], row["o"]
        if isinstance(thing, NamedNode) and isinstance(predicate, NamedNode) and part is not None and value is not None:
            known = found[thing][part][predicate]
            if value not in known:  # several properties may lead to the same object
                known.append(value)
    return found


def _is_part(statement: Statement) -> bool:
    term, thing = statement.object, statement.subject
    if isinstance(term, NamedNode) and isinstance(thing, NamedNode):
        return term.value.startswith(f"{thing.value}#")
    return isinstance(term, BlankNode)


def terms_of(properties: Properties) -> Iterable[Term]:
    """All terms in *properties*."""
    return (term for predicate, values in properties.items() for term in (predicate, *values))
