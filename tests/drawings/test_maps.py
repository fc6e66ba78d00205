"""Maps: an equal-area projection, names that cover nothing, land only where it is seen."""

from __future__ import annotations

import math
import re
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.drawings.countries_behind import countries_of
from missiongraph.drawings.country_outlines import Coasts, Ring
from missiongraph.drawings.maps import map_of
from missiongraph.drawings.projection import Projection
from missiongraph.geometry import Geometry
from missiongraph.geometry.wkt import read_wkt
from missiongraph.web.rendering.view_models import Link
from tests.geometry.test_wkt import GEOMETRIES

LONGITUDES, LATITUDES = st.floats(-180, 180), st.floats(-89, 89)


def at(longitude: float, latitude: float) -> Geometry:
    return Geometry("Point", (longitude, latitude))


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


@given(LONGITUDES, LATITUDES, st.floats(-9_000, 9_000), st.floats(-9_000, 9_000))
def test_what_is_undone_is_what_was_done(longitude: float, latitude: float, x: float, y: float) -> None:
    project = Projection((longitude, latitude))
    back = project.undone(x, y)
    there = project(*back) if back else None
    assert there is None or math.dist(there, (x, y)) < 0.1


@given(POSITIONS)
def test_every_place_lies_in_the_picture_unless_it_is_on_the_far_side(positions: list[tuple[float, float]]) -> None:
    drawn = map_of([(Link("A place"), at(x, y)) for x, y in positions], Coasts())
    if drawn is not None:
        assert all(-1 <= place.x <= drawn.width + 1 and -1 <= place.y <= drawn.height + 1 for place in drawn.places)


@given(POSITIONS, st.text("abcdefgh ", min_size=1, max_size=30))
def test_names_cover_neither_each_other_nor_a_dot(positions: list[tuple[float, float]], name: str) -> None:
    drawn = map_of([(Link(name), at(x, y)) for x, y in positions], Coasts())
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
    drawn = map_of([(Link("A"), at(10, 50)), (Link("B"), at(10.5, 50.5))], outlines)
    assert drawn is not None
    assert drawn.land.count("M") == 1
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", drawn.land)]
    assert min(numbers) >= -10 and max(numbers) <= max(drawn.width, drawn.height) + 10


def square(west: float, south: float, size: float) -> tuple[array[float], Ring]:
    east, north = west + size, south + size
    line = array("d", [west, south, east, south, east, north, west, north, west, south])
    return line, Ring((), (west, south, east, north))


def world(*squares: tuple[float, float, float]) -> Coasts:
    """Countries that are squares: west, south, size in degrees."""
    made = [square(*one) for one in squares]
    rings = tuple((Ring((number,), ring.box),) for number, (_, ring) in enumerate(made))
    return Coasts(tuple(line for line, _ in made), rings)


ADJOINING = world((0, 40, 6), (6, 40, 6), (12, 40, 6))


def test_countries_that_hold_places_are_told_from_those_that_do_not() -> None:
    drawn = map_of([(Link("A"), at(1, 43)), (Link("B"), at(11.5, 43))], ADJOINING)
    assert drawn is not None
    assert (drawn.land.count("M"), drawn.other.count("M")) == (2, 1)


def test_a_country_that_holds_all_places_stands_alone() -> None:
    drawn = map_of([(Link("A"), at(8, 43)), (Link("B"), at(9, 44))], ADJOINING)
    assert drawn is not None
    assert (drawn.land.count("M"), drawn.other) == (1, "")


def test_a_place_off_a_coarse_coast_lies_in_the_country_that_is_nearest() -> None:
    positions = [(3.0, 39.8), (9.0, 43.0), (15.0, 30.0)]
    assert countries_of([*positions, (0.0, 39.9)], ADJOINING) == {
        (3.0, 39.8): None,  # nothing says how far the next point of an outline is
        (9.0, 43.0): 1,
        (15.0, 30.0): None,
        (0.0, 39.9): 0,
    }


@given(st.lists(st.tuples(st.floats(-1, 19), st.floats(38, 48)), max_size=20))
def test_the_country_of_a_place_contains_it(positions: list[tuple[float, float]]) -> None:
    for (x, y), country in countries_of(positions, ADJOINING).items():
        boxes = [rings[0].box for rings in ADJOINING.rings]
        if country is not None:
            west, south, east, north = boxes[country]
            assert west - 0.5 <= x <= east + 0.5 and south - 0.5 <= y <= north + 0.5
        else:
            assert not any(west < x < east and south < y < north for west, south, east, north in boxes)


def test_without_a_position_there_is_no_map() -> None:
    assert map_of([], Coasts()) is None


SHAPES = {
    "area": "POLYGON((1 42, 3 42, 3 44, 1 44, 1 42), (1.5 42.5, 1.5 43, 2 43, 2 42.5, 1.5 42.5))",
    "line": "LINESTRING(1 42, 3 44)",
    "spots": "MULTIPOINT(1 42, 2 43, 3 44)",
}


@pytest.mark.parametrize("kind", SHAPES)
def test_areas_and_lines_are_outlines_in_the_picture(kind: str) -> None:
    drawn = map_of([(Link("A"), read_wkt(SHAPES[kind])), (Link("B"), at(8, 43))], ADJOINING)
    assert drawn is not None
    (outline,) = drawn.outlines
    assert (outline.kind, outline.link) == (kind, Link("A"))
    assert outline.path.count("M") == 1 + (kind != "line"), "a hole and a second dot are paths of their own"
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", outline.path)]
    assert min(numbers) >= 0 and max(numbers) <= max(drawn.width, drawn.height)
    assert [place.outlined for place in drawn.places] == [kind != "spots", False], "the name stands without a dot"


def test_the_name_of_an_area_stands_within_it() -> None:
    """Even of one that is bent around its own middle."""
    bent = "POLYGON((0 40, 9 40, 9 49, 0 49, 0 48, 8 48, 8 41, 0 41, 0 40))"
    x, y = read_wkt(bent).anchor()
    assert 8 < x < 9 and 40 < y < 49


def test_an_area_that_is_too_small_to_see_is_a_dot() -> None:
    drawn = map_of(
        [(Link("A"), read_wkt("POLYGON((1 42, 1.001 42, 1.001 42.001, 1 42))")), (Link("B"), at(8, 43))], ADJOINING
    )
    assert drawn is not None and drawn.outlines == () and not drawn.places[0].outlined


@given(GEOMETRIES, st.integers(1, 3))
def test_any_geometry_is_drawn_or_is_out_of_sight(geometry: Geometry, number: int) -> None:
    if not geometry.is_empty:
        map_of([(Link(str(n)), geometry) for n in range(number)], ADJOINING)
