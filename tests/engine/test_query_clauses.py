"""The dataset clause and SERVICE are found where the engine would find them, and nowhere else."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.engine.query_clauses import dataset_clause, described_iris, refuse_service
from missiongraph.errors import QueryRefused
from missiongraph.sparql.results import evaluate

E = "http://e.example/"
PREFIXES = {"e": E}
GRAPHS = [NamedNode(f"{E}g{number}") for number in range(3)]
NOWHERE = "<http://127.0.0.1:1/>"

#: Ways of writing things that are neither keyword nor graph, whatever they hold.
HARMLESS = (
    "?FROM",
    "$service",
    "e:FROM",
    "e:from.SERVICE",
    '"FROM <http://e.example/g0> SERVICE <http://x.example/> {}"',
    "'FROM e:g0 \\' SERVICE e:x {}'",
    '"""a"b""c\\""" FROM e:g0 SERVICE"""',
    "'''FROM\nSERVICE'''",
    '"x"@en-FROM',
    "<http://e.example/FROM#SERVICE>",
    "# FROM e:g0 SERVICE e:x { }\n",
    "_:SERVICE",
)


def clause(text: str) -> tuple[list[str], list[str]] | None:
    found = dataset_clause(text, PREFIXES)
    return ([g.value for g in found.default], [g.value for g in found.named]) if found else None


def refused(text: str) -> bool:
    try:
        refuse_service(text)
    except QueryRefused:
        return True
    return False


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    """Three graphs: each has a value of its own, and the second one repeats the first's."""
    quads = [Quad(NamedNode(f"{E}s"), NamedNode(f"{E}p"), Literal(n), graph) for n, graph in enumerate(GRAPHS)]
    quads.append(Quad(NamedNode(f"{E}s"), NamedNode(f"{E}p"), Literal(0), GRAPHS[1]))
    return EmbeddedEngine.of({quad.triple for quad in quads}, quads)


def count(engine: EmbeddedEngine, text: str) -> int:
    answer = evaluate(engine, text, PREFIXES)
    assert isinstance(answer, QuerySolutions)
    value = next(answer)["n"]
    assert isinstance(value, Literal)
    return int(value.value)


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT * FROM <http://e.example/g0> { }", ["g0"], []),
        ("select*from<http://e.example/g0>{ }", ["g0"], []),
        ("SELECT * FROM e:g0 FROM NAMED e:g1 { }", ["g0"], ["g1"]),
        ("ASK FrOm e:g0 fRoM nAmEd e:g1 { }", ["g0"], ["g1"]),
        ("CONSTRUCT FROM e:g0 WHERE { ?s ?p ?o }", ["g0"], []),
        ("DESCRIBE e:s FROM e:g0", ["g0"], []),
        ("PREFIX : <http://e.example/> ASK FROM :g0 { }", ["g0"], []),
        ("PREFIX from: <http://e.example/> ASK FROM from:g0 { }", ["g0"], []),
        ("PREFIX a.b-c: <http://e.example/> ASK FROM a.b-c:g0 { }", ["g0"], []),
        ("PREFIX é: <http://e.example/> ASK FROM é:g·0 { }", ["g·0"], []),
        ("ASK FROM e:हिन्दी { }", ["हिन्दी"], []),
        ("BASE <http://e.example/> ASK FROM <g0> FROM <#x> { }", ["g0", "#x"], []),
        ("BASE <http://e.example/a/> BASE <../> ASK FROM <g0> { }", ["g0"], []),
        ("BASE <http://e.example/> PREFIX x: <a/> ASK FROM x:g0 { }", ["a/g0"], []),
        (r"ASK FROM e:g\-0 FROM e:g%30 { }", ["g-0", "g%30"], []),
        (r"ASK FROM <http://e.example/\u0067\U00000030> { }", ["g0"], []),
        ("ASK # FROM e:g1\nFROM e:g0 # FROM e:g2\r{ }", ["g0"], []),
    ],
)
def test_a_dataset_clause_is_read_as_the_grammar_has_it(text: str, default: list[str], named: list[str]) -> None:
    assert clause(text) == ([E + name for name in default], [E + name for name in named])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("DESCRIBE <http://e.example/a>", ["a"]),
        ("describe e:a e:b WHERE { e:c ?p ?o }", ["a", "b"]),
        ("PREFIX describe: <http://e.example/> DESCRIBE describe:a ?x describe:b { ?x e:c e:d }", ["a", "b"]),
        ("BASE <http://e.example/> DESCRIBE <a> # e:c\n e:b LIMIT 1", ["a", "b"]),
        ("DESCRIBE e:a FROM e:g0", ["a"]),
        ("DESCRIBE ?x { ?x e:p e:a }", []),
        ("DESCRIBE * { ?x e:p e:a }", []),
        ("SELECT (e:a AS ?DESCRIBE) { }", []),
    ],
)
def test_a_description_names_iris_before_its_pattern_only(text: str, named: list[str]) -> None:
    assert described_iris(text, PREFIXES) == [NamedNode(E + name) for name in named]


@pytest.mark.parametrize("thing", HARMLESS)
def test_what_only_looks_like_a_keyword_is_none(thing: str) -> None:
    text = f"SELECT * {{ ?s ?p ?o . # x\n FILTER(1 < 2) {thing if thing.startswith('#') else f'?s ?p {thing} .'} }}"
    assert clause(text) is None
    assert not refused(text)


@given(st.lists(st.sampled_from(HARMLESS), max_size=4), st.sets(st.sampled_from(["g0", "g1", "g2"])), st.booleans())
def test_a_clause_is_found_among_anything(things: list[str], graphs: set[str], named: bool) -> None:
    keyword = "FROM NAMED" if named else "from"
    words = " ".join(f"{keyword} e:{graph}" for graph in sorted(graphs))
    pattern = " ".join(t if t.startswith("#") else f"?s ?p {t} ." for t in things)
    found = [E + graph for graph in sorted(graphs)]
    expected = None if not graphs else ([], found) if named else (found, [])
    assert clause(f"SELECT * # FROM e:no\n {words} {{ {pattern} }}") == expected


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    list(map(str, [refused(text)]))
    try:
        clause(text)
    except ValueError as error:  # an IRI that is none: the engine's own words
        assert str(error)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", 3),
        ("FROM e:g0", 1),
        ("FROM e:g1", 2),
        ("FROM e:g0 FROM e:g1", 2),
        ("FROM e:g0 FROM e:g1 FROM e:g2", 3),
        ("FROM e:g1 FROM e:g1", 2),
        ("FROM <http://e.example/none>", 0),
        ("FROM NAMED e:g0", 0),
        ("FROM NAMED e:g0 FROM e:g1 FROM e:g0", 2),
    ],
)
def test_the_default_graph_is_the_union_of_what_from_names(engine: EmbeddedEngine, words: str, expected: int) -> None:
    assert count(engine, f"SELECT (COUNT(*) AS ?n) {words} {{ ?s ?p ?o }}") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("", 4), ("FROM e:g0", 0), ("FROM NAMED e:g1", 2), ("FROM e:g2 FROM e:g0 FROM NAMED e:g0 FROM NAMED e:g1", 3)],
)
def test_graph_sees_what_from_named_names(engine: EmbeddedEngine, words: str, expected: int) -> None:
    assert count(engine, f"SELECT (COUNT(*) AS ?n) {words} {{ GRAPH ?g {{ ?s ?p ?o }} }}") == expected


CALLS = [
    f"{before}{keyword}{silent}{name}"
    for before, keyword, silent, name in product(
        ("", "?s ?p ?o . ", "?s ?p 1e0", "?s ?p 1.", "?s ?p true", "?s ?p e:.", "?s ?p ?o.", "?s ?p 'x'@en ",
         "FILTER(1<2)", "FILTER(?s<?p)", "# comment\n", r"?s ?p '\u005C' . ", r'?s ?p "\u0022" . ', "?s ?p ()"),
        ("SERVICE", "service", "sErViCe"),
        ("", " SILENT", "SILENT", " # SILENT\n"),
        (f" {NOWHERE}", NOWHERE, " ?s", "?s", " e:x", "e:x", ":x"),
    )
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS[:: max(1, len(CALLS) // 150)])
def test_no_call_of_service_that_the_engine_understands_is_let_through(call: str) -> None:
    text = f"PREFIX : {NOWHERE} PREFIX e: {NOWHERE} SELECT * {{ {call} {{ ?s ?p ?o }} FILTER(?s > ?p) # '\"\n }}"
    try:
        Store().query(text)
    except SyntaxError:
        return  # the engine makes no call of it
    except (OSError, RuntimeError):
        pass  # it tried to connect
    assert refused(text)


@given(st.sampled_from(CALLS), st.lists(st.sampled_from([t for t in HARMLESS if t[0] != "#"]), max_size=3))
def test_service_is_found_behind_anything(call: str, things: list[str]) -> None:
    pattern = " ".join(f"?s ?p {thing} ." for thing in things)
    assert refused(f"SELECT * {{ {pattern} {call} {{ ?s ?p ?o }} }}")


def test_service_is_refused_with_its_place() -> None:
    with pytest.raises(QueryRefused, match=r"^query:2:3: SERVICE"):
        refuse_service("SELECT * {\n  SERVICE ?s { } }")


@pytest.mark.parametrize("text", ["ASK { service:x ?p ?o }", "ASK { ?s e:serviceLevel ?service ; service:name 1 }"])
def test_names_may_speak_of_services(text: str) -> None:
    assert not refused(f"PREFIX service: <{E}> PREFIX e: <{E}> {text}")
