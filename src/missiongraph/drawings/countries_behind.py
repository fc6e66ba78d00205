"""Finds the countries in which the places of a map lie, and draws the outlines of countries in sight."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from missiongraph.drawings.country_outlines import Box, Coasts, Ring
from missiongraph.drawings.projection import Position, Window

_FINEST, _COARSEST, _TOLERANCE, _LEAST_ISLAND = 0.8, 20.0, 0.7, 2.5  # pixels
_DEGREE = 111.0  # kilometres of a degree of latitude
_REACH = 15.0  # degrees around a place in which parts of its country are drawn
_STRAIGHT = 2.0  # degrees of a line that may be drawn straight
_OFFSHORE = 0.5  # degrees that a place may lie off a coast whose outline is coarse


class Land(NamedTuple):
    """SVG path data of the countries in which places lie (`home`), and of all others in sight."""

    home: str = ""
    other: str = ""


def countries_of(positions: Sequence[Position], outlines: Coasts) -> dict[Position, int | None]:
    """The number of the country in which each of *positions* lies, or to which it is close; else ``None``."""
    country_of: dict[Position, int | None] = dict.fromkeys(positions)
    around = _meeting(box_of(positions), outlines, _OFFSHORE) if positions else {}
    left = list(country_of)
    for number in sorted(around, key=lambda number: sum(_size(ring.box) for ring in around[number])):
        inside = {at for at in left if _contains(around[number], at, outlines)}
        country_of.update(dict.fromkeys(inside, number))
        left = [at for at in left if at not in inside]  # few positions are left for the largest countries
    country_of.update((at, _nearest(at, _meeting((*at, *at), outlines, _OFFSHORE), outlines)) for at in left)
    return country_of


def _meeting(box: Box, outlines: Coasts, reach: float = 0.0) -> dict[int, list[Ring]]:
    """The rings of each country whose bounding boxes meet *box*, made larger by *reach* degrees."""
    west, south, east, north = box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach
    near = {
        number: [r for r in rings if r.box[0] <= east and r.box[2] >= west and r.box[1] <= north and r.box[3] >= south]
        for number, rings in enumerate(outlines.rings)
    }
    return {number: rings for number, rings in near.items() if rings}


def box_of(positions: Sequence[Position]) -> Box:
    """West, south, east and north of *positions*."""
    longitudes, latitudes = zip(*positions, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _size(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _contains(rings: Iterable[Ring], at: Position, outlines: Coasts) -> bool:
    """Whether *at* lies inside of *rings*: a line from it to the east crosses them an odd number of times."""
    x, y = at
    inside = False
    for ring in rings:
        west, south, east, north = ring.box
        if not (west <= x <= east and south <= y <= north):
            continue
        for (ax, ay), (bx, by) in pairwise(_points(ring, outlines)):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def _points(ring: Ring, outlines: Coasts) -> list[Position]:
    """The points of *ring* in order; the common point of two arcs comes twice."""
    return [at for number in ring.arcs for at in outlines.line(number)]


def _nearest(at: Position, around: dict[int, list[Ring]], outlines: Coasts) -> int | None:
    """The country whose outline has the point nearest to *at*; ``None`` if none is within :data:`_OFFSHORE`."""
    stretch = math.cos(math.radians(at[1]))
    distances = [
        (math.hypot((x - at[0]) * stretch, y - at[1]), number)
        for number, rings in around.items()
        for ring in rings
        for x, y in _points(ring, outlines)
    ]
    distance, number = min(distances, default=(math.inf, None))
    return number if distance <= _OFFSHORE else None


def extent(country: int, positions: Sequence[Position], outlines: Coasts) -> list[Position]:
    """The points of the outline of *country* near *positions*, without its parts overseas, and *positions*."""
    (x, y) = positions[0]
    near = _meeting((x, y, x, y), outlines, _REACH).get(country, ())
    return [*positions, *(at for ring in near for at in _points(ring, outlines))]


@lru_cache(maxsize=32)
def land_of(window: Window, outlines: Coasts, home: frozenset[int], *, alone: bool) -> Land:
    """The paths of the countries in sight of *window*, those of *home* apart from the others.

    :param alone: leave out the others
    """
    seen = _meeting(window.bounds, outlines)
    lines: dict[int, list[Position]] = {}

    def line(number: int) -> list[Position]:
        index = number if number >= 0 else ~number
        if index not in lines:
            lines[index] = _drawn(outlines.line(index), window)
        return lines[index] if number >= 0 else lines[index][::-1]

    def path(numbers: Iterable[int]) -> str:
        rings = (
            _cut([at for number in ring.arcs for at in line(number)], window)
            for country in numbers
            for ring in seen[country]
            if max(ring.box[2] - ring.box[0], ring.box[3] - ring.box[1]) * _DEGREE * window.scale >= _LEAST_ISLAND
        )
        return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings if len(ring) > 2)

    return Land(path(home & seen.keys()), "" if alone else path(seen.keys() - home))


def line_of(line: Sequence[Sequence[float]], window: Window) -> list[Position]:
    """The points of *line* (longitude, latitude) in pixels; points are added to long parts, so that they bend."""
    dense: list[Position] = [(line[0][0], line[0][1])]
    for a, b in pairwise(line):
        parts = max(1, math.ceil(max(abs(b[0] - a[0]), abs(b[1] - a[1])) / _STRAIGHT))
        dense += [(a[0] + (b[0] - a[0]) * n / parts, a[1] + (b[1] - a[1]) * n / parts) for n in range(1, parts + 1)]
    return _drawn(dense, window)


def _drawn(line: Sequence[Position], window: Window) -> list[Position]:
    """*line* in pixels, without points that make no visible difference."""
    return _simplified([at for at in (window.at(*one) for one in _thinned(line, window)) if at is not None])


def _thinned(line: Sequence[Position], window: Window) -> Sequence[Position]:
    """*line* without points less than about a pixel from the one before; its ends stay, so that borders meet.

    It measures in degrees, so that most points need not be projected. Out of sight it keeps fewer points.
    """
    if len(line) < 3:
        return line
    (x, y), (west, south, east, north) = line[0], window.bounds
    stretch, pixel = math.cos(math.radians(y)) ** 2, 1 / window.scale / _DEGREE
    fine, coarse = (_FINEST * pixel) ** 2, (_COARSEST * pixel) ** 2
    kept = [line[0]]
    for at in line[1:-1]:
        right, up = at[0] - x, at[1] - y
        away = right * right * stretch + up * up
        if away >= coarse or (away >= fine and west <= at[0] <= east and south <= at[1] <= north):
            kept.append(at)
            x, y = at
    kept.append(line[-1])
    return kept


def _simplified(line: list[Position]) -> list[Position]:
    """*line* without points that lie within a pixel of the rest (Douglas and Peucker, 1973); its ends stay."""
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


def _cut(ring: list[Position], window: Window) -> list[Position]:
    """*ring* clipped to the window and a little around it (Sutherland and Hodgman, 1974)."""
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
