"""Computes maps: points as dots, lines and areas as outlines, names beside them, and countries behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Literal

from missiongraph.drawings.countries_behind import countries_of, extent, land_of, line_of
from missiongraph.drawings.country_outlines import Coasts
from missiongraph.drawings.linked_texts import Link
from missiongraph.drawings.projection import Position, Window, window_around
from missiongraph.geometry import Geometry

MOST_PLACES = 500

#: A map with more places writes no names; pointing at a dot shows its name.
MOST_NAMED = 40

#: Widths of a map in pixels: beside text, and as the main content of a page.
NARROW, WIDE = 400, 640

#: How many positions of a line or area are looked at to decide which part of the world is drawn.
_MOST_EXTREMES = 200

_MARGIN = 44
_LETTER, _LINE, _DOT = 7.5, 11, 4.5


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a map, at a pixel.

    :ivar left: whether its name is to the left of the dot
    :ivar named: whether its name is always shown, not only when somebody points at the dot
    :ivar hollow: whether the dot is not filled
    :ivar outlined: whether its outline is drawn instead of a dot
    """

    link: Link
    x: float
    y: float
    left: bool = False
    named: bool = True
    hollow: bool = False
    outlined: bool = False

    @property
    def name_x(self) -> float:
        """The x at which its name begins; at which it ends, if the name is to the left."""
        beside = 14 if self.link.current else 9
        return round(self.x + (-beside if self.left else beside), 1)

    @property
    def corners(self) -> str:
        """Path data of the corners that mark the place which the page is about; empty for any other place."""
        return f"M{self.x - 9} {self.y - 3}v-6h6M{self.x + 9} {self.y + 3}v6h-6" if self.link.current else ""


@dataclass(frozen=True, slots=True)
class Outline:
    """The geometry of a place besides its dot, as SVG path data: an area with its holes, a line, or further dots."""

    link: Link
    kind: Literal["area", "line", "spots"]
    path: str


@dataclass(frozen=True, slots=True)
class Map:
    """Places, and the countries behind them as SVG path data.

    :ivar land: the countries in which places lie; empty if there are no outlines of countries
    :ivar other: other countries in sight
    :ivar outlines: the lines and areas of places
    """

    kind: ClassVar = "map"

    places: tuple[Place, ...]
    land: str
    other: str
    width: int
    height: int
    outlines: tuple[Outline, ...] = ()

    @property
    def crowded(self) -> bool:
        """Whether there are too many places to write their names."""
        return len(self.places) > MOST_NAMED


def map_of(
    places: Sequence[tuple[Link, Geometry]],
    outlines: Coasts,
    hollow: Collection[Link] = (),
    width: int = NARROW,
) -> Map | None:
    """The map of *places*; ``None`` if there are none.

    :param places: links, each with its geometry in longitude and latitude (WGS 84)
    :param outlines: the outlines of countries
    :param hollow: links of the places whose dots are not filled
    :param width: in pixels; the height is at most a fifth more
    """
    anchors = tuple(_flat(geometry.anchor()) for _, geometry in places)
    further = tuple(at for _, geometry in places if geometry.kind != "Point" for at in _extremes(geometry))
    home, alone, window = _frame(anchors, further, outlines, width)
    if window is None:
        return None
    dots = [(link, at) for (link, _), position in zip(places, anchors, strict=True) if (at := window.at(*position))]
    named = _named(dots, width) if len(dots) <= MOST_NAMED else _quiet(dots, width)
    drawn = [one for link, geometry in places if geometry.kind != "Point" for one in _outlines(link, geometry, window)]
    drawn_links = {one.link for one in drawn if one.kind != "spots"}
    if hollow or drawn:
        named = tuple(
            replace(place, hollow=place.link in hollow, outlined=place.link in drawn_links) for place in named
        )
    return Map(named, *land_of(window, outlines, home, alone=alone), width, window.height, tuple(drawn))


def _flat(position: Sequence[float]) -> Position:
    return position[0], position[1]


def _extremes(geometry: Geometry) -> list[Position]:
    """Positions of *geometry* that show how far it extends."""
    positions = [_flat(at) for at in geometry.positions]
    ends = [f(positions, key=lambda at: at[axis]) for axis in (0, 1) for f in (min, max)]
    return [*ends, *positions[:: max(1, len(positions) // _MOST_EXTREMES)]]


def _outlines(link: Link, geometry: Geometry, window: Window) -> Iterator[Outline]:
    """The outlines of those parts of *geometry* that are large enough to be seen."""
    lines = [line_of(line, window) for line in geometry.lines]
    areas = [line_of(ring, window) for area in geometry.areas for ring in area]
    for kind, drawn, end in (("area", areas, "Z"), ("line", lines, "")):
        if any(_reach(line) > 2 * _DOT for line in drawn):
            path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) + end for line in drawn if len(line) > 1)
            yield Outline(link, "area" if kind == "area" else "line", path)
    spots = [at for point in geometry.points[1:] if (at := window.at(*_flat(point)))]
    if spots:
        yield Outline(link, "spots", "".join(f"M{x:.1f} {y:.1f}h0" for x, y in spots))


def _reach(line: Sequence[Position]) -> float:
    """The width or the height of *line* in pixels, whichever is more."""
    return max((max(at[axis] for at in line) - min(at[axis] for at in line) for axis in (0, 1) if line), default=0.0)


@lru_cache(maxsize=32)
def _frame(
    positions: tuple[Position, ...], further: tuple[Position, ...], outlines: Coasts, width: int
) -> tuple[frozenset[int], bool, Window | None]:
    """The countries in which *positions* lie, whether only one country is drawn, and the window.

    If all lie in one country, the window shows that one; else it shows all positions.
    """
    countries = set(countries_of(positions, outlines).values())
    home = frozenset(number for number in countries if number is not None)
    alone = len(countries) == len(home) == 1
    frame = [*extent(min(home), positions, outlines), *further] if alone else [*positions, *further]
    margin = _MARGIN if not alone and len(positions) <= MOST_NAMED else _MARGIN // 2
    return home, alone, window_around(frame, width, margin)


def _named(dots: Sequence[tuple[Link, Position]], width: int) -> tuple[Place, ...]:
    """The places with their names to the right, else to the left, else hidden, so that none covers a name or a dot."""
    taken = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for _, (x, y) in dots]
    places = []
    for link, (x, y) in dots:
        length = len(link.text) * _LETTER + 9
        for left in (False, True):
            west, east = (x - length, x - 6) if left else (x + 6, x + length)
            box = (west, y - _LINE / 2, east, y + _LINE / 2)
            if west >= 0 and east <= width - 4 and not any(_meet(box, other) for other in taken):
                taken.append(box)
                places.append(Place(link, round(x, 1), round(y, 1), left))
                break
        else:
            places.append(Place(link, round(x, 1), round(y, 1), left=x > width / 2, named=False))
    return tuple(places)


def _quiet(dots: Sequence[tuple[Link, Position]], width: int) -> tuple[Place, ...]:
    return tuple(Place(link, round(x, 1), round(y, 1), left=x > width / 2, named=False) for link, (x, y) in dots)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
