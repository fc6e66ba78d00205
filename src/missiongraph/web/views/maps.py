"""Geometry of maps: one projection, land as a path, places as dots whose names do not cover each other."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar

from missiongraph.web.coasts import Coasts, Ring
from missiongraph.web.views.parts import Link

MOST_PLACES = 500

#: Places up to which names are written; on a map of more, pointing at a dot shows its name.
MOST_NAMED = 40

#: Widths of a map: beside text, and as the matter of a page.
NARROW, WIDE = 400, 640

_LOWEST = 260
_EARTH = 6371.0
_LEAST_KM = 300.0
_MARGIN = 44
_LETTER, _LINE, _DOT = 7.5, 11, 4.5
_FINEST, _TOLERANCE, _LEAST_ISLAND = 0.8, 0.7, 2.5
_REACH = 15.0  # degrees around a place in which parts of its country are drawn
_FAR = math.radians(140)

#: Centre of ETRS89-LAEA (EPSG:3035), and the part of the world that it is meant for: west, south, east, north.
_EUROPE_CENTRE, _EUROPE = (10.0, 52.0), (-32.0, 27.0, 45.0, 72.0)

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A dot, hollow or filled; `left`: its name stands to the left; `named`: it is written at all times."""

    link: Link
    x: float
    y: float
    left: bool = False
    named: bool = True
    hollow: bool = False

    @property
    def name_x(self) -> float:
        """Where the name begins or ends."""
        return round(self.x + (-9 if self.left else 9), 1)


@dataclass(frozen=True, slots=True)
class Map:
    """Places before the land around them, smaller where they are many; without outlines, `land` is empty."""

    kind: ClassVar = "map"

    places: tuple[Place, ...]
    land: str
    width: int
    height: int

    @property
    def crowded(self) -> bool:
        """Whether there are too many places for their names."""
        return len(self.places) > MOST_NAMED


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection of a sphere around *centre* (longitude, latitude in degrees)."""

    centre: Position

    def __call__(self, longitude: float, latitude: float) -> Position | None:
        """Kilometres east and south of the centre; ``None`` for the far side of the earth.

        >>> [round(km) for km in Projection((10.0, 52.0))(11.33875, 44.49381)]
        [106, 833]
        """
        middle, phi = math.radians(self.centre[1]), math.radians(latitude)
        turn = math.radians(longitude - self.centre[0])
        cosine = math.sin(middle) * math.sin(phi) + math.cos(middle) * math.cos(phi) * math.cos(turn)
        if cosine < math.cos(_FAR):
            return None
        scale = _EARTH * math.sqrt(2 / (1 + cosine))
        north = math.cos(middle) * math.sin(phi) - math.sin(middle) * math.cos(phi) * math.cos(turn)
        return scale * math.cos(phi) * math.sin(turn), -scale * north


@dataclass(frozen=True)
class _Window:
    """The part of the plane that is drawn: its corner, and pixels for a kilometre."""

    projection: Projection
    west: float
    north: float
    scale: float
    width: int
    height: int

    def at(self, longitude: float, latitude: float) -> Position | None:
        found = self.projection(longitude, latitude)
        return None if found is None else ((found[0] - self.west) * self.scale, (found[1] - self.north) * self.scale)


def map_of(
    places: Sequence[tuple[Link, float, float]],
    outlines: Coasts,
    hollow: Collection[Link] = (),
    width: int = NARROW,
) -> Map | None:
    """The map of *places* with longitude and latitude in degrees before *outlines*; ``None`` without any.

    :param hollow: those whose dot is not filled
    :param width: in pixels; it is at most a fifth higher than wide
    """
    positions = [(longitude, latitude) for _, longitude, latitude in places]
    country, window = _frame(tuple(positions), outlines, width)
    if window is None:
        return None
    dots = [(link, at) for link, longitude, latitude in places if (at := window.at(longitude, latitude)) is not None]
    named = _named(dots, width) if len(dots) <= MOST_NAMED else _quiet(dots, width)
    if hollow:
        named = tuple(replace(place, hollow=place.link in hollow) for place in named)
    (west, east), (south, north) = ((min(values), max(values)) for values in zip(*positions, strict=True))
    return Map(named, _land(window, (west, south, east, north), outlines, country), width, window.height)


@lru_cache(maxsize=32)
def _frame(positions: tuple[Position, ...], outlines: Coasts, width: int) -> tuple[int | None, _Window | None]:
    """The country that all *positions* lie in, and the window around it, else around them."""
    country = _country_of(positions, outlines)
    frame = positions if country is None else _extent(country, positions, outlines)
    margin = _MARGIN if country is None and len(positions) <= MOST_NAMED else _MARGIN // 2
    return country, _window(frame, width, margin)


def _country_of(positions: Sequence[Position], outlines: Coasts) -> int | None:
    """The number of the country that all *positions* lie in, which is then drawn whole and alone."""
    for number, rings in enumerate(outlines.rings):
        if positions and all(any(_contains(ring, at, outlines) for ring in rings) for at in positions):
            return number
    return None


def _contains(ring: Ring, at: Position, outlines: Coasts) -> bool:
    """Whether a line from *at* to the east crosses *ring* an odd number of times."""
    (x, y), (west, south, east, north) = at, ring.box
    if not (west <= x <= east and south <= y <= north):
        return False
    inside = False
    for number in ring.arcs:
        line = outlines.arcs[number if number >= 0 else ~number]
        for (ax, ay), (bx, by) in pairwise(zip(line[::2], line[1::2], strict=True)):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def _extent(country: int, positions: Sequence[Position], outlines: Coasts) -> list[Position]:
    """The outline of a country, without what lies overseas."""
    (x, y), reach = positions[0], _REACH
    near = [
        ring
        for ring in outlines.rings[country]
        if ring.box[0] - reach < x < ring.box[2] + reach and ring.box[1] - reach < y < ring.box[3] + reach
    ]
    lines = [outlines.arcs[number if number >= 0 else ~number] for ring in near for number in ring.arcs]
    return [*positions, *(at for line in lines for at in zip(line[::2], line[1::2], strict=True))]


def _window(positions: Sequence[Position], width: int, margin: int) -> _Window | None:
    west, south, east, north = _EUROPE
    if all(west < x < east and south < y < north for x, y in positions):
        projection = Projection(_EUROPE_CENTRE)
    else:
        projection = Projection(_middle(positions))
    found = [at for at in (projection(*position) for position in positions) if at is not None]
    if not found:
        return None
    (left, right), (top, bottom) = ((min(values), max(values)) for values in zip(*found, strict=True))
    highest = width * 6 // 5
    room = width - 2 * margin
    scale = min(room / max(right - left, _LEAST_KM), (highest - 2 * margin) / max(bottom - top, _LEAST_KM))
    height = round(min(max((bottom - top) * scale + 2 * margin, _LOWEST), highest))
    return _Window(
        projection,
        (left + right) / 2 - width / 2 / scale,
        (top + bottom) / 2 - height / 2 / scale,
        scale,
        width,
        height,
    )


def _middle(positions: Sequence[Position]) -> Position:
    """The mean direction of *positions*, which no date line parts."""
    vectors = [(math.radians(x), math.radians(y)) for x, y in positions]
    x = sum(math.cos(phi) * math.cos(turn) for turn, phi in vectors)
    y = sum(math.cos(phi) * math.sin(turn) for turn, phi in vectors)
    z = sum(math.sin(phi) for _, phi in vectors)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


@lru_cache(maxsize=32)
def _land(window: _Window, around: tuple[float, float, float, float], outlines: Coasts, country: int | None) -> str:
    """The countries in sight, or one *country*, as SVG path data; *around* is the box of all places."""
    degrees = max(window.width, window.height) / window.scale / 111.0  # of latitude that the window is wide
    south, north = around[1] - degrees, around[3] + degrees
    wide = degrees / max(math.cos(math.radians(max(abs(south), abs(north), 0.0))), 0.1)
    west, east = around[0] - wide, around[2] + wide
    drawn: dict[int, list[Position]] = {}

    def arc(number: int) -> list[Position]:
        index = number if number >= 0 else ~number
        if index not in drawn:
            line = outlines.arcs[index]
            found = (window.at(x, y) for x, y in zip(line[::2], line[1::2], strict=True))
            drawn[index] = _simplified(_thinned(at for at in found if at is not None))
        return drawn[index] if number >= 0 else drawn[index][::-1]

    rings = []
    for drawn_country in outlines.rings if country is None else outlines.rings[country : country + 1]:
        for ring in drawn_country:
            box = ring.box
            speck = max(box[2] - box[0], box[3] - box[1]) * 111.0 * window.scale < _LEAST_ISLAND
            if not speck and box[0] < east and box[2] > west and box[1] < north and box[3] > south:
                rings.append(_cut([at for number in ring.arcs for at in arc(number)], window))
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings if len(ring) > 2)


def _simplified(line: list[Position]) -> list[Position]:
    """*line* without points that lie within a pixel of it (Douglas and Peucker, 1973); its ends stay."""
    if len(line) < 3:
        return line
    kept, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        (x, y), (to, down) = line[first], line[last]
        length = math.hypot(to - x, down - y)
        furthest, distance = 0, _TOLERANCE
        for index in range(first + 1, last):
            px, py = line[index]
            away = abs((to - x) * (py - y) - (down - y) * (px - x)) / length if length else math.hypot(px - x, py - y)
            if away > distance:
                furthest, distance = index, away
        if furthest:
            kept.add(furthest)
            spans += [(first, furthest), (furthest, last)]
    return [line[index] for index in sorted(kept)]


def _thinned(line: Iterable[Position]) -> list[Position]:
    """*line* without points that are hardly a pixel from the one before; its ends stay, so that borders meet."""
    kept: list[Position] = []
    last: Position | None = None
    for at in line:
        if not kept or math.dist(kept[-1], at) >= _FINEST:
            kept.append(at)
        last = at
    if last is not None and kept[-1] != last:
        kept.append(last)
    return kept


def _cut(ring: list[Position], window: _Window) -> list[Position]:
    """*ring* within the window and a little around it (Sutherland and Hodgman, 1974)."""
    for axis, bound, sign in ((0, -9.0, 1), (0, window.width + 9.0, -1), (1, -9.0, 1), (1, window.height + 9.0, -1)):
        inside = [sign * (at[axis] - bound) >= 0 for at in ring]
        if all(inside):
            continue
        kept: list[Position] = []
        for index, at in enumerate(ring):
            before, was = ring[index - 1], inside[index - 1]
            if was != inside[index]:
                part = (bound - before[axis]) / (at[axis] - before[axis])
                kept.append((before[0] + part * (at[0] - before[0]), before[1] + part * (at[1] - before[1])))
            if inside[index]:
                kept.append(at)
        ring = kept
    return ring


def _named(dots: Sequence[tuple[Link, Position]], width: int) -> tuple[Place, ...]:
    """Names to the right, else to the left, else only for who points at the dot: none covers another or a dot."""
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
