"""GeoJSON as RFC 7946 has it: longitude first, nothing off the globe."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.build import Build
from missiongraph.build.files.geojson import write_places
from missiongraph.vocab import GEO, RDFS, SCHEMA, WGS84, XSD

PLACE = NamedNode("https://example.org/id/place")
POINT = BlankNode("point")
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
WKT = NamedNode(f"{GEO}wktLiteral")


def features(*triples: Triple) -> list[dict[str, Any]]:
    written = write_places(triples, ["en", "it"])
    return list(json.loads(written)["features"]) if written else []


def number(text: str) -> Literal:
    return Literal(text, datatype=XSD.decimal)


def test_the_shipped_cities_are_points_with_their_names(shipped_build: Build) -> None:
    collection = json.loads((shipped_build.folder / "dumps" / "missiongraph.geojson").read_bytes())
    assert collection["type"] == "FeatureCollection" and set(collection) == {"type", "features"}
    found = {feature["id"].rpartition("/")[2]: feature for feature in collection["features"]}
    cities = {"bergamo", "bologna", "florence", "milan", "padua", "parma", "prato", "rome", "turin"}
    assert cities < set(found)
    florence = found["florence"]
    assert florence["geometry"] == {"type": "Point", "coordinates": [11.24626, 43.77925]}
    assert florence["properties"]["name_it"] == "Firenze" and florence["properties"]["name"] == "Florence"


@pytest.mark.parametrize(
    "said",
    [
        [
            Triple(PLACE, SCHEMA.geo, POINT),
            Triple(POINT, SCHEMA.latitude, number("44.5")),
            Triple(POINT, SCHEMA.longitude, number("11.25")),
        ],
        [Triple(PLACE, WGS84.lat, Literal("44.5")), Triple(PLACE, WGS84.long, Literal("11.25"))],
        [Triple(PLACE, GEO.hasGeometry, POINT), Triple(POINT, GEO.asWKT, Literal("POINT(11.25 44.5)", datatype=WKT))],
        [
            Triple(
                PLACE,
                GEO.asWKT,
                Literal("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Point ( 11.25  44.5 )", datatype=WKT),
            )
        ],
    ],
    ids=["schema.org", "WGS 84", "GeoSPARQL", "GeoSPARQL with its system"],
)
def test_a_point_may_be_stated_in_several_ways(said: list[Triple]) -> None:
    (feature,) = features(Triple(PLACE, RDFS.label, Literal("Here", language="en")), *said)
    assert feature["geometry"]["coordinates"] == [11.25, 44.5]
    assert (feature["id"], feature["properties"]["name"]) == (PLACE.value, "Here")


def wkt(text: str) -> Triple:
    return Triple(PLACE, GEO.asWKT, Literal(text, datatype=WKT))


@pytest.mark.parametrize(
    ("text", "geometry"),
    [
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(44 11)", {"type": "Point", "coordinates": [11, 44]}),
        ("POINT Z (11 44 55)", {"type": "Point", "coordinates": [11, 44, 55]}),
        (
            "POLYGON((11 44, 11 45, 12 45, 11 44))",  # RFC 7946, 3.1.6: counterclockwise
            {"type": "Polygon", "coordinates": [[[11, 44], [12, 45], [11, 45], [11, 44]]]},
        ),
        ("LINESTRING(11 44, 12 45)", {"type": "LineString", "coordinates": [[11, 44], [12, 45]]}),
    ],
)
def test_lines_areas_and_other_axis_orders_are_there_too(text: str, geometry: dict[str, Any]) -> None:
    (feature,) = features(wkt(text))
    assert feature["geometry"] == geometry


def test_a_geometry_may_be_geojson_or_the_value_of_any_property() -> None:
    written = Literal('{"type": "Point", "coordinates": [11, 44]}', datatype=GEO.geoJSONLiteral)
    for said in (
        Triple(PLACE, GEO.asGeoJSON, written),
        Triple(PLACE, NamedNode("https://example.org/at"), Literal("POINT(11 44)", datatype=WKT)),
    ):
        (feature,) = features(said)
        assert feature["geometry"] == {"type": "Point", "coordinates": [11, 44]}


def test_what_cannot_be_read_leaves_the_way_to_what_can() -> None:
    (feature,) = features(wkt("POINT(11"), wkt("POINT EMPTY"), wkt("POINT(11 44)"))
    assert feature["geometry"]["coordinates"] == [11, 44]


@pytest.mark.parametrize(
    "said",
    [
        [Triple(PLACE, WGS84.lat, Literal("91")), Triple(PLACE, WGS84.long, Literal("11"))],
        [Triple(PLACE, WGS84.lat, Literal("north")), Triple(PLACE, WGS84.long, Literal("11"))],
        [Triple(PLACE, WGS84.lat, Literal("nan")), Triple(PLACE, WGS84.long, Literal("11"))],
        [Triple(PLACE, WGS84.lat, Literal("44"))],
        [Triple(PLACE, GEO.asWKT, Literal("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(91 11)", datatype=WKT))],
        [Triple(PLACE, GEO.asWKT, Literal("<https://example.org/moon> POINT(44 11)", datatype=WKT))],
        [Triple(PLACE, GEO.asWKT, Literal("POLYGON((1 2, 3 4, 1 2))", datatype=WKT))],
        [],
    ],
    ids=[
        "off the globe",
        "no number",
        "not a number",
        "half a point",
        "off the globe by its axes",
        "another globe",
        "no area",
        "nothing",
    ],
)
def test_what_lies_nowhere_for_certain_is_on_no_map(said: list[Triple]) -> None:
    assert features(Triple(PLACE, RDFS.label, Literal("Here")), *said) == []
