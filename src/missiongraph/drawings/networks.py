"""Computes the drawing of a graph in columns: first the things to which nothing points, then those that they point to.

It uses no simulated forces, so that the same graph is always drawn in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, TypeVar

from missiongraph.drawings.evidence_strips_and_neighbourhoods import shorten
from missiongraph.drawings.linked_texts import Link

_Node = TypeVar("_Node", bound=Hashable)

#: The largest number of things in a drawing, and of columns; the table beside it has the rest.
MOST_NODES, MOST_COLUMNS = 40, 4

_COLUMN, _ROW, _NAME, _LABEL = 310, 34, 24, 18
_LETTER = 6.7


@dataclass(frozen=True, slots=True)
class Node:
    """A thing: a dot at a pixel, and its name to the right of it."""

    name: str
    link: Link
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two things, as SVG path data, and a label with the names of its properties."""

    path: str
    label: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and edges with their coordinates in pixels."""

    kind: ClassVar = "network"

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int


def network(edges: Sequence[tuple[_Node, str, _Node]], links: Mapping[_Node, Link]) -> Network | None:
    """The drawing of *edges* (from, name of the property, to); ``None`` if there are none.

    :param links: the labels of the nodes
    """
    labels: dict[tuple[_Node, _Node], list[str]] = {}
    nodes: dict[_Node, None] = {}
    for source, label, target in edges:
        fresh = {source, target} - nodes.keys()
        if len(nodes) + len(fresh) > MOST_NODES:
            continue
        nodes |= {source: None, target: None}
        known = labels.setdefault((source, target), [])
        if label not in known:
            known.append(label)
    if not labels:
        return None
    columns = _ordered(_columns(nodes, list(labels)), list(labels))
    height = max(map(len, columns)) * _ROW + 20
    places = {
        node: (12 + column * _COLUMN, round(height / 2 + (row - (len(members) - 1) / 2) * _ROW))
        for column, members in enumerate(columns)
        for row, node in enumerate(members)
    }
    names = {node: shorten(links[node].text, _NAME) for node in nodes}
    return Network(
        tuple(Node(names[node], links[node], *places[node]) for node in places),
        tuple(
            _edge(places[source], places[target], names[source], shorten(", ".join(words), _LABEL))
            for (source, target), words in labels.items()
        ),
        width=12 + (len(columns) - 1) * _COLUMN + 200,
        height=height,
    )


def _columns(nodes: Mapping[_Node, None], edges: Sequence[tuple[_Node, _Node]]) -> list[list[_Node]]:
    """The nodes by column: as many columns from the left as steps from a node to which nothing points."""
    pointed = {target for source, target in edges if source != target}
    outgoing = defaultdict(list)
    for source, target in edges:
        outgoing[source].append(target)
    column: dict[_Node, int] = {}
    for root in [*(node for node in nodes if node not in pointed), *nodes]:  # the rest: nodes of cycles only
        if root in column:
            continue
        column[root] = 0
        row = [root]
        for node in row:  # grows while it is walked through
            for target in outgoing[node]:
                if target not in column:
                    column[target] = min(column[node] + 1, MOST_COLUMNS - 1)
                    row.append(target)
    columns: list[list[_Node]] = [[] for _ in range(max(column.values()) + 1)]
    for node in nodes:
        columns[column[node]].append(node)
    return columns


def _ordered(columns: list[list[_Node]], edges: Sequence[tuple[_Node, _Node]]) -> list[list[_Node]]:
    """Sorts each column by the rows of the nodes that point to it, so that few lines cross."""
    for before, members in pairwise(columns):
        rows = {node: row for row, node in enumerate(before)}
        near = {node: [rows[s] for s, t in edges if t == node and s in rows] for node in members}
        members.sort(key=lambda node: sum(near[node]) / len(near[node]) if near[node] else len(before))
    return columns


def _edge(source: tuple[int, int], target: tuple[int, int], name: str, label: str) -> Edge:
    (x, y), (to, down) = source, target
    if to > x:  # from behind the name to the dot; flat at its end, where the property is written
        start, bend = x + 16 + round(len(name) * _LETTER), to - 20 - round(len(label) * _LETTER)
        bend = max(bend, start + 10)
        return Edge(
            f"M{start} {y}C{(start + bend) // 2} {y} {start} {down} {bend} {down}H{to - 7}", label, to - 12, down - 5
        )
    path = f"M{x - 6} {y}C{x - 40} {y} {to - 40} {down} {to - 6} {down}"
    return Edge(path, label, max(x, to) + 12, (y + down) // 2 + (14 if y == down else 0))
