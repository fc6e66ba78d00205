"""WCAG 2.2 AA as far as axe can tell, in both themes and languages; and nothing scrolls sideways on a small phone."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.journeys.conftest import Reader, Readers

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GEO = "SELECT ?city ?point WHERE { ?city geo:hasGeometry/geo:asWKT ?point }"
COUNT = "SELECT ?class (COUNT(*) AS ?things) WHERE { ?s a ?class } GROUP BY ?class"
DATES = 'SELECT * WHERE { VALUES (?year ?loans) { ("2001"^^xsd:gYear 3) ("2003"^^xsd:gYear 5) } }'
TRIPLES = "CONSTRUCT { ?p mg:partner ?m } WHERE { ?p mg:partner ?m }"


def asking(query: str, view: str = "table") -> str:
    return "/sparql?" + urlencode({"query": query, "view": view})


PAGES = {"home": "/", "city": "/doc/city/bologna", "ask": "/sparql", "table": asking(GEO)}
ANSWERS = {
    "narrowed": "/views/mission-map?country=http://publications.europa.eu/resource/authority/country/ITA",
    "timeline": "/views/timeline",
    "bars": asking(COUNT, "chart"),
    "line": asking(DATES, "chart"),
    "places": asking(GEO, "map"),
    "graph": asking(TRIPLES, "graph"),
    "raw": asking(TRIPLES, "raw"),
    "fault": asking("SELECT"),
}


def check(someone: Reader, addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        found = Axe().run(someone.open(address), options={"runOnly": RULES}).response["violations"]
        assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found] == [], name


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", ["en-GB", "it-IT"])
def test_no_page_violates_a_rule(reader: Readers, language: str, theme: Theme) -> None:
    someone = reader(locale=language, color_scheme=theme)
    check(someone, PAGES)
    assert someone.page.locator("html").get_attribute("lang") == language[:2]


@pytest.mark.parametrize("theme", THEMES)
def test_no_view_of_an_answer_violates_a_rule(reader: Readers, theme: Theme) -> None:
    check(reader(color_scheme=theme), ANSWERS)


def test_no_page_scrolls_sideways_on_a_small_phone(reader: Readers) -> None:
    someone = reader(viewport={"width": 320, "height": 640})
    for name, address in {**PAGES, **ANSWERS}.items():
        page = someone.open(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
