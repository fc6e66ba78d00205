"""An evaluator answers with a head and data, or with a head that says why not."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import get_args

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.rdf.jsonld_context import Context, derive_context
from missiongraph.sparql.evaluators.wire import (
    DATA,
    END,
    FAILURE,
    HEAD,
    WHOLE,
    Head,
    Job,
    Kind,
    Opening,
    frames,
    head_of,
)
from missiongraph.sparql.evaluators.worker import Knowledge, Limits, Writer, answer, confine

EX = "http://e.example/"
TRIPLES = [Triple(NamedNode(f"{EX}{n}"), NamedNode(f"{EX}p"), Literal(n)) for n in range(3)]
CONTEXT: Context = derive_context(TRIPLES, {})
JSON: dict[Kind, str | None] = {"solutions": "json", "boolean": "json", "graph": "nt"}
DIGITS = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcde")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge(EmbeddedEngine.of(TRIPLES, [], base=EX), {"ex": EX}, CONTEXT)


@contextmanager
def exchange() -> Iterator[tuple[socket.socket, bytearray]]:
    """A socket to write to, and what has come out of its other end once the block is over."""
    ours, theirs = socket.socketpair()
    received = bytearray()

    def read() -> None:
        while block := theirs.recv(65536):
            received.extend(block)

    reader = threading.Thread(target=read)
    reader.start()
    with theirs:
        with ours:
            yield ours, received
        reader.join()


def ask(
    knowledge: Knowledge,
    query: str,
    formats: dict[Kind, str | None] = JSON,
    default: tuple[str, ...] | None = None,
    most: int = 10_000_000,
) -> tuple[Head, bytes, bool]:
    """The head, the data, and whether the end was said."""
    with exchange() as (ours, received):
        answer(Job(query, default, None, formats), knowledge, Writer(ours, 7, most))
    found = list(frames(received))
    opening = Opening.decode(found[0][1])
    assert opening.number == 7
    assert [kind for kind, _ in found if kind in (WHOLE, HEAD)] == [found[0][0]]
    data = opening.data + b"".join(content for kind, content in found if kind == DATA)
    return opening.head, data, found[-1][0] in (WHOLE, END)


def test_solutions_follow_their_head(knowledge: Knowledge) -> None:
    head, data, whole = ask(knowledge, "SELECT ?o { ?s ex:p ?o } ORDER BY ?o")
    assert (head.status, head.kind, head.format, head.volatile, whole) == (200, "solutions", "json", False, True)
    assert [row["o"]["value"] for row in json.loads(data)["results"]["bindings"]] == ["0", "1", "2"]


def test_each_kind_of_answer_has_its_own_format(knowledge: Knowledge) -> None:
    formats: dict[Kind, str | None] = {"solutions": "csv", "boolean": "xml", "graph": "ttl"}
    asked = ("SELECT * { }", "ASK { }", "CONSTRUCT WHERE { ?s ?p ?o }")
    heads = [ask(knowledge, query, formats)[0] for query in asked]
    assert [(head.kind, head.format) for head in heads] == [
        ("solutions", "csv"),
        ("boolean", "xml"),
        ("graph", "ttl"),
    ]


def test_a_graph_has_each_triple_once(knowledge: Knowledge) -> None:
    _, data, _ = ask(knowledge, "CONSTRUCT { ex:a ex:b ex:c } WHERE { ?s ?p ?o }")
    assert len(list(parse(data, RdfFormat.N_TRIPLES))) == 1


@pytest.mark.parametrize("form", ["ttl", "nt", "rdf", "jsonld", "trig", "nq"])
def test_a_large_graph_is_whole_in_every_format(knowledge: Knowledge, form: str) -> None:
    name = "CONCAT(STR(ex:), STR(?a), STR(?b), STR(?c), STR(?d), STR(?e))"
    query = f"CONSTRUCT {{ ?iri ex:b ?a }} {{ {DIGITS} BIND(IRI({name}) AS ?iri) }}"
    head, data, whole = ask(knowledge, query, {"solutions": None, "boolean": None, "graph": form}, most=100_000_000)
    assert (head.status, whole) == (200, True)
    read = RdfFormat.from_extension(form)
    assert read is not None
    assert len(set(parse(data, read))) == 100_000


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_depends_on_the_moment_says_so(knowledge: Knowledge, function: str) -> None:
    assert ask(knowledge, f"SELECT ({function} AS ?x) {{ }}")[0].volatile


def test_no_acceptable_format_is_said_without_data(knowledge: Knowledge) -> None:
    nothing: dict[Kind, str | None] = dict.fromkeys(get_args(Kind))
    head, data, whole = ask(knowledge, "ASK { }", nothing)
    assert (head.status, head.kind, data, whole) == (406, "boolean", b"", True)


@pytest.mark.parametrize(
    ("query", "form"), [("ASK { }", "csv"), ("ASK { }", "ttl"), ("DESCRIBE ex:0", "json"), ("SELECT * { }", "nt")]
)
def test_a_format_that_cannot_carry_the_answer_is_refused(knowledge: Knowledge, query: str, form: str) -> None:
    head, data, _ = ask(knowledge, query, dict.fromkeys(get_args(Kind), form))
    assert (head.status, data) == (400, b"")
    assert form in head.detail


def test_a_syntax_error_has_its_place(knowledge: Knowledge) -> None:
    head, data, _ = ask(knowledge, "SELECT *\n{ ?s ?p }")
    assert (head.status, head.line, head.column, data) == (400, 2, 10, b"")


def test_an_answer_that_is_too_large_from_the_first_is_refused(knowledge: Knowledge) -> None:
    head, data, _ = ask(knowledge, f"SELECT * {{ {DIGITS} }}", most=50_000)
    assert (head.status, data) == (400, b"")


#: A graph, and rows, of which all but the last can be written in any format.
LAST = f"{DIGITS} BIND(?a + ?b + ?c + ?d + ?e = 45 AS ?last)"
LATE = {
    "rdf": f"CONSTRUCT {{ [] ?p ?a }} {{ {LAST} BIND(IF(?last, <http://e.example/1>, ex:p) AS ?p) }}",
    "ttl": f"CONSTRUCT {{ [] ex:p ?x }} {{ {LAST} BIND(IF(?last, TRIPLE(ex:s, ex:p, ex:o), ?a) AS ?x) }}",
    "xml": f'SELECT ?x {{ {LAST} BIND(IF(?last, "\\u0001", "text enough to fill a block") AS ?x) }}',
}


@pytest.mark.parametrize("form", LATE)
def test_a_term_that_cannot_be_carried_and_comes_late_fails_the_answer_alone(knowledge: Knowledge, form: str) -> None:
    with exchange() as (ours, received):
        formats: dict[Kind, str | None] = dict.fromkeys(get_args(Kind), form)
        answer(Job(LATE[form], None, None, formats), knowledge, Writer(ours, 7, 100_000_000))
        answer(Job("ASK { }", None, None, JSON), knowledge, Writer(ours, 8, 100_000_000))  # it lives on
    found = list(frames(received))
    assert [kind for kind, _ in found if kind != DATA] == [HEAD, FAILURE, WHOLE]
    failure = head_of(next(content for kind, content in found if kind == FAILURE))
    assert failure.status == 406
    assert any(term in failure.detail for term in ("<http://e.example/1>", "<<(", "\\u0001"))


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("CONSTRUCT { ex:s <http://e.example/1> 1 } { }", "rdf"),
        ("CONSTRUCT { ex:s rdf:li 1 } { }", "rdf"),
        ('SELECT ("\\u0001" AS ?x) { }', "xml"),
        ("SELECT (TRIPLE(ex:s, ex:p, ex:o) AS ?x) { }", "json"),
        ("CONSTRUCT { ex:s ex:p ?x } { BIND(TRIPLE(ex:s, ex:p, ex:o) AS ?x) }", "jsonld"),
    ],
)
def test_what_a_format_cannot_carry_is_said_before_any_data(knowledge: Knowledge, query: str, form: str) -> None:
    text = f"PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> {query}"
    head, data, whole = ask(knowledge, text, dict.fromkeys(get_args(Kind), form))
    assert (head.status, data, whole) == (406, b"", True)
    assert "cannot carry" in head.detail


def in_a_process(work: Callable[[], None]) -> int:
    """What became of *work* in a process of its own: its exit code, or the signal that ended it, negative."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(99)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_an_answer_that_grows_too_large_ends_with_its_failure(knowledge: Knowledge) -> None:
    with exchange() as (ours, received):
        job = Job(f"SELECT * {{ {DIGITS} }}", None, None, JSON)
        code = in_a_process(lambda: answer(job, knowledge, Writer(ours, 7, 100_000)))
    found = list(frames(received))
    assert code == 0  # the evaluator lives on
    assert [kind for kind, _ in found if kind != DATA] == [HEAD, FAILURE]
    assert head_of(found[-1][1]).status == 400


def test_an_evaluator_reaches_no_network_where_the_system_can_take_it_away() -> None:
    def work() -> None:
        confine(Limits(1, 1 << 30, 1 << 30))
        names = [name for _, name in socket.if_nameindex()]
        os._exit(7 if names in ([], ["lo"]) else 8)

    code = in_a_process(work)
    if code == 8:
        pytest.skip("the system does not let a process leave its network")
    assert code == 7


def test_memory_beyond_the_limit_is_not_given() -> None:
    def work() -> None:
        confine(Limits(1, 20 << 20, 1 << 30))
        try:
            bytearray(100 << 20)
        except MemoryError:
            os._exit(7)

    assert in_a_process(work) == 7
