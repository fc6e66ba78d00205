"""Nanopublications over HTTP: at the address of their graph, and under their trusty names."""

from __future__ import annotations

import httpx
from pyoxigraph import RdfFormat, parse

from missiongraph.evidence.records.trusty_uris import is_trusty
from tests.evidence.nanopubs import faults, name_of

BASE = "https://w3id.org/missiongraph/"
ADDRESS = "/nanopub/evidence/italian-network/lead-partner"


def test_the_page_and_the_headers_of_a_claim_lead_to_its_nanopublication(site: httpx.Client) -> None:
    page = site.get("/doc/evidence/italian-network/lead-partner.html?lang=en")
    assert f'href="{ADDRESS}.trig"' in page.text and "Nanopublication" in page.text
    assert f'<{ADDRESS}>; rel="alternate"' in page.headers["Link"]
    assert "/nanopub/" not in site.get("/doc/city/bologna.ttl").headers["Link"]


def test_a_trusty_name_answers_with_what_it_names(site: httpx.Client) -> None:
    found = site.get(ADDRESS)
    assert found.headers["Content-Type"] == "application/trig"
    quads = list(parse(found.content, RdfFormat.TRIG))
    name = name_of(quads)
    assert faults(quads) == [] and is_trusty(name, quads)
    assert f'<{name}>; rel="cite-as"' in found.headers["Link"]
    path = "/" + name.removeprefix(BASE)
    for address, form in ((path, RdfFormat.TRIG), (f"{path}.trig", RdfFormat.TRIG), (f"{path}.nq", RdfFormat.N_QUADS)):
        assert set(parse(site.get(address).content, form)) == set(quads)
    assert site.get(path, headers={"Accept": "application/n-quads"}).headers["Content-Type"] == "application/n-quads"


def test_another_name_finds_nothing(site: httpx.Client) -> None:
    for address in (f"{ADDRESS}/RA{'A' * 43}", "/nanopub/city/bologna", "/nanopub/evidence/nowhere", "/nanopub/"):
        assert site.get(address).status_code == 404
