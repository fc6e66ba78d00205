"""Over HTTP, no format carries an answer or a document otherwise than it is: it is refused, or the transfer breaks."""

from __future__ import annotations

import socket
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.rdf.formats import RDF_FORMATS
from tests import readers, terms
from tests.conftest import ODD, missiongraph
from tests.web.answers import statements

FORMS = [form.extension for form in RDF_FORMATS]
ALL = [f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcde"]
DIGITS = " ".join(ALL)
PROBLEM = "application/problem+json"

#: What makes terms of any kind, in the places of a template.
expressions = st.one_of(
    terms.iris().map(str),
    terms.literals.map(str),
    st.sampled_from(
        ["BNODE()", 'BNODE("0")', "TRIPLE(<a:s>, <a:p>, 1)", 'STRLANGDIR("a", "he", "rtl")', 'IRI("relative")', "1/0"]
    ),
)


def ask(client: httpx.Client, query: str, form: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, "format": form})


@given(st.tuples(expressions, expressions, expressions), st.sampled_from(FORMS))
@settings(max_examples=60)
def test_a_graph_of_any_terms_is_carried_whole_or_refused(
    odd: httpx.Client, made: tuple[str, str, str], form: str
) -> None:
    binds = " ".join(f"BIND({expression} AS ?{name})" for name, expression in zip("spo", made, strict=True))
    query = f"CONSTRUCT {{ ?s ?p ?o . <a:s> <a:p> ?o }} {{ {binds} }}"
    response = ask(odd, query, form)
    if response.status_code == 200:
        lines = ask(odd, query, "nt")
        assert lines.status_code == 200
        assert readers.by_rdflib(response.content, form) == readers.meant(statements(lines))
    else:
        assert (response.status_code, response.headers["Content-Type"]) == (406, PROBLEM)
        assert "cannot carry" in response.json()["detail"]


@given(expressions, st.sampled_from(["json", "xml", "csv", "tsv"]))
@settings(max_examples=60)
def test_a_table_of_any_terms_is_carried_whole_or_refused(odd: httpx.Client, made: str, form: str) -> None:
    query = f"SELECT ({made} AS ?x) {{}}"
    response = ask(odd, query, form)
    if response.status_code == 200:
        whole = readers.of_json(ask(odd, query, "json").content)
        text = whole[0].get("x", ("", ""))[1:2]
        if form == "xml":
            assert readers.counted(readers.of_xml(response.content)) == readers.counted(whole)
        elif form == "csv" and text:
            assert readers.of_csv(response.content) == [list(text)]
        elif form == "tsv" and whole[0]:
            assert readers.of_tsv(response.content) == [[whole[0]["x"]]]
    else:
        assert (response.status_code, response.headers["Content-Type"]) == (406, PROBLEM)
        assert "cannot carry" in response.json()["detail"]


@pytest.mark.parametrize(
    ("query", "form", "accept", "names"),
    [
        ("CONSTRUCT { <a:s> <http://e.example/1> 1 } { }", "rdf", "application/rdf+xml", "<http://e.example/1>"),
        (r'SELECT ("a\u0001b" AS ?x) { }', "xml", "application/sparql-results+xml", r"“a\u0001b” of ?x"),
        ('SELECT ("a"@he--rtl AS ?x) { }', "json", "application/sparql-results+json", '"a"@he--rtl'),
    ],
)
def test_a_refusal_is_the_same_by_name_by_negotiation_and_by_post(
    odd: httpx.Client, query: str, form: str, accept: str, names: str
) -> None:
    headers = {"Accept": accept}
    answers = [
        ask(odd, query, form),
        odd.get("/sparql", params={"query": query}, headers=headers),
        odd.post("/sparql", data={"query": query}, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [406] * 3
    assert all(names in answer.json()["detail"] for answer in answers)
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_an_answer_that_fails_within_what_is_held_back_is_refused(odd: httpx.Client) -> None:
    """A megabyte is held for the cache: some blocks of the evaluator have come by then, none has gone out."""
    query = f'SELECT ?x {{ {" ".join(ALL[:4])} BIND(IF(?a + ?b + ?c + ?d = 36, "\\u0001", "text") AS ?x) }}'
    response = ask(odd, query, "xml")
    assert (response.status_code, response.headers["Content-Type"]) == (406, PROBLEM)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        (f'SELECT ?x {{ {DIGITS} BIND(IF(?a + ?b + ?c + ?d + ?e = 45, "\\u0001", "text") AS ?x) }}', "xml"),
        (
            f"CONSTRUCT {{ [] ?p 1 }} {{ {DIGITS} BIND(IF(?a + ?b + ?c + ?d + ?e = 45, <a:1>, <a:p>) AS ?p) }}",
            "rdf",
        ),
    ],
)
def test_an_answer_that_fails_after_its_first_bytes_is_cut(odd: httpx.Client, query: str, form: str) -> None:
    """The chunked body lacks its last chunk (RFC 9112, 8): no client takes it for whole."""
    host = urlsplit(str(odd.base_url))
    request = (
        f"GET /sparql?format={form}&query={quote(query)} HTTP/1.1\r\nHost: {host.netloc}\r\nConnection: close\r\n\r\n"
    )
    received = bytearray()
    with socket.create_connection((host.hostname or "", host.port or 0), timeout=60) as connection:
        connection.sendall(request.encode())
        while block := connection.recv(1 << 20):
            received += block
    assert received.startswith(b"HTTP/1.1 200")
    assert len(received) > 1 << 20
    assert not received.endswith(b"0\r\n\r\n")
    assert ask(odd, "ASK { }", "json").status_code == 200


def test_a_page_says_what_no_format_carries(odd: httpx.Client) -> None:
    params = {"query": "SELECT (TRIPLE(<a:s>, <a:p>, 1) AS ?x) { }", "lang": "en"}
    response = odd.get("/sparql", params=params, headers={"Accept": "text/html"})
    assert response.status_code == 406
    assert "SUBJECT()" in response.text


@pytest.mark.parametrize("path", ["control", "nowhere-in-xml"])
def test_a_document_names_what_its_format_cannot_carry(odd: httpx.Client, path: str) -> None:
    response = odd.get(f"/doc/{path}.rdf", headers={"Accept": "application/json"})
    assert response.status_code == 406
    detail = response.json()["detail"]
    assert {"control": r"“a\u0001b”", "nowhere-in-xml": "<http://numbers.example/123>"}[path] in detail
    assert "Turtle" in detail


def test_the_command_line_refuses_it_without_a_traceback() -> None:
    for query, form in (("CONSTRUCT { <a:s> <a:1> 1 } {}", "rdf"), (r'SELECT ("\u0001" AS ?x) {}', "xml")):
        run = missiongraph("query", query, "--format", form, "--publication", ODD)
        assert (run.returncode, run.stdout) == (2, "")
        assert "cannot carry" in run.stderr
        assert "Traceback" not in run.stderr
