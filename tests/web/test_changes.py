"""``/changes`` and ``/dumps/{version}/``: what was released, and what changed since."""

from __future__ import annotations

import hashlib
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.releases import release
from missiongraph.publication.source_folder import Publication
from tests.conftest import BEER, serving
from tests.web.answers import Page

ATOM = "{http://www.w3.org/2005/Atom}"
BREWER = "http://other.example/brewer"
OLD = f'<{BREWER}> <http://www.w3.org/2000/01/rdf-schema#label> "A brewer elsewhere"@en .'
SLOGAN = f'<{BREWER}> <http://schema.org/slogan> "Five & <six>"@de .'


def as_release(folder: Path, version: str, day: date) -> None:
    release(read_dataset(Publication.open(folder)), version, day)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """1.0.0; one statement more in 1.1.0, one less in 2.0.0; and now the first of them again."""
    folder = shutil.copytree(BEER, tmp_path_factory.mktemp("history") / "beer")
    file = folder / "data" / "outside.nt"
    first = file.read_text()
    as_release(folder, "1.0.0", date(2026, 1, 1))
    file.write_text(first + SLOGAN + "\n")
    as_release(folder, "1.1.0", date(2026, 2, 2))
    file.write_text(first.replace(OLD + "\n", "") + SLOGAN + "\n")
    as_release(folder, "2.0.0", date(2026, 3, 3))
    file.write_text(first)
    return build_publication(read_dataset(Publication.open(folder)), folder.parent / "out")


@pytest.fixture(scope="module")
def client(history: Build) -> Iterator[httpx.Client]:
    with serving(history) as client:
        yield client


def changes(client: httpx.Client, query: str = "") -> Any:
    answer = client.get(f"/changes.json{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_by_default_the_last_two_releases_are_compared(client: httpx.Client) -> None:
    found = changes(client)
    assert (found["from"]["version"], found["to"]["version"]) == ("1.1.0", "2.0.0")
    assert found["added"] == []
    (removed,) = found["removed"]
    assert removed == {
        "subject": {"type": "uri", "value": BREWER},
        "predicate": {"type": "uri", "value": "http://www.w3.org/2000/01/rdf-schema#label"},
        "object": {"type": "literal", "value": "A brewer elsewhere", "xml:lang": "en"},
        "graph": {"type": "uri", "value": "http://beer.example/id/graph/file/data/outside.nt"},
    }


@pytest.mark.parametrize(
    ("query", "ends", "added", "removed"),
    [
        ("?from=1.0.0&to=1.1.0", ("1.0.0", "1.1.0"), 1, 0),
        ("?from=1.0.0&to=2.0.0", ("1.0.0", "2.0.0"), 1, 1),
        ("?from=2.0.0&to=now", ("2.0.0", "now"), 1, 1),
        ("?from=1.0.0", ("1.0.0", "now"), 0, 0),
        ("?to=1.1.0", ("1.0.0", "1.1.0"), 1, 0),
        ("?from=now&to=now", ("now", "now"), 0, 0),
    ],
)
def test_any_two_editions_can_be_compared(
    client: httpx.Client, query: str, ends: tuple[str, str], added: int, removed: int
) -> None:
    found = changes(client, query)
    assert (found["from"]["version"], found["to"]["version"]) == ends
    assert (len(found["added"]), len(found["removed"])) == (added, removed)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=3.0.0", 404),
        ("to=1.0", 404),
        ("from=latest", 400),
        ("from=", 400),
        ("from=../now&to=now", 400),
        ("to=" + "9" * 5000, 400),
        ("from=2.0.0&to=1.0.0", 400),
        ("to=1.0.0", 400),
        ("from=1.0.0&from=1.1.0", 400),
    ],
)
def test_what_cannot_be_compared_is_a_problem(client: httpx.Client, query: str, status: int) -> None:
    answer = client.get(f"/changes?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_publication_without_releases_says_so(beer: httpx.Client) -> None:
    assert "No version of this publication has been released yet." in beer.get("/changes").text
    assert changes(beer) == {"from": None, "to": None, "added": [], "removed": []}
    assert ET.fromstring(beer.get("/changes.atom").content).findall(f"{ATOM}entry") == []
    assert beer.get("/changes?from=1.0.0").status_code == 404


def test_with_one_release_now_is_compared_with_it(tmp_path: Path) -> None:
    folder = shutil.copytree(BEER, tmp_path / "beer")
    as_release(folder, "1.0.0", date(2026, 1, 1))
    with serving(build_publication(read_dataset(Publication.open(folder)), tmp_path / "out")) as client:
        found = changes(client)
    assert (found["from"]["version"], found["to"]["version"]) == ("1.0.0", "now")
    assert found["from"]["digest"] == found["to"]["digest"]


def test_the_page_shows_each_statement_under_what_it_speaks_of(client: httpx.Client) -> None:
    text = client.get("/changes?from=1.0.0&to=2.0.0&lang=en").text
    page = Page(text)
    assert len(page.all("ins")) == 1
    assert len(page.all("del")) == 1
    assert "Five &amp; &lt;six&gt;" in text
    assert {"/changes?from=1.0.0&to=1.1.0&lang=en", "/changes?from=2.0.0&to=now&lang=en"} <= set(
        page.values("href", "a")
    )
    assert f"/resource?iri={BREWER.replace(':', '%3A').replace('/', '%2F')}&lang=en" in page.values("href", "a")


def test_it_is_in_the_language_of_the_reader(client: httpx.Client) -> None:
    assert client.get("/changes?lang=de").headers["Content-Language"] == "de"


def test_the_patch_is_offered_by_name_and_by_negotiation(client: httpx.Client) -> None:
    named = client.get("/changes.rdfp?from=1.0.0&to=2.0.0")
    asked = client.get("/changes?from=1.0.0&to=2.0.0", headers={"Accept": "application/rdf-patch"})
    assert named.content == asked.content
    assert named.headers["Content-Type"] == "application/rdf-patch"
    lines = named.text.splitlines()
    assert [line.split()[0] for line in lines] == ["H", "H", "TX", "D", "A", "TC"]
    assert list(parse(lines[3][2:], RdfFormat.N_QUADS)) and list(parse(lines[4][2:], RdfFormat.N_QUADS))


def test_patches_are_a_log(client: httpx.Client) -> None:
    steps = ["from=1.0.0&to=1.1.0", "from=1.1.0&to=2.0.0", "from=2.0.0"]
    heads = [client.get(f"/changes.rdfp?{step}").text.splitlines()[:2] for step in steps]
    for (before, _), (_, previous) in pairwise(heads):
        assert previous == before.replace("H id", "H prev")


def test_the_feed_is_atom(client: httpx.Client) -> None:
    """RFC 4287, section 4.1: id, title, updated and author; links of one kind told apart by type or address."""
    answer = client.get("/changes.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml"
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == "http://beer.example/changes"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"http://beer.example/dumps/{version}/" for version in ("2.0.0", "1.1.0", "1.0.0")
    ]
    for element in (feed, *entries):
        assert element.findtext(f"{ATOM}title")
        stamp = element.findtext(f"{ATOM}updated") or ""
        assert datetime.fromisoformat(stamp).tzinfo is not None
        alternates = [link.attrib for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternates}) == len(alternates) > 0
    assert entries[0].findtext(f"{ATOM}updated") == "2026-03-03T00:00:00Z"
    assert feed.findtext(f"{ATOM}updated") == "2026-03-03T00:00:00Z"
    assert all(entry.findtext(f"{ATOM}summary") for entry in entries)


def test_every_link_of_the_feed_answers(client: httpx.Client) -> None:
    feed = ET.fromstring(client.get("/changes.atom").content)
    for link in feed.iter(f"{ATOM}link"):
        address = str(link.get("href")).replace("http://beer.example/", "/")
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Content-Type"].partition(";")[0] == link.get("type")


@pytest.mark.parametrize("address", ["/", "/changes", "/vocab/ale", "/dumps/"])
def test_every_page_leads_to_the_feed(client: httpx.Client, address: str) -> None:
    (found,) = Page(client.get(address).text).all("link", rel="alternate", type="application/atom+xml")
    assert found["href"] == "/changes.atom"


def test_forms_are_linked_in_headers(client: httpx.Client) -> None:
    links = client.get("/changes").headers["Link"]
    assert '</changes.atom>; rel="alternate"; type="application/atom+xml"' in links


def test_a_folder_without_its_slash_leads_to_it(client: httpx.Client) -> None:
    moved = client.get("/dumps/1.0.0")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/dumps/1.0.0/")


def test_the_files_of_a_release_are_listed_with_their_checksums(client: httpx.Client, history: Build) -> None:
    page = Page(client.get("/dumps/1.0.0/").text)
    hrefs = set(page.values("href", "a"))
    lines = client.get("/dumps/1.0.0/SHA256SUMS").text.splitlines()
    sums = {name: checksum for checksum, name in (line.split("  ") for line in lines)}
    first = next(iter(history.releases.values()))
    assert {dump.name for dump in first} == set(sums)
    for name, checksum in sums.items():
        assert f"/dumps/1.0.0/{name}" in hrefs
        assert hashlib.sha256(client.get(f"/dumps/1.0.0/{name}").content).hexdigest() == checksum


def test_releases_are_listed_with_the_dumps(client: httpx.Client) -> None:
    hrefs = Page(client.get("/dumps/").text).values("href", "a")
    assert [href for href in hrefs if href.count("/") == 3] == ["/dumps/2.0.0/", "/dumps/1.1.0/", "/dumps/1.0.0/"]


@pytest.mark.parametrize("address", ["/dumps/3.0.0/", "/dumps/3.0.0/beers-of-the-world.ttl", "/dumps/1.0/"])
def test_what_was_not_released_is_not_there(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_catalogue_s_versions_have_a_landing_page(client: httpx.Client) -> None:
    catalogue = client.get("/catalog", headers={"Accept": "application/n-triples"}).text
    assert "<http://www.w3.org/ns/dcat#landingPage> <http://beer.example/dumps/1.0.0/>" in catalogue
