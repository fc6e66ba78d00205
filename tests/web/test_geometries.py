"""Where a thing lies is read alike by its page, its map, its structured data and the map of an answer."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

from missiongraph.build import build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.serving.application import create_app

DATA = """
@prefix geo: <http://www.opengis.net/ont/geosparql#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix d: <https://example.org/id/> . @prefix n: <https://example.org/ns#> .
d:axis rdfs:label "axis" ; geo:asWKT "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(44.5 11.25)"^^geo:wktLiteral .
d:height rdfs:label "height" ; geo:asWKT "POINT Z (11.25 44.5 55)"^^geo:wktLiteral .
d:area rdfs:label "area" ; geo:asWKT "POLYGON((11 44,12 44,12 45,11 44))"^^geo:wktLiteral .
d:json rdfs:label "json" ;
  geo:asGeoJSON "{\\"type\\": \\"Point\\", \\"coordinates\\": [11.25, 44.5]}"^^geo:geoJSONLiteral .
d:linked rdfs:label "linked" ; geo:hasGeometry d:geometry . d:geometry geo:asWKT "point(11.25 44.5)"^^geo:wktLiteral .
d:nowhere rdfs:label "nowhere" ; geo:asWKT "POINT(200 95)"^^geo:wktLiteral .
d:broken rdfs:label "broken" ; geo:asWKT "POINT(11"^^geo:wktLiteral .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("places")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text('title = "Places"\nbase = "https://example.org/"\n')
    (folder / "data" / "a.ttl").write_text(DATA)
    build = build_publication(read_dataset(Publication.open(folder)), tmp_path_factory.mktemp("builds"))
    return create_app(build).test_client()


def shown(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["axis", "height", "json", "linked"])
def test_a_point_is_told_and_drawn_and_in_the_structured_data(client: FlaskClient, name: str) -> None:
    text = shown(client, f"/doc/{name}")
    assert text.partition('class="map"')[2].partition("</svg>")[0].count('class="dot') == 1
    if name != "linked":
        assert "44.5° N, 11.25° E" in text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    point = json.loads(data[1])["geo"]
    assert (point["latitude"], point["longitude"]) == (44.5, 11.25)


def test_an_area_is_an_outline(client: FlaskClient) -> None:
    text = shown(client, "/doc/area")
    assert '<path class="area"' in text and 'class="dot' not in text
    assert "Area between 44° N, 11° E and 45° N, 12° E" in text


@pytest.mark.parametrize(("name", "written"), [("nowhere", "POINT(200 95)"), ("broken", "POINT(11")])
def test_what_cannot_be_read_is_shown_as_it_is_written(client: FlaskClient, name: str, written: str) -> None:
    text = shown(client, f"/doc/{name}")
    assert f"<bdi>{written}</bdi>" in text and 'class="map"' not in text


def test_the_map_of_an_answer_draws_the_same(client: FlaskClient) -> None:
    query = "SELECT ?s ?w WHERE { ?s geo:asWKT|geo:asGeoJSON ?w }"
    answer = client.get("/sparql", query_string={"query": query, "view": "map"}, headers={"Accept": "text/html"})
    text = answer.get_data(as_text=True)
    assert "Map with 5 places" in text and text.count('<path class="area"') == 1
