"""Coordinates of other systems: by the axis order and the worked examples of their registry."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal

from missiongraph.geometry import Geometry, GeometryFault, read_literal
from missiongraph.vocab import GEO

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def literal(text: str) -> Geometry:
    return read_literal(Literal(text, datatype=GEO.wktLiteral))


@pytest.mark.parametrize(
    ("system", "coordinates", "longitude", "latitude"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "11.34 44.49", 11.34, 44.49),
        (f"{EPSG}4326", "44.49 11.34", 11.34, 44.49),
        ("https://www.opengis.net/def/crs/EPSG/0/4326", "44.49 11.34", 11.34, 44.49),
        ("urn:ogc:def:crs:EPSG::4326", "44.49 11.34", 11.34, 44.49),
        # IOGP Publication 373-7-2, 3.2.2 (north before east, as the system has it) and 3.5.2
        (f"{EPSG}3035", "2999718.85 3962799.45", 5, 50),
        (f"{EPSG}3857", "-11169055.58 2800000.00", -(100 + 20 / 60), 24 + 22 / 60 + 54.433 / 3600),
        (f"{EPSG}32632", "500000 0", 9, 0),  # the origin of UTM zone 32
    ],
)
def test_coordinates_are_read_in_the_axis_order_of_their_system(
    system: str, coordinates: str, longitude: float, latitude: float
) -> None:
    (found,) = literal(f"<{system}> POINT({coordinates})").points
    assert found == pytest.approx((longitude, latitude), abs=1e-7)


def test_lines_areas_and_heights_move_with_it() -> None:
    found = literal(f"<{EPSG}4326> GEOMETRYCOLLECTION(LINESTRING Z(44 11 5, 45 12 6), POLYGON((0 0,0 1,1 1,0 0)))")
    assert found.lines == (((11, 44, 5), (12, 45, 6)),)
    assert found.areas == ((((0, 0), (1, 0), (1, 1), (0, 0)),),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"<{EPSG}99999> POINT(1 2)", "coordinate reference system that is not known: EPSG 99999"),
        (f"<{EPSG}5703> POINT(1 2)", "not known: EPSG 5703"),  # heights alone
        ("<http://www.opengis.net/def/crs/IAU_2015/0/30100> POINT(1 2)", "not known"),  # of the moon
        ("<http://www.wikidata.org/entity/Q405> POINT(1 2)", "not known: http://www.wikidata.org/entity/Q405"),
        ("SRID=4326;POINT(1 2)", "write <http://www.opengis.net/def/crs/EPSG/0/4326> before the text"),
        ("POINT(200 95)", "off the globe: longitude 200, latitude 95"),
        ("POINT(1e999 1)", "off the globe"),
        (f"<{EPSG}4326> POINT(144.49 11.34)", "off the globe: longitude 11.34, latitude 144.49"),
        (f"<{EPSG}3035> POINT(1e30 1e30)", "lies where EPSG 3035 is not defined"),
    ],
)
def test_what_lies_nowhere_known_is_told(text: str, says: str) -> None:
    with pytest.raises(GeometryFault) as found:
        literal(text)
    assert says in str(found.value)


def test_what_crosses_the_antimeridian_in_another_system_is_cut_there() -> None:
    """RFC 7946, 3.1.9: in the system of the Pacific (EPSG 3832) longitude does not jump."""
    area = literal(f"<{EPSG}3832> POLYGON((2900000 0, 3500000 0, 3500000 500000, 2900000 500000, 2900000 0))")
    assert area.kind == "MultiPolygon"
    sides = sorted(sorted({at[0] for at in part[0]}) for part in area.areas)
    assert sides == [pytest.approx([-180, -178.5589651]), pytest.approx([176.0511432, 180])]
    line = literal(f"<{EPSG}3832> LINESTRING(2900000 0, 3500000 100000)")
    assert [part[0][0] for part in line.lines] == pytest.approx([176.0511432, -180])
    assert [part[-1][0] for part in line.lines] == pytest.approx([180, -178.5589651])
