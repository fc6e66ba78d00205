"""Pages about the files and datasets of a large publication stay light: at most 30 KB as they are sent."""

from __future__ import annotations

import datetime
import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from missiongraph.build import Build, build_publication
from missiongraph.export.file_names import items_of
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.releases import release
from missiongraph.publication.source_folder import Publication
from missiongraph.web.context.site import Site
from missiongraph.web.serving.application import create_app

PARTS, RELEASES, MOST = 90, 22, 30_000
SETTINGS = """
title = "Many parts"
base = "https://example.org/"
languages = ["en", "it"]
keywords = { en = ["water", "air"] }
"""
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix d: <https://example.org/id/> . @prefix n: <https://example.org/ns#> .
"""
WHOLE = '<https://example.org/id/dataset/all> a dcat:Dataset ; dcterms:title "All stations"@en .\n'


def part(number: int) -> str:
    dataset, graph = f"<https://example.org/id/dataset/station-{number}>", f"<https://example.org/id/graph/{number}>"
    about = f'a dcat:Dataset ; dcterms:title "Measurements of station {number * 7919}"@en ; dcat:keyword "k{number}"@en'
    return (
        f'{dataset} {about} ; dcterms:description "What the station number {number * 104729} measured."@en ;\n'
        f"  dcterms:isPartOf <https://example.org/id/dataset/all> .\n"
        f"{graph} dcterms:isPartOf {dataset} .\n"
        f"{graph} {{ d:s{number} a n:Class{number} ; n:property{number} {number} ;\n"
        f"  owl:sameAs <https://o{number}.example/x> }}\n"
    )


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder: Path = tmp_path_factory.mktemp("large")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text(SETTINGS)
    (folder / "data" / "a.trig").write_text(PREFIXES + WHOLE)
    for number in range(RELEASES):
        day = datetime.date(2026, 1, 1) + datetime.timedelta(number)
        (folder / "data" / "b.ttl").write_text(f"{PREFIXES} d:x n:y {number} .")
        release(read_dataset(Publication.open(folder)), f"1.{number}.0", day)
    (folder / "data" / "a.trig").write_text(PREFIXES + WHOLE + "".join(map(part, range(PARTS))))
    return build_publication(read_dataset(Publication.open(folder)), tmp_path_factory.mktemp("builds"))


@pytest.fixture(scope="module")
def client(large: Build) -> FlaskClient:
    return create_app(large).test_client()


def pages_of(client: FlaskClient, address: str, language: str) -> list[str]:
    """The pages of a document, as long as one leads to the next."""
    found: list[str] = []
    following: str | None = address
    while following:
        answer = client.get(following, headers={"Accept": "text/html", "Accept-Language": language})
        assert answer.status_code == 200, following
        found.append(answer.get_data(as_text=True))
        assert len(gzip.compress(found[-1].encode(), 6)) <= MOST, following
        link = re.search(r'<a rel="next" href="([^"]*)"', found[-1])
        following = link[1].replace("&amp;", "&") if link else None
    return found


ADDRESSES = ["/dumps/", "/.well-known/void", "/catalog", "/catalog?profile=dcat-ap-it", "/quality", "/dumps/1.3.0/"]


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_weighs_more_than_30_kilobytes(client: FlaskClient, address: str, language: str) -> None:
    pages_of(client, address, language)


def test_every_file_with_its_checksum_stands_on_one_of_the_pages(client: FlaskClient, large: Build) -> None:
    found = pages_of(client, "/dumps/", "en")
    assert len(found) > 1
    for dump in large.dumps:
        on = [text for text in found if f'href="/dumps/{dump.name}"' in text]
        assert len(on) == 1 and dump.sha256 in on[0]
    assert "/dumps/1.21.0/" in found[0] and "/dumps/1.0.0/" not in found[0], "the newest releases"


def test_programs_get_all_of_it_at_once(client: FlaskClient, large: Build) -> None:
    listing = json.loads(client.get("/dumps/", headers={"Accept": "application/json"}).data)
    assert [one["name"] for one in listing["files"]] == [dump.name for dump in large.dumps]
    data = client.get("/.well-known/void", headers={"Accept": "application/n-triples"}).get_data(as_text=True)
    assert data.count("<http://rdfs.org/ns/void#subset> <https://example.org/id/dataset/") == PARTS


def test_every_dataset_and_partition_stands_on_one_of_the_pages(client: FlaskClient) -> None:
    catalogue = "".join(pages_of(client, "/catalog", "en"))
    void = "".join(pages_of(client, "/.well-known/void", "en"))
    for number in range(PARTS):
        for text in (catalogue, void):
            assert text.count(f"<code>https://example.org/id/dataset/station-{number}</code>") == 1
        assert f"Class{number}" in void


@pytest.mark.sweep
def test_pages_are_members_so_that_an_export_has_them(client: FlaskClient, large: Build) -> None:
    files = {item.member.address(): item.file for item in items_of(Site(large, static=True))}
    assert not [file for file in files.values() if "//" in file]
    sitemap = client.get("/sitemap.xml").get_data(as_text=True)
    for address in ("/dumps/", "/catalog", "/.well-known/void"):
        number = len(pages_of(client, address, "en"))
        assert f"{address[1:]}?page={number}" in files
        assert f"{address}?page={number}" in sitemap and f"{address}?page={number + 1}" not in sitemap


@pytest.mark.parametrize(
    ("page", "status"), [("1", 200), ("2", 200), ("999", 404), ("0", 400), ("-1", 400), ("x", 400), ("", 400)]
)
@pytest.mark.parametrize("address", ["/dumps/", "/catalog", "/.well-known/void"])
def test_a_page_that_is_none_is_refused(client: FlaskClient, address: str, page: str, status: int) -> None:
    assert client.get(f"{address}?page={page}", headers={"Accept": "text/html"}).status_code == status


def test_links_within_the_document_lead_to_the_page_that_holds_the_part(client: FlaskClient) -> None:
    for text in pages_of(client, "/.well-known/void", "en"):
        ids = set(re.findall(r'id="([^"]+)"', text))
        for address, fragment in re.findall(r'href="([^"#]*)#((?:class|property|linkset|target)-[0-9]+)"', text):
            if address:
                assert f'id="{fragment}"' in client.get(address, headers={"Accept": "text/html"}).get_data(as_text=True)
            else:
                assert fragment in ids


def test_pages_have_titles_of_their_own(client: FlaskClient) -> None:
    titles = [re.search("<title>([^<]*)", text) for text in pages_of(client, "/dumps/", "en")]
    assert len({title[1] for title in titles if title}) == len(titles)
