"""Reads all that a page needs about its resources at once, so that a page asks the engine few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.graph.along_paths import statements_along
from missiongraph.graph.application_profile import PropertyProfile, Step
from missiongraph.graph.statements_and_labels import Properties, Statement, statements_linking, statements_of
from missiongraph.vocab import MG, RDF
from missiongraph.web.content.facts.declared_disagreements import Conflict, conflicts_about, refused
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.facts.nested_values import Below, nodes_below
from missiongraph.web.content.facts.summaries import key_values, parts_of
from missiongraph.web.content.layout.term_writer import Reader

#: Most values of one property on a page. A link leads to a query for all.
MOST_VALUES = 60

#: Most values of one property that are read. The page shows the first of them.
MOST_READ = 1_000


@dataclass(frozen=True)
class Prefetched:
    """What the graph says about one resource.

    :ivar statements: with the resource as subject
    :ivar profiles: the property shapes that apply to it
    :ivar inverse: statements with the resource as object that shapes ask for, by property
    :ivar conflicts: disagreements of sources about it, by property
    :ivar nested: properties of objects that are blank nodes or hash IRIs of the resource
    :ivar below: the blank nodes that these lead to, with the cells of lists
    :ivar denied: graphs that state of such an object what is not accepted
    :ivar margin: the margin notes of all resources of the page
    :ivar further: statements at the end of property paths of several steps that shapes ask for
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
    """Read what the graph says about each of *things*; *reader* learns the names of all terms.

    :param only: the only property to read
    """
    engine = reader.site.engine
    stated = statements_of(engine, things, MOST_READ)
    types = {thing: _types(found) for thing, found in stated.items()}
    profiles = {thing: reader.site.profile.facts_of(thing, kinds) for thing, kinds in types.items()}
    if only is not None:
        stated = {thing: tuple(s for s in found if s.predicate == only) for thing, found in stated.items()}
        profiles = {t: tuple(p for p in found if p.key == (only, False)) for t, found in profiles.items()}
    ends = [(p.path, thing) for thing, wanted in profiles.items() for p in wanted if _is_inverse(p)]
    linking = statements_linking(engine, ends, MOST_VALUES + 1)  # one more, to know whether there are more
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
    beside = key_values(reader, [term for term in named if isinstance(term, NamedNode)])
    claims = [claim for found in conflicts.values() for conflict in found.values() for claim in conflict.claims]
    stating = [graph for one in beside.values() for graph in one.graphs]
    evidence = [thing for thing, kinds in types.items() if MG.EvidenceGraph in kinds]
    margin = Margin(reader, dict.fromkeys([g for s in everything for g in s.graphs] + claims + stating + evidence))
    reader.key_information.update({thing: one.with_notes(margin) for thing, one in beside.items()})
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
    """The statements that the page shows: the first ones of each property."""
    return (s for _, found in groupby(statements, key=lambda s: s.predicate) for s in islice(found, MOST_VALUES))


def _types(statements: Iterable[Statement]) -> tuple[NamedNode, ...]:
    return tuple(s.object for s in statements if s.predicate == RDF.type and isinstance(s.object, NamedNode))
