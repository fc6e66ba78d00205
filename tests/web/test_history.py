"""The history of a statement: every claim, accepted or not, with what it rests on and what became of it."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
import pytest

from missiongraph.vocab import MG, SCHEMA
from tests.web.answers import BEER, SHIPPED, Page

COUNT = f"{SHIPPED}id/count/netzerocities-countries"


def address(subject: str, predicate: str, **more: str) -> str:
    return "/history?" + urlencode({"subject": subject, "property": predicate, **more})


def test_it_tells_of_each_claim_with_value_source_and_status(site: httpx.Client) -> None:
    text = Page(site.get(address(COUNT, MG.number.value, lang="en")).text).text
    accepted, alternative = text.index("accepted"), text.index("alternative")
    assert accepted < alternative
    for told in ("13", "27", "stated", "innovationorigins", "press reports"):
        assert told in text, told


def test_it_is_told_in_italian(site: httpx.Client) -> None:
    text = Page(site.get(address(COUNT, MG.number.value, lang="it")).text).text
    assert "Storia dell’asserzione" in text and "alternativa" in text


def test_a_disagreement_and_an_open_note_lead_to_it(site: httpx.Client) -> None:
    shown = Page(site.get("/doc/count/netzerocities-countries.html?lang=en").text)
    assert address(COUNT, MG.number.value, lang="en") in shown.values("href", "a")
    city = Page(site.get("/doc/project/lets-gov.html").text)
    assert address(f"{SHIPPED}id/project/lets-gov", MG.leadPartner.value) in city.values("href", "a")


def test_the_page_of_a_disagreement_sets_the_versions_first_and_folds_its_record(site: httpx.Client) -> None:
    shown = site.get("/doc/disagreement/applicants.html?lang=en").text
    before, _, record = shown.partition('<details class="more record">')
    assert "337" in before and "377" in before and "Editors’ note" not in before
    assert 'href="/doc/count/mission-applicants?lang=en"' in before, "what they disagree about"
    assert "Accepted claim" in record.partition("Sources of this page")[0]


def test_robots_are_kept_from_histories_and_the_map_of_the_site_has_none(site: httpx.Client) -> None:
    assert "Disallow: /history?" in site.get("/robots.txt").text
    assert "/history?" not in site.get("/sitemap.xml").text


@pytest.mark.parametrize(
    ("subject", "predicate", "status"),
    [
        (f"{BEER}id/nothing", SCHEMA.name.value, 404),
        ("no IRI", SCHEMA.name.value, 400),
        (f"{BEER}id/nothing", "", 400),
    ],
)
def test_nothing_is_told_of_what_is_not_stated(beer: httpx.Client, subject: str, predicate: str, status: int) -> None:
    assert beer.get(address(subject, predicate)).status_code == status
