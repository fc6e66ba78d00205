"""Distances of GeoSPARQL against those of PROJ on the ellipsoid of WGS 84."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, QuerySolutions
from pyproj import Geod

from missiongraph.engine.embedded import EmbeddedEngine

LATITUDES, LONGITUDES = st.decimals(-89, 89, places=4), st.decimals(-179, 179, places=4)

QUERY = """PREFIX geo: <http://www.opengis.net/ont/geosparql#> PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/>
PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
SELECT (geof:distance("POINT({} {})"^^geo:wktLiteral, "POINT({} {})"^^geo:wktLiteral, uom:metre) AS ?metres) {{}}"""


@settings(max_examples=40)
@given(LONGITUDES, LATITUDES, LONGITUDES, LATITUDES)
def test_a_distance_in_metres_is_within_six_thousandths_of_that_on_the_ellipsoid(
    east: float, north: float, other_east: float, other_north: float
) -> None:
    answer = EmbeddedEngine.of([], []).query(QUERY.format(east, north, other_east, other_north))
    assert isinstance(answer, QuerySolutions)
    found = next(answer)["metres"]
    assert isinstance(found, Literal)
    metres = Geod(ellps="WGS84").inv(float(east), float(north), float(other_east), float(other_north))[2]
    assert float(found.value) == pytest.approx(metres, rel=0.006, abs=0.01)
