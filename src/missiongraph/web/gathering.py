"""What the graph says of the things of a page: asked for all of them at once, so that a page takes few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.describe import Properties, Statement, statements_linking, statements_of
from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.paths import statements_along
from missiongraph.profile import PropertyProfile, Step
from missiongraph.settings import pick
from missiongraph.vocab import MG, RDF, SKOS
from missiongraph.web.brief import key_properties, summary
from missiongraph.web.notes import Margin
from missiongraph.web.reader import Reader
from missiongraph.web.views import Brief

#: Values of one property that a page shows; the others are a query away.
MOST_VALUES = 60

#: Statements about the parts of one thing that are told in a line.
_MOST_OF_PARTS = 500


@dataclass(frozen=True)
class Conflict:
    """What a ``mg:Disagreement`` says of one property of a thing."""

    iri: NamedNode
    claims: tuple[NamedNode, ...]
    accepted: tuple[NamedNode, ...]
    note: str | None


@dataclass(frozen=True)
class Gathered:
    """What is known of one thing: of what it states, what states it, on what sources differ, and its own parts.

    :ivar inverse: what the shapes want from the other side, by property
    :ivar nested: the properties of values that exist for this thing alone
    :ivar margin: the notes beside all things that were gathered together, and of those that are evidence themselves
    :ivar further: what the shapes want of what lies several steps away
    """

    statements: tuple[Statement, ...]
    types: tuple[NamedNode, ...]
    profiles: tuple[PropertyProfile, ...]
    inverse: Mapping[NamedNode, tuple[Statement, ...]]
    conflicts: Mapping[NamedNode, Conflict]
    nested: Mapping[Term, Properties]
    margin: Margin
    further: Mapping[tuple[Step, ...], tuple[Statement, ...]]


def gather(reader: Reader, things: Sequence[NamedNode], only: NamedNode | None = None) -> dict[NamedNode, Gathered]:
    """What is known of each of *things*, all names of which *reader* learns.

    :param only: the one property that is asked for
    """
    engine = reader.site.engine
    stated = statements_of(engine, things)
    types = {thing: _types(found) for thing, found in stated.items()}
    profiles = {thing: reader.site.profile.facts_of(thing, kinds) for thing, kinds in types.items()}
    if only is not None:
        stated = {thing: tuple(s for s in found if s.predicate == only) for thing, found in stated.items()}
        profiles = {t: tuple(p for p in found if p.key == (only, False)) for t, found in profiles.items()}
    ends = [(p.path, thing) for thing, wanted in profiles.items() for p in wanted if _is_inverse(p)]
    linking = statements_linking(engine, ends, MOST_VALUES + 1)  # one more tells that there are more
    ways = [(thing, p.steps) for thing, wanted in profiles.items() for p in wanted if p.before]
    along = statements_along(engine, ways, MOST_VALUES + 1)
    conflicts = {
        thing: {predicate: conflict for predicate, conflict in found.items() if only in (None, predicate)}
        for thing, found in conflicts_about(engine, things, reader.language).items()
    }
    nested = _nested(engine, stated)
    everything = [s for found in (*stated.values(), *linking.values(), *along.values()) for s in _shown(found)]
    parts = [t for found in nested.values() for properties in found.values() for t in _terms_of(properties)]
    reader.learn([*(t for s in everything for t in (s.subject, s.predicate, s.object)), *parts])
    named = dict.fromkeys(t for s in everything for t in (s.subject, s.object) if t not in stated)
    told = _told(reader, [term for term in named if isinstance(term, NamedNode)])
    claims = [claim for found in conflicts.values() for conflict in found.values() for claim in conflict.claims]
    telling = [graph for one in told.values() for graph in one.graphs]
    evidence = [thing for thing, kinds in types.items() if MG.EvidenceGraph in kinds]
    margin = Margin(reader, dict.fromkeys([g for s in everything for g in s.graphs] + claims + telling + evidence))
    reader.briefs.update({t: Brief(one.text, margin.marks(one.graphs), one.differ) for t, one in told.items()})
    return {
        thing: Gathered(
            statements=stated[thing],
            types=types[thing],
            profiles=profiles[thing],
            inverse={p.path: linking[p.path, thing] for p in profiles[thing] if _is_inverse(p)},
            conflicts=conflicts.get(thing, {}),
            nested=nested.get(thing, {}),
            margin=margin,
            further={p.steps: along[thing, p.steps] for p in profiles[thing] if p.before},
        )
        for thing in stated
    }


class _Told(NamedTuple):
    """What is told beside the name of a thing, the graphs that say it, and whether others say otherwise."""

    text: str
    graphs: tuple[NamedNode, ...]
    differ: bool


def _told(reader: Reader, things: Sequence[NamedNode]) -> dict[NamedNode, _Told]:
    """What is told beside the names of *things*."""
    engine = reader.site.engine
    wanted = key_properties(engine, reader.site.profile, things)
    along = statements_along(engine, [(thing, ((path, False),)) for thing, path in wanted], MOST_VALUES)
    differing = conflicts_about(engine, dict.fromkeys(thing for thing, _ in wanted), reader.language) if wanted else {}
    found: dict[NamedNode, list[Statement]] = defaultdict(list)
    for (thing, _), statements in along.items():
        found[thing] += statements
    parts = _nested(engine, found)
    reader.learn([s.object for said in found.values() for s in said])
    told = {}
    for thing, said in found.items():
        own, conflicts = parts.get(thing, {}), differing.get(thing, {})
        texts = [summary(reader, own[s.object]) if s.object in own else reader.value(s.object).text for s in said]
        if texts:
            graphs = tuple(dict.fromkeys(g for s in said for g in s.graphs))
            told[thing] = _Told(", ".join(texts), graphs, any(s.predicate in conflicts for s in said))
    return told


def _is_inverse(profile: PropertyProfile) -> bool:
    return profile.inverse and not profile.before


def _shown(statements: Sequence[Statement]) -> Iterable[Statement]:
    """As many statements of each property as a page has room for."""
    return (s for _, found in groupby(statements, key=lambda s: s.predicate) for s in islice(found, MOST_VALUES))


def _types(statements: Iterable[Statement]) -> tuple[NamedNode, ...]:
    return tuple(s.object for s in statements if s.predicate == RDF.type and isinstance(s.object, NamedNode))


def _terms_of(properties: Properties) -> Iterable[Term]:
    return (term for predicate, values in properties.items() for term in (predicate, *values))


def conflicts_about(
    engine: Engine, things: Iterable[NamedNode], language: str
) -> dict[NamedNode, dict[NamedNode, Conflict]]:
    """On which properties of *things* sources differ, with the remark in *language*."""
    text = f"""SELECT ?s ?d ?p ?claim ?accepted ?note WHERE {{ VALUES ?s {{ {" ".join(map(str, things))} }}
        ?d {MG.aboutSubject} ?s ; {MG.aboutProperty} ?p ; {MG.claim} ?claim .
        OPTIONAL {{ ?d {MG.acceptedClaim} ?accepted }} OPTIONAL {{ ?d {SKOS.editorialNote} ?note }} }}"""
    found: dict[tuple[NamedNode, NamedNode], tuple[NamedNode, set[NamedNode], set[NamedNode], dict[str, str]]] = {}
    for row in rows(engine, text):
        thing, node, predicate, claim = row["s"], row["d"], row["p"], row["claim"]
        if not (isinstance(thing, NamedNode) and isinstance(node, NamedNode)):
            continue
        if not (isinstance(predicate, NamedNode) and isinstance(claim, NamedNode)):
            continue
        _, claims, accepted, notes = found.setdefault((thing, predicate), (node, set(), set(), {}))
        claims.add(claim)
        if isinstance(row["accepted"], NamedNode):
            accepted.add(row["accepted"])
        if isinstance(row["note"], Literal):
            notes[row["note"].language or ""] = row["note"].value
    by_thing: dict[NamedNode, dict[NamedNode, Conflict]] = defaultdict(dict)
    for (thing, predicate), (node, claims, accepted, notes) in found.items():
        ordered = tuple(sorted(claims, key=str)), tuple(sorted(accepted, key=str))
        by_thing[thing][predicate] = Conflict(node, *ordered, pick(notes, (language,)) or None)
    return by_thing


def _nested(engine: Engine, stated: Mapping[NamedNode, Sequence[Statement]]) -> dict[NamedNode, dict[Term, Properties]]:
    """The properties of values that exist for one thing alone (blank nodes, its own hash IRIs)."""
    ends = dict.fromkeys((thing, s.predicate) for thing, found in stated.items() for s in found if _is_nested(s))
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
            if value not in known:  # several properties may lead to one part
                known.append(value)
    return found


def _is_nested(statement: Statement) -> bool:
    term, thing = statement.object, statement.subject
    if isinstance(term, NamedNode) and isinstance(thing, NamedNode):
        return term.value.startswith(f"{thing.value}#")
    return isinstance(term, BlankNode)
