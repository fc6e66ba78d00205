"""Typed links lead a machine from any page to what it is about, and link sets say the same as headers."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import httpx
import pytest

from missiongraph.build import Build
from tests.web.answers import SHIPPED

OUTSIDE = "http://data.europa.eu/nuts/code/ITH55"
PAGES = [
    "/",
    "/doc/city/bologna",
    "/doc/dataset/reference",
    "/ontology",
    "/catalog",
    "/catalog?profile=dcat-ap-it",
    "/dumps/",
    "/.well-known/void",
    f"/resource?iri={OUTSIDE}",
]


def links(response: httpx.Response) -> set[tuple[str, str]]:
    """Relation and target of each link."""
    fields = ", ".join(response.headers.get_list("Link"))
    return {(relation, target) for target, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', fields)}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_link_sets_that_say_what_its_headers_say(site: httpx.Client, address: str) -> None:
    response = site.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200
    stated = links(response)
    sets = {target for relation, target in stated if relation == "linkset"}
    assert len(sets) == 2
    expected = {(rel, SHIPPED + target[1:] if target.startswith("/") else target) for rel, target in stated} - {
        ("linkset", SHIPPED + target[1:]) for target in sets
    }
    for target in sets:
        answer = site.get(target)
        assert answer.status_code == 200, target
        kind = answer.headers["Content-Type"].partition(";")[0]
        if kind == "application/linkset+json":
            (context,) = answer.json()["linkset"]
            assert context["anchor"] == SHIPPED + address.removeprefix("/").replace(OUTSIDE, quote(OUTSIDE, safe=""))
            found = {(rel, one["href"]) for rel, all_ in context.items() if rel != "anchor" for one in all_}
        else:
            assert kind == "application/linkset"
            found = {(rel, href) for href, rel in re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.text)}
            assert answer.text.count("anchor=") == len(found)
        if address == "/dumps/":  # too many files for headers
            assert {rel for rel, _ in found - expected} == {"item"}
            found &= expected
        assert found == expected


def test_link_sets_are_negotiated(site: httpx.Client) -> None:
    for media_type in ("application/linkset+json", "application/linkset"):
        answer = site.get("/linkset?of=doc/city/bologna", headers={"Accept": media_type})
        assert answer.headers["Content-Type"] == media_type
    assert site.get("/linkset").json()["linkset"][0]["anchor"] == SHIPPED


@pytest.mark.parametrize("of", ["nothing/here", "dumps/missiongraph.ttl", "linkset", "x" * 5000, "//", "sparql"])
def test_what_has_no_page_has_no_link_set(site: httpx.Client, of: str) -> None:
    assert site.get("/linkset", params={"of": of}).status_code == 404


def test_a_document_says_what_it_is_about_and_of_which_kind(site: httpx.Client) -> None:
    found = links(site.get("/doc/city/bologna"))
    assert ("cite-as", f"{SHIPPED}id/city/bologna") in found
    assert ("describedby", "/doc/city/bologna.ttl") in found
    assert ("type", "http://schema.org/City") in found


def test_home_leads_to_what_describes_the_site(site: httpx.Client) -> None:
    found = links(site.get("/"))
    assert {
        ("describedby", "/.well-known/void"),
        ("describedby", "/catalog"),
        ("service-desc", "/openapi.json"),
    } <= found


@pytest.mark.parametrize("name", ["missiongraph", "italian-network", "reference"])
def test_the_page_of_a_dataset_leads_to_its_files_and_its_licence(
    site: httpx.Client, shipped_build: Build, name: str
) -> None:
    found = links(site.get(f"/doc/dataset/{name}"))
    assert ("license", shipped_build.settings.licence) in found
    of = f"{SHIPPED}id/dataset/{name}"
    files = {d.name for d in shipped_build.dumps if (d.part_of or f"{SHIPPED}id/dataset/missiongraph") == of}
    items = {target.removeprefix("/dumps/") for relation, target in found if relation == "item"}
    assert items == {name for name in files if not name.endswith((".gz", ".zst"))}


def test_headers_fit_into_the_buffer_of_a_proxy(site: httpx.Client) -> None:
    for address in ("/dumps/", "/doc/dataset/missiongraph"):
        assert sum(len(name) + len(value) + 4 for name, value in site.get(address).headers.raw) < 4000


def test_a_table_leads_to_what_its_columns_mean(site: httpx.Client) -> None:
    found = links(site.get("/dumps/missiongraph-city.csv"))
    assert ("describedby", "/dumps/csv-metadata.json") in found
    assert site.get("/dumps/csv-metadata.json").json()["@context"] == "http://www.w3.org/ns/csvw"


def test_the_listing_for_programs_tells_of_every_file(site: httpx.Client, shipped_build: Build) -> None:
    answer = site.get("/dumps/", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/json"
    listing = json.loads(answer.text)
    assert {file["name"]: (file["bytes"], file["sha256"]) for file in listing["files"]} == {
        dump.name: (dump.bytes, dump.sha256) for dump in shipped_build.dumps
    }
    for file in listing["files"]:
        for address in (file["url"], file["immutable"]):
            assert site.head(address.removeprefix(SHIPPED[:-1])).status_code == 200
