"""Computes the small drawings of the page of a thing: the evidence strip and the neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_FACTS = 180
MOST_NEIGHBOURS = 7

_STEP = 40
_NAMES = 200
_LINES = 160


def shorten(text: str, most: int) -> str:
    """The text cut to `most` characters, with an ellipsis if something was cut.

    >>> shorten("Arno", 8), shorten("Reno di Casalecchio", 8)
    ('Arno', 'Reno di…')
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Bar:
    """A fact in the evidence strip: its height shows the number of origins, its colour whether sources disagree."""

    x: float
    y: int
    width: float
    height: int
    differ: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The evidence strip of a page: the bars, and the numbers that the words beside it state."""

    bars: tuple[Bar, ...]
    width: float
    facts: int
    sources: int
    corroborated: int
    disagreements: int
    bare: int
    first_disagreement: str | None = None
    last_checked: str | None = None
    origins: int = 1


def bars(facts: Sequence[tuple[int, bool]]) -> tuple[tuple[Bar, ...], float]:
    """The bars of *facts* (number of origins, whether sources disagree), and the width of the strip in pixels."""
    if len(facts) > MOST_FACTS:
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
    """A thing one step away: its name, and the name of the property between."""

    name: str
    property: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A neighbour in the drawing: a dot at a pixel, a curve to the centre, its name, and the property on the curve."""

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
        """The x at which the name begins; at which it ends, if it is on the left side."""
        return self.x - 10 if self.left else self.x + 10

    @property
    def label_anchor(self) -> str:
        """SVG `text-anchor` of the property's name."""
        return "start" if self.left else "end"

    @property
    def label_x(self) -> int:
        """The x at which the property's name begins or, on the right side, ends."""
        return self.x + 10 if self.left else self.x - 10

    @property
    def label_y(self) -> int:
        """The y of the property's name: on that side of the line which the curve leaves free."""
        return self.y + 16 if self.below else self.y - 6


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A thing in the middle, on the left what links to it, on the right what it links to."""

    name: str
    branches: tuple[Branch, ...]
    width: int
    height: int
    middle: int
    centre: int
    corners: str


def neighbourhood(name: str, incoming: Sequence[Neighbour], outgoing: Sequence[Neighbour]) -> Neighbourhood | None:
    """The neighbourhood of the thing called *name*, with at most seven neighbours a side; ``None`` without any."""
    lefts, rights = incoming[:MOST_NEIGHBOURS], outgoing[:MOST_NEIGHBOURS]
    rows = max(len(lefts), len(rights))
    if rows == 0:
        return None
    shown = shorten(name, 20)
    half = max(40, round(len(shown) * 3.9) + 12)
    side = _NAMES + _LINES
    centre = (side if lefts else 0) + half + 8
    height = rows * _STEP + 24
    middle = height // 2
    branches = [
        _branch(
            neighbour, left=left, y=middle + round((index - (len(side_of) - 1) / 2) * _STEP), middle=middle, end=end
        )
        for left, side_of, end in ((True, lefts, centre - half - 8), (False, rights, centre + half + 8))
        for index, neighbour in enumerate(side_of)
    ]
    left, right = centre - half + 2, centre + half - 2
    return Neighbourhood(
        shown,
        tuple(branches),
        width=centre + half + 8 + (side if rights else 0),
        height=height,
        middle=middle,
        centre=centre,
        corners=f"M{left} {middle - 4}v-10h10M{right} {middle + 4}v10h-10",
    )


def _branch(neighbour: Neighbour, *, left: bool, y: int, middle: int, end: int) -> Branch:
    """A branch whose curve is flat beside the dot, where the property is written, and steep near the centre."""
    away = -1 if left else 1
    x, bend = end + away * _LINES, end + away * 12
    path = f"M{x} {y}C{bend} {y} {bend + away * 30} {middle} {end} {middle}"
    return Branch(shorten(neighbour.name, 27), shorten(neighbour.property, 20), x, y, path, left, y > middle)
