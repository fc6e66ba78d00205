"""The embedded engine: its default graph, and the datasets that a request may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.engine.protocol import QueryDataset, rows
from missiongraph.errors import BuildError, OutOfBounds

G, H, K, NOWHERE = (NamedNode(f"https://example.org/{name}") for name in ("g", "h", "k", "nowhere"))
P = NamedNode("https://example.org/p")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"


def triple(number: int) -> Triple:
    return Triple(G, P, Literal(number))


def quads_of(graphs: dict[NamedNode, list[int]]) -> list[Quad]:
    return [Quad(G, P, Literal(number), graph) for graph, numbers in graphs.items() for number in numbers]


def store_of(graphs: dict[NamedNode, list[int]]) -> Store:
    store = Store()
    store.extend(quads_of(graphs))
    return store


def engine_of(graphs: dict[NamedNode, list[int]]) -> EmbeddedEngine:
    numbers = sorted({number for found in graphs.values() for number in found})
    return EmbeddedEngine.of([triple(number) for number in numbers], quads_of(graphs))


def count(engine: EmbeddedEngine, text: str, dataset: QueryDataset | None = None) -> int:
    answer = engine.query(text, dataset=dataset)
    assert isinstance(answer, QuerySolutions)
    value = next(answer)["n"]
    assert isinstance(value, Literal)
    return int(value.value)


GRAPHS = {G: [1, 2, 3], H: [2, 3, 4], K: [5]}


def test_the_default_graph_holds_each_triple_once() -> None:
    assert count(engine_of(GRAPHS), COUNT) == 5
    assert count(engine_of(GRAPHS), COUNT_NAMED) == 7


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ((G,), 3),
        ((G, G), 3),
        ((G, K), 4),
        ((G, H), 4),
        ((G, H, H, K), 5),
        ((NOWHERE,), 0),
        ((G, NOWHERE), 3),
        ((NOWHERE, NOWHERE), 0),
        ((), 0),
    ],
)
def test_from_merges_graphs_without_counting_a_triple_twice(default: tuple[NamedNode, ...], expected: int) -> None:
    assert count(engine_of(GRAPHS), COUNT, QueryDataset(default)) == expected


@pytest.mark.parametrize("clause", ["", f"FROM {G} FROM {H}", f"FROM {K}", f"FROM NAMED {K}"])
def test_the_dataset_asked_for_stands_instead_of_the_one_in_the_text(clause: str) -> None:
    text = f"SELECT (COUNT(*) AS ?n) {clause} WHERE {{ ?s ?p ?o }}"
    assert count(engine_of(GRAPHS), text, QueryDataset((G, H))) == 4
    assert count(engine_of(GRAPHS), text, QueryDataset((G,))) == 3


def test_from_named_only_leaves_the_default_graph_empty() -> None:
    assert count(engine_of(GRAPHS), COUNT, QueryDataset((), (G, H))) == 0
    assert count(engine_of(GRAPHS), COUNT_NAMED, QueryDataset((), (G, H))) == 6


@pytest.mark.parametrize("default", [(), (G,), (G, H)])
def test_graph_sees_the_named_graphs_and_nothing_else(default: tuple[NamedNode, ...]) -> None:
    assert count(engine_of(GRAPHS), COUNT_NAMED, QueryDataset(default, (K,))) == 1
    assert count(engine_of(GRAPHS), COUNT_NAMED, QueryDataset(default)) == 0


def test_a_graph_may_be_merged_and_named_at_once() -> None:
    dataset = QueryDataset((G, H), (G,))
    assert count(engine_of(GRAPHS), COUNT, dataset) == 4
    assert count(engine_of(GRAPHS), COUNT_NAMED, dataset) == 3


graph_contents = st.fixed_dictionaries({graph: st.lists(st.integers(0, 4), unique=True) for graph in (G, H, K)})
choices = st.lists(st.sampled_from([G, H, K, NOWHERE])).map(tuple)


@given(graph_contents, choices, choices)
def test_any_dataset_is_the_merge_that_it_names(
    graphs: dict[NamedNode, list[int]], default: tuple[NamedNode, ...], named: tuple[NamedNode, ...]
) -> None:
    engine, dataset = engine_of(graphs), QueryDataset(default, named)
    assert count(engine, COUNT, dataset) == len({n for graph in default for n in graphs.get(graph, ())})
    assert count(engine, COUNT_NAMED, dataset) == sum(len(graphs.get(graph, ())) for graph in set(named))


def test_a_merge_stops_at_its_bound() -> None:
    store = store_of(GRAPHS)
    dataset = QueryDataset((G, H))
    assert count(EmbeddedEngine(store, merge_triples=6), COUNT, dataset) == 4
    with pytest.raises(OutOfBounds, match="hold 6 triples, more than 5 are not merged"):
        EmbeddedEngine(store, merge_triples=5).query(COUNT, dataset=dataset)


def test_one_graph_needs_no_merge_and_has_no_bound() -> None:
    assert count(EmbeddedEngine(store_of(GRAPHS), merge_triples=1), COUNT, QueryDataset((G,))) == 3


@pytest.mark.parametrize("dataset", [None, QueryDataset((G, H)), QueryDataset((G,), (H,))])
def test_a_blank_node_joins_between_graphs(dataset: QueryDataset | None) -> None:
    node = BlankNode("x")
    quads = [Quad(node, P, Literal("g"), G), Quad(node, P, Literal("h"), H)]
    engine = EmbeddedEngine.of([quad.triple for quad in quads], quads)
    other = "GRAPH ?g { ?x ?p 'h' }" if dataset and dataset.named else "?x ?p 'h'"
    assert count(engine, f"SELECT (COUNT(*) AS ?n) WHERE {{ ?x ?p 'g' . {other} }}", dataset) == 1


def test_prefixes_need_no_declaration_and_shift_no_error() -> None:
    engine = engine_of(GRAPHS)
    answer = engine.query("SELECT ?o WHERE { ex:g ex:p ?o }", prefixes={"ex": "https://example.org/"})
    assert isinstance(answer, QuerySolutions)
    assert len(list(answer)) == 5
    with pytest.raises(SyntaxError, match="error at 1:"):
        engine.query("SELEKT", prefixes={"ex": "https://example.org/"})


def test_rows_are_those_of_a_select() -> None:
    assert len(list(rows(engine_of(GRAPHS), "SELECT * { ?s ?p ?o }"))) == 5
    with pytest.raises(TypeError):
        rows(engine_of(GRAPHS), "ASK {}")


def test_a_missing_store_is_told_with_advice(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"cannot open the store .*build again"):
        EmbeddedEngine.open(tmp_path / "store", base="https://example.org/", merge_triples=1)
