"""Robots are kept from what multiplies, find every page once, and are led to the dumps (RFC 9309)."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin
from xml.etree import ElementTree

import httpx
import pytest

from missiongraph.build import Build
from missiongraph.web.context.site import Site
from missiongraph.web.pages.home import HOME
from tests.web.answers import BEER, ODD, SHIPPED

HTML = {"Accept": "text/html"}

#: What a page makes many more of.
MULTIPLYING = (
    "/sparql?query=ASK%7B%7D",
    "/sparql?view=raw&query=ASK%7B%7D",
    "/search?q=roma",
    "/doc/city/bologna?lang=it",
    "/doc/city/bologna?evidence=open",
    "/list?class=x&lang=it",
    "/list?class=x&filter=y",
    "/list?class=x&sort=y",
    "/list?class=x&order=descending",
    "/views/mission-map?country=x",
    "/history?subject=x&property=y",
    "/same?url=x",
    "/reconcile/suggest/entity?prefix=a",
)
ONCE = ("/", "/sparql", "/doc/city/bologna", "/list?class=x", "/list?class=x&page=2", "/views/mission-map", "/dumps/")


def rules(robots: str) -> list[re.Pattern[str]]:
    """The rules for all robots, as section 2.2.3 reads them: an asterisk is anything, and a rule is a beginning."""
    lines = [line.partition("#")[0].strip() for line in robots.splitlines()]
    said = [value.strip() for name, _, value in (line.partition(":") for line in lines) if name == "Disallow"]
    return [re.compile(".*".join(re.escape(part) for part in rule.split("*"))) for rule in said]


def kept_out(robots: list[re.Pattern[str]], address: str) -> bool:
    return any(rule.match(address) for rule in robots)


def test_robots_may_see_each_page_once(site: httpx.Client) -> None:
    robots = rules(site.get("/robots.txt").text)
    assert [address for address in MULTIPLYING if not kept_out(robots, address)] == []
    assert [address for address in ONCE if kept_out(robots, address)] == []


@pytest.mark.parametrize(("client", "base"), [("site", SHIPPED), ("beer", BEER), ("odd", ODD)])
def test_no_page_of_the_sitemap_is_kept_from_them(client: str, base: str, request: pytest.FixtureRequest) -> None:
    served: httpx.Client = request.getfixturevalue(client)
    robots = rules(served.get("/robots.txt").text)
    root = ElementTree.fromstring(served.get("/sitemap.xml").content)
    listed = ["/" + (e.text or "").removeprefix(base) for e in root.iter() if e.tag.endswith("loc")]
    assert listed and not [address for address in listed if kept_out(robots, address)]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/doc/city/bologna",
        "/doc/evidence/italian-network/signed-on",
        "/list?class=http%3A%2F%2Fschema.org%2FCity",
        "/views/mission-map",
        "/ontology",
        "/dumps/",
        "/sparql",
        "/search?q=roma",
    ],
)
def test_every_link_to_what_is_kept_from_them_says_nofollow(site: httpx.Client, address: str) -> None:
    robots = rules(site.get("/robots.txt").text)
    links = re.findall(r"<a\s[^>]*>", site.get(address, headers=HTML).text)
    led = {
        link: urljoin(address, html.unescape(found[1]))
        for link in links
        if (found := re.search(r'href="([^"#][^"]*)"', link))
    }
    closed = [link for link, target in led.items() if kept_out(robots, target)]
    assert closed
    assert [link for link in closed if not re.search(r'rel="[^"]*\bnofollow\b', link)] == []
    opened = [link for link in led if link not in closed]
    assert [link for link in opened if "nofollow" in link] == []


def test_a_page_in_a_language_by_its_address_leads_no_robot_on(site: httpx.Client) -> None:
    """Each of its links keeps the language, so that it is the door to the whole site once more."""
    for address in (
        "/doc/city/bologna?lang=it",
        "/sparql?lang=it",
        "/list?class=http%3A%2F%2Fschema.org%2FCity&lang=it",
    ):
        assert '<meta name="robots" content="nofollow">' in site.get(address, headers=HTML).text
    assert 'name="robots"' not in site.get("/doc/city/bologna", headers=HTML).text


def test_the_one_address_of_a_page_is_one_that_they_may_visit(site: httpx.Client) -> None:
    robots = rules(site.get("/robots.txt").text)
    for address in ("/doc/city/bologna?lang=it", "/list?class=http%3A%2F%2Fschema.org%2FCity", "/sparql?lang=it"):
        canonical = re.search(r'<link rel="canonical" href="([^"]*)"', site.get(address, headers=HTML).text)
        assert canonical
        assert not kept_out(robots, "/" + html.unescape(canonical[1]).removeprefix(SHIPPED))


def test_whoever_reads_robots_txt_learns_of_the_dumps(site: httpx.Client) -> None:
    said = site.get("/robots.txt").text
    comments = [line for line in said.splitlines() if line.startswith("#")]
    assert any(f"{SHIPPED}dumps/" in line for line in comments)
    assert "downloaded" in said and "scaricare" in said
    assert f"Sitemap: {SHIPPED}sitemap.xml" in said.splitlines()


def test_files_may_all_be_visited(beer_build: Build) -> None:
    """An export costs its host nothing more for each visit, and has no Disallow either."""

    def home(site: Site) -> bytes:
        member = next(iter(HOME.members(site)))
        variant = next(variant for variant in HOME.variants(site, member) if variant.is_page)
        rendered = HOME.render(site, member, variant)
        assert isinstance(rendered, bytes)
        return rendered

    assert b"nofollow" not in home(Site(beer_build, static=True))
    assert b"nofollow" in home(Site(beer_build))
