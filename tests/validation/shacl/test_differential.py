"""What our validator finds is what two others find, and what is done for speed changes nothing.

Left out of the comparison with others is the order of values, where both differ from SPARQL: see test_values and
docs/decisions/0001-shacl-validators.md.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Store, Triple

from missiongraph.validation.shacl import Graph, Overlay, Run, node_of, predicates_of, read_shapes
from missiongraph.vocab import SH
from tests.validation.shacl import generated
from tests.validation.shacl.validators import Triples, our_row, our_rows, parse, pyshacl_rows, shacl_rows, source_of

SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


@settings(SLOW, max_examples=20)
@given(generated.shapes(ordered=False), generated.data())
def test_pyshacl_finds_the_same(shapes: str, data: str) -> None:
    theirs = pyshacl_rows(parse(data), parse(shapes))
    assert set(our_rows(parse(data), parse(shapes)) or ()) == set(theirs or ())


@settings(SLOW, max_examples=50)
@given(generated.shapes(ordered=False), generated.data(blank=False))
def test_shacl_finds_the_same(shapes: str, data: str) -> None:
    pytest.importorskip("shacl", reason="this platform has no wheel of shacl")
    assert our_rows(parse(data), parse(shapes)) == shacl_rows(parse(data), parse(shapes))


@settings(SLOW, max_examples=30)
@given(generated.shapes(), generated.data())
def test_only_the_properties_that_shapes_speak_of_count(shapes: str, data: str) -> None:
    """The graph keeps no others, unless a shape looks at all."""
    read = read_shapes(source_of(parse(shapes)))
    whole = Run(Graph(parse(data), None), read, Store).results()
    assert our_rows(parse(data), parse(shapes)) == Counter(map(our_row, whole))


@settings(SLOW, max_examples=30)
@given(generated.shapes(), generated.data(), generated.data())
def test_claims_in_the_place_of_what_they_contradict_are_the_graph_with_them(
    shapes: str, data: str, claimed: str
) -> None:
    base, claims = parse(data), parse(claimed)
    stated = {(claim.subject, claim.predicate) for claim in claims}
    replaced = [triple for triple in base if (triple.subject, triple.predicate) not in stated] + list(claims)
    read = read_shapes(source_of(parse(shapes)))
    predicates = predicates_of(read)
    keys = {(node_of(subject), predicate.value) for subject, predicate in stated}
    subjects = dict.fromkeys(node_of(claim.subject) for claim in claims)
    overlay = Overlay(Graph(base, predicates), Graph(claims, predicates), keys)
    plain = Run(Graph(replaced, predicates), read, Store).results(only=subjects)
    assert Counter(map(our_row, Run(overlay, read, Store).results(only=subjects))) == Counter(map(our_row, plain))


def test_the_comparison_finds_a_rewriting_that_changes_results() -> None:
    """Property shapes that aim at the targets of their node shapes: closed shapes and siblings are lost."""

    def differs(given: tuple[str, str]) -> bool:
        shapes, data = given
        return our_rows(parse(data), parse(shapes)) != our_rows(parse(data), aim_properties(parse(shapes)))

    pairs = st.tuples(generated.shapes(ordered=False), generated.data(blank=False))
    assert find(pairs, differs, settings=settings(SLOW, max_examples=2000, phases=[Phase.generate]))


def aim_properties(shapes: Triples) -> Triples:
    """What was done here for the speed of pySHACL."""
    kept = dict.fromkeys(shapes)
    for node in {t.subject for t in shapes if t.predicate in TARGETS}:
        if any(t.subject == node and t.predicate == SH.deactivated for t in shapes) or any(
            t.object == node for t in shapes
        ):
            continue
        aims = [t for t in shapes if t.subject == node and t.predicate in TARGETS]
        for held in [t for t in shapes if t.subject == node and t.predicate == SH.property]:
            assert isinstance(held.object, NamedNode)
            kept.update(dict.fromkeys(Triple(held.object, aim.predicate, aim.object) for aim in aims))
            kept.pop(held, None)
    return list(kept)
