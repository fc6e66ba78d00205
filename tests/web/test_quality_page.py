"""The quality page, and what other pages say of trust."""

from __future__ import annotations

import re

import httpx
import pytest
from pyoxigraph import Literal, NamedNode

from missiongraph.build import build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import DQV, MG
from missiongraph.web.serving.application import create_app
from tests.conftest import PublicationMaker
from tests.web.answers import statements

SINGLE = NamedNode("https://w3id.org/missiongraph/quality#singleSourceFacts")
BASE = "https://w3id.org/missiongraph/"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Corroborated facts", "Passages spoken of", "126 ", "24 November 2026", "www.wikidata.org"]),
        ("it", ["Fatti corroborati", "Passi trattati", "126 ", "24 novembre 2026", "www.wikidata.org"]),
    ],
)
def test_it_is_there_in_both_languages_and_linked_from_every_page(
    site: httpx.Client, language: str, words: list[str]
) -> None:
    page = site.get(f"/quality?lang={language}")
    assert page.status_code == 200
    assert [word for word in words if word not in page.text] == []
    home = site.get(f"/?lang={language}").text
    assert f'href="/quality?lang={language}"' in home.partition("<footer")[2]
    assert f'href="/quality?lang={language}"' in site.get(f"/catalog?lang={language}").text


def test_the_catalogue_and_the_page_hold_the_same_measures(site: httpx.Client) -> None:
    measured = {quad.triple for quad in statements(site.get("/quality.ttl"))}
    assert measured <= {quad.triple for quad in statements(site.get("/catalog.ttl"))}
    nodes = {t.object for t in measured if t.predicate == DQV.hasQualityMeasurement}
    metrics = {t.object for t in measured if t.predicate == DQV.isMeasurementOf}
    assert len(nodes) == len(metrics) and MG.corroboratedFacts in metrics
    assert NamedNode(f"{BASE}quality#corroboratedFacts") in nodes


def test_the_build_adds_no_measure_to_the_dataset(site: httpx.Client) -> None:
    assert f"<{BASE}quality" not in site.get("/dumps/missiongraph.nq").text


def test_the_query_beside_the_measures_lists_as_many_facts_as_they_count(site: httpx.Client) -> None:
    page = site.get("/quality?lang=en").text
    address = re.search(r'href="(/sparql\?query=[^"]+)">Which facts have a single origin', page)
    assert address
    rows = site.get(address[1].replace("&amp;", "&"), headers={"Accept": "text/csv"}).text.splitlines()
    said = {q.triple.predicate: q.triple.object for q in statements(site.get("/quality.nt")) if q.subject == SINGLE}
    assert said[DQV.value] == Literal(len(rows) - 1)


def test_it_says_first_what_validation_and_the_last_checks_found(site: httpx.Client) -> None:
    checks, _, measures = site.get("/quality?lang=en").text.partition(">Measures<")
    assert "was held against" in checks
    assert re.search(r"The words of all \d+ claims that were checked stand\.", checks)
    assert measures


def test_a_publication_without_evidence_has_the_page_too(beer: httpx.Client) -> None:
    page = beer.get("/quality?lang=de")
    assert page.status_code == 200 and "<h1>" in page.text


def test_the_page_of_a_source_says_what_would_be_lost_with_it(site: httpx.Client) -> None:
    page = site.get("/doc/source/italian-network?lang=en").text
    said = re.sub(r"\s+", " ", page.partition("If this page vanished")[2][:3000])
    assert "148 facts would lose their words. 135 of them would have none left." in said
    address = re.search(r'<a href="(/sparql\?query=[^"]+)">Which ones\?', said)
    assert address
    rows = site.get(address[1].replace("&amp;", "&"), headers={"Accept": "text/csv"}).text.splitlines()
    assert len(rows) == 1 + 135


def test_the_page_of_a_thing_says_how_many_sources_are_independent(site: httpx.Client) -> None:
    page = re.sub(r"<[^>]+>|\s+", " ", site.get("/doc/programme/pilot-cities?lang=en").text)
    assert "independent origins" in page or "All are of one origin" in page


def test_the_page_of_a_claim_names_who_else_says_so(site: httpx.Client) -> None:
    page = re.sub(r"\s+", " ", site.get("/doc/evidence/italian-network/grant-amount?lang=en").text)
    assert '<span class="sig">CPO</span> also says so' in page


def test_a_page_tells_until_when_a_check_is_good_and_leaves_today_to_the_browser(site: httpx.Client) -> None:
    page = site.get("/doc/project/lets-gov?lang=en").text
    assert 'Good until <time datetime="2027-05-23">23 May 2027</time>' in page
    assert 'data-due="2027-05-23" hidden' in page


def test_a_verdict_of_another_vocabulary_is_shown_as_what_it_is(make_publication: PublicationMaker) -> None:
    folder = make_publication(
        {
            "data/a.trig": """
            @prefix ex: <https://example.org/> . @prefix mg: <https://w3id.org/missiongraph/ontology#> .
            @prefix prov: <http://www.w3.org/ns/prov#> . @prefix oa: <http://www.w3.org/ns/oa#> .
            @prefix earl: <http://www.w3.org/ns/earl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
            ex:b { ex:t ex:q 2 } ex:b a mg:EvidenceGraph ; prov:wasDerivedFrom ex:p .
            ex:p prov:wasQuotedFrom ex:agency ; oa:hasSelector [ oa:exact "two" ] .
            ex:undecided rdfs:label "left open" .
            ex:check { ex:check mg:checkedSource ex:agency ; dcterms:created "2026-02-01"^^xsd:date .
              [] earl:subject ex:agency ; earl:test ex:b ; earl:result [ mg:verdict ex:undecided ] }"""
        }
    )
    build = build_publication(read_dataset(Publication.open(folder)), folder / "out")
    answer = create_app(build).test_client().get("/quality?lang=en", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "contradicted" not in text
    assert text.count(">left open<") == 2  # the failing check, and the last check of the source
