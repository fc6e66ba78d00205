"""The functions of an engine beside those of SPARQL, found by calling them.

An engine may have any function with an IRI (SPARQL 1.1, section 17.6) and cannot list them. So each function that is
known here is called with arguments for which it must give a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Engine, rows
from missiongraph.vocab import GEO, GEOF, XSD

_SQUARE, _BESIDE = (
    f'"POLYGON(({corners}))"^^{GEO.wktLiteral}' for corners in ("0 0, 2 0, 2 2, 0 2, 0 0", "1 1, 3 1, 3 3, 1 3, 1 1")
)
_POINT = f'"POINT(1 1)"^^{GEO.wktLiteral}'
_METRE, _SQUARE_METRE = (f"<http://www.opengis.net/def/uom/OGC/1.0/{unit}>" for unit in ("metre", "square_metre"))

_OF_ONE = (
    "asGeoJSON asGML asKML asWKT boundary boundingCircle centroid convexHull coordinateDimension dimension envelope "
    "geometryType getSRID is3D isEmpty isMeasured isSimple maxX maxY metricArea metricLength metricPerimeter minX minY "
    "numGeometries spatialDimension"
)
_OF_TWO = (
    "difference intersection metricDistance symDifference union "
    "sfContains sfCrosses sfDisjoint sfEquals sfIntersects sfOverlaps sfTouches sfWithin "
    "ehContains ehCoveredBy ehCovers ehDisjoint ehEquals ehInside ehMeet ehOverlap "
    "rcc8dc rcc8ec rcc8eq rcc8ntpp rcc8ntppi rcc8po rcc8tpp rcc8tppi"
)

#: Calls of the functions of GeoSPARQL 1.1 (OGC 22-047r1), and of casts that SPARQL 1.1 does not ask for (17.5).
CALLS: Final[dict[NamedNode, str]] = {
    **{GEOF[name]: _SQUARE for name in _OF_ONE.split()},
    **{GEOF[name]: f"{_SQUARE}, {_BESIDE}" for name in _OF_TWO.split()},
    GEOF.distance: f"{_POINT}, {_POINT}, {_METRE}",
    GEOF.buffer: f"{_POINT}, 1, {_METRE}",
    GEOF.metricBuffer: f"{_POINT}, 1",
    GEOF.length: f"{_SQUARE}, {_METRE}",
    GEOF.perimeter: f"{_SQUARE}, {_METRE}",
    GEOF.area: f"{_SQUARE}, {_SQUARE_METRE}",
    GEOF.relate: f'{_SQUARE}, {_BESIDE}, "T********"',
    GEOF.geometryN: f"{_SQUARE}, 1",
    GEOF.concaveHull: f"{_SQUARE}, 1",
    GEOF.transform: f"{_POINT}, <http://www.opengis.net/def/crs/EPSG/0/4326>",
    XSD.date: '"2020-01-01"',
    XSD.time: '"10:00:00"',
    XSD.duration: '"P1Y1D"',
    XSD.dayTimeDuration: '"P1D"',
    XSD.yearMonthDuration: '"P1Y"',
    XSD.gYear: '"2020"',
    XSD.gYearMonth: '"2020-01"',
    XSD.gMonth: '"--01"',
    XSD.gMonthDay: '"--01-01"',
    XSD.gDay: '"---01"',
}


def functions_of(engine: Engine) -> Iterator[NamedNode]:
    """The functions of :data:`CALLS` for which *engine* gives a value."""
    for function, arguments in CALLS.items():
        try:
            (row,) = rows(engine, f"SELECT ({function}({arguments}) AS ?value) {{}}")
        except RuntimeError:  # it has no such function
            continue
        if row["value"] is not None:
            yield function
