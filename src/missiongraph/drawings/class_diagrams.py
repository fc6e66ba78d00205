"""Computes the class diagram of a vocabulary: a line for each property, from its class to that of its values.

The lines lie under each other, so that none cross.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from missiongraph.drawings.evidence_strips_and_neighbourhoods import shorten
from missiongraph.drawings.linked_texts import Link

_RUNG, _GAP, _SIDE, _MIDDLE, _LETTERS = 24, 12, 210, 250, 28


@dataclass(frozen=True, slots=True)
class Rung:
    """The line of a property between two classes; the class on the left is written at its first line only."""

    left: Link | None
    name: Link
    right: Link
    y: int


@dataclass(frozen=True, slots=True)
class ClassDiagram:
    """Lines from the class on the left, at `start`, to the class on the right, at `end`, in pixels."""

    rungs: tuple[Rung, ...]
    start: int
    middle: int
    end: int
    width: int
    height: int


def class_diagram(edges: Sequence[tuple[Link, Link, Link]]) -> ClassDiagram | None:
    """The diagram of *edges* (class, property, class) in their order; ``None`` if there are none."""
    if not edges:
        return None
    rungs: list[Rung] = []
    y = 0
    for index, (left, name, right) in enumerate(edges):
        first = index == 0 or edges[index - 1][0] != left
        y += _RUNG + (_GAP if first and index else 0)
        rungs.append(Rung(_short(left) if first else None, _short(name), _short(right), y))
    start, end = _SIDE, _SIDE + _MIDDLE
    return ClassDiagram(tuple(rungs), start, (start + end) // 2, end, end + _SIDE, y + _RUNG // 2 + 4)


def _short(link: Link) -> Link:
    return Link(shorten(link.text, _LETTERS), link.href, link.lang)
