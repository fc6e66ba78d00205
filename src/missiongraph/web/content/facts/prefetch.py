"""What the graph says of the things of a page: asked for all of them at once, so that a page takes few questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.graph.along_paths import statements_along
from missiongraph.graph.application_profile import PropertyProfile, Step
from missiongraph.graph.describe import Properties, Statement, statements_linking, statements_of
from missiongraph.vocab import MG, RDF
from missiongraph.web.content.facts.disputed_properties import Conflict, conflicts_about, refused
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.facts.nested_values import Below, nodes_below
from missiongraph.web.content.facts.summaries import key_values, parts_of
from missiongraph.web.content.layout.reader import Reader

#: Values of one property that a page shows; the others are a query away.
MOST_VALUES = 60

#: Values of one property that are read, of which a page shows the first.
MOST_READ = 1_000


@dataclass(frozen=True)
class Prefetched:
    """What is known of one thing: of what it states, what states it, on what sources differ, and its own parts.

    :ivar inverse: what the shapes want from the other side, by property
    :ivar nested: the properties of values that exist for this thing alone
    :ivar below: all that is said of nodes without a name, those in nodes and the cells of lists too
    :ivar denied: graphs that say of such a value what is not accepted
    :ivar margin: the notes beside all things that were prefetched together, and of those that are evidence themselves
    :ivar further: what the shapes want of what lies several steps away
    """

    statements: tuple[Statement, ...]
    types: tuple[NamedNode, ...]
    profiles: tuple[PropertyProfile, ...]
    inverse: Mapping[NamedNode, tuple[Statement, ...]]
    conflicts: Mapping[NamedNode, Conflict]
    nested: Mapping[Term, Properties]
    below: Below
    denied: frozenset[NamedNode]
    margin: Margin
    further: Mapping[tuple[Step, ...], tuple[Statement, ...]]


def prefetch(reader: Reader, things: Sequence[NamedNode], only: NamedNode | None = None) -> dict[NamedNode, Prefetched]:
    """What is known of each of *things*, all names of which *reader* learns.

    :param only: the one property that is asked for
    """
    engine = reader.site.engine
    stated = statements_of(engine, things, MOST_READ)
    types = {thing: _types(found) for thing, found in stated.items()}
    profiles = {thing: reader.site.profile.facts_of(thing, kinds) for thing, kinds in types.items()}
    if only is not None:
        stated = {thing: tuple(s for s in found if s.predicate == only) for thing, found in stated.items()}
        profiles = {t: tuple(p for p in found if p.key == (only, False)) for t, found in profiles.items()}
    ends = [(p.path, thing) for thing, wanted in profiles.items() for p in wanted if _is_inverse(p)]
    linking = statements_linking(engine, ends, MOST_VALUES + 1)  # one more tells that there are more
    ways = [(thing, p.steps) for thing, wanted in profiles.items() for p in wanted if p.before]
    along = statements_along(engine, ways, MOST_VALUES + 1)
    nested = parts_of(engine, stated)
    below = nodes_below(engine, stated, nested)
    own_parts = [part for found in nested.values() for part in found if isinstance(part, NamedNode)]
    conflicts = {
        thing: {predicate: conflict for predicate, conflict in found.items() if only in (None, predicate)}
        for thing, found in conflicts_about(engine, dict.fromkeys([*things, *own_parts]), reader.language).items()
    }
    everything = [s for found in (*stated.values(), *linking.values(), *along.values()) for s in _shown(found)]
    parts = [t for found in below.values() for t in found.terms]
    reader.learn([*(t for s in everything for t in (s.subject, s.predicate, s.object)), *parts])
    named = dict.fromkeys(t for s in everything for t in (s.subject, s.object) if t not in stated)
    told = key_values(reader, [term for term in named if isinstance(term, NamedNode)])
    claims = [claim for found in conflicts.values() for conflict in found.values() for claim in conflict.claims]
    telling = [graph for one in told.values() for graph in one.graphs]
    evidence = [thing for thing, kinds in types.items() if MG.EvidenceGraph in kinds]
    margin = Margin(reader, dict.fromkeys([g for s in everything for g in s.graphs] + claims + telling + evidence))
    reader.key_information.update({thing: one.with_notes(margin) for thing, one in told.items()})
    return {
        thing: Prefetched(
            statements=stated[thing],
            types=types[thing],
            profiles=profiles[thing],
            inverse={p.path: linking[p.path, thing] for p in profiles[thing] if _is_inverse(p)},
            conflicts=conflicts.get(thing, {}),
            nested=nested.get(thing, {}),
            below=below.get(thing) or Below(),
            denied=refused({part: conflicts[part] for part in own_parts if part in conflicts}),
            margin=margin,
            further={p.steps: along[thing, p.steps] for p in profiles[thing] if p.before},
        )
        for thing in stated
    }


def _is_inverse(profile: PropertyProfile) -> bool:
    return profile.inverse and not profile.before


def _shown(statements: Sequence[Statement]) -> Iterable[Statement]:
    """As many statements of each property as a page has room for."""
    return (s for _, found in groupby(statements, key=lambda s: s.predicate) for s in islice(found, MOST_VALUES))


def _types(statements: Iterable[Statement]) -> tuple[NamedNode, ...]:
    return tuple(s.object for s in statements if s.predicate == RDF.type and isinstance(s.object, NamedNode))
