"""Maps: an equal-area projection, names that cover nothing, land only where it is seen."""

from __future__ import annotations

import math
import re
from array import array

from hypothesis import given
from hypothesis import strategies as st

from missiongraph.web.coasts import Coasts, Ring
from missiongraph.web.views import Link
from missiongraph.web.views.maps import Projection, map_of

LONGITUDES, LATITUDES = st.floats(-180, 180), st.floats(-89, 89)
POSITIONS = st.lists(st.tuples(LONGITUDES, LATITUDES), min_size=1, max_size=30)


@given(LONGITUDES, LATITUDES, st.floats(-50, 50), st.floats(-40, 40))
def test_areas_are_true_to_scale(longitude: float, latitude: float, east: float, north: float) -> None:
    """A small cell of the sphere has the same area in the plane (Snyder, Map Projections, section 24)."""
    project = Projection((longitude, latitude))
    x, y, step = longitude + east, max(-85.0, min(85.0, latitude + north)), 0.01
    corners = [project(x, y), project(x + step, y), project(x, y + step)]
    if None in corners:
        return
    (ax, ay), (bx, by), (cx, cy) = (corner for corner in corners if corner is not None)
    plane = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))
    sphere = (6371 * math.radians(step)) ** 2 * math.cos(math.radians(y))
    assert math.isclose(plane, sphere, rel_tol=0.01)


@given(POSITIONS)
def test_every_place_lies_in_the_picture_unless_it_is_on_the_far_side(positions: list[tuple[float, float]]) -> None:
    drawn = map_of([(Link("A place"), x, y) for x, y in positions], Coasts())
    if drawn is not None:
        assert all(-1 <= place.x <= drawn.width + 1 and -1 <= place.y <= drawn.height + 1 for place in drawn.places)


@given(POSITIONS, st.text("abcdefgh ", min_size=1, max_size=30))
def test_names_cover_neither_each_other_nor_a_dot(positions: list[tuple[float, float]], name: str) -> None:
    drawn = map_of([(Link(name), x, y) for x, y in positions], Coasts())
    places = drawn.places if drawn is not None else ()
    width = len(name) * 6
    spans = {p: (p.name_x - width, p.name_x) if p.left else (p.name_x, p.name_x + width) for p in places if p.named}
    for place, (west, east) in spans.items():
        for other in places:
            if other is not place and abs(other.y - place.y) < 8:
                assert not west < other.x < east
                if other in spans and other != place:
                    assert spans[other][1] <= west or spans[other][0] >= east


def test_land_is_drawn_where_it_is_seen_and_cut_at_the_edge() -> None:
    near = array("d", [0, 40, 20, 40, 20, 60, 0, 60, 0, 40])
    far = array("d", [100, -40, 110, -40, 110, -30, 100, -40])
    outlines = Coasts((near, far), ((Ring((0,), (0, 40, 20, 60)),), (Ring((1,), (100, -40, 110, -30)),)))
    drawn = map_of([(Link("A"), 10, 50), (Link("B"), 10.5, 50.5)], outlines)
    assert drawn is not None
    assert drawn.land.count("M") == 1
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", drawn.land)]
    assert min(numbers) >= -10 and max(numbers) <= max(drawn.width, drawn.height) + 10


def test_without_a_position_there_is_no_map() -> None:
    assert map_of([], Coasts()) is None
