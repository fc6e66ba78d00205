"""The query page opens with a question and its answer, is an address of its own, and answers stay out of robots."""

from __future__ import annotations

import csv
import gzip
import io
from urllib import robotparser

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as Page

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.content.rows.opening_query import opening_query
from missiongraph.web.context.site import Site
from tests.conftest import PublicationMaker, serving

HTML = {"Accept": "text/html"}


def asked_in(page: Page) -> str:
    """What stands in the text box."""
    (box,) = page.css("textarea")
    return box.text().strip()


def rows_of(page: Page) -> list[str]:
    return [row.text() for row in page.css("#page-answer tbody tr")]


def test_it_opens_with_the_first_question_and_its_answer(site: httpx.Client, shipped_build: Build) -> None:
    first = shipped_build.questions[0]
    response = site.get("/sparql", headers=HTML)
    assert response.status_code == 200
    page = Page(response.text)
    assert asked_in(page) == first.query.strip()
    answer = site.get("/sparql", params={"query": first.query}, headers={"Accept": "text/csv"}).text
    rows = list(csv.reader(io.StringIO(answer)))[1:]
    assert len(rows) == len(rows_of(page)) > 0
    for (_, name), shown in zip(rows, rows_of(page), strict=True):
        assert name in shown
    (current,) = page.css(".ask nav.list [aria-current]")
    assert current.text().strip() == first.question["en"]


def test_its_address_stays_the_same_in_every_language(site: httpx.Client) -> None:
    for address in ("/sparql", "/sparql?lang=it"):
        response = site.get(address, headers=HTML)
        assert response.status_code == 200
        assert '<link rel="canonical" href="https://w3id.org/missiongraph/sparql">' in response.text
        assert "X-Robots-Tag" not in response.headers
        assert "noindex" not in response.text


def test_it_is_light_and_kept(site: httpx.Client) -> None:
    response = site.get("/sparql", headers=HTML)
    assert len(gzip.compress(response.content)) < 20_000
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = site.get("/sparql", headers={**HTML, "If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    other = site.get("/sparql", headers={**HTML, "Accept-Language": "it"})
    assert other.headers["ETag"] != response.headers["ETag"]


def test_machines_still_get_the_description(site: httpx.Client) -> None:
    for accept in ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"):
        response = site.get("/sparql", headers={"Accept": accept})
        assert response.headers["Content-Type"].startswith(accept)
        assert len(response.content) < 40_000


def test_robots_may_visit_the_page_and_no_answer(site: httpx.Client) -> None:
    rules = robotparser.RobotFileParser()
    rules.parse(site.get("/robots.txt").text.splitlines())
    for path in ("/", "/sparql", "/sparql?lang=it", "/doc/city/bologna"):
        assert rules.can_fetch("robot", f"https://w3id.org{path}"), path
    for path in ("/sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D&view=raw", "/search?q=x", "/search"):
        assert not rules.can_fetch("robot", f"https://w3id.org{path}"), path
    assert "Disallow: /sparql?*query=" in site.get("/robots.txt").text.splitlines()  # RFC 9309, section 2.2.3
    for accept in ("text/html", "text/csv", "application/sparql-results+json"):
        answer = site.get("/sparql?view=raw&query=ASK%7B%7D", headers={"Accept": f"{accept}, */*;q=0.1"})
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_publication_without_questions_shows_things_by_name(beer: httpx.Client, beer_build: Build) -> None:
    page = Page(beer.get("/sparql", headers=HTML).text)
    assert asked_in(page) == opening_query(Site(beer_build)).strip()
    assert "skos:Concept" in asked_in(page)
    assert rows_of(page)


def test_a_long_answer_is_begun_and_the_rest_is_a_link(make_publication: PublicationMaker) -> None:
    things = "".join(f"<https://example.org/id/{n}> a <https://example.org/T> .\n" for n in range(50))
    question = "# title@en: Which are there?\n\nSELECT ?t WHERE { ?t a <https://example.org/T> }\n"
    folder = make_publication({"data/a.ttl": things, "queries/questions/all.rq": question})
    with serving(build_publication(read_dataset(Publication.open(folder)), folder / "out")) as client:
        opened = Page(client.get("/sparql", headers=HTML).text)
        assert len(rows_of(opened)) == 20
        (more,) = (link for link in opened.css("#page-answer .status a") if link.text().strip() == "Show all.")
        assert len(rows_of(Page(client.get(str(more.attributes["href"]), headers=HTML).text))) == 50


def test_nothing_to_ask_about_is_no_fault(make_publication: PublicationMaker) -> None:
    folder = make_publication({"data/a.ttl": ""})
    with serving(build_publication(read_dataset(Publication.open(folder)), folder / "out")) as client:
        page = Page(client.get("/sparql", headers=HTML).text)
        assert asked_in(page).startswith("SELECT")
        assert "matched nothing" in page.text()


@pytest.mark.parametrize("served", ["site", "beer"])
def test_the_page_that_asks_nobody_opens_with_the_same(served: str, request: pytest.FixtureRequest) -> None:
    client: httpx.Client = request.getfixturevalue(served)
    local = Page(client.get("/sparql/local", headers=HTML).text)
    assert asked_in(local) == asked_in(Page(client.get("/sparql", headers=HTML).text))
