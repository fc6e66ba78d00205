"""The front answers as HTTP asks it to: tags for each coding, 304, HEAD, Vary, a cache that shows nowhere."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from missiongraph.sparql.request import DIRECT
from missiongraph.web.serving.asgi.request import FrontRequest
from tests.web.http.test_content_codings import DECODERS

ALL = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 100"
JSON = "application/sparql-results+json"
CODINGS = ["identity", *DECODERS]


def raw(client: httpx.Client, method: str, address: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """The response, and its body as it was sent."""
    with client.stream(method, address, headers={"Accept-Encoding": "identity", **headers}) as response:
        return response, b"".join(response.iter_raw())


def asking(query: str) -> str:
    return str(httpx.URL("/sparql", params={"query": query}))


ADDRESSES = [asking(ALL), "/doc/city/bologna.ttl", "/?lang=en", "/ontology.ttl", "/static/site.css"]
each_address = pytest.mark.parametrize("address", ADDRESSES, ids=["query", "document", "home", "ontology", "style"])


@each_address
def test_every_coding_has_the_same_body_under_a_tag_of_its_own(site: httpx.Client, address: str) -> None:
    _, plain = raw(site, "GET", address)
    tags = set()
    for coding in CODINGS:
        response, body = raw(site, "GET", address, **{"Accept-Encoding": coding})
        assert response.headers.get("Content-Encoding", "identity") == coding
        assert DECODERS.get(coding, bytes)(body) == plain
        assert "Accept-Encoding" in response.headers["Vary"]
        assert int(response.headers["Content-Length"]) == len(body)
        assert not response.headers["ETag"].startswith("W/")
        tags.add(response.headers["ETag"])
    assert len(tags) == len(CODINGS)


@each_address
@pytest.mark.parametrize("coding", CODINGS)
def test_what_the_client_has_is_not_sent_again(site: httpx.Client, address: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding}
    first, _ = raw(site, "GET", address, **headers)
    for tag in (first.headers["ETag"], f'"other", W/{first.headers["ETag"]}', "*"):
        again, body = raw(site, "GET", address, **headers, **{"If-None-Match": tag})
        assert (again.status_code, body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Vary"] == first.headers["Vary"]
        assert again.headers.get("Cache-Control") == first.headers.get("Cache-Control")
        assert "Content-Encoding" not in again.headers
    other, body = raw(site, "GET", address, **headers, **{"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert body


def test_a_tag_holds_though_the_cache_has_never_seen_the_query(site: httpx.Client) -> None:
    query = f"{ALL} # not asked before"
    for coding in CODINGS:
        address = asking(f"{query} {coding}")
        first, _ = raw(site, "GET", address, **{"Accept-Encoding": coding})
        tag = first.headers["ETag"]
        accept = {"Accept": "*/*;q=0.9"}  # another key of the cache, the same answer
        again, _ = raw(site, "GET", address, **accept, **{"Accept-Encoding": coding, "If-None-Match": tag})
        assert (again.status_code, again.headers["ETag"]) == (304, tag)
        assert again.headers["Vary"] == first.headers["Vary"]
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_a_tag_of_one_coding_is_none_of_another(site: httpx.Client) -> None:
    tags = {
        coding: raw(site, "GET", asking(ALL), **{"Accept-Encoding": coding})[0].headers["ETag"] for coding in CODINGS
    }
    for coding, tag in tags.items():
        others = ", ".join(other for other in tags.values() if other != tag)
        response, _ = raw(site, "GET", asking(ALL), **{"Accept-Encoding": coding, "If-None-Match": others})
        assert (response.status_code, response.headers["ETag"]) == (200, tag)


@each_address
@pytest.mark.parametrize("coding", CODINGS)
def test_head_is_get_without_its_body(site: httpx.Client, address: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding}
    get, _ = raw(site, "GET", address, **headers)
    head, body = raw(site, "HEAD", address, **headers)
    assert body == b""
    kept = ("ETag", "Vary", "Content-Type", "Content-Length", "Content-Encoding", "Cache-Control")
    assert [head.headers.get(name) for name in kept] == [get.headers.get(name) for name in kept]


def test_head_of_a_large_answer_has_no_body_either(site: httpx.Client) -> None:
    digits = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcde")
    for _ in range(2):  # on the same connection: a body would be taken for the next response
        head, body = raw(site, "HEAD", asking(f"SELECT * {{ {digits} }}"))
        assert (head.status_code, body) == (200, b"")


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", "now ( )"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_depends_on_the_moment_is_asked_each_time(site: httpx.Client, function: str, method: str) -> None:
    query = f"SELECT ({function} AS ?x) {{ }}"

    def ask() -> httpx.Response:
        content: dict[str, Any] = {"data": {"query": query}} if method == "POST" else {"params": {"query": query}}
        return site.request(method, "/sparql", headers={"Accept": JSON}, **content)

    answers = [ask() for _ in range(2)]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
    if function != "BNODE()":  # whose labels may be the same in two answers
        assert answers[0].content != answers[1].content


def test_a_post_answers_as_a_get_does(site: httpx.Client) -> None:
    query = f"{ALL} # posted"
    direct = {"Accept": JSON, "Content-Type": DIRECT}
    for _ in range(2):
        answers = [
            site.get("/sparql", params={"query": query}, headers={"Accept": JSON}),
            site.post("/sparql", data={"query": query}, headers={"Accept": JSON}),
            site.post("/sparql", content=query, headers=direct),
        ]
        assert len({answer.content for answer in answers}) == 1
        assert len({answer.headers["ETag"] for answer in answers}) == 1
    posted = site.post("/sparql", content=query, headers={**direct, "If-None-Match": answers[0].headers["ETag"]})
    assert posted.status_code == 200


def test_two_posts_of_one_length_are_two_queries(site: httpx.Client) -> None:
    headers = {"Accept": JSON, "Content-Type": DIRECT}
    answers = [site.post("/sparql", content=f"SELECT ({n} AS ?x) {{ }}", headers=headers).text for n in (1, 2)]
    assert answers[0] != answers[1]


def test_a_failure_is_not_kept(site: httpx.Client) -> None:
    answer = site.get("/sparql", params={"query": "nonsense"}, headers={"Accept": JSON})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_browser_may_send_a_query_from_another_site(site: httpx.Client, method: str) -> None:
    asked = {
        "Origin": "https://other.example",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type, accept",
    }
    response = site.options("/sparql", headers=asked)
    assert response.status_code in (200, 204)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert method in response.headers["Access-Control-Allow-Methods"]
    allowed = response.headers["Access-Control-Allow-Headers"].lower()
    assert "content-type" in allowed
    assert "accept" in allowed


def test_what_another_site_may_read_is_the_same_from_the_cache(site: httpx.Client) -> None:
    address = asking(f"{ALL} # read elsewhere")
    first, again = (site.get(address, headers={"Origin": "https://other.example"}) for _ in range(2))
    names = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "X-Content-Type-Options")
    assert [first.headers.get(name) for name in names] == [again.headers.get(name) for name in names]
    assert "ETag" in first.headers["Access-Control-Expose-Headers"]


def test_a_key_of_the_cache_is_small_whatever_was_asked() -> None:
    headers = [(b"accept", b"x" * 60_000)]
    scope = {
        "path": "/sparql",
        "query_string": b"query=" + b"x" * 60_000,
        "headers": headers,
        "method": "GET",
        "http_version": "1.1",
    }
    assert len(repr(FrontRequest(scope).key)) < 1_000
