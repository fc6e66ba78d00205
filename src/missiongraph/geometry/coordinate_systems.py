"""Converts coordinates of any reference system on the earth to longitude and latitude in degrees (CRS84)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from missiongraph.geometry.antimeridian import joined
from missiongraph.geometry.errors import GeometryFault
from missiongraph.geometry.shapes import Geometry, Position

#: The names of reference systems by the OGC, with authority and code (OGC 09-048r5).
_NAMED = re.compile(
    r"https?://www\.opengis\.net/def/crs/(\w+)/[^/]+/(\w+)/?|urn:(?:x-)?ogc:def:crs:(\w+):[^:]*:(\w+)", re.I
)

#: Systems with the coordinates of CRS84 in one axis order or the other, so that nothing is computed or rounded.
_LONGITUDE_FIRST = frozenset((("OGC", "CRS84"), ("OGC", "CRS84H")))
_LATITUDE_FIRST = frozenset((("EPSG", "4326"), ("EPSG", "4979")))

#: Decimals of a computed degree; the last one is about a centimetre. Further ones differ between platforms.
_DIGITS = 7

Move = Callable[[list[Position]], Sequence[Position]]


def on_the_globe(geometry: Geometry, system: str | None) -> Geometry:
    """*geometry* in longitude and latitude.

    :param system: the IRI of its reference system, whose axis order it has; by default CRS84 (GeoSPARQL 1.1, 8.8.1)
    :raises GeometryFault: the system is unknown, or a position lies where it is not defined, or outside of the globe
    """
    named = _named(system) if system else ("OGC", "CRS84")
    if named in _LONGITUDE_FIRST:
        placed = geometry
    elif named in _LATITUDE_FIRST:
        placed = geometry.moved(lambda positions: [(at[1], at[0], *at[2:]) for at in positions])
    else:
        placed = joined(geometry.moved(_transformation(*named)))
    for at in placed.positions:
        if not (abs(at[0]) <= 180 and abs(at[1]) <= 90):
            raise GeometryFault(
                f"lies off the globe: longitude {at[0]:.10g}, latitude {at[1]:.10g}",
                f"è fuori dal globo: longitudine {at[0]:.10g}, latitudine {at[1]:.10g}",
            )
    return placed


def _named(system: str) -> tuple[str, str]:
    match = _NAMED.fullmatch(system)
    if not match:
        raise _unknown(system)
    authority, code = (match[1] or match[3]).upper(), (match[2] or match[4]).upper()
    return authority, code


def _unknown(system: str) -> GeometryFault:
    return GeometryFault(
        f"names a coordinate reference system that is not known: {system}",
        f"nomina un sistema di riferimento che non è noto: {system}",
    )


@lru_cache(maxsize=64)
def _transformation(authority: str, code: str) -> Move:
    """The function that converts positions of a system, in its authority's axis order, to CRS84.

    :raises GeometryFault: the system is unknown, or is no geographic or projected system of the earth
    """
    from pyproj import Transformer  # imported here: it takes 0.1 s, and few commands need it
    from pyproj.crs import CRS
    from pyproj.exceptions import CRSError, ProjError

    try:
        system = CRS.from_authority(authority, code)
        transformer = Transformer.from_crs(system, CRS.from_authority("OGC", "CRS84"))
    except (CRSError, ProjError):  # not registered, or of another celestial body
        raise _unknown(f"{authority} {code}") from None
    if not (system.is_geographic or system.is_projected):  # heights only, or geocentric coordinates
        raise _unknown(f"{authority} {code}")

    def move(positions: list[Position]) -> list[Position]:
        try:
            projected = transformer.transform([at[0] for at in positions], [at[1] for at in positions])
        except ProjError:
            raise _unknown(f"{authority} {code}") from None
        moved = [
            (round(x, _DIGITS), round(y, _DIGITS), *at[2:]) for x, y, at in zip(*projected, positions, strict=True)
        ]
        if not all(math.isfinite(x) and math.isfinite(y) for x, y, *_ in moved):
            raise GeometryFault(
                f"lies where {authority} {code} is not defined",
                f"è fuori dall’area in cui {authority} {code} è definito",
            )
        return moved

    return move
