"""The rules that come with an export, tried on the servers that they are written for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.export.servers import apache, nginx
from tests.web.answers import Page

HOSTS = {"apache": apache, "nginx": nginx}


@pytest.fixture(scope="module", params=sorted(HOSTS))
def host(
    request: pytest.FixtureRequest, beer_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    with HOSTS[request.param](beer_files, tmp_path_factory.mktemp("host")) as client:
        yield client


def test_a_thing_leads_to_its_document(host: httpx.Client) -> None:
    moved = host.get("/id/brewery/north")
    assert moved.status_code == 303
    assert httpx.URL(moved.headers["Location"]).path == "/doc/brewery/north"


def test_what_was_asked_stays_with_it(host: httpx.Client) -> None:
    moved = host.get("/id/brewery/north.ttl?lang=de")
    assert moved.headers["Location"].endswith("/doc/brewery/north.ttl?lang=de")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/trig", "application/trig"),
        ("text/turtle, application/rdf+xml;q=0.5", "text/turtle"),
        ("application/x-unknown, text/turtle;q=0.9, */*;q=0.1", "text/turtle"),
    ],
)
@pytest.mark.parametrize("address", ["/doc/brewery/north", "/vocab/ale"])
def test_accept_is_negotiated(host: httpx.Client, address: str, accept: str, expected: str) -> None:
    answer = host.get(address, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == expected
    assert "qs=" not in answer.headers["Content-Type"]
    assert {"accept", "accept-language"} <= {part.strip().lower() for part in answer.headers["Vary"].split(",")}


def test_apache_weighs_qualities_and_refuses_what_there_is_not(beer_files: Path, tmp_path: Path) -> None:
    with apache(beer_files, tmp_path) as client:
        weighed = client.get("/vocab/ale", headers={"Accept": "text/turtle;q=0.2, application/ld+json;q=0.8"})
        assert weighed.headers["Content-Type"] == "application/ld+json"
        assert client.get("/vocab/ale", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("application/json", "application/ld+json"), ("text/plain", "application/n-triples"), ("image/png", "text/html")],
)
def test_nginx_knows_other_names_and_gives_the_page_where_nothing_fits(
    beer_files: Path, tmp_path: Path, accept: str, expected: str
) -> None:
    with nginx(beer_files, tmp_path) as client:
        answer = client.get("/vocab/ale", headers={"Accept": accept})
        assert answer.headers["Content-Type"].partition(";")[0] == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/vocab/ale.ttl", "text/turtle"),
        ("/vocab/ale.jsonld", "application/ld+json"),
        ("/vocab/dark%20mild.nt", "application/n-triples"),
        ("/dumps/beers-of-the-world.nt.gz", "application/gzip"),
        ("/dumps/SHA256SUMS", "text/plain"),
        ("/changes.atom", "application/atom+xml"),
        ("/catalog.rdf", "application/rdf+xml"),
        ("/.well-known/void.ttl", "text/turtle"),
        ("/robots.txt", "text/plain"),
        ("/sitemap.xml", "application/xml"),
        ("/context.jsonld", "application/ld+json"),
        ("/static/vendor/oxigraph/web_bg.wasm", "application/wasm"),
        ("/static/local.js", "text/javascript"),
    ],
)
def test_files_are_sent_as_what_they_are(host: httpx.Client, beer_files: Path, address: str, expected: str) -> None:
    file = beer_files / address.replace("%20", " ").strip("/")
    if not file.is_file() and "vendor" in address:
        pytest.skip("the front-end files are missing")
    answer = host.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == expected
    assert "Content-Encoding" not in answer.headers
    assert answer.content == file.read_bytes()


@pytest.mark.parametrize(
    "address",
    ["/", "/vocab/ale", "/vocab/dark%20mild", "/doc/brewery/north", "/dumps/", "/catalog", "/.well-known/void"],
)
@pytest.mark.parametrize(
    ("query", "accepted", "expected"),
    [
        ("", "", "en"),
        ("", "de", "de"),
        ("", "fr, de-AT;q=0.8", "de"),
        ("", "fr", "en"),
        ("?lang=de", "en", "de"),
        ("?lang=en", "de", "en"),
        ("?a=b&lang=de", "", "de"),
    ],
)
def test_languages_are_negotiated_and_asked_for(
    host: httpx.Client, address: str, query: str, accepted: str, expected: str
) -> None:
    answer = host.get(
        address + query, headers={"Accept-Language": accepted, "Accept": "text/html"}, follow_redirects=True
    )
    assert answer.status_code == 200
    (html,) = Page(answer.text).all("html")
    assert html["lang"] == expected


def test_the_home_page_is_negotiated_too(host: httpx.Client) -> None:
    answer = host.get("/", headers={"Accept": "text/turtle"})
    assert answer.headers["Content-Type"].partition(";")[0] == "text/turtle"
    assert "void:Dataset" in answer.text


def test_what_is_not_there_is_said_on_a_page(host: httpx.Client) -> None:
    for address in ("/nothing/here", "/doc/city/nowhere", "/vocab/nothing.ttl"):
        answer = host.get(address)
        assert answer.status_code == 404
        assert "Nothing is kept at this address." in answer.text


def test_sparql_leads_to_the_page_that_asks_in_the_browser(host: httpx.Client) -> None:
    moved = host.get("/sparql?query=ASK%20%7B%7D")
    assert moved.status_code == 302
    assert moved.headers["Location"].endswith("/sparql/local?query=ASK%20%7B%7D")
    assert host.get(moved.headers["Location"]).status_code == 200


def test_a_folder_without_its_slash_leads_to_it(host: httpx.Client) -> None:
    moved = host.get("/dumps")
    assert moved.status_code in (301, 308)
    assert httpx.URL(moved.headers["Location"]).path == "/dumps/"


def test_headers_are_those_of_the_service(host: httpx.Client) -> None:
    answer = host.get("/vocab/ale")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert host.get("/dumps/beers-of-the-world.ttl", headers={"Range": "bytes=0-9"}).status_code == 206


def test_no_folder_is_listed_and_no_rule_is_sent(host: httpx.Client) -> None:
    assert host.get("/vocab/").status_code in (403, 404)
    assert host.get("/.htaccess").status_code in (403, 404)


def test_apache_serves_it_below_a_path_too(beer_files: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with apache(beer_files, tmp_path, at="/some/path/") as client:
        moved = client.get("/some/path/id/brewery/north")
        assert (moved.status_code, httpx.URL(moved.headers["Location"]).path) == (303, "/some/path/doc/brewery/north")
        turtle = client.get("/some/path/vocab/ale", headers={"Accept": "text/turtle"})
        assert turtle.headers["Content-Type"].partition(";")[0] == "text/turtle"
        german = client.get("/some/path/vocab/ale?lang=de", follow_redirects=True)
        assert Page(german.text).all("html")[0]["lang"] == "de"
