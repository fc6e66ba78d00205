"""The properties on which sources disagree, as each ``mg:Disagreement`` of the dataset says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, rows
from missiongraph.publication.settings import pick
from missiongraph.vocab import MG, SKOS

#: The disagreements about each thing, by property.
Conflicts = Mapping[NamedNode, Mapping[NamedNode, "Conflict"]]


@dataclass(frozen=True)
class Conflict:
    """What a ``mg:Disagreement`` says of one property of a thing.

    :ivar claims: the graphs that disagree
    :ivar accepted: those of them that ``mg:acceptedClaim`` names
    :ivar note: a remark in the reader's language
    """

    iri: NamedNode
    claims: tuple[NamedNode, ...]
    accepted: tuple[NamedNode, ...]
    note: str | None

    @property
    def refused(self) -> frozenset[NamedNode]:
        """The graphs that contradict the accepted ones; empty if no graph is accepted."""
        return frozenset(self.claims) - frozenset(self.accepted) if self.accepted else frozenset()


def conflicts_about(
    engine: Engine, things: Iterable[NamedNode], language: str
) -> dict[NamedNode, dict[NamedNode, Conflict]]:
    """The disagreements about each of *things*, by property, with the remark in *language*."""
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


def refused(conflicts: Conflicts) -> frozenset[NamedNode]:
    """All graphs that contradict an accepted one."""
    return frozenset(graph for of_thing in conflicts.values() for one in of_thing.values() for graph in one.refused)
