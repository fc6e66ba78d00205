"""Reads and writes geometry objects of GeoJSON (RFC 7946, section 3.1)."""

from __future__ import annotations

import json
import math
from typing import Any

from missiongraph.geometry.errors import GeometryFault
from missiongraph.geometry.shapes import DEPTHS, SINGLE, Area, Geometry, Position, doubled_area

_DEEPEST = 32


def read_geojson(text: str) -> Geometry:
    """Reads the geometry object *text*; its positions are longitude and latitude in WGS 84, and perhaps a height.

    :raises GeometryFault: *text* is no geometry object
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GeometryFault(f"is no JSON: {error}", f"non è JSON: {error}") from None
    return _geometry(document, 0)


def _geometry(document: Any, depth: int) -> Geometry:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "GeometryCollection" and isinstance(document.get("geometries"), list) and depth < _DEEPEST:
        return Geometry(kind, members=tuple(_geometry(one, depth + 1) for one in document["geometries"]))
    if kind not in DEPTHS:
        raise GeometryFault(
            "is no geometry of GeoJSON: “type” and “coordinates” or “geometries” are wanted",
            "non è una geometria GeoJSON: occorrono «type» e «coordinates» o «geometries»",
        )
    coordinates = document.get("coordinates")
    read = _nested(coordinates, DEPTHS[kind]) if coordinates != [] else ()
    geometry = Geometry(kind, read)
    for part in geometry.parts():
        rings, lines = part.areas, part.lines
        if any(len(r) < 4 or r[0] != r[-1] for a in rings for r in a) or any(len(line) < 2 for line in lines):
            raise _ill_formed()
    return geometry


def _nested(coordinates: Any, depth: int) -> Any:
    if not isinstance(coordinates, list) or not coordinates:
        raise _ill_formed()
    if depth:
        return tuple(_nested(one, depth - 1) for one in coordinates)
    numbers = [
        float(n) for n in coordinates if isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n)
    ]
    if len(numbers) != len(coordinates) or len(numbers) < 2:
        raise _ill_formed()
    return tuple(numbers[:3])


def _ill_formed() -> GeometryFault:
    return GeometryFault(
        "is no geometry of GeoJSON: its coordinates are not those of its type (RFC 7946, 3.1)",
        "non è una geometria GeoJSON: le coordinate non sono quelle del suo tipo (RFC 7946, 3.1)",
    )


def as_geojson(geometry: Geometry) -> dict[str, Any]:
    """The geometry object of *geometry*, in longitude and latitude; rings follow the right-hand rule (3.1.6)."""
    if geometry.kind == "GeometryCollection":
        return {"type": geometry.kind, "geometries": [as_geojson(member) for member in geometry.members]}
    coordinates: Any = geometry.coordinates
    if geometry.kind == "Polygon":
        coordinates = _by_the_right_hand(coordinates)
    elif SINGLE.get(geometry.kind) == "Polygon":
        coordinates = tuple(map(_by_the_right_hand, coordinates))
    return {"type": geometry.kind, "coordinates": _listed(coordinates)}


def _by_the_right_hand(area: Area) -> Area:
    """*area* with its outline counterclockwise and its holes clockwise."""
    return tuple(ring if (doubled_area(ring) >= 0) == (number == 0) else ring[::-1] for number, ring in enumerate(area))


def _listed(nested: tuple[Any, ...] | Position | float) -> Any:
    return [_listed(one) for one in nested] if isinstance(nested, tuple) else nested
