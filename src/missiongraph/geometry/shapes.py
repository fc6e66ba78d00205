"""The model of a geometry: Simple Features, with the names and the nesting of GeoJSON (RFC 7946, 3.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

#: Two coordinates in the axis order of their reference system, and a third one if it is stated.
Position = tuple[float, ...]
Line = tuple[Position, ...]
#: The outline of an area, and the holes in it.
Area = tuple[Line, ...]

Kind = Literal["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"]

#: How deep the coordinates of each kind are nested.
DEPTHS: dict[Kind, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}

#: The kind of the parts of each kind that consists of several.
SINGLE: dict[Kind, Kind] = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}


@dataclass(frozen=True)
class Geometry:
    """Points, lines and areas. A geometry without coordinates and members is empty.

    :ivar coordinates: nested tuples, as deep as :data:`DEPTHS` says for *kind*
    :ivar members: the geometries of a ``GeometryCollection``
    """

    kind: Kind
    coordinates: tuple[Any, ...] = ()
    members: tuple[Geometry, ...] = ()

    def parts(self) -> Iterator[Geometry]:
        """Yields its points, lines and areas, each as a geometry of its own."""
        if self.kind == "GeometryCollection":
            for member in self.members:
                yield from member.parts()
        elif self.kind in SINGLE:
            yield from (Geometry(SINGLE[self.kind], one) for one in self.coordinates)
        elif self.coordinates:
            yield self

    @property
    def points(self) -> tuple[Position, ...]:
        """Its points, without positions of lines and areas."""
        return tuple(part.coordinates for part in self.parts() if part.kind == "Point")

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines."""
        return tuple(part.coordinates for part in self.parts() if part.kind == "LineString")

    @property
    def areas(self) -> tuple[Area, ...]:
        """Its areas."""
        return tuple(part.coordinates for part in self.parts() if part.kind == "Polygon")

    @property
    def paths(self) -> tuple[Line, ...]:
        """Its lines and the rings of its areas."""
        return (*self.lines, *(ring for area in self.areas for ring in area))

    @property
    def positions(self) -> list[Position]:
        """All positions: its points, and those of lines and rings."""
        return [*self.points, *(at for path in self.paths for at in path)]

    @property
    def is_empty(self) -> bool:
        """Whether it has no position."""
        return next(self.parts(), None) is None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The least first and second coordinate, then the greatest ones: west, south, east, north."""
        first, second = zip(*(at[:2] for at in self.positions), strict=True)
        return min(first), min(second), max(first), max(second)

    def moved(self, move: Callable[[list[Position]], Sequence[Position]]) -> Geometry:
        """The geometry with its positions replaced by what *move* returns for the list of all of them."""
        ordered: list[Position] = []
        self._gather(ordered)
        return self._rebuilt(iter(move(ordered)))

    def _gather(self, into: list[Position]) -> None:
        for member in self.members:
            member._gather(into)
        if self.coordinates:
            _gather(self.coordinates, DEPTHS[self.kind], into)

    def _rebuilt(self, moved: Iterator[Position]) -> Geometry:
        members = tuple(member._rebuilt(moved) for member in self.members)
        coordinates = _rebuilt(self.coordinates, DEPTHS[self.kind], moved) if self.coordinates else ()
        return Geometry(self.kind, coordinates, members)

    def anchor(self) -> Position:
        """The position for its name: within its largest area, else its first point, else midway on its longest line."""
        if areas := self.areas:
            return _within(max(areas, key=lambda area: abs(doubled_area(area[0]))))
        if points := self.points:
            return points[0]
        line = max(self.lines, key=len)
        return line[len(line) // 2]


def _gather(nested: Any, depth: int, into: list[Position]) -> None:
    if depth == 0:
        into.append(nested)
    else:
        for one in nested:
            _gather(one, depth - 1, into)


def _rebuilt(nested: Any, depth: int, moved: Iterator[Position]) -> Any:
    return next(moved) if depth == 0 else tuple(_rebuilt(one, depth - 1, moved) for one in nested)


def doubled_area(ring: Line) -> float:
    """Twice the area within *ring*; positive if the ring runs counterclockwise.

    >>> doubled_area(((0, 0), (1, 0), (1, 1), (0, 0)))
    1
    """
    x, y = ring[0][:2]  # numbers near the origin lose no digits
    return sum((a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y) for a, b in pairwise(ring))


def _within(area: Area) -> Position:
    """A position within *area*: the middle of the widest part of a horizontal line at half of its height."""
    heights = sorted(at[1] for at in area[0])
    level = (heights[0] + heights[-1]) / 2
    level += (heights[-1] - heights[0]) / 1e6 * any(y == level for y in heights)  # so that the line meets no corner
    crossings = sorted(
        a[0] + (level - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for ring in area
        for a, b in pairwise(ring)
        if (a[1] > level) != (b[1] > level)
    )
    spans = list(zip(crossings[::2], crossings[1::2], strict=False))
    if not spans:  # the area is as flat as a line
        return area[0][0]
    west, east = max(spans, key=lambda span: span[1] - span[0])
    return (west + east) / 2, level
