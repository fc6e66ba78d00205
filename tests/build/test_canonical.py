"""The canonical form: the same for the same graph, whatever its blank nodes are called."""

from __future__ import annotations

import time
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from missiongraph.build.canonical import canonical_line, canonicalise, digest
from missiongraph.errors import OutOfBounds

IRIS = [NamedNode(f"https://example.org/{name}") for name in "ab"]
LABELS = "wxyz"
nodes = st.sampled_from([*IRIS[:1], *map(BlankNode, LABELS)])
objects = st.one_of(nodes, st.sampled_from(["", "x\n", "\x00\x7f", "à"]).map(Literal))
quads = st.builds(Quad, nodes, st.sampled_from(IRIS), objects, st.sampled_from([IRIS[0], BlankNode("w")]))


def renamed(statements: list[Quad], names: dict[str, str]) -> list[Quad]:
    def term(given: Any) -> Any:
        return BlankNode(names[given.value]) if isinstance(given, BlankNode) else given

    return [Quad(term(q.subject), q.predicate, term(q.object), term(q.graph_name)) for q in statements]


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(quads, max_size=8).flatmap(lambda q: st.tuples(st.just(q), st.permutations(q))), st.permutations(LABELS)
)
def test_names_of_blank_nodes_and_order_do_not_matter(
    statements: tuple[list[Quad], list[Quad]], names: list[str]
) -> None:
    given_order, shuffled = statements
    canonical = canonicalise(given_order, seconds=30)
    again = canonicalise(
        renamed(shuffled, {old: f"other{new}" for old, new in zip(LABELS, names, strict=True)}), seconds=30
    )
    assert canonical == again
    assert digest(canonical) == digest(again)
    assert len(canonical) == len(set(given_order))


def test_a_difference_makes_another_digest() -> None:
    one = Quad(BlankNode(), IRIS[0], Literal("1"), IRIS[1])
    two = Quad(BlankNode(), IRIS[0], Literal("2"), IRIS[1])
    assert len({digest(canonicalise(found, seconds=30)) for found in ([one], [two], [one, two], [])}) == 4


def test_what_has_no_blank_node_is_only_sorted() -> None:
    statements = [Quad(a, b, Literal(n), a) for a in IRIS for b in IRIS for n in "21"]
    assert [canonical_line(quad) for quad in canonicalise([*statements, *statements], seconds=30)] == sorted(
        map(canonical_line, statements)
    )


def test_poison_is_ended_at_its_bound() -> None:
    """In a clique of blank nodes none differs from another: RDFC-1.0 tries their permutations."""
    clique = [Quad(BlankNode(f"b{a}"), IRIS[0], BlankNode(f"b{b}"), IRIS[1]) for a, b in permutations(range(12), 2)]
    begun = time.monotonic()
    with pytest.raises(OutOfBounds, match=r"takes over 1 s .*canonicalisation-seconds"):
        canonicalise(clique, seconds=1)
    assert time.monotonic() - begun < 20
