"""Whatever is sent, the answer says what is wrong and what to do: never a 500, never a traceback."""

from __future__ import annotations

import re
import socket
from urllib.parse import quote

import httpx
import pytest

from tests.web.answers import Page, page

CITIES = "/list?class=http://schema.org/City"

PATHS = [
    "/%00",
    "/id/%00",
    "/id/%ff",
    "/%ff%fe",
    "/../../etc/passwd",
    "/dumps/../build.json",
    "/dumps/..%2fbuild.json",
    "/dumps/%2e%2e/build.json",
    "/static/%2e%2e/application.py",
    "/static/..%5capplication.py",
    f"/{'a' * 10_000}",
    f"/id/{'a/' * 5_000}",
    "/%",
    "/%zz",
    "/id/%e0%a4%a",
    "/id/city/bologna%0d%0aX-Injected:%201",
    "//evil.example/%2e%2e",
    "/id//city/bologna",
    "/id/",
    "/doc/",
    "/.ttl",
    "/doc/city/.ttl",
    "/catalog.",
    "/catalog.ttl.ttl",
    "/dumps/.html",
    "/.well-known/",
]
REFUSED = [
    "/resource",
    "/resource?iri=",
    "/resource?iri=x",
    "/resource?iri=_:b",
    "/resource?iri=http://x/%00",
    "/resource?iri=http://a/&iri=http://b/",
    "/list",
    "/list?class=x",
    f"{CITIES}%3E%20?p%20?o",
    f"{CITIES}&page=0",
    f"{CITIES}&page=-1",
    f"{CITIES}&page=1e3",
    f"{CITIES}&page=%D9%A1",
    f"{CITIES}&page={'9' * 5000}",
    f"{CITIES}&page=1&page=2",
    "/?lang=xx",
    "/?lang=en&lang=it",
    "/sparql?query=%ff",
    "/sparql?query=%00",
    "/sparql?query",
    "/sparql?query=ASK%7B%7D&format=xyz",
    "/sparql?query=ASK%7B%7D&default-graph-uri=x",
    "/sparql?" + "&".join(f"p{number}=" for number in range(3000)),
]
HEADERS = [
    ("Accept", ";;;,,"),
    ("Accept", "garbage"),
    ("Accept", "*/*;q=abc"),
    ("Accept", "text/html;q=2"),
    ("Accept", "text/turtle;q=nan"),
    ("Accept", 'text/html"'),
    ("Accept", "\xff\xfe"),
    ("Accept", "a/b," * 5_000),
    ("Accept-Language", ";;q="),
    ("Accept-Language", "en;q=nan"),
    ("Accept-Language", "\xff"),
    ("If-None-Match", "garbage"),
    ("If-None-Match", '"' * 1000),
    ("If-Modified-Since", "garbage"),
    ("If-Modified-Since", "Thu, 99 Foo 99999 99:99:99 GMT"),
    ("Range", "bytes=abc"),
    ("Range", "bytes=" + "0-1," * 3000 + "0-1"),
    ("If-Range", '"'),
    ("Cookie", "=;=;\xff"),
    ("X-Forwarded-Host", "evil.example"),
]
HOSTS = [
    b"evil.example",
    b"",
    b"a b",
    b'a"b',
    b"<script>",
    b"\xff",
    b"[::1",
    b"127.0.0.1:port",
    b"xn--a.example",
    b"user@evil.example",
    b"..",
    b"a" * 5000,
]


def raw(client: httpx.Client, path: str, *, host: bytes = b"127.0.0.1", accept: bytes = b"*/*") -> bytes:
    """What the server answers to a request that no client library would send."""
    with socket.create_connection(("127.0.0.1", client.base_url.port or 0), timeout=20) as connection:
        connection.sendall(
            b"GET %s HTTP/1.1\r\nHost: %s\r\nAccept: %s\r\nConnection: close\r\n\r\n" % (path.encode(), host, accept)
        )
        received = b""
        while block := connection.recv(65536):
            received += block
    return received


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1.1 (\d{3}) ", answer)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("path", PATHS)
def test_no_path_does_harm(site: httpx.Client, path: str) -> None:
    for accept in (b"text/html", b"application/json"):
        answer = raw(site, path, accept=accept)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert status(answer) in (303, 400, 404)
        assert b"x-injected" not in head.lower()
        assert b"Traceback" not in body and b"root:" not in body and b"import annotations" not in body


@pytest.mark.parametrize("address", REFUSED)
def test_a_parameter_that_cannot_be_is_refused_for_all_readers(site: httpx.Client, address: str) -> None:
    machine = site.get(address)
    assert machine.status_code == 400
    assert machine.headers["Content-Type"] == "application/problem+json"
    problem = machine.json()
    assert (problem["status"], problem["title"]) == (400, "Bad Request")
    assert problem["detail"]
    person = site.get(address, headers={"Accept": "text/html"})
    assert person.status_code == 400
    assert len(Page(person.text).all("h1")) == 1


@pytest.mark.parametrize("address", ["/id/city/bologna", "/doc/city/bologna", "/dumps/missiongraph.nt", "/sparql"])
@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_no_header_does_harm(site: httpx.Client, address: str, name: str, value: str) -> None:
    response = site.get(address, headers=[(name.encode(), value.encode("latin-1"))])
    assert response.status_code < 500
    assert "Traceback" not in response.text


@pytest.mark.parametrize("host", HOSTS)
def test_no_host_does_harm(site: httpx.Client, host: bytes) -> None:
    for path in ("/", "/id/city/bologna", "/sparql", "/openapi.json", "/dumps", "/none"):
        for accept in (b"text/turtle", b"text/html"):
            assert 200 <= status(raw(site, path, host=host, accept=accept)) < 500


def test_a_host_that_was_made_up_reaches_no_page(site: httpx.Client) -> None:
    for path in ("/", "/doc/city/bologna", "/sparql", "/none", "/openapi.json", "/sitemap.xml", "/robots.txt"):
        assert b"evil.example" not in raw(site, path, host=b"evil.example", accept=b"text/html, */*;q=0.1")


def test_a_problem_is_a_document_for_machines(site: httpx.Client) -> None:
    response = site.get("/nothing/here")
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 404
    assert problem["title"] == "Not Found"
    assert problem["instance"] == "/nothing/here"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("/id/city/bologne", "/doc/city/bologna"),
        ("/doc/citi/milan", "/doc/city/milan"),
        ("/id/project/letsgov", "/doc/project/lets-gov"),
    ],
)
def test_a_page_that_is_not_there_names_what_is_near(site: httpx.Client, wrong: str, right: str) -> None:
    shown = page(site, wrong, status=404)
    assert right in shown.internal
    assert page(site, right).all("h1")


def test_an_iri_that_is_not_here_is_named_with_what_is_near(site: httpx.Client) -> None:
    text = page(site, "/resource?iri=http://example.org/bologna&lang=en", status=404).text
    assert "http://example.org/bologna" in text and "/doc/city/bologna" in text


def test_the_address_that_was_asked_for_stays_text(site: httpx.Client) -> None:
    hostile = "/<script>alert(1)</script>"
    shown = page(site, quote(hostile), status=404)
    assert "<script>alert" not in shown.source
    assert "alert(1)" in shown.text


def test_a_problem_page_is_in_the_reader_s_language(site: httpx.Client) -> None:
    shown = page(site, "/nothing/here?lang=it", status=404)
    assert shown.all("html")[0]["lang"] == "it"
    assert "Nothing is kept" not in shown.text


def test_many_parameters_that_nobody_knows_are_ignored(site: httpx.Client) -> None:
    extra = "&".join(f"p{number}={'x' * 20}" for number in range(1000))
    assert site.get(f"/doc/city/bologna?{extra}").status_code == 200
