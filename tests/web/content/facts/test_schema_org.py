"""Search engines read schema.org in pages: datasets as they want them, places with their points."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from missiongraph.build import Build
from tests.web.answers import SHIPPED

NEEDED = {"name", "description", "creator", "license", "keywords", "identifier", "isAccessibleForFree"}
NEEDED |= {"spatialCoverage", "temporalCoverage", "version", "url", "distribution"}


def markup(client: httpx.Client, address: str) -> dict[str, Any]:
    """The one JSON-LD object in a page."""
    text = client.get(address, headers={"Accept": "text/html"}).text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return dict(json.loads(found))


@pytest.mark.parametrize("address", ["/", "/catalog", "/dumps/", "/doc/dataset/missiongraph"])
def test_a_dataset_says_what_search_engines_for_datasets_want(
    site: httpx.Client, shipped_build: Build, address: str
) -> None:
    found = markup(site, address)
    assert found["@type"] == "Dataset" and found["@context"] == "https://schema.org"
    assert set(found) >= NEEDED
    assert found["identifier"] == f"{SHIPPED}id/dataset/missiongraph"
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["isAccessibleForFree"] is True
    assert found["temporalCoverage"] == "2021-10-01/2030-12-31"
    assert 50 <= len(found["description"]) <= 5000
    wholes = [dump for dump in shipped_build.dumps if dump.part_of is None]
    assert len(found["distribution"]) == len(wholes)
    for one in found["distribution"]:
        assert one["contentUrl"].startswith(f"{SHIPPED}dumps/") and one["encodingFormat"]


def test_a_dataset_speaks_the_language_of_its_page(site: httpx.Client) -> None:
    italian, english = (markup(site, f"/doc/dataset/reference?lang={tag}") for tag in ("it", "en"))
    assert (english["name"], italian["name"]) == ("Reference data", "Dati di riferimento")
    assert not set(italian["keywords"]) & set(english["keywords"])
    assert italian["isPartOf"]["@id"] == f"{SHIPPED}id/dataset/missiongraph"


def test_a_city_has_its_point_and_its_other_names(site: httpx.Client) -> None:
    found = markup(site, "/doc/city/florence")
    assert found["@type"] == "City"
    point = found["geo"]
    assert (point["@type"], point["latitude"], point["longitude"]) == ("GeoCoordinates", 43.77925, 11.24626)
    assert "http://www.wikidata.org/entity/Q2044" in found["sameAs"]


def test_a_publication_that_says_little_has_what_it_says(beer: httpx.Client) -> None:
    found = markup(beer, "/catalog?lang=en")
    assert found["name"] == "Beers of the world"
    assert not {"license", "creator", "keywords", "spatialCoverage"} & set(found)
