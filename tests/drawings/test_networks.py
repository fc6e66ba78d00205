"""Drawings of graphs: each thing has a place of its own, and what points is left of what it points to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from missiongraph.drawings.networks import MOST_NODES, network
from missiongraph.engine.protocol import Term
from missiongraph.web.rendering.view_models import Link, Network

NODES = st.integers(0, 60).map(lambda number: NamedNode(f"https://example.org/{number}"))
EDGES = st.lists(st.tuples(NODES, st.sampled_from(["knows", "made"]), NODES), max_size=120)


def drawn(edges: list[tuple[NamedNode, str, NamedNode]]) -> Network | None:
    links: dict[Term, Link] = {node: Link(node.value) for s, _, t in edges for node in (s, t)}
    return network([(s, p, t) for s, p, t in edges], links)


@given(EDGES)
def test_no_two_things_share_a_place_and_all_are_in_the_picture(
    edges: list[tuple[NamedNode, str, NamedNode]],
) -> None:
    found = drawn(edges)
    assert (found is None) == (not edges)
    if found is not None:
        places = [(node.x, node.y) for node in found.nodes]
        assert len(set(places)) == len(places) <= MOST_NODES
        assert all(0 < x < found.width and 0 < y < found.height for x, y in places)


def test_what_nothing_points_to_stands_left_and_two_properties_share_a_line() -> None:
    a, b, c = (NamedNode(f"https://example.org/{name}") for name in "abc")
    found = drawn([(b, "knows", c), (a, "knows", b), (a, "made", b)])
    assert found is not None
    across = {node.link.text[-1]: node.x for node in found.nodes}
    assert across["a"] < across["b"] < across["c"]
    assert sorted(edge.label for edge in found.edges) == ["knows", "knows, made"]


def test_a_circle_is_drawn_too() -> None:
    a, b = (NamedNode(f"https://example.org/{name}") for name in "ab")
    found = drawn([(a, "knows", b), (b, "knows", a), (a, "knows", a)])
    assert found is not None and len(found.nodes) == 2 and len(found.edges) == 3
