"""Answers are carried whole in every format, as other parsers read them, or refused by name (SPARQL 1.1 results)."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, RdfFormat, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import QueryRefused
from missiongraph.serialisation.carrying import CannotCarry, XmlText
from missiongraph.sparql.results import SOLUTION_FORMATS, evaluate, run_query
from tests import readers, terms

ENGINE = EmbeddedEngine.of([], [], base="https://example.org/")

values = st.one_of(st.none(), terms.iris(), terms.literals)
rows = st.lists(st.tuples(values, values), min_size=1, max_size=3)


def asked(found: Sequence[tuple[object, object]]) -> str:
    """A query with the solutions *found*."""
    data = " ".join(f"({' '.join('UNDEF' if value is None else str(value) for value in row)})" for row in found)
    return f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {data} }} }}"


def run(text: str, form: str) -> bytes:
    return run_query(ENGINE, text, {}, form, "query")


def expected(text: str) -> list[dict[str, readers.Term]]:
    """The solutions, term by term."""
    answer = evaluate(ENGINE, text, {})
    assert isinstance(answer, QuerySolutions)
    return [{n: readers.term(row[n]) for n in ("a", "b") if row[n] is not None} for row in answer]


def of_xml(text: str) -> bool:
    """Whether XML can hold *text* (XML 1.0, 2.2)."""
    return all(c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000" for c in text)


@given(rows)
@settings(max_examples=150)
def test_any_solution_is_read_alike(found: list[tuple[object, object]]) -> None:
    text = asked(found)
    wanted = expected(text)
    assert readers.counted(readers.of_json(run(text, "json"))) == readers.counted(wanted)
    assert readers.of_csv(run(text, "csv")) == [[row.get(n, ("", ""))[1] for n in ("a", "b")] for row in wanted]
    try:
        content = run(text, "xml")
    except CannotCarry:
        assert not all(of_xml(term[1]) for row in wanted for term in row.values())
    else:
        assert all(of_xml(term[1]) for row in wanted for term in row.values())
        assert readers.counted(readers.of_xml(content)) == readers.counted(wanted)


@given(rows)
@settings(max_examples=30)
def test_the_terms_of_tsv_are_those_of_turtle(found: list[tuple[object, object]]) -> None:
    text = asked(found)
    assert readers.of_tsv(run(text, "tsv")) == [[row.get(n, ()) for n in ("a", "b")] for row in expected(text)]


@given(terms.texts, st.integers(1, 7))
def test_xml_is_the_same_in_whatever_pieces_it_comes(text: str, size: int) -> None:
    content = b"<a>" + text.encode() + b"</a>"

    def written(pieces: list[bytes]) -> bytes | None:
        out = io.BytesIO()
        xml = XmlText(out, "XML")
        try:
            for piece in pieces:
                xml.write(piece)
        except CannotCarry:
            return None
        return out.getvalue()

    whole = written([content])
    assert whole == (content.replace(b"\r", b"&#xD;") if of_xml(text) else None)
    assert written([content[n : n + size] for n in range(0, len(content), size)]) == whole


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r'SELECT ("a\u0001b" AS ?x) {}', (r"“a\u0001b”", "?x", r"\u0001")),
        (r'SELECT ("\u0000" AS ?x) {}', (r"\u0000",)),
        (r'SELECT ("<&>\uFFFE" AS ?x) {}', (r"“<&>\uFFFE”",)),
        (r'SELECT (STRLANG("\u000B", "en") AS ?x) {}', (r"\u000B",)),
    ],
)
def test_what_xml_cannot_hold_is_refused_with_the_formats_that_can(text: str, names: tuple[str, ...]) -> None:
    with pytest.raises(CannotCarry) as refused:
        run(text, "xml")
    assert all(name in str(refused.value) for name in (*names, "JSON", "CSV", "TSV", "json", "csv", "tsv"))
    for form in ("json", "csv", "tsv"):
        assert run(text, form)


RDF_1_2 = {
    "triple": ('TRIPLE(<a:s>, <a:p>, "o")', '<<( <a:s> <a:p> "o" )>>', "SUBJECT()"),
    "nested": ("TRIPLE(<a:s>, <a:p>, TRIPLE(<a:s>, <a:p>, 1))", "<<( <a:s>", "SUBJECT()"),
    "direction": ('STRLANGDIR("a", "en", "ltr")', '"a"@en--ltr', "LANGDIR()"),
    "literal": ('"a"@he--rtl', '"a"@he--rtl', "LANGDIR()"),
}


@pytest.mark.parametrize("kind", RDF_1_2)
@pytest.mark.parametrize("form", [form.extension for form in SOLUTION_FORMATS])
def test_terms_of_rdf_1_2_are_refused_with_what_to_do(kind: str, form: str) -> None:
    expression, shown, advice = RDF_1_2[kind]
    with pytest.raises(CannotCarry) as refused:
        run(f"SELECT ({expression} AS ?x) {{}}", form)
    assert shown in str(refused.value)
    assert advice in str(refused.value)


@pytest.mark.parametrize("kind", RDF_1_2)
@pytest.mark.parametrize("form", ["ttl", "jsonld", "nt", "rdf", "trig", "nq"])
def test_graphs_with_terms_of_rdf_1_2_are_refused_too(kind: str, form: str) -> None:
    expression, shown, advice = RDF_1_2[kind]
    with pytest.raises(CannotCarry) as refused:
        run(f"CONSTRUCT {{ <a:s> <a:p> ?x }} {{ BIND({expression} AS ?x) }}", form)
    assert shown in str(refused.value)
    assert advice in str(refused.value)


@pytest.mark.parametrize("form", [form.extension for form in SOLUTION_FORMATS])
def test_a_query_that_takes_such_terms_apart_is_answered(form: str) -> None:
    text = 'SELECT (OBJECT(TRIPLE(<a:s>, <a:p>, "o")) AS ?a) (STR(STRLANGDIR("t", "en", "ltr")) AS ?b) {}'
    assert b"o" in run(text, form)
    assert readers.counted(readers.of_json(run(text, "json"))) == readers.counted(expected(text))


NO_ELEMENT = (
    *(
        "http://e.example/",
        "http://e.example/1",
        "urn:isbn:123",
        "http://e.example/a%20",
        "http://www.w3.org/2000/xmlns/a",
    ),
    *(f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}" for name in ("li", "about", "Description", "RDF", "bagID")),
    "http://e.example/p😀",
)


@pytest.mark.parametrize("predicate", NO_ELEMENT)
def test_a_predicate_that_is_no_element_is_refused_by_name(predicate: str) -> None:
    text = f"CONSTRUCT {{ <a:s> <{predicate}> 1 }} {{}}"
    with pytest.raises(CannotCarry) as refused:
        run(text, "rdf")
    assert f"<{predicate}>" in str(refused.value)
    assert all(name in str(refused.value) for name in ("Turtle", "JSON-LD", "N-Triples", "TriG", "N-Quads", "ttl"))
    for form in ("ttl", "jsonld", "nt", "trig", "nq"):
        assert readers.by_rdflib(run(text, form), form)


@pytest.mark.parametrize(
    "kind", ["http://e.example/", "http://e.example/1", "http://e.example/Kind", f"{NO_ELEMENT[-1]}"]
)
def test_a_class_that_is_no_element_is_written_after_another_statement(kind: str) -> None:
    text = f"CONSTRUCT {{ <a:s> a <{kind}> , <a:Kind> ; <a:p> 1 . <a:t> a <{kind}> ; <a:p> 2 }} {{}}"
    assert readers.by_rdflib(run(text, "rdf"), "rdf") == readers.meant(parse(run(text, "nt"), RdfFormat.N_TRIPLES))


def test_a_class_that_is_no_element_and_all_that_is_said_is_refused_by_name() -> None:
    for text in ("<a:s> a <a:1>", "<a:s> a <a:1> . <a:t> <a:p> 1", "<a:t> <a:p> 1 . <a:s> a <a:1>"):
        with pytest.raises(CannotCarry, match="the class <a:1>"):
            run(f"CONSTRUCT {{ {text} }} {{}}", "rdf")


def test_a_blank_node_whose_label_is_no_name_of_xml_is_refused() -> None:
    with pytest.raises(CannotCarry, match="the blank node _:0"):
        run('CONSTRUCT { ?b <a:p> 1 } { BIND(BNODE("0") AS ?b) }', "rdf")


def test_a_literal_that_xml_cannot_hold_is_refused_by_name() -> None:
    with pytest.raises(CannotCarry, match=r"“x\\u0001”"):
        run(r'CONSTRUCT { <a:s> <a:p> "x\u0001" } {}', "rdf")


@pytest.mark.parametrize("text", [r'SELECT ("\uD800" AS ?x) {}', r'SELECT ("\uD83D\uDE00" AS ?x) {}'])
def test_half_characters_are_no_query(text: str) -> None:
    with pytest.raises(QueryRefused):
        run(text, "json")


@pytest.mark.parametrize(
    "expression", ['IRI("a b")', 'IRI("<>")', 'STRLANG("a", "no tag")', 'STRLANG("a", "")', 'STRDT("a", "no iri")']
)
def test_what_makes_no_term_binds_nothing(expression: str) -> None:
    text = f"SELECT ({expression} AS ?a) {{}}"
    assert readers.of_json(run(text, "json")) == readers.of_xml(run(text, "xml")) == [{}]
    assert readers.of_csv(run(text, "csv")) == [[""]]
    assert run(f"CONSTRUCT {{ ?x <a:p> ?x }} {{ BIND({expression} AS ?x) }}", "nt") == b""
