"""The sitemap lists pages at their final addresses, each once; robots find it."""

from __future__ import annotations

from xml.etree import ElementTree

import httpx
import pytest

from missiongraph.build import Build
from tests.web.answers import BEER, ODD, SHIPPED, iris_under

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client: httpx.Client, base: str) -> list[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    found = [element.text or "" for element in root.iter(f"{SPACE}loc")]
    assert all(address.startswith(base) for address in found)
    return ["/" + address.removeprefix(base) for address in found]


@pytest.mark.parametrize(("client", "base"), [("site", SHIPPED), ("beer", BEER), ("odd", ODD)])
def test_each_page_is_listed_once_and_answers(client: str, base: str, request: pytest.FixtureRequest) -> None:
    served: httpx.Client = request.getfixturevalue(client)
    addresses = listed(served, base)
    assert len(set(addresses)) == len(addresses)
    for address in addresses[:: max(1, len(addresses) // 100)]:
        response = served.get(address, headers={"Accept": "text/html"})
        assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8"), address


def test_only_pages_are_listed(site: httpx.Client) -> None:
    addresses = listed(site, SHIPPED)
    assert not [address for address in addresses if address.startswith(("/id/", "/sparql", "/static/", "/openapi"))]
    assert not [address for address in addresses if address.startswith("/dumps/") and address != "/dumps/"]
    assert {"/", "/dumps/", "/catalog", "/ontology", "/shapes", "/doc/city/bologna"} <= set(addresses)


def test_every_thing_is_listed(site: httpx.Client, shipped_build: Build) -> None:
    things = {iri.partition("#")[0].removeprefix(f"{SHIPPED}id/") for iri in iris_under(shipped_build, f"{SHIPPED}id/")}
    assert {f"/doc/{thing}" for thing in things} <= set(listed(site, SHIPPED))


def test_pages_are_dated_by_the_publication(site: httpx.Client, shipped_build: Build) -> None:
    root = ElementTree.fromstring(site.get("/sitemap.xml").content)
    assert {element.text for element in root.iter(f"{SPACE}lastmod")} == {shipped_build.manifest["modified"]}


def test_robots_are_told_where_it_is(site: httpx.Client) -> None:
    response = site.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {SHIPPED}sitemap.xml" in response.text.splitlines()
