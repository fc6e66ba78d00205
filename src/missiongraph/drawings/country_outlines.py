"""Reads the outlines of countries: Natural Earth (public domain), as TopoJSON of the npm package world-atlas.

TopoJSON has arcs of delta-encoded integers. Rings refer to arcs by number; a negative number means the arc backwards
(TopoJSON 1.0, section 2.1.4).
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

Box = tuple[float, float, float, float]  # west, south, east, north, in degrees

FILE = "vendor/world-atlas/countries-50m.json"


@dataclass(frozen=True)
class Ring:
    """A closed line: the numbers of its *arcs*, and its bounding *box* in degrees."""

    arcs: tuple[int, ...]
    box: Box


@dataclass(frozen=True, eq=False)
class Coasts:
    """All arcs, each with longitudes and latitudes in turn, and the rings of each country, by its number."""

    arcs: tuple[array[float], ...] = ()
    rings: tuple[tuple[Ring, ...], ...] = ()

    def line(self, number: int) -> list[tuple[float, float]]:
        """The points of the arc *number*; backwards if the number is negative (TopoJSON 1.0, section 2.1.4)."""
        line = self.arcs[number if number >= 0 else ~number]
        points = list(zip(line[::2], line[1::2], strict=True))
        return points if number >= 0 else points[::-1]


@cache
def coasts() -> Coasts:
    """The outlines of all countries; none if the front-end files are not installed."""
    file = files("missiongraph.web") / "static" / FILE
    if not file.is_file():
        return Coasts()
    topology = json.loads(file.read_text(encoding="utf-8"))
    (x_scale, y_scale), (x_first, y_first) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs, boxes = [], []
    for deltas in topology["arcs"]:
        xs, ys = zip(*deltas, strict=True)
        longitudes = array("d", [x * x_scale + x_first for x in accumulate(xs)])
        latitudes = array("d", [y * y_scale + y_first for y in accumulate(ys)])
        boxes.append((min(longitudes), min(latitudes), max(longitudes), max(latitudes)))
        line = array("d", bytes(2 * longitudes.itemsize * len(longitudes)))
        line[::2], line[1::2] = longitudes, latitudes
        arcs.append(line)
    countries = topology["objects"]["countries"]["geometries"]
    return Coasts(tuple(arcs), tuple(_rings(country, boxes) for country in countries if country["type"]))


def _rings(country: dict[str, object], boxes: list[Box]) -> tuple[Ring, ...]:
    polygons: list[list[list[int]]] = country["arcs"]  # type: ignore[assignment]  # as TopoJSON says
    if country["type"] == "Polygon":
        polygons = [country["arcs"]]  # type: ignore[list-item]  # likewise
    return tuple(Ring(tuple(ring), _box(ring, boxes)) for polygon in polygons for ring in polygon)


def _box(ring: list[int], boxes: list[Box]) -> Box:
    west, south, east, north = zip(*(boxes[number if number >= 0 else ~number] for number in ring), strict=True)
    return min(west), min(south), max(east), max(north)
