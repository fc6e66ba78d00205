"""GeoJSON in and out, as RFC 7946 has it."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from pyoxigraph import Literal

from missiongraph.geometry import Geometry, GeometryFault, read_literal
from missiongraph.geometry.geojson import as_geojson, read_geojson
from missiongraph.vocab import GEO
from tests.geometry.test_wkt import GEOMETRIES

#: RFC 7946, appendix A.
EXAMPLES: list[dict[str, Any]] = [
    {"type": "Point", "coordinates": [100.0, 0.0]},
    {"type": "LineString", "coordinates": [[100.0, 0.0], [101.0, 1.0]]},
    {"type": "Polygon", "coordinates": [[[100.0, 0.0], [101.0, 0.0], [101.0, 1.0], [100.0, 1.0], [100.0, 0.0]],
                                        [[100.8, 0.8], [100.8, 0.2], [100.2, 0.2], [100.2, 0.8], [100.8, 0.8]]]},
    {"type": "MultiPoint", "coordinates": [[100.0, 0.0], [101.0, 1.0]]},
    {"type": "MultiLineString", "coordinates": [[[100.0, 0.0], [101.0, 1.0]], [[102.0, 2.0], [103.0, 3.0]]]},
    {"type": "MultiPolygon", "coordinates": [[[[102.0, 2.0], [103.0, 2.0], [103.0, 3.0], [102.0, 3.0], [102.0, 2.0]]]]},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [100.0, 0.0]},
                                                  {"type": "LineString", "coordinates": [[101.0, 0.0], [102.0, 1.0]]}]},
]  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["type"])
def test_the_examples_of_the_standard_come_back_as_they_are(example: dict[str, Any]) -> None:
    read = read_literal(Literal(json.dumps(example), datatype=GEO.geoJSONLiteral))
    assert as_geojson(read) == example


@given(GEOMETRIES)
def test_what_is_written_is_the_same_geometry(geometry: Geometry) -> None:
    back = read_geojson(json.dumps(as_geojson(geometry)))
    assert (back.points, back.lines) == (geometry.points, geometry.lines)
    for one, other in zip(back.areas, geometry.areas, strict=True):
        assert [{ring, ring[::-1]} for ring in one] == [{ring, ring[::-1]} for ring in other]


def turns(ring: list[list[float]]) -> float:
    """Positive where *ring* runs counterclockwise (the surveyor's formula)."""
    return sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring)) * -1


@given(GEOMETRIES)
def test_outlines_run_counterclockwise_and_holes_clockwise(geometry: Geometry) -> None:
    """RFC 7946, 3.1.6."""
    for area in geometry.areas:
        outline, *holes = as_geojson(Geometry("Polygon", area))["coordinates"]
        assert turns(outline) >= -1e-6 and all(turns(hole) <= 1e-6 for hole in holes)


@pytest.mark.parametrize(
    "text",
    [
        "POINT(1 2)",
        "[]",
        '{"type": "Feature", "geometry": null}',
        '{"type": "Point"}',
        '{"type": "Point", "coordinates": ["1", "2"]}',
        '{"type": "Point", "coordinates": [1]}',
        '{"type": "Point", "coordinates": [[1, 2]]}',
        '{"type": "LineString", "coordinates": [[1, 2]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}',
        '{"type": "Point", "coordinates": [NaN, 1]}',
        '{"type": "Point", "coordinates": [200, 95]}',
        "[" * 5000,
        '{"type": "GeometryCollection", "geometries": [' * 50 + "]}" * 50,
    ],
)
def test_what_is_no_geometry_on_the_globe_is_told(text: str) -> None:
    with pytest.raises(GeometryFault):
        read_literal(Literal(text, datatype=GEO.geoJSONLiteral))
