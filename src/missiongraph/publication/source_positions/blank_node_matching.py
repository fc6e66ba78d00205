"""Matches the blank nodes that a light reader found in a text with those of the parser."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple
Graph = NamedNode | BlankNode | DefaultGraph


@dataclass(frozen=True)
class Written:
    """A statement as a light reader read it.

    :ivar object: ``None`` if the reader does not read such objects (XML literals)
    :ivar at: the offsets of subject, predicate and object in the text
    """

    subject: Node
    predicate: NamedNode
    object: Term | None
    graph: Graph
    at: tuple[int, int, int]


def same_blanks(written: Sequence[Written], quads: Sequence[Quad]) -> dict[BlankNode, BlankNode]:
    """Maps the blank nodes of *written* to those of *quads*, which the parser read from the same text.

    Mostly both have the statements in the same order. If not (the parser orders lists differently), the statements
    about blank nodes tell them apart.
    """
    ours = [(one.subject, one.predicate, _as_written(one.object), one.graph) for one in written]
    theirs = [(quad.subject, quad.predicate, _as_written(quad.object), quad.graph_name) for quad in quads]
    return _in_order(ours, theirs) or _by_colour(ours, theirs)


def _as_written(term: Term | None) -> object:
    """JSON-LD may leave datatype and language to its context."""
    return term.value if isinstance(term, Literal) else term


Row = Sequence[object]


def _in_order(ours: Sequence[Row], theirs: Sequence[Row]) -> dict[BlankNode, BlankNode]:
    if len(ours) != len(theirs):
        return {}
    same: dict[BlankNode, BlankNode] = {}
    for mine, other in zip(ours, theirs, strict=True):
        for one, two in zip(mine, other, strict=True):
            if not isinstance(one, BlankNode):
                if one != two and not isinstance(one, DefaultGraph):
                    return {}
            elif not isinstance(two, BlankNode) or same.setdefault(one, two) != two:
                return {}
    return same if len(set(same.values())) == len(same) else {}


def _by_colour(ours: Sequence[Row], theirs: Sequence[Row]) -> dict[BlankNode, BlankNode]:
    """Maps blank nodes with the same statements to each other; if there are several such, in their order."""
    places: dict[int, list[BlankNode]] = defaultdict(list)
    for node, colour in _colours(theirs).items():
        places[colour].append(node)
    kinds: dict[int, list[BlankNode]] = defaultdict(list)
    for node, colour in _colours(ours).items():
        kinds[colour].append(node)
    return {
        one: two
        for colour, nodes in kinds.items()
        if len(nodes) == len(places[colour])
        for one, two in zip(nodes, places[colour], strict=True)
    }


#: Blank nodes that differ only by statements more than so many steps away are told apart by their order.
_FARTHEST = 30


def _colours(rows: Iterable[Row]) -> dict[BlankNode, int]:
    """A number for each blank node, equal for those with the same statements; blank nodes in the order of *rows*."""
    said = [row for row in rows if any(isinstance(term, BlankNode) for term in row[:3])]
    colours = {term: 0 for row in said for term in row[:3] if isinstance(term, BlankNode)}
    kinds = 0
    for _ in range(_FARTHEST):
        if len(set(colours.values())) == kinds:
            break
        kinds = len(set(colours.values()))
        sums: dict[BlankNode, int] = defaultdict(int)
        for row in said:
            seen = tuple(colours[term] if isinstance(term, BlankNode) else term for term in row[:3])
            for at, term in enumerate(row[:3]):
                if isinstance(term, BlankNode):
                    sums[term] += hash((at, *seen))
        colours = {node: hash((colour, sums[node])) for node, colour in colours.items()}
    return colours
