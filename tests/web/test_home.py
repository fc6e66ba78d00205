"""The home page says what the publication is, by its settings and queries, and leads into it."""

from __future__ import annotations

import re

import httpx
import pytest

from missiongraph.build import Build
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.settings import pick
from missiongraph.vocab import MG
from tests.web.answers import BEER, page


@pytest.mark.parametrize("language", ["en", "it"])
def test_it_says_what_the_settings_say(site: httpx.Client, shipped_build: Build, language: str) -> None:
    text = re.sub(r"\s+", " ", page(site, f"/?lang={language}").text)
    headline = pick(shipped_build.settings.home.headline, (language,))
    for words in headline.split("*"):
        assert words.strip() in text
    assert pick(shipped_build.settings.home.lead, (language,)) in text


def test_it_leads_to_each_chosen_class_and_its_things(site: httpx.Client, shipped_build: Build) -> None:
    links = page(site, "/?lang=en").internal
    for kind in shipped_build.settings.home.classes:
        address = str(httpx.URL("/list", params={"class": kind, "lang": "en"}))
        assert address in links


def test_of_a_large_class_it_names_what_most_is_said_of(site: httpx.Client, shipped_dataset: Dataset) -> None:
    members = {t.object for t in shipped_dataset.default_graph if t.predicate == MG.memberCity}
    pages = {f"/doc/city/{str(city.value).rpartition('/')[2]}?lang=en" for city in members if hasattr(city, "value")}
    assert len(pages) == 9
    assert pages <= set(page(site, "/?lang=en").internal)


def test_it_offers_the_questions(site: httpx.Client, shipped_build: Build) -> None:
    shown = page(site, "/?lang=it")
    asked = [link for link in shown.internal if link.startswith("/sparql?query=")]
    assert len(asked) >= min(5, len(shipped_build.questions))
    for link in asked:
        assert page(site, link).all("h1")


def test_it_shows_a_disagreement_with_both_versions(site: httpx.Client) -> None:
    row = site.get(
        "/sparql",
        params={"query": "ASK { ?d a mg:Disagreement ; mg:aboutSubject ?s }"},
        headers={"Accept": "application/json"},
    ).json()
    assert row["boolean"] is True
    assert "Sources disagree" in page(site, "/?lang=en").text
    assert "Le fonti non concordano" in page(site, "/?lang=it").text


def test_a_publication_without_settings_for_it_gets_one_all_the_same(beer: httpx.Client) -> None:
    shown = page(beer, "/?lang=de")
    assert "Ein kleines Vokabular der Biere" in shown.text
    assert "/vocab/ale?lang=de" in shown.internal
    for link in shown.internal:
        assert beer.get(link, headers={"Accept": "text/html"}).status_code == 200, link


def test_nothing_of_one_publication_is_in_another_s(beer: httpx.Client) -> None:
    text = beer.get("/", headers={"Accept": "text/html"}).text
    for word in ("Italian", "w3id.org/missiongraph/id", "Bologna", "Network"):
        assert word not in text
    assert BEER in text
