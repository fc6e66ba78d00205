"""The search: typing errors, both languages, pages and data, and what to do where nothing is found."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.build import build_publication
from missiongraph.dataset import read_dataset
from missiongraph.names.index import Role
from missiongraph.publication import Publication
from missiongraph.web.families.search import results
from missiongraph.web.site import Site
from tests.reconciliation import province
from tests.web.answers import page

FLORENCE = "https://w3id.org/missiongraph/id/city/florence"


def found(site: httpx.Client, query: str, **more: str) -> list[dict[str, Any]]:
    answer = site.get("/search", params={"q": query, **more}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return list(answer.json()["results"])


@pytest.mark.parametrize(
    "query",
    ["Florence", "firenze", "firenza", "Florense", "FIRENZE (FI)", "Comune di Firenze, Italia", "048017", FLORENCE],
)
def test_a_city_is_found_however_it_is_written(site: httpx.Client, query: str) -> None:
    assert FLORENCE in [one["iri"] for one in found(site, query)[:2]]


def test_an_identifier_of_others_finds_it_too(site: httpx.Client) -> None:
    assert found(site, "http://www.wikidata.org/entity/Q2044")[0]["iri"] == FLORENCE


def test_words_of_descriptions_count_less_than_names(site: httpx.Client) -> None:
    scores = {one["matched"]["kind"]: one["score"] for one in reversed(found(site, "ministry"))}
    assert scores["description"] < scores["label"]


def test_a_hit_says_what_it_is_and_why(site: httpx.Client) -> None:
    hit = found(site, "firenza", lang="en")[0]
    assert hit["name"] == "Florence"
    assert found(site, "florence", lang="en")[0]["also"] == ["Firenze"]
    assert hit["types"][0] == {"id": "http://schema.org/City", "name": "City"}
    assert hit["matched"] == {"text": "Firenze", "kind": "label"}
    assert site.get(hit["page"]).status_code == 200
    assert found(site, "firenza", lang="it")[0]["name"] == "Firenze"


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_page_answers_without_a_script(site: httpx.Client, language: str) -> None:
    shown = page(site, f"/search?q=firenza&lang={language}")
    assert any(href.startswith("/doc/city/florence") for href in shown.internal)
    assert "firenza" in shown.title
    assert shown.meta("robots") == "noindex"
    assert [form["action"] for form in shown.all("form", role="search")] == ["/search"]
    assert shown.all("input", name="q")[0]["value"] == "firenza"
    assert shown.all("input", name="lang")[0]["value"] == language


def test_every_page_has_the_field(site: httpx.Client, beer: httpx.Client) -> None:
    for client, address in ((site, "/"), (site, "/doc/city/bologna"), (site, "/none"), (beer, "/")):
        answer = client.get(address, headers={"Accept": "text/html"})
        assert 'role="search"' in answer.text and 'href="/opensearch.xml"' in answer.text


@pytest.mark.parametrize("query", ["qqqqqq", "!?", "", "<script>alert(1)</script>"])
def test_where_nothing_is_found_there_are_ways_on(site: httpx.Client, query: str) -> None:
    shown = page(site, str(httpx.URL("/search", params={"q": query})))
    assert any(href.startswith("/list?class=") for href in shown.internal)
    assert "<script>alert" not in shown.source


def test_suggestions_and_their_description_are_opensearch(site: httpx.Client) -> None:
    description = ET.fromstring(site.get("/opensearch.xml").text)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    types = {url.get("type"): url.get("template", "") for url in description.findall("o:Url", space)}
    assert set(types) == {"text/html", "application/json", "application/x-suggestions+json"}
    assert all("{searchTerms}" in template for template in types.values())
    answer = site.get("/search.suggestions?q=bolo")
    assert answer.headers["Content-Type"] == "application/x-suggestions+json"
    assert answer.json()[0] == "bolo" and "Bologna" in answer.json()[1]


def test_hits_come_page_by_page_and_each_once(site: httpx.Client) -> None:
    def answer(number: int) -> dict[str, Any]:
        asked = {"q": "city", "page": str(number)}
        return dict(site.get("/search", params=asked, headers={"Accept": "application/json"}).json())

    first = answer(1)
    assert first["page"] == 1 and first["pages"] >= 2 and len(first["results"]) < first["total"]
    iris = [one["iri"] for number in range(1, first["pages"] + 1) for one in answer(number)["results"]]
    assert len(iris) == len(set(iris)) == first["total"]
    assert site.get(f"/search?q=city&page={first['pages'] + 1}").status_code == min(
        404, 400 + 4 * (first["pages"] < 10)
    )
    shown = page(site, "/search?q=city&page=2&lang=it")
    assert {"/search?q=city&lang=it"} <= set(shown.internal)
    assert str(first["total"]) in shown.source
    for wrong in ("0", "x", "11"):
        assert site.get(f"/search?q=city&page={wrong}").status_code == 400


def test_another_publication_is_searched_in_its_languages(beer: httpx.Client) -> None:
    assert found(beer, "Obergariges")[0]["iri"] == "http://beer.example/vocab/ale"
    assert found(beer, "breuer elsewhere")[0]["iri"] == "http://other.example/brewer"


def test_too_long_is_too_long(site: httpx.Client) -> None:
    for address in (f"/search?q={'a' * 301}", "/search?q=a&q=b", "/search?q=a&lang=xx"):
        answer = site.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@given(st.text(max_size=40))
def test_nothing_that_is_searched_for_does_harm(site: httpx.Client, query: str) -> None:
    text = query.encode("utf-8", "replace").decode()
    for kind in ("text/html", "application/json", "application/x-suggestions+json"):
        assert site.get("/search", params={"q": text}, headers={"Accept": kind}).status_code == 200


def test_a_word_of_another_kind_does_not_lift_a_place_above_what_is_called_so(tmp_path: Path) -> None:
    """The brother of sure matches: what a word of a kind explains counted as written."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "province.ttl").write_text(province.turtle(), "utf-8")
    (tmp_path / "missiongraph.toml").write_text(province.settings(), "utf-8")
    site = Site(build_publication(read_dataset(Publication.open(tmp_path)), tmp_path / "out"))
    for text in ("Biblioteca Brunico", "biblioteca di Merano", "Museo Bolzano", "Scuola Lana"):
        found = [one.iri for one in results(site, text) if one.name.role == Role.THING]
        assert not found[0].startswith(f"{province.BASE}id/municipality/"), text
