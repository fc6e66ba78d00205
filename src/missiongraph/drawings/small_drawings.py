"""Geometry of the small drawings of an entity's page. Templates only write it down as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_BARS = 180
MOST_NEIGHBOURS = 7

_STEP = 40
_NAMES = 200
_LINES = 160


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
    origins: int = 1


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
    """What points to a thing on the left, what it points to on the right; a side without names takes no room."""

    name: str
    branches: tuple[Branch, ...]
    width: int
    height: int
    middle: int
    centre: int
    corners: str


def neighbourhood(name: str, incoming: Sequence[Neighbour], outgoing: Sequence[Neighbour]) -> Neighbourhood | None:
    """The drawing of a thing between its neighbours, at most seven on each side; None without any."""
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
    """Flat beside its dot, where the property is written, and steep only near the centre."""
    away = -1 if left else 1
    x, bend = end + away * _LINES, end + away * 12
    path = f"M{x} {y}C{bend} {y} {bend + away * 30} {middle} {end} {middle}"
    return Branch(shorten(neighbour.name, 27), shorten(neighbour.property, 20), x, y, path, left, y > middle)
