"""Cuts lines and areas that cross the antimeridian, where longitude jumps from 180 to -180 (RFC 7946, 3.1.9)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from missiongraph.geometry.shapes import Area, Geometry, Kind, Line, Position

#: Decimals of a computed degree; the last one is about a centimetre.
_DIGITS = 7

_KINDS: tuple[tuple[Kind, Kind], ...] = (
    ("Point", "MultiPoint"),
    ("LineString", "MultiLineString"),
    ("Polygon", "MultiPolygon"),
)

#: The turns of the globe on which parts of a line that crosses once may lie.
_TURNS = (-1, 0, 1)


def jumps(geometry: Geometry) -> bool:
    """Whether a line has neighbouring positions whose longitudes differ by more than 180 degrees."""
    return any(180 < abs(a[0] - b[0]) < 360 for path in geometry.paths for a, b in pairwise(path))


def joined(geometry: Geometry) -> Geometry:
    """*geometry*, cut at the antimeridian.

    Its neighbouring positions must be close to each other on the earth. This holds for coordinates that were computed
    from those of another system, in which the line had no jump.
    """
    if not jumps(geometry):
        return geometry
    parts = [piece for part in geometry.parts() for piece in _pieces(part)]
    by_kind = [(several, tuple(p.coordinates for p in parts if p.kind == single)) for single, several in _KINDS]
    members = tuple(Geometry(kind, coordinates) for kind, coordinates in by_kind if coordinates)
    return members[0] if len(members) == 1 else Geometry("GeometryCollection", members=members)


def _pieces(part: Geometry) -> list[Geometry]:
    if part.kind == "Point" or not jumps(part):
        return [part]
    if part.kind == "LineString":
        line = _continued(part.coordinates)
        pieces = ((piece, turn) for turn in _TURNS for piece in _lines_within(line, turn))
        return [Geometry("LineString", _home(piece, turn)) for piece, turn in pieces]
    rings = tuple(map(_continued, part.coordinates))
    area = tuple(_beside(ring, rings[0][0][0]) for ring in rings)
    halves = [tuple(_home(_cut(ring, turn), turn) for ring in area) for turn in _TURNS]
    return [Geometry("Polygon", _whole(half)) for half in halves if len(half[0]) > 3]


def _whole(area: Area) -> Area:
    return (area[0], *(ring for ring in area[1:] if len(ring) > 3))


def _continued(line: Line) -> Line:
    """*line* without jumps; its longitudes go on beyond 180 or -180."""
    positions, turns = [line[0]], 0
    for before, at in pairwise(line):
        turns += (at[0] - before[0] < -180) - (at[0] - before[0] > 180)
        positions.append((at[0] + 360 * turns, *at[1:]))
    return tuple(positions)


def _beside(ring: Line, longitude: float) -> Line:
    """*ring* moved to the same turn of the globe as *longitude*."""
    turns = round((longitude - ring[0][0]) / 360)
    return tuple((at[0] + 360 * turns, *at[1:]) for at in ring)


def _home(line: Line, turn: int) -> Line:
    return tuple((round(at[0] - 360 * turn, _DIGITS), *at[1:]) for at in line)


def _between(a: Position, b: Position, longitude: float) -> Position:
    share = (longitude - a[0]) / (b[0] - a[0])
    return (longitude, *(round(p + share * (q - p), _DIGITS) for p, q in zip(a[1:], b[1:], strict=False)))


def _cut(ring: Line, turn: int) -> Line:
    """The part of *ring* on one turn of the globe (Sutherland and Hodgman, 1974)."""
    west, east = 360 * turn - 180, 360 * turn + 180
    sides: tuple[tuple[float, Callable[[Position], bool]], ...] = (
        (west, lambda at: at[0] >= west),
        (east, lambda at: at[0] <= east),
    )
    for bound, inside in sides:
        kept: list[Position] = []
        for a, b in pairwise(ring):
            if inside(a) != inside(b):
                kept.append(_between(a, b, bound))
            if inside(b):
                kept.append(b)
        ring = (*kept, kept[0]) if kept else ()
    return tuple(at for number, at in enumerate(ring) if not number or at != ring[number - 1])


def _lines_within(line: Line, turn: int) -> list[Line]:
    """The parts of *line* on one turn of the globe."""
    west, east = 360 * turn - 180, 360 * turn + 180
    pieces: list[list[Position]] = [[]]
    for a, b in pairwise(line):
        ends = [at for at in (a, b) if west <= at[0] <= east]
        ends += [_between(a, b, bound) for bound in (west, east) if min(a[0], b[0]) < bound < max(a[0], b[0])]
        piece = sorted(dict.fromkeys(ends), key=lambda at: abs(at[0] - a[0]))
        if len(piece) < 2:
            continue
        if not pieces[-1] or pieces[-1][-1] != piece[0]:
            pieces.append([piece[0]])
        pieces[-1] += piece[1:]
    return [tuple(piece) for piece in pieces if len(piece) > 1]
