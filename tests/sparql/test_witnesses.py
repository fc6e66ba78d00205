"""A row is found again in the statements that it was matched by, and nothing uncertain is taken for one of them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Variable

from missiongraph.engine.protocol import Term
from missiongraph.sparql.witnesses import MOST_TOKENS, Witness, ties_of

E = "http://e.example/"
PREFIXES = {"e": E}
THINGS, PROPERTIES = ["e:t0", "e:t1", "e:t2"], ["e:p0", "e:p1"]
VARIABLES = ["?a", "?b", "?c"]


def node(name: str) -> NamedNode:
    return NamedNode(name.replace("e:", E))


def store_of(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def rows_of(store: Store, query: str) -> set[tuple[Term | None, ...]]:
    answer = store.query(query, prefixes=PREFIXES)
    assert isinstance(answer, QuerySolutions)
    return {tuple(row[variable] for variable in answer.variables) for row in answer}


def witnesses_of(store: Store, query: str, row: dict[str, str]) -> set[Witness]:
    """What *row*, terms by variable, was matched by."""
    found: set[Witness] = set()
    for tie in ties_of(query, PREFIXES, E):
        answer = store.query(tie.question([[node(row[name.value]) for name in tie.names]]))
        assert isinstance(answer, QuerySolutions)
        for match in answer:
            found.update(tie.witnesses({name: match[name] for name in answer.variables}))
    return found


def traced(query: str) -> set[str]:
    return {str(pattern).replace(E, "e:") for tie in ties_of(query, PREFIXES, E) for pattern in tie.patterns}


ends = st.sampled_from([THINGS[0], *VARIABLES])
patterns = st.lists(st.tuples(ends, st.sampled_from(PROPERTIES), ends), min_size=1, max_size=3, unique=True)
branches = st.lists(patterns, min_size=1, max_size=2)
projections = st.lists(st.sampled_from(VARIABLES), min_size=1, max_size=2, unique=True)
statements = st.sets(
    st.tuples(st.sampled_from(THINGS), st.sampled_from(PROPERTIES), st.sampled_from(THINGS)), min_size=6, max_size=14
)


@settings(max_examples=120)
@given(groups=branches, projected=projections, stated=statements, names=st.booleans())
def test_a_row_is_found_again_in_its_witnesses_alone(
    groups: list[list[tuple[str, str, str]]], projected: list[str], stated: set[tuple[str, str, str]], names: bool
) -> None:
    written = [" . ".join(" ".join(triple) for triple in group) for group in groups]
    inside = [f"GRAPH e:g {{ {text} }}" if names else text for text in written]
    query = f"SELECT {' '.join(projected)} WHERE {{ {{ {' } UNION { '.join(inside)} }} }}"
    traced_whole = len([p for tie in ties_of(query, PREFIXES, E) for p in tie.patterns]) == sum(map(len, groups))
    graph = [node("e:g")] if names else []
    store = store_of([Quad(*map(node, triple), *graph) for triple in stated])
    for row in rows_of(store, query):
        bound = {
            v[1:]: t.value.replace(E, "e:") for v, t in zip(projected, row, strict=True) if isinstance(t, NamedNode)
        }
        if len(bound) < len(projected):  # of a branch that leaves one unbound
            continue
        found = witnesses_of(store, query, bound)
        alone = [Quad(w.subject, w.predicate, w.object, *graph) for w in found]  # type: ignore[arg-type]  # IRIs all
        assert all(quad in store for quad in alone)
        if traced_whole:
            event("found again")
            assert row in rows_of(store_of(alone), query)


@pytest.mark.parametrize(
    ("query", "patterns"),
    [
        ("SELECT ?a { ?a e:p0 ?b FILTER(?b != e:t1) }", set()),
        ("SELECT ?a { ?a e:p0 ?b FILTER EXISTS { ?b e:p1 ?c } }", set()),
        ("SELECT ?a { ?a e:p0 ?b MINUS { ?b e:p1 ?a } }", set()),
        ("SELECT ?a { ?a e:p0 ?b OPTIONAL { ?b e:p1 ?a } }", set()),
        ("SELECT ?a { ?a e:p0 ?b BIND(STR(?b) AS ?c) }", set()),
        ("SELECT ?a { ?a e:p0 ?b VALUES ?b { e:t1 } }", set()),
        ("SELECT ?a { ?a e:p0 ?b . ?b e:p1+ ?c }", set()),
        ("SELECT ?a { ?a e:p0 ?b { SELECT ?b { ?b e:p1 ?c } } }", set()),
        ("SELECT (COUNT(?a) AS ?n) { ?a e:p0 ?b }", set()),
        ("SELECT ?a FROM e:g { ?a e:p0 e:t0 }", set()),
        ("ASK { ?a e:p0 e:t0 }", set()),
        ("SELECT ?a { ?a e:p0 ?b FILTER(?a != e:t1) }", {"?a <e:p0> ?b ."}),
        ("SELECT ?a { ?a e:p0 e:t0 MINUS { ?a e:p1 ?c } }", {"?a <e:p0> <e:t0> ."}),
        ("SELECT ?a { ?a e:p0 e:t0 OPTIONAL { ?a e:p1 ?c } }", {"?a <e:p0> <e:t0> .", "?a <e:p1> ?c ."}),
        ("SELECT ?a { ?a e:p0/^e:p1 e:t0 }", {"?a <e:p0> ?between_steps_0 .", "<e:t0> <e:p1> ?between_steps_0 ."}),
        ("SELECT ?a { ?a e:p0 [ e:p1 e:t0 ] FILTER(?a = e:t1) } ORDER BY ?a", None),
        ("SELECT ?a ?g { GRAPH ?g { ?a e:p0 e:t0 } }", {"GRAPH ?g { ?a <e:p0> <e:t0> . }"}),
    ],
)
def test_what_else_is_said_of_a_hidden_variable_leaves_its_patterns_out(query: str, patterns: set[str] | None) -> None:
    found = traced(query)
    assert len(found) == 2 if patterns is None else found == patterns


def test_a_constant_tells_the_branches_of_a_union_apart() -> None:
    branches = (f'{{ ?a e:p{n} ?b BIND("{n}" AS ?c) }}' for n in (0, 1))
    query = f"SELECT ?a ?c {{ {' UNION '.join(branches)} }}"
    store = store_of([Quad(node("e:t0"), node(f"e:p{n}"), node("e:t1")) for n in (0, 1)])
    found = {}
    for tie in ties_of(query, PREFIXES, E):
        assert [name.value for name in tie.names] == ["a", "c"]
        for row in rows_of(store, query):
            answer = store.query(tie.question([row]))
            assert isinstance(answer, QuerySolutions)
            matches = [{name: match[name] for name in answer.variables} for match in answer]
            found.update({str(row[1]): w.predicate for match in matches for w in tie.witnesses(match)})
    assert found == {'"0"': node("e:p0"), '"1"': node("e:p1")}


def test_a_blank_node_of_a_pattern_is_a_variable_of_its_own() -> None:
    (tie,) = ties_of("SELECT ?a { ?a e:p0 [] }", PREFIXES, E)
    assert tie.names == (Variable("a"),)
    assert isinstance(tie.patterns[0].object, Variable)


def test_a_query_that_takes_long_to_read_is_not_looked_into() -> None:
    query = f"SELECT ?a {{ ?a e:p0 {', '.join(['e:t0'] * MOST_TOKENS)} }}"
    assert ties_of(query, PREFIXES, E) == ()


@pytest.mark.parametrize("query", ["SELECT", "SELECT ?a { ?a e:p0 e:t0 ", "SELECT " + "{" * 200 + "}" * 200, "é"])
def test_what_this_parser_cannot_read_has_no_witnesses(query: str) -> None:
    assert ties_of(query, PREFIXES, E) == ()


AT_ONCE = """
import sys, threading
sys.setswitchinterval(0.0001)
found = []
from missiongraph.sparql.witnesses import ties_of
def look():
    found.append(len(ties_of("SELECT ?s ?o { ?s ex:brews ?o }", {"ex": "https://example.org/"}, "https://example.org/")))
threads = [threading.Thread(target=look) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(found)
"""


def test_threads_may_be_the_first_to_look_at_once() -> None:
    """In a process of its own, for the parser is spoilt or sound for as long as a process lives."""
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([1] * 8)
