"""Catalogue and VoID can be read by people, in their language."""

from __future__ import annotations

import re

import httpx
import pytest

from missiongraph.build import Build
from missiongraph.publication.own_services import INTERFACES
from missiongraph.web.services.routes import SERVICES
from tests.web.answers import page


@pytest.mark.parametrize("address", ["/catalog", "/catalog?profile=dcat-ap-it", "/.well-known/void"])
def test_no_property_is_left_in_english_for_an_italian_reader(site: httpx.Client, address: str) -> None:
    def labels(language: str) -> list[str]:
        joiner = "&" if "?" in address else "?"
        text = site.get(f"{address}{joiner}lang={language}", headers={"Accept": "text/html"}).text
        return re.findall(r"<dt[^>]*>\s*(?:<[^>]*>)*([^<]+)", text)

    english, italian = set(labels("en")), set(labels("it"))
    assert len(english) > 8
    same = english & italian
    assert same <= {"IRI", "URL"}, same


def test_the_catalogue_calls_things_by_their_names(site: httpx.Client) -> None:
    text = " ".join(re.sub("<[^>]*>", " ", site.get("/catalog?lang=it", headers={"Accept": "text/html"}).text).split())
    for name in ("Insieme di dati", "Redazione di missiongraph", "pubblico", "text/turtle", "Italia", "irregolare"):
        assert name in text
    assert "dcat:" not in text and "dcterms:" not in text


@pytest.mark.parametrize("address", ["/catalog", "/catalog?profile=dcat-ap-it"])
def test_every_part_of_the_catalogue_stands_on_its_page(site: httpx.Client, address: str) -> None:
    data = site.get(address, headers={"Accept": "application/n-triples"}).text
    parts = set(re.findall(r"^<[^>]*/catalog#([^>]+)>", data, re.MULTILINE))
    text = site.get(address, headers={"Accept": "text/html"}).text
    assert len(parts) > 100
    assert parts <= set(re.findall(r'id="([^"]+)"', text))


def test_each_dataset_has_its_files_and_only_what_sets_it_apart(site: httpx.Client) -> None:
    text = site.get("/catalog?lang=en", headers={"Accept": "text/html"}).text
    labels = text.partition('href="/doc/dataset/labels')[2].partition("</section>")[0]
    assert "missiongraph-labels.trig" in labels and "Six rounds" in labels
    assert "missiongraph editors" not in labels and "missiongraph-pilots" not in labels


def test_the_italian_rendering_is_linked_and_refuses_other_names(site: httpx.Client) -> None:
    assert "/catalog?profile=dcat-ap-it" in page(site, "/catalog").internal
    for profile in ("dcat-ap", "dcat-ap-it"):
        assert site.get(f"/catalog.ttl?profile={profile}").status_code == 200
    for profile in ("", "other", "DCAT-AP-IT"):
        assert site.get(f"/catalog.ttl?profile={profile}").status_code == 400
    assert site.get("/catalog.ttl").content == site.get("/catalog.ttl?profile=dcat-ap").content


def test_the_services_of_the_catalogue_are_those_that_are_served(shipped_build: Build) -> None:
    served = {service.interface.name: service.pattern for service in SERVICES if service.interface}
    assert {one.name: f"/{one.path}" for one in INTERFACES} == served
    catalogue = {str(triple.object) for triple in shipped_build.statements("catalog")}
    for one in INTERFACES:
        assert f"<{shipped_build.settings.base}{one.path}>" in catalogue
