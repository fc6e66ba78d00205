"""Well-known text as OGC 06-103r4 and GeoSPARQL 1.1 have it, however it is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from missiongraph.geometry import Geometry, GeometryFault, read_literal
from missiongraph.geometry.shapes import DEPTHS, Kind
from missiongraph.geometry.wkt import read_wkt
from missiongraph.vocab import GEO

RING = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))


def literal(text: str) -> Geometry:
    return read_literal(Literal(text, datatype=GEO.wktLiteral))


@pytest.mark.parametrize(
    ("text", "kind", "coordinates"),
    [  # OGC 06-103r4, table 6
        ("POINT(10 10)", "Point", (10, 10)),
        ("LineString ( 10 10, 20 20, 30 40)", "LineString", ((10, 10), (20, 20), (30, 40))),
        ("POLYGON((10 10, 10 20, 20 20, 10 10))", "Polygon", (((10, 10), (10, 20), (20, 20), (10, 10)),)),
        ("MULTIPOINT((10 10),(20 20))", "MultiPoint", ((10, 10), (20, 20))),
        ("MultiPoint(10 10, 20 20)", "MultiPoint", ((10, 10), (20, 20))),
        ("MULTILINESTRING((1 1,2 2),(3 3,4 4))", "MultiLineString", (((1, 1), (2, 2)), ((3, 3), (4, 4)))),
        ("MULTIPOLYGON(((0 0,1 0,1 1,0 0)))", "MultiPolygon", ((RING,),)),
        ("POINT Z (10 20 30)", "Point", (10, 20, 30)),
        ("POINT ZM (10 20 30 40)", "Point", (10, 20, 30)),
        ("POINT M (10 20 40)", "Point", (10, 20)),
        ("pointz(10 20 30)", "Point", (10, 20, 30)),
        ("POINT(10 20 30)", "Point", (10, 20, 30)),
        ("POINT EMPTY", "Point", ()),
        ("Point Z Empty", "Point", ()),
        ("POLYGON EMPTY", "Polygon", ()),
        ("TIN(((0 0,1 0,1 1,0 0)))", "MultiPolygon", ((RING,),)),
        ("TRIANGLE((0 0,1 0,1 1,0 0))", "Polygon", (RING,)),
        ("\t POINT\n(\r1e1   -.5E+1 ) ", "Point", (10, -5)),
    ],
)
def test_every_kind_is_read(text: str, kind: Kind, coordinates: tuple[Any, ...]) -> None:
    assert read_wkt(text) == Geometry(kind, coordinates)


def test_a_collection_has_members_of_any_kind() -> None:
    found = literal(
        "GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(1 2,3 4), GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0))))"
    )
    assert (found.points, found.lines, found.areas) == (((1, 2),), (((1, 2), (3, 4)),), ((RING,),))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("POINT(1 2", "character 10: expected “)”, found the end"),
        ("POINT(1 2) x", "character 12: expected the end, found “x”"),
        ("POINT(1,2)", "character 8: expected a number, found “,”"),
        ("POINT(1 2, 3 4)", "expected “)”"),
        ("POINT(one two)", "expected a number, found “one”"),
        ("POINT(nan 1)", "expected a number"),
        ("POINT(1-2)", "expected a number"),
        ("POINT(١ ٢)", "expected a number"),
        ("POINT Z (1 2)", "2 coordinates where 3 are wanted"),
        ("LINESTRING(1 2, 3 4 5)", "3 coordinates where 2 are wanted"),
        ("LINESTRING(1 2)", "1 positions where 2 or more"),
        ("POLYGON((0 0, 1 0, 0 0))", "3 positions where 4 or more"),
        ("POLYGON((0 0, 1 0, 1 1, 0 1))", "does not end where it begins"),
        ("POLYGON(0 0, 1 0, 1 1, 0 0)", "expected “(”"),
        ("CIRCULARSTRING(0 0, 1 1, 2 0)", "CIRCULARSTRING is not drawn"),
        ("CIRCLE(0 0, 1)", "expected a keyword such as POINT, found “CIRCLE”"),
        ("44.5 11.3", "expected a keyword"),
        ("GEOMETRYCOLLECTION(" * 200 + "POINT(1 2)" + ")" * 200, "nested too deeply"),
    ],
)
def test_what_is_ill_formed_is_told_with_its_place(text: str, says: str) -> None:
    with pytest.raises(GeometryFault) as found:
        read_wkt(text)
    assert says in str(found.value)
    assert found.value.messages["it"] != found.value.messages["en"]


def test_an_empty_literal_is_an_empty_geometry() -> None:
    """GeoSPARQL 1.1, requirement 16."""
    assert literal("").is_empty


NUMBERS = st.floats(-80, 80).map(lambda number: round(number, 6))
POSITIONS = st.tuples(NUMBERS, NUMBERS)
LINES = st.lists(POSITIONS, min_size=2, max_size=5).map(tuple)
RINGS = st.lists(POSITIONS, min_size=3, max_size=6).map(lambda ring: (*ring, ring[0]))
AREAS = st.lists(RINGS, min_size=1, max_size=2).map(tuple)


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(one, min_size=1, max_size=3).map(tuple)


COORDINATES: dict[Kind, st.SearchStrategy[Any]] = {
    "Point": POSITIONS,
    "LineString": LINES,
    "Polygon": AREAS,
    "MultiPoint": several(POSITIONS),
    "MultiLineString": several(LINES),
    "MultiPolygon": several(AREAS),
}
SINGLES = st.one_of(*(st.builds(Geometry, st.just(kind), found) for kind, found in COORDINATES.items()))
GEOMETRIES = st.one_of(
    SINGLES, st.lists(SINGLES, max_size=3).map(lambda found: Geometry("GeometryCollection", members=tuple(found)))
)
STYLES = st.tuples(
    st.sampled_from([str.upper, str.lower, str.title]),
    st.sampled_from(["", " ", "\n\t"]),
    st.sampled_from(["{!r}", "{:+.6f}", "{:.12e}"]),
)


def written(geometry: Geometry, style: tuple[Any, str, str]) -> str:
    """*geometry* in one of the styles that the grammar allows."""
    case, space, digits = style

    def nested(found: Any, depth: int) -> str:
        if depth == 0:
            return " ".join(digits.format(number) for number in found)
        return f"({space}" + f"{space},{space}".join(nested(one, depth - 1) for one in found) + f"{space})"

    keyword = case(geometry.kind.upper())
    if geometry.kind == "GeometryCollection":
        members = f"{space},".join(written(member, style) for member in geometry.members)
        return f"{keyword}{space}({members}{space})" if members else f"{keyword} {case('EMPTY')}"
    if geometry.kind == "Point":
        return f"{keyword}{space}({nested(geometry.coordinates, 0)})"
    return f"{keyword}{space}{nested(geometry.coordinates, DEPTHS[geometry.kind])}"


@given(GEOMETRIES, STYLES)
def test_what_is_written_in_any_style_comes_back(geometry: Geometry, style: tuple[Any, str, str]) -> None:
    assert read_wkt(written(geometry, style)) == geometry


@given(st.one_of(st.text(), st.text("POINTZM(), 12.eE-+\n", max_size=40)))
def test_no_text_is_read_otherwise_than_as_a_geometry_or_a_fault(text: str) -> None:
    try:
        assert isinstance(literal(text), Geometry)
    except GeometryFault as fault:
        assert set(fault.messages) == {"en", "it"}
