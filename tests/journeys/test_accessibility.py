"""WCAG 2.2 AA as far as axe can tell, in both themes and languages; and nothing scrolls sideways on a small phone."""

from __future__ import annotations

from collections import Counter
from typing import Literal
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from missiongraph.vocab import MG
from tests.journeys.conftest import Reader, Readers
from tests.web.answers import SHIPPED

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COUNTED = f"{SHIPPED}id/count/netzerocities-countries"
GEO = "SELECT ?city ?point WHERE { ?city geo:hasGeometry/geo:asWKT ?point }"
COUNT = "SELECT ?class (COUNT(*) AS ?things) WHERE { ?s a ?class } GROUP BY ?class"
DATES = 'SELECT * WHERE { VALUES (?year ?loans) { ("2001"^^xsd:gYear 3) ("2003"^^xsd:gYear 5) } }'
TRIPLES = "CONSTRUCT { ?p mg:partner ?m } WHERE { ?p mg:partner ?m }"


def asking(query: str, view: str = "table") -> str:
    return "/sparql?" + urlencode({"query": query, "view": view})


pytestmark = pytest.mark.sweep

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


OTHERS = {
    "project": "/doc/project/lets-gov",
    "document": "/doc/document/memorandum-2022-09-09",
    "country": "/resource?iri=http://publications.europa.eu/resource/authority/country/ITA",
    "evidence": "/doc/evidence/italian-network/member-bologna",
    "opened": "/doc/project/netzerocities?evidence=open",
    "disagreement": "/doc/disagreement/applicants",
    "source": "/doc/source/italian-network",
    "history": "/history?"
    + urlencode({"subject": f"{SHIPPED}id/count/netzerocities-countries", "property": MG.number.value}),
    "search": "/search?q=firenza",
    "downloads": "/dumps/",
    "catalogue": "/catalog",
    "quality": "/quality",
    "list": "/list?class=http://schema.org/City",
    "nothing": "/doc/city/bolonia",
    "ontology": "/ontology",
}


def check(someone: Reader, addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        found = Axe().run(someone.open(address), options={"runOnly": RULES}).response["violations"]
        assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found] == [], name


@pytest.mark.parametrize(
    ("language", "theme"),
    [("en-GB", "light"), ("en-GB", "dark"), ("it-IT", "light"), ("it-IT", "dark")],
)
def test_no_page_violates_a_rule(reader: Readers, language: str, theme: Theme) -> None:
    someone = reader(locale=language, color_scheme=theme)
    check(someone, PAGES)
    assert someone.page.locator("html").get_attribute("lang") == language[:2]


@pytest.mark.parametrize(("language", "theme", "turn"), [("en-GB", "light", 0), ("it-IT", "dark", 1)])
def test_no_other_kind_of_page_violates_a_rule(reader: Readers, language: str, theme: Theme, turn: int) -> None:
    """In one theme and language each, by turns: axe takes seconds for a page."""
    check(reader(locale=language, color_scheme=theme), dict(list(OTHERS.items())[turn::2]))


@pytest.mark.parametrize("theme", THEMES)
def test_quoted_words_stay_legible_in_the_colours_of_the_system(reader: Readers, theme: Theme) -> None:
    page = reader(color_scheme=theme, forced_colors="active").open("/")
    style = "((s) => [s.color, s.backgroundColor])(getComputedStyle(e))"
    for colour, ground in page.evaluate(f"[...document.querySelectorAll('mark')].map((e) => {style})"):
        assert {colour, ground} == {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}


def test_print_is_dark_on_white_whatever_theme_was_chosen(reader: Readers) -> None:
    page = reader().open("/doc/project/lets-gov")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.sig')).color") == "rgb(10, 90, 87)"
    assert page.evaluate("getComputedStyle(document.querySelector('mark')).backgroundImage").count("rgb(255, 231, 102)")


@pytest.mark.parametrize("width", [1000, 1100, 1280])
def test_no_word_of_a_drawing_is_too_small_to_read(reader: Readers, width: int) -> None:
    someone = reader(viewport={"width": width, "height": 900})
    for address in ("/", "/views/timeline", "/views/roles", "/doc/city/bologna"):
        scale = "[...document.querySelectorAll('svg.wide, svg.net')].map((e) => e.getScreenCTM().a * 12)"
        assert min(someone.open(address).evaluate(scale)) >= 10, address


@pytest.mark.parametrize("theme", THEMES)
def test_no_view_of_an_answer_violates_a_rule(reader: Readers, theme: Theme) -> None:
    check(reader(color_scheme=theme), ANSWERS)


def test_no_page_scrolls_sideways_on_a_small_phone(reader: Readers) -> None:
    someone = reader(viewport={"width": 320, "height": 640})
    for name, address in {**PAGES, **ANSWERS, **OTHERS, "shapes": "/shapes"}.items():
        page = someone.open(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


PHONE = {"width": 320, "height": 640}
PARTS = {
    "table": "table",
    "row": "tr",
    "cell": "td",
    "rowheader": "th[scope=row]",
    "columnheader": "th[scope=col]",
}
WITH_TABLES = ("downloads", "catalogue", "quality", "document")


def test_nothing_is_too_small_for_a_finger_on_a_small_phone(reader: Readers) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels, opened checksums too."""
    someone = reader(viewport=PHONE)
    for name in WITH_TABLES:
        page = someone.open(OTHERS[name])
        for opened in (False, True):
            page.evaluate(f"for (const e of document.querySelectorAll('details')) e.open = {str(opened).lower()}")
            found = Axe().run(page, options={"runOnly": ["target-size"]}).response["violations"]
            assert [node["target"] for fault in found for node in fault["nodes"]] == [], (name, opened)
    heights = "[...document.querySelectorAll('.sum summary')].map((e) => e.getBoundingClientRect().height)"
    assert min(someone.open("/dumps/").evaluate(heights)) >= 24


@pytest.mark.parametrize("script", [True, False])
def test_a_table_is_a_table_where_its_rows_are_blocks(reader: Readers, script: bool) -> None:
    """What assistive technology is told: rows with cells and headers, as many as the page has."""
    someone = reader(viewport=PHONE, java_script_enabled=script)
    for name in (*WITH_TABLES, "home"):
        page = someone.open({**PAGES, **OTHERS}[name])
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        roles = Counter(node["role"]["value"] for node in tree if not node["ignored"])
        for role, part in PARTS.items():
            there = f"[...document.querySelectorAll('{part}')].filter((e) => e.checkVisibility())"
            heard = f"{there}.filter((e) => !e.closest('[aria-hidden=true]')).length"
            assert roles[role] == page.evaluate(heard), (name, role)
        assert roles["table"] >= 1, name
