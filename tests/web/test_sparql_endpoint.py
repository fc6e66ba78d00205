"""The endpoint answers by the SPARQL 1.1 Protocol, over the served publication."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import httpx
import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, parse_query_results
from pyoxigraph import QueryResultsFormat as ResultsFormat

from missiongraph.build import Build
from missiongraph.publication.query_files import Question, read_questions
from missiongraph.publication.source_folder import Publication
from missiongraph.sparql.request import DIRECT
from missiongraph.vocab import RDF, SD
from tests.conftest import ROOT
from tests.web.answers import FORMATS, SHIPPED, Page, dump, page, statements

QUESTIONS = read_questions(Publication.open(ROOT), sorted((ROOT / "queries" / "questions").glob("*.rq")))
COUNT = "SELECT (COUNT(*) AS ?n) %s WHERE { ?s ?p ?o }"
JSON = {"Accept": "application/sparql-results+json"}
HTML = {"Accept": "text/html"}
CITY = "<https://w3id.org/missiongraph/id/city/bologna>"
OF_CITY = f"SELECT ?o {{ {CITY} ?p ?o }}"


def ask(client: httpx.Client, query: str, **more: str | list[str]) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **more}, headers=JSON)


def count(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def rows(content: bytes) -> Counter[tuple[str, ...]]:
    answer = parse_query_results(content, ResultsFormat.JSON)
    assert isinstance(answer, QuerySolutions)
    names = sorted(variable.value for variable in answer.variables)
    return Counter(tuple(str(row[name]) for name in names) for row in answer)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_each_question_has_its_expected_answer(site: httpx.Client, question: Question) -> None:
    response = ask(site, question.text)
    assert response.status_code == 200, response.text
    if question.expect in ("true", "false"):
        answer = parse_query_results(response.content, ResultsFormat.JSON)
        assert isinstance(answer, QueryBoolean)
        assert bool(answer) == (question.expect == "true")
    else:
        assert question.expected_query is not None
        assert rows(response.content) == rows(ask(site, question.expected_query).content)


def test_there_are_questions() -> None:
    assert len(QUESTIONS) > 20


def test_the_three_forms_of_the_protocol_answer_alike(site: httpx.Client) -> None:
    query = "SELECT ?name { ?s schema:name ?name } ORDER BY ?name LIMIT 5 # è"
    direct = {**JSON, "Content-Type": DIRECT}
    answers = [
        ask(site, query),
        site.post("/sparql", data={"query": query}, headers=JSON),
        site.post("/sparql", content=query.encode(), headers=direct),
        site.post(
            "/sparql",
            content=query.encode(),
            headers={**direct, "Content-Type": f"{DIRECT}; charset=UTF-8"},
        ),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_the_default_graph_has_each_triple_once(site: httpx.Client, shipped_build: Build) -> None:
    assert count(ask(site, COUNT % "")) == len({quad.triple for quad in dump(shipped_build, "nt")})


def test_all_graphs_together_are_the_named_dump(site: httpx.Client, shipped_build: Build) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert count(ask(site, text)) == len(set(dump(shipped_build, "nq")))


def overlapping(build: Build) -> tuple[list[str], int]:
    """Two graphs that share a triple, and how many triples they hold together."""
    by_triple: dict[object, list[str]] = {}
    graphs: dict[str, set[object]] = {}
    for quad in dump(build, "nq"):
        name = str(getattr(quad.graph_name, "value", ""))
        by_triple.setdefault(quad.triple, []).append(name)
        graphs.setdefault(name, set()).add(quad.triple)
    pair = next(found[:2] for found in by_triple.values() if len(found) > 1)
    return pair, len(graphs[pair[0]] | graphs[pair[1]])


def test_a_triple_of_two_graphs_counts_once(site: httpx.Client, shipped_build: Build) -> None:
    pair, expected = overlapping(shipped_build)
    clause = " ".join(f"FROM <{graph}>" for graph in pair)
    assert count(ask(site, COUNT % clause)) == expected
    asked: dict[str, str | list[str]] = {"default-graph-uri": pair}
    assert count(ask(site, COUNT % "", **asked)) == expected
    assert count(site.post("/sparql", data={"query": COUNT % "", **asked}, headers=JSON)) == expected


def test_the_protocol_s_graphs_override_those_of_the_query(site: httpx.Client, shipped_build: Build) -> None:
    pair, _ = overlapping(shipped_build)
    one = count(ask(site, COUNT % f"FROM <{pair[0]}>"))
    assert (
        count(ask(site, COUNT % f"FROM <{pair[1]}> FROM <http://none.example/>", **{"default-graph-uri": pair[0]}))
        == one
    )
    text = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(ask(site, text, **{"named-graph-uri": pair[0]})) == one
    assert count(ask(site, COUNT % "", **{"named-graph-uri": pair[0]})) == 0
    assert count(ask(site, COUNT % "", **{"default-graph-uri": "http://none.example/"})) == 0


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.5", "application/sparql-results+xml"),
        ("application/sparql-results+json;charset=utf-8", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/html,*/*;q=0.8", "text/html"),
    ],
)
def test_results_come_in_what_is_accepted(site: httpx.Client, accept: str, expected: str) -> None:
    response = site.get("/sparql", params={"query": OF_CITY}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == expected
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("query", [f"DESCRIBE {CITY}", f"CONSTRUCT {{ {CITY} ?p ?o }} WHERE {{ {CITY} ?p ?o }}"])
def test_graphs_come_in_every_rdf_format(site: httpx.Client, media_type: str, query: str) -> None:
    response = site.get("/sparql", params={"query": query}, headers={"Accept": media_type})
    assert response.headers["Content-Type"].partition(";")[0] == media_type
    assert len(statements(response)) > 5


def test_a_format_can_be_named_in_the_address(site: httpx.Client) -> None:
    for name in ("format", "output"):
        table = list(csv.reader(io.StringIO(ask(site, OF_CITY, **{name: "csv"}).text)))
        assert table[0] == ["o"]
        assert len(table) > 5
    assert ask(site, f"DESCRIBE {CITY}", format="nt").headers["Content-Type"] == "application/n-triples"


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("SELECT * { }", "image/png", 406),
        ("SELECT * { }", "text/turtle", 406),
        ("ASK { }", "text/csv", 406),
        ("DESCRIBE <http://x.example/>", "application/sparql-results+json", 406),
    ],
)
def test_an_answer_in_no_acceptable_format_is_refused(site: httpx.Client, query: str, accept: str, status: int) -> None:
    response = site.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.status_code == status


def test_prefixes_of_the_publication_need_no_declaration(site: httpx.Client) -> None:
    text = "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a schema:City . ?m mg:administers ?c . ?c schema:name ?name }"
    assert count(ask(site, text)) == 9


def test_without_a_query_machines_get_the_description_of_the_service(site: httpx.Client) -> None:
    for media_type in ("text/turtle", "application/ld+json", "application/rdf+xml"):
        found = {quad.triple for quad in statements(site.get("/sparql", headers={"Accept": media_type}))}
        (service,) = {t.subject for t in found if t.predicate == RDF.type and t.object == SD.Service}
        assert str(service) == f"<{site.base_url}/sparql>".replace("//sparql", "/sparql")
        assert any(t.predicate == SD.namedGraph for t in found)


@pytest.mark.parametrize(
    "update", ["CLEAR ALL", "INSERT DATA { <a:b> <a:b> 1 }", "DROP ALL", "LOAD <http://x.example/>"]
)
def test_updates_are_refused(site: httpx.Client, update: str) -> None:
    before = count(ask(site, COUNT % ""))
    answers = [
        ask(site, update),
        site.post("/sparql", data={"update": update}),
        site.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"}),
        site.post("/sparql", content=update, headers={"Content-Type": "application/sparql-query"}),
        site.get("/sparql", params={"update": update}),
    ]
    assert [400 <= answer.status_code < 500 for answer in answers] == [True] * len(answers)
    assert count(ask(site, COUNT % "")) == before


def test_service_is_refused(site: httpx.Client) -> None:
    for call in ("SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }", "?s ?p trueSERVICE SILENT <http://127.0.0.1:1/> { }"):
        response = ask(site, f"SELECT * {{ {call} }}")
        assert response.status_code == 400
        assert "SERVICE" in response.json()["detail"]


@pytest.mark.parametrize(
    ("query", "line", "column"), [("SELECT * {", 1, 11), ("SELECT *\n{ ?s ?p }", 2, 10), ("\n\nSELEC", 3, 6)]
)
def test_a_syntax_error_is_shown_in_its_place(site: httpx.Client, query: str, line: int, column: int) -> None:
    response = ask(site, query)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert f"{line}:{column}" in response.json()["detail"]
    shown = site.get("/sparql", params={"query": query, "lang": "en"}, headers=HTML)
    assert shown.status_code == 400
    assert f"line {line}" in Page(shown.text).text.lower()


def test_a_relative_graph_is_one_under_the_base(site: httpx.Client) -> None:
    graph = "id/evidence/italian-network/lead-partner"
    answers = [ask(site, COUNT % f"FROM <{iri}>").text for iri in (graph, f"https://w3id.org/missiongraph/{graph}")]
    assert answers[0] == answers[1]
    assert '"1"' in answers[0]


def test_people_get_a_form_that_works_without_a_script(site: httpx.Client) -> None:
    shown = page(site, "/sparql?lang=en")
    assert any(form.get("action") == "/sparql" for form in shown.all("form"))
    assert shown.all("textarea", name="query")
    assert len([link for link in shown.internal if "query=" in link]) >= len(QUESTIONS) - 1


def test_people_see_results_as_a_table_of_names(site: httpx.Client) -> None:
    query = "SELECT ?city ?name { ?city a schema:City ; schema:name ?name FILTER(LANG(?name) = 'it') } ORDER BY ?name"
    response = site.get("/sparql", params={"query": query, "lang": "it"}, headers=HTML)
    shown = Page(response.text)
    assert shown.all("table")
    assert "/doc/city/florence?lang=it" in shown.internal
    assert "Firenze" in shown.text
    downloads = [link for link in shown.internal if "format=csv" in link]
    assert downloads
    assert site.get(downloads[0]).headers["Content-Type"].startswith("text/csv")


def test_people_see_that_nothing_matched(site: httpx.Client) -> None:
    response = site.get("/sparql", params={"query": "SELECT * { <a:b> ?p ?o }", "lang": "en"}, headers=HTML)
    assert "matched nothing" in Page(response.text).text


def test_values_with_markup_stay_text_in_results(odd: httpx.Client) -> None:
    query = "SELECT ?name { <https://odd.example/id/script> rdfs:label ?name }"
    response = odd.get("/sparql", params={"query": query}, headers=HTML)
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_other_sites_may_ask(site: httpx.Client) -> None:
    for response in (ask(site, "ASK { }"), ask(site, "nonsense"), site.options("/sparql")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("file", sorted((ROOT / "queries" / "questions").glob("*.rq")), ids=lambda file: file.stem)
def test_each_question_names_itself_in_both_languages(file: Path) -> None:
    question = next(question for question in QUESTIONS if question.name == file.stem)
    assert set(question.title) == set(question.question) == {"en", "it"}


def test_a_json_answer_is_json_of_the_w3c(site: httpx.Client) -> None:
    found = json.loads(ask(site, "SELECT ?s { ?s a schema:City } LIMIT 1").content)
    assert found["head"]["vars"] == ["s"]
    assert found["results"]["bindings"][0]["s"]["value"].startswith(SHIPPED)


@pytest.mark.parametrize("form", ["json", "csv", "html"])
@pytest.mark.parametrize(
    "query",
    [
        "ASK { << 1 <a:b> <a:b> >> <a:b> ?s }",
        "SELECT * { VALUES ?x { 1 } ?y ?q <<( ?x <a:b> <a:b> )>> }",
        "SELECT * { ?s ?p ?x FILTER(ISLITERAL(?x)) ?y ?q <<( ?x <a:b> <a:b> )>> }",
    ],
    ids=["at once", "value", "solution by solution"],
)
def test_a_triple_term_with_a_literal_for_its_subject_is_refused(odd: httpx.Client, query: str, form: str) -> None:
    """RDF 1.2 Concepts, 3.1: it is none. Found by fuzzing: the engine fails, and that was an error of the server."""
    response = odd.get("/sparql", params={"query": query, "format": form})
    assert response.status_code == 400
    assert "a triple term has an IRI or a blank node for its subject" in response.text
