"""What makes quads a nanopublication: the criteria of the guidelines, and that parts are named after the whole."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import DefaultGraph, NamedNode, Quad

from missiongraph.vocab import NP, RDF


def faults(quads: Sequence[Quad]) -> list[str]:
    """Which criteria of "Well-formed Nanopublications" *quads* miss."""
    if not quads or any(isinstance(quad.graph_name, DefaultGraph) for quad in quads):
        return ["not every statement has a graph"]
    heads = [quad for quad in quads if quad.predicate == RDF.type and quad.object == NP.Nanopublication]
    if len(heads) != 1:
        return [f"{len(heads)} nanopublications"]
    own, head = heads[0].subject, heads[0].graph_name
    parts = {}
    for name in ("hasAssertion", "hasProvenance", "hasPublicationInfo"):
        named = [q.object for q in quads if (q.subject, q.predicate, q.graph_name) == (own, NP[name], head)]
        if len(named) != 1:
            return [f"{len(named)} values of {name}"]
        parts[name] = named[0]
    wrong = [] if len({own, head, *parts.values()}) == 5 else ["two parts have one name"]
    names = [str(getattr(part, "value", "")) for part in (own, head, *parts.values())]
    wrong += [] if all(name.startswith(names[0].rstrip("#/")) for name in names) else ["a part of another name"]
    places = {quad.graph_name for quad in quads}
    wrong += [f"{name} is empty" for name, part in parts.items() if part not in places]
    wrong += ["a graph too many"] if places - {head, *parts.values()} else []
    wrong += [] if refers(quads, parts["hasProvenance"], parts["hasAssertion"]) else ["nothing on the assertion"]
    wrong += [] if refers(quads, parts["hasPublicationInfo"], own) else ["nothing on the nanopublication"]
    return wrong


def refers(quads: Sequence[Quad], graph: object, to: object) -> bool:
    """Whether *graph* has a statement about or with *to*."""
    return any(quad.graph_name == graph and to in (quad.subject, quad.predicate, quad.object) for quad in quads)


def name_of(quads: Sequence[Quad]) -> str:
    """The name of the nanopublication in *quads*."""
    (named,) = [q.subject for q in quads if q.object == NP.Nanopublication]
    assert isinstance(named, NamedNode)
    return named.value
