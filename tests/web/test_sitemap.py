"""The sitemap lists pages at their final addresses, each once; robots find it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from xml.etree import ElementTree

import httpx
import pytest

from missiongraph.build import Build, build_publication
from missiongraph.export.file_names import items_of
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Family, Member, Variant
from missiongraph.web.pages.home import HOME
from missiongraph.web.pages.sitemaps import PER_PART, sitemap_families
from missiongraph.web.serving.application import FAMILIES
from tests.conftest import serving
from tests.web.answers import BEER, ODD, SHIPPED, iris_under

LARGE = "https://large.example/"
XML = Variant("application/xml", "", "Sitemap")
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def parts(client: httpx.Client, base: str) -> list[bytes]:
    """The files of the sitemap that list pages."""
    whole = client.get("/sitemap.xml").content
    root = ElementTree.fromstring(whole)
    if root.tag != f"{SPACE}sitemapindex":
        return [whole]
    named = [element.text or "" for element in root.iter(f"{SPACE}loc")]
    assert all(address.startswith(base) for address in named)
    return [client.get("/" + address.removeprefix(base)).content for address in named]


def listed(client: httpx.Client, base: str) -> list[str]:
    found = [e.text or "" for part in parts(client, base) for e in ElementTree.fromstring(part).iter(f"{SPACE}loc")]
    assert all(address.startswith(base) for address in found)
    return ["/" + address.removeprefix(base) for address in found]


@pytest.mark.parametrize(
    ("client", "base"), [pytest.param("site", SHIPPED, marks=pytest.mark.sweep), ("beer", BEER), ("odd", ODD)]
)
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


@pytest.fixture(scope="module")
def large_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """More pages than a part of the sitemap has: of things, at own paths, elsewhere; some with long addresses."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text(f'title = "Large"\nbase = "{LARGE}"\nmodified = 2026-11-30\n')
    things = [f"{LARGE}id/thing/{n}?a=1&b={n}" if n % 100 == 0 else f"{LARGE}id/thing/{n}" for n in range(6000)]
    own = [f"{LARGE}vocab/{n}" for n in range(3000)] + [f"{LARGE}searching", f"{LARGE}ontology"]
    elsewhere = [f"https://other.example/{n}" for n in range(3000)] + [f"https://other.example/{'x' * 3000}"]
    lines = (f'<{iri}> <http://www.w3.org/2000/01/rdf-schema#label> "x" .\n' for iri in (*things, *own, *elsewhere))
    (folder / "data" / "things.nt").write_text("".join(lines), "utf-8")
    return build_publication(read_dataset(Publication.open(folder)), tmp_path_factory.mktemp("large-builds"))


@pytest.mark.sweep
def test_a_long_sitemap_is_an_index_of_parts_that_list_each_page_once(large_build: Build) -> None:
    """https://www.sitemaps.org/protocol.html: 50,000 addresses, 50 MB, 2,048 characters; an index of the same."""
    with serving(large_build) as client:
        index = ElementTree.fromstring(client.get("/sitemap.xml").content)
        assert index.tag == f"{SPACE}sitemapindex"
        assert {child.tag for child in index} == {f"{SPACE}sitemap"}
        assert {element.text for element in index.iter(f"{SPACE}lastmod")} == {"2026-11-30"}
        for part in parts(client, LARGE):
            addresses = [element.text or "" for element in ElementTree.fromstring(part).iter(f"{SPACE}loc")]
            assert 0 < len(addresses) <= PER_PART <= 50_000
            assert max(map(len, addresses)) < 2048
            assert len(part) < 50_000_000
        found = listed(client, LARGE)
        site = Site(large_build)
        pages = [m.address() for family in FAMILIES for m in family.members(site) if has_page(site, family, m)]
        assert found == [f"/{page}" for page in pages if len(page) < 2000 and page.partition("/")[0] != "sparql"]
        assert len(set(found)) == len(found) > 12_000
        assert {"/searching", "/ontology", "/doc/thing/100?a=1&b=100"} <= set(found)
        assert client.get("/sitemap-9.xml").status_code == client.get("/sitemap-x.xml").status_code == 404
        again = client.get("/sitemap-1.xml", headers={"Accept-Encoding": "gzip"})
        assert again.headers["Content-Encoding"] == "gzip"
        assert f"Sitemap: {LARGE}sitemap.xml" in client.get("/robots.txt").text.splitlines()


def has_page(site: Site, family: Family, member: Member) -> bool:
    return any(variant.is_page for variant in family.variants(site, member))


@pytest.mark.sweep
def test_an_export_has_the_parts(large_build: Build) -> None:
    files = {item.file for item in items_of(Site(large_build, static=True)) if item.file.startswith("sitemap")}
    parts = range(1, 6)  # of things two, own paths, what lies elsewhere, and all the rest
    assert files == {"sitemap.xml", *(f"sitemap-{number}.xml" for number in parts)}


def test_robots_are_told_where_it_is(site: httpx.Client) -> None:
    response = site.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {SHIPPED}sitemap.xml" in response.text.splitlines()


def test_two_who_ask_first_at_the_same_time_get_the_same_sitemap(beer_build: Build) -> None:
    site, both = Site(beer_build), Barrier(2)
    page = Member("page", "")

    def size(_: Site) -> int:
        both.wait(20)
        return 1

    family = replace(HOME, name="slow", size=size, members=lambda site: iter((page,)))
    whole, _ = sitemap_families(lambda: [family])
    with ThreadPoolExecutor(2) as askers:
        answers = list(askers.map(lambda _: whole.render(site, next(whole.members(site)), XML), range(2)))
    assert answers[0] == answers[1]
    assert b"<urlset" in str(answers[0]).encode() and b"/page</loc>" in str(answers[0]).encode()
