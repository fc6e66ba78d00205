"""Outlines of countries, from the openly licensed files that a build of the front end brings.

Natural Earth (public domain) by way of the npm package world-atlas, as TopoJSON: arcs of delta-encoded integers that
rings refer to by number, backwards where the number is negative (TopoJSON 1.0, section 2.1.4).
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

FILE = "vendor/world-atlas/countries-50m.json"


@dataclass(frozen=True)
class Ring:
    """A closed line: *arcs* by number, and the box in degrees that it lies in (west, south, east, north)."""

    arcs: tuple[int, ...]
    box: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Coasts:
    """All arcs, as longitudes and latitudes in turn, and the rings of each country."""

    arcs: tuple[array[float], ...] = ()
    rings: tuple[tuple[Ring, ...], ...] = ()


@cache
def coasts() -> Coasts:
    """The outlines; none where the files were not brought."""
    file = files("missiongraph.web") / "static" / FILE
    if not file.is_file():
        return Coasts()
    topology = json.loads(file.read_text(encoding="utf-8"))
    (x_scale, y_scale), (x_first, y_first) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        xs, ys = accumulate(x for x, _ in deltas), accumulate(y for _, y in deltas)
        pairs = ((x * x_scale + x_first, y * y_scale + y_first) for x, y in zip(xs, ys, strict=True))
        arcs.append(array("d", (number for pair in pairs for number in pair)))
    countries = topology["objects"]["countries"]["geometries"]
    return Coasts(tuple(arcs), tuple(_rings(country, arcs) for country in countries if country["type"]))


def _rings(country: dict[str, object], arcs: list[array[float]]) -> tuple[Ring, ...]:
    polygons: list[list[list[int]]] = country["arcs"]  # type: ignore[assignment]  # as the format has it
    if country["type"] == "Polygon":
        polygons = [country["arcs"]]  # type: ignore[list-item]  # likewise
    return tuple(Ring(tuple(ring), _box(ring, arcs)) for polygon in polygons for ring in polygon)


def _box(ring: list[int], arcs: list[array[float]]) -> tuple[float, float, float, float]:
    lines = [arcs[number if number >= 0 else ~number] for number in ring]
    longitudes = [value for line in lines for value in line[::2]]
    latitudes = [value for line in lines for value in line[1::2]]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
