"""Things in a few words: a part of another in a line, and the properties that tell of a thing beside its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.profile import Profile
from missiongraph.vocab import GEO, RDF, SCHEMA
from missiongraph.web import formatting
from missiongraph.web.reader import Reader

_LONGEST_SUMMARY = 2000


def summary(reader: Reader, properties: Mapping[NamedNode, Sequence[Term]]) -> str:
    """A node in a line: an amount, a place, or its properties."""
    lexical = {p: v[0].value for p, v in properties.items() if isinstance(v[0], Literal)}
    if SCHEMA.value in lexical and SCHEMA.currency in lexical:
        return formatting.format_money(lexical[SCHEMA.value], lexical[SCHEMA.currency], reader.language)
    if GEO.asWKT in lexical:
        return formatting.format_point(lexical[GEO.asWKT], reader.language)
    parts = [
        f"{reader.property_name(p)}: {'…' if isinstance(value, BlankNode) else reader.value(value, p).text}"
        for p, values in sorted(properties.items(), key=lambda item: item[0].value)
        for value in values
        if p != RDF.type
    ]
    return "; ".join(parts)[:_LONGEST_SUMMARY]


def key_properties(engine: Engine, profile: Profile, things: Sequence[NamedNode]) -> list[tuple[NamedNode, NamedNode]]:
    """Those of *things* that are told with more than their name, each with the property that tells it."""
    if not things or not profile.key_info:
        return []
    text = f"""SELECT ?s ?c WHERE {{ VALUES ?s {{ {" ".join(map(str, things))} }}
        ?s {RDF.type} ?c FILTER(?c IN ({", ".join(map(str, profile.key_info))})) }}"""
    typed = [(row["s"], row["c"]) for row in rows(engine, text)]
    return [
        (thing, path)
        for thing, kind in typed
        if isinstance(thing, NamedNode) and isinstance(kind, NamedNode)
        for path in profile.key_info[kind]
    ]
