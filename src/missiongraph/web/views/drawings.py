"""Geometry of the small drawings of an entity's page. Templates only write it down as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_BARS = 180
MOST_NEIGHBOURS = 7

_STEP = 40
_LEFT, _CENTRE, _RIGHT = 250, 410, 570


def shorten(text: str, most: int) -> str:
    """The text cut to `most` characters, with an ellipsis where something was cut.

    >>> shorten("Arno", 8), shorten("Reno di Casalecchio", 8)
    ('Arno', 'Reno di…')
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Bar:
    """One fact in the strip: as high as it has independent sources, red where they disagree."""

    x: float
    y: int
    width: float
    height: int
    differ: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The sums of a page's evidence, in a drawing and in the words beside it."""

    bars: tuple[Bar, ...]
    width: float
    facts: int
    sources: int
    corroborated: int
    disagreements: int
    bare: int
    first_disagreement: str | None = None
    last_checked: str | None = None


def bars(facts: Sequence[tuple[int, bool]]) -> tuple[tuple[Bar, ...], float]:
    """Bars for pairs (independent sources, disagreement), and the width of the whole strip."""
    if len(facts) > MOST_BARS:
        return (), 0.0
    step = 9.0 if len(facts) <= 60 else round(540 / len(facts), 2)
    drawn = tuple(
        Bar(round(index * step, 2), 30 - height, round(step * 2 / 3, 2), height, differ)
        for index, (sources, differ) in enumerate(facts)
        for height in (max(2, 9 * min(sources, 3)),)
    )
    return drawn, round(len(facts) * step, 2)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing one step away: its name and the name of the property between."""

    name: str
    property: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A neighbour in its place: dot, curve to the centre, name outside, property on the line."""

    name: str
    label: str
    x: int
    y: int
    path: str
    left: bool
    below: bool

    @property
    def anchor(self) -> str:
        """SVG `text-anchor` of the name."""
        return "end" if self.left else "start"

    @property
    def name_x(self) -> int:
        """Where the name begins or ends."""
        return self.x - 10 if self.left else self.x + 10

    @property
    def label_anchor(self) -> str:
        """SVG `text-anchor` of the property's name."""
        return "start" if self.left else "end"

    @property
    def label_x(self) -> int:
        """Where the property's name begins or ends."""
        return self.x + 10 if self.left else self.x - 10

    @property
    def label_y(self) -> int:
        """The property's name stands on the side of the line that the curve leaves free."""
        return self.y + 16 if self.below else self.y - 6


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What points to a thing on the left, what it points to on the right."""

    name: str
    branches: tuple[Branch, ...]
    height: int
    middle: int
    centre: int
    corners: str


def neighbourhood(name: str, incoming: Sequence[Neighbour], outgoing: Sequence[Neighbour]) -> Neighbourhood | None:
    """The drawing of a thing between its neighbours, at most seven on each side; None without any."""
    sides = (tuple(incoming)[:MOST_NEIGHBOURS], tuple(outgoing)[:MOST_NEIGHBOURS])
    rows = max(len(side) for side in sides)
    if rows == 0:
        return None
    shown = shorten(name, 20)
    height = rows * _STEP + 24
    middle = height // 2 + 6
    half = max(40, round(len(shown) * 3.9) + 12)
    branches = [
        _branch(neighbour, side_index == 0, middle + round((index - (len(side) - 1) / 2) * _STEP), middle, half)
        for side_index, side in enumerate(sides)
        for index, neighbour in enumerate(side)
    ]
    left, right = _CENTRE - half + 2, _CENTRE + half - 2
    corners = f"M{left} {middle - 4}v-10h10M{right} {middle + 4}v10h-10"
    return Neighbourhood(shown, tuple(branches), height, middle, _CENTRE, corners)


def _branch(neighbour: Neighbour, left: bool, y: int, middle: int, half: int) -> Branch:
    x, end = (_LEFT, _CENTRE - half - 8) if left else (_RIGHT, _CENTRE + half + 8)
    bend = (x + end) // 2
    path = f"M{x} {y}C{bend} {y} {bend} {middle} {end} {middle}"
    return Branch(shorten(neighbour.name, 36), shorten(neighbour.property, 22), x, y, path, left, y > middle)
