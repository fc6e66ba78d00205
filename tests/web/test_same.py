"""``/same``: from identifiers of others to ours, each link with what it means and who states it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from missiongraph.build import Build, build_publication
from missiongraph.coreference import Coreference
from missiongraph.dataset import read_dataset
from missiongraph.publication import Publication
from tests.conftest import serving
from tests.web.answers import SHIPPED, dump, statements

BOLOGNA = f"{SHIPPED}id/city/bologna"
WIKIDATA, NUTS = "http://www.wikidata.org/entity/Q1891", "http://data.europa.eu/nuts/code/ITH55"

AGID = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications"

BOOKS = """
@prefix ex: <https://books.example/ns#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@base <https://books.example/id/> .

ex:shelfmark rdfs:subPropertyOf dcterms:identifier ; skos:notation "shelf" .
<book/waves> a ex:Book ; rdfs:label "The Waves" ; ex:shelfmark "R 12" ;
    owl:sameAs <https://other.example/waves> ; skos:closeMatch <https://close.example/waves> ;
    dcterms:isPartOf <https://series.example/hogarth> .
<book/orlando> a ex:Book ; rdfs:label "Orlando" ; dcterms:isPartOf <https://series.example/hogarth> ;
    rdfs:seeAlso <https://close.example/waves> .
"""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("books")
    (folder / "data").mkdir()
    (folder / "data" / "books.ttl").write_text(BOOKS, "utf-8")
    (folder / "missiongraph.toml").write_text('title = "Books"\nbase = "https://books.example/"\n', "utf-8")
    with serving(build_publication(read_dataset(Publication.open(folder)), folder / "out")) as client:
        yield client


@pytest.mark.parametrize(
    "asked",
    [
        f"iri={quote(WIKIDATA)}",
        f"iri={quote(WIKIDATA.replace('http:', 'https:'))}",
        f"iri={quote(BOLOGNA)}",
        f"iri={quote(NUTS)}",
        "iri=https://sws.geonames.org/3181928",
        "wikidata=Q1891",
        "geonames=3181928",
        "nuts=ITH55",
        "istat=037006",
        "belfiore=A944",
    ],
)
def test_every_identifier_finds_the_city_and_all_its_links(site: httpx.Client, asked: str) -> None:
    answer = site.get(f"/same?{asked}")
    assert answer.headers["Content-Type"] == "application/json"
    found = answer.json()
    assert found["iri"] == BOLOGNA
    assert {one["iri"]: one["relation"] for one in found["same"]} == {
        WIKIDATA: "same place",
        "https://sws.geonames.org/3181928/": "settlement of the same name",
        f"{AGID}/cities/037006-(2015-01-01)": "see also",
        NUTS: "lies in",
    }


def test_each_link_names_the_graph_that_states_it(site: httpx.Client, shipped_build: Build) -> None:
    stated = {(q.subject, q.object, q.graph_name) for q in dump(shipped_build, "nq")}
    for one in site.get("/same?wikidata=Q1891").json()["same"]:
        assert (NamedNode(BOLOGNA), NamedNode(one["iri"]), NamedNode(one["source"])) in stated


def test_what_a_city_lies_in_is_never_the_same(site: httpx.Client, shipped_build: Build) -> None:
    units = {q.object for q in dump(shipped_build, "nq") if q.predicate.value.endswith("#inNuts3")}
    for nuts in sorted(unit.value for unit in units if isinstance(unit, NamedNode)):
        found = site.get("/same", params={"iri": nuts}).json()
        if found["iri"] is None:  # several cities lie in one unit
            continue
        assert "/id/city/" in found["iri"]
        assert "same" not in next(one["relation"] for one in found["same"] if one["iri"] == nuts)


def test_a_city_and_its_administration_share_no_link(shipped_build: Build) -> None:
    coreference = Coreference(shipped_build.engine, shipped_build.settings)
    pairs = [q for q in dump(shipped_build, "nt") if q.predicate.value.endswith("#administers")]
    assert len(pairs) == 9
    for pair in pairs:
        both = [pair.subject, pair.object]
        of_each = [{link.iri for link in coreference.links_of(one)} for one in both if isinstance(one, NamedNode)]
        assert not of_each[0] & of_each[1] and of_each[1]


def test_it_goes_there_where_asked_to(site: httpx.Client) -> None:
    answer = site.get("/same?nuts=ITH55&go=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/doc/city/bologna")


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"]
)
def test_links_are_statements_too(site: httpx.Client, media_type: str) -> None:
    answer = site.get("/same?wikidata=Q1891", headers={"Accept": media_type})
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    found = {(q.predicate.value, q.object.value) for q in statements(answer) if isinstance(q.object, NamedNode)}
    assert len(found) == 4 and ("http://schema.org/sameAs", WIKIDATA) in found


def test_trig_keeps_links_in_their_graphs(site: httpx.Client, shipped_build: Build) -> None:
    answer = site.get("/same?wikidata=Q1891", headers={"Accept": "application/trig"})
    assert set(statements(answer)) <= set(dump(shipped_build, "nq"))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 400),
        ("iri=", 400),
        ("iri=x", 400),
        ("iri=http://a/%00", 400),
        ("wikidata=", 400),
        ("wikidata=Q1891&istat=037006", 400),
        ("wikidata=Q1891&wikidata=Q490", 400),
        ("wikidata=Q1891&go=2", 400),
        (f"wikidata={'9' * 5000}", 400),
        (f"iri=http://a/{'9' * 5000}", 400),
        ("wikidata=Q0", 404),
        ("istat=%22%20%7D", 404),
        ("nuts=%3E%20%3Fp", 404),
        ("iri=https://nobody.example/", 404),
    ],
)
def test_what_cannot_be_answered_is_said(site: httpx.Client, asked: str, status: int) -> None:
    answer = site.get(f"/same?{asked}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


@given(st.text(max_size=30), st.sampled_from(["iri", "wikidata", "istat", "nuts"]))
def test_no_identifier_does_harm(site: httpx.Client, value: str, name: str) -> None:
    text = value.encode("utf-8", "replace").decode()
    assert site.get("/same", params={name: text}).status_code in (200, 300, 400, 404)


def test_parameters_and_relations_follow_from_the_data(books: httpx.Client) -> None:
    found = books.get("/same?shelf=R%2012").json()
    assert found["iri"] == "https://books.example/id/book/waves"
    assert found["codes"] == {"shelf": "R 12"}
    assert {one["iri"].split("/")[2]: one["relation"] for one in found["same"]} == {
        "other.example": "same",
        "close.example": "close match",
        "series.example": "part of",
    }
    assert books.get("/same?wikidata=Q1").status_code == 400


def test_the_closest_relation_counts_and_a_choice_is_a_choice(books: httpx.Client) -> None:
    assert books.get("/same?iri=https://close.example/waves").json()["iri"].endswith("book/waves")
    several = books.get("/same?iri=https://series.example/hogarth&go=1")
    assert several.status_code == 300
    assert [one["iri"].rpartition("/")[2] for one in several.json()["choices"]] == ["orlando", "waves"]


def test_an_item_of_the_settlement_alone_is_not_called_the_same(site: httpx.Client) -> None:
    of_the_hague = {one["iri"]: one for one in site.get("/same?wikidata=Q36600").json()["same"]}
    for entry in ("http://www.wikidata.org/entity/Q36600", "https://sws.geonames.org/2747373/"):
        assert of_the_hague[entry]["relation"] == "settlement of the same name"
        assert of_the_hague[entry]["property"].endswith("#settlementEntry")
