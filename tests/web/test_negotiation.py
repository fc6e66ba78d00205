"""What a client asks for is what it gets: by Accept, by extension, by language, by method."""

from __future__ import annotations

import httpx
import pytest

DOC = "/doc/city/bologna"

#: An address of each family and service.
ADDRESSES = [
    "/",
    "/id/city/bologna",
    DOC,
    f"{DOC}.ttl",
    "/ontology",
    "/ontology.ttl",
    "/shapes",
    "/catalog",
    "/catalog.jsonld",
    "/.well-known/void",
    "/context.jsonld",
    "/dumps/",
    "/dumps/missiongraph.nt",
    "/dumps/missiongraph.ttl.gz",
    "/dumps/SHA256SUMS",
    "/list?class=http://schema.org/City",
    "/resource?iri=http://www.w3.org/2002/07/owl%23Class",
    "/sitemap.xml",
    "/robots.txt",
    "/openapi.json",
    "/sparql",
    "/sparql?query=ASK%7B%7D",
    "/healthz",
    "/readyz",
    "/static/site.css",
    "/nothing/here",
]


def media_type(client: httpx.Client, address: str, accept: str) -> str:
    response = client.get(address, headers={"Accept": accept})
    assert response.status_code == 200, f"{accept} gets {response.status_code}"
    return str(response.headers["Content-Type"].partition(";")[0])


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "text/html"),
        ("", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("text/plain", "application/n-triples"),
        ("application/trig", "application/trig"),
        ("text/n3", "text/n3"),
        ("application/x-turtle", "text/turtle"),
        ("application/trig, text/turtle", "text/turtle"),
        ("text/turtle;q=0.5, application/trig;q=0.6", "application/trig"),
        ("text/turtle;q=0.3, application/ld+json;q=0.8", "application/ld+json"),
        ("text/html;q=0.1, application/rdf+xml;q=0.2", "application/rdf+xml"),
        ("text/turtle;q=0, */*;q=0.1", "text/html"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/*;q=0.5, application/ld+json;q=0.4", "text/html"),
        ("text/*;q=0.4, application/ld+json;q=0.5", "application/ld+json"),
        ("*/*;q=0.9, text/turtle;q=0.1, text/html;q=0.1", "application/ld+json"),
        ("application/*", "application/ld+json"),
        ("image/png, text/turtle;q=0.1", "text/turtle"),
        ("TEXT/TURTLE", "text/turtle"),
        ("text/turtle;charset=utf-8", "text/turtle"),
    ],
)
def test_the_best_of_what_is_accepted_is_served(site: httpx.Client, accept: str, expected: str) -> None:
    assert media_type(site, DOC, accept) == expected


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0", "*/*;q=0", "application/pdf, video/*"])
def test_where_nothing_is_acceptable_the_offer_is_named(site: httpx.Client, accept: str) -> None:
    response = site.get(DOC, headers={"Accept": accept})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["detail"]
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_home_page_is_void_for_machines(site: httpx.Client) -> None:
    assert media_type(site, "/", "text/turtle") == "text/turtle"
    assert "void:Dataset" in site.get("/", headers={"Accept": "text/turtle"}).text


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        ("html", "text/html"),
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
        ("trig", "application/trig"),
    ],
)
def test_an_extension_goes_before_accept(site: httpx.Client, extension: str, expected: str) -> None:
    response = site.get(f"{DOC}.{extension}", headers={"Accept": "image/png"})
    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == expected
    assert "Accept," not in response.headers.get("Vary", "") + ","
    assert site.get(f"/id/city/bologna.{extension}").headers["Location"] == f"{DOC}.{extension}"


@pytest.mark.parametrize("address", ["/ontology", "/shapes", "/catalog", "/.well-known/void"])
def test_extensions_work_for_what_stands_beside_the_dataset(site: httpx.Client, address: str) -> None:
    for extension in ("html", "ttl", "jsonld", "nt", "rdf"):
        assert site.get(f"{address}.{extension}").status_code == 200
    assert site.get(f"{address}.xyz").status_code == 404


def test_the_answer_says_what_it_depends_on(site: httpx.Client) -> None:
    assert site.get(DOC).headers["Vary"] == "Accept, Accept-Language, Accept-Encoding"
    assert site.get(DOC, headers={"Accept": "text/turtle"}).headers["Vary"].startswith("Accept")
    assert site.get(f"{DOC}?lang=it").headers["Vary"] == "Accept, Accept-Encoding"
    assert site.get("/dumps/missiongraph.nt").headers["Vary"] == "Accept-Encoding"


def test_other_forms_are_linked_and_answer(site: httpx.Client) -> None:
    for address in (DOC, "/ontology", "/catalog", "/shapes", "/"):
        response = site.get(address)
        links = response.headers.get_list("Link", split_commas=True)
        alternates = [link for link in links if 'rel="alternate"' in link]
        for link in alternates:
            target = site.get(link.partition("<")[2].partition(">")[0])
            assert target.status_code == 200, link
            assert target.headers["Content-Type"].partition(";")[0] in link


def test_a_document_says_what_to_cite(site: httpx.Client) -> None:
    links = site.get(DOC).headers.get_list("Link", split_commas=True)
    assert '<https://w3id.org/missiongraph/id/city/bologna>; rel="cite-as"' in links


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("it", "it"),
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("en-GB", "en"),
        ("de, it;q=0.1", "it"),
        ("en;q=0.2, it;q=0.3", "it"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_page_is_in_the_reader_s_language(site: httpx.Client, asked: str, language: str) -> None:
    response = site.get(DOC, headers={"Accept": "text/html", "Accept-Language": asked})
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.text


@pytest.mark.parametrize(
    "address", ["/", DOC, "/ontology", "/catalog", "/shapes", "/dumps/", "/sparql", "/nothing/here"]
)
def test_an_explicit_language_goes_before_the_browser_s(site: httpx.Client, address: str) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    assert '<html lang="it">' in site.get(f"{address}?lang=it", headers=headers).text


@pytest.mark.parametrize("value", ["de", "", "IT ", "en%00", "it-IT"])
def test_a_language_that_is_not_spoken_here_is_refused(site: httpx.Client, value: str) -> None:
    for address in (DOC, "/", "/catalog", "/sparql"):
        assert site.get(f"{address}?lang={value}").status_code == 400
    assert site.get(f"{DOC}?lang=en&lang=it").status_code == 400


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_says_what_get_would(site: httpx.Client, address: str) -> None:
    get, head = site.get(address), site.head(address)
    assert head.content == b""
    assert head.status_code == get.status_code
    changing = {"date", "x-request-id", "server-timing"}  # they tell of one request
    assert {k: v for k, v in head.headers.items() if k not in changing} == {
        k: v for k, v in get.headers.items() if k not in changing
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_other_methods_are_refused_with_those_allowed(site: httpx.Client, address: str) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"):
        response = site.request(method, address)
        assert response.status_code == 405, method
        assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))
    if not address.startswith("/sparql"):
        assert site.post(address).status_code == 405


@pytest.mark.parametrize("address", ADDRESSES)
def test_options_names_the_methods(site: httpx.Client, address: str) -> None:
    response = site.options(address)
    assert response.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))
    assert ("POST" in response.headers["Allow"]) == address.startswith("/sparql")
