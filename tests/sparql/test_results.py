"""Answers are written in every format that can carry them, and say so where none can."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.engine.protocol import QueryDataset
from missiongraph.errors import OutOfBounds, QueryRefused
from missiongraph.rdf.formats import TURTLE
from missiongraph.sparql.results import (
    FORMATS,
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    evaluate,
    run_query,
    write_graph,
    write_solutions,
)
from missiongraph.vocab import RDFS

E = "http://e.example/"
ONE, TWO = NamedNode(f"{E}g1"), NamedNode(f"{E}g2")
SAID = Quad(NamedNode(f"{E}s"), NamedNode(f"{E}p"), Literal("è, “è”\n", language="it"), ONE)
AGAIN = Quad(SAID.subject, SAID.predicate, SAID.object, TWO)
ENGINE = EmbeddedEngine.of([SAID.triple], [SAID, AGAIN])
PREFIXES = {"e": E}


def run(text: str, form: str | None = None) -> str:
    return run_query(ENGINE, text, PREFIXES, form, "query.rq").decode()


def test_the_values_of_a_select_are_the_same_in_each_format() -> None:
    text = "SELECT ?o ?none { ?s ?p ?o }"
    value = SAID.object.value if isinstance(SAID.object, Literal) else ""
    rows = list(csv.reader(io.StringIO(run(text, "csv"), newline="")))
    assert rows == [["o", "none"], [value, ""]]
    found = json.loads(run(text, "json"))
    assert found["results"]["bindings"] == [{"o": {"type": "literal", "value": value, "xml:lang": "it"}}]
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [e.text for e in ElementTree.fromstring(run(text, "xml")).iter(f"{space}literal")] == [value]
    assert run(text, "tsv").splitlines()[0] == "?o\t?none"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_an_ask_is_answered_in_json_and_xml(form: str) -> None:
    assert "true" in run("ASK { e:s ?p ?o }", form)
    assert "false" in run("ASK { e:none ?p ?o }", form)


@pytest.mark.parametrize("form", [form.extension for form in GRAPH_FORMATS])
def test_a_graph_is_the_same_in_each_rdf_format(form: str) -> None:
    written = run("CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }", form)
    kind = next(f.rdf_format for f in GRAPH_FORMATS if f.extension == form)
    assert [quad.triple for quad in parse(written, kind)] == [SAID.triple]


def test_without_a_format_each_kind_of_answer_has_a_usual_one() -> None:
    assert run("SELECT ?s { ?s ?p ?o }") == f"s\r\n{E}s\r\n"
    assert json.loads(run("ASK { }"))["boolean"] is True
    assert run("DESCRIBE e:s").startswith("@prefix")


@pytest.mark.parametrize(
    ("text", "form"), [("SELECT * { }", "ttl"), ("ASK { }", "csv"), ("ASK { }", "nt"), ("DESCRIBE e:s", "json")]
)
def test_a_format_that_cannot_carry_the_answer_is_refused(text: str, form: str) -> None:
    assert form in FORMATS
    with pytest.raises(QueryRefused, match=r"cannot carry"):
        run(text, form)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * {", "1:11"),
        ("SELECT *\n{ ?s ?p }", "2:10"),
        ("PREFIX a: <a:>\nASK { b:x ?p ?o }", "2:"),
    ],
)
def test_a_syntax_error_says_its_true_place(text: str, place: str) -> None:
    with pytest.raises(QueryRefused, match=rf"^q\.rq:{place}"):
        evaluate(ENGINE, text, {f"unused{n}": E for n in range(50)}, name="q.rq")


@pytest.mark.parametrize(
    "text", ["CLEAR ALL", "INSERT DATA { <a:b> <a:b> 1 }", "", "\x00", "SELECT", "LOAD <http://x/>"]
)
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused):
        evaluate(ENGINE, text, {})


def test_the_dataset_of_the_protocol_overrides_that_of_the_text() -> None:
    text = "SELECT ?o FROM e:none FROM NAMED e:none { ?s ?p ?o GRAPH ?g { ?s ?p ?o } }"
    for default in ((ONE,), (ONE, TWO)):
        answer = evaluate(ENGINE, text, PREFIXES, QueryDataset(default, (TWO,)))
        assert isinstance(answer, QuerySolutions)
        assert [row["o"] for row in answer] == [SAID.object]


def test_a_merge_is_bounded() -> None:
    engine = EmbeddedEngine.of([SAID.triple], [SAID, AGAIN])
    engine._merge_triples = 1
    with pytest.raises(OutOfBounds, match=r"2 triples"):
        evaluate(engine, "ASK FROM e:g1 FROM e:g2 { ?s ?p ?o }", PREFIXES)


def test_prefixes_of_the_publication_need_no_declaration() -> None:
    answer = evaluate(ENGINE, "ASK { e:s e:p ?o }", PREFIXES)
    assert isinstance(answer, QueryBoolean)
    assert answer


def test_a_triple_constructed_twice_is_written_once() -> None:
    answer = evaluate(ENGINE, "CONSTRUCT { e:a e:b ?p } { GRAPH ?g { ?s ?p ?o } }", PREFIXES)
    assert isinstance(answer, QueryTriples)
    assert len(list(parse(write_graph(answer, TURTLE, PREFIXES), RdfFormat.TURTLE))) == 1


def test_a_function_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(QueryRefused, match=r"<http://e\.example/f> is not supported"):
        run("SELECT (e:f(?s) AS ?x) { ?s ?p ?o }")


def test_a_description_follows_blank_nodes_and_names_what_it_names() -> None:
    a, b, p, name = (NamedNode(f"http://e.example/{n}") for n in ("a", "b", "p", "name"))
    node = BlankNode("n")
    label = Triple(b, RDFS.label, Literal("B", language="en"))
    facts = [Triple(a, p, node), Triple(node, name, Literal("x")), Triple(a, p, b), Triple(b, p, a), label]
    engine = EmbeddedEngine.of(facts, [])
    found = run_query(engine, f"DESCRIBE {a}", {}, "nt", "query").decode()
    assert '"x"' in found
    assert '"B"@en' in found
    assert len(found.splitlines()) == len(facts)  # with what b says of a
    assert '"x"' not in run_query(engine, f"CONSTRUCT WHERE {{ {a} ?p ?o }}", {}, "nt", "query").decode()


def test_a_description_of_what_is_only_named_says_what_names_it_and_of_the_unknown_nothing() -> None:
    a, b, c, p, alternative = (NamedNode(f"http://e.example/{n}") for n in ("a", "b", "c", "p", "alternative"))
    named, label = Triple(a, p, b), Triple(a, RDFS.label, Literal("A", language="en"))
    doubted = Quad(b, p, c, alternative)  # in no default graph: a description, which is of that, must not tell it
    engine = EmbeddedEngine.of(
        [named, label],
        [
            Quad(named.subject, named.predicate, named.object, alternative),
            Quad(label.subject, label.predicate, label.object, alternative),
            doubted,
        ],
    )

    def described(text: str) -> set[Triple]:
        found = run_query(engine, text, {"e": "http://e.example/"}, "nt", "query")
        return {quad.triple for quad in parse(found, RdfFormat.N_TRIPLES)}

    assert described(f"DESCRIBE {b}") == described("DESCRIBE e:b WHERE { ?s ?p ?o }") == {named, label}
    assert described("DESCRIBE e:c") == described("DESCRIBE <http://e.example/unknown>") == set()
    assert described("DESCRIBE e:a e:b") == described("DESCRIBE e:a") == {named, label}
    assert described("DESCRIBE e:b FROM <http://e.example/alternative>") == {doubted.triple}


TEXTS = st.text(st.sampled_from('ab,"\r\n é\u2028'), max_size=4)
QUERIES = st.sampled_from(
    (
        "SELECT ?s ?o { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o }",
        "SELECT ?o { ?s ?p ?o }",
        "SELECT ?s ?none { ?s ?p ?o }",
        "SELECT ?s (IRI(CONCAT('http://e/', STR(?o))) AS ?made) { ?s ?p ?o FILTER(?o = ',') }",
        "SELECT ?s (<http://e/a,b> AS ?own) { ?s ?p ?o }",
        "PREFIX e: <http://e/a,> SELECT ?s ?own { ?s ?p ?o BIND(e:b AS ?own) }",
        "PREFIX e: <http://e/> SELECT ?s ?own { ?s ?p ?o VALUES ?own { e:a\\,b } }",
        "SELECT ?s (<http://e/a\\u002Cb> AS ?own) { ?s ?p ?o }",
    )
)


@given(texts=st.lists(TEXTS, max_size=5), query=QUERIES)
def test_csv_by_the_engine_has_the_rows_of_csv_in_which_all_is_quoted_as_it_must(texts: list[str], query: str) -> None:
    """RFC 4180. The engine writes it where no IRI can hold a comma."""
    store = Store()
    store.extend(Quad(NamedNode(f"http://e/{n}"), NamedNode("http://e/p"), Literal(t)) for n, t in enumerate(texts))
    store.add(Quad(BlankNode("b"), NamedNode("http://e/p"), NamedNode("http://e/q")))

    def written(*, commas: bool) -> list[list[str]]:
        out, answer = io.BytesIO(), store.query(query)
        assert isinstance(answer, QuerySolutions)
        write_solutions(answer, SOLUTION_FORMATS[2], query, out, commas=commas)
        return list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))

    assert written(commas=False) == written(commas=True)
