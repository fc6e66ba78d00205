"""Shapes that refer to themselves (SHACL, section 3.4.3): a node meets one unless something else speaks against it."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.validation.shacl import read_shapes
from tests.validation.shacl.generated import HEAD
from tests.validation.shacl.validators import ours, parse, source_of

PERSON = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
    sh:property [ sh:path ex:p ; sh:node ex:S ] , [ sh:path ex:q ; sh:maxCount 0 ] ."""
SIDES = st.tuples(st.integers(0, 5), st.integers(0, 5))


def reported(data: str, shapes: str = PERSON) -> set[str]:
    found = ours(parse(HEAD + data), parse(HEAD + shapes))
    assert found is not None
    return {str(one.focus).removeprefix("https://example.org/n") for one in found}


@settings(max_examples=40)
@given(st.sets(SIDES), st.sets(st.integers(0, 5)))
def test_a_node_is_wrong_if_a_wrong_one_can_be_reached(edges: set[tuple[int, int]], wrong: set[int]) -> None:
    data = chain(
        (f"ex:n{number} a ex:C ." for number in range(6)),
        (f"ex:n{one} ex:p ex:n{other} ." for one, other in edges),
        (f"ex:n{number} ex:q 1 ." for number in wrong),
    )
    expected = set(wrong)
    while more := {one for one, other in edges if other in expected} - expected:
        expected |= more
    assert reported("\n".join(data)) == {str(number) for number in expected}


def test_a_long_chain_is_followed_to_its_end() -> None:
    steps = "\n".join(f"ex:n{number} a ex:C ; ex:p ex:n{number + 1} ." for number in range(1500))
    assert len(reported(f"{steps} ex:n1500 ex:q 1 .")) == 1500


def test_what_decides_is_shown() -> None:
    data = "ex:a a ex:C ; ex:p ex:b . ex:b ex:p ex:a ; ex:q 1 ."
    results = ours(parse(HEAD + data), parse(HEAD + PERSON))
    assert results is not None
    (found,) = results
    (detail,) = [
        one
        for one in found.fault.details
        if one.constraint and one.constraint.component.endswith("MaxCountConstraintComponent")
    ]
    assert detail.focus == "https://example.org/b"
    back = [
        one
        for one in found.fault.details
        if one.constraint and one.constraint.component.endswith("NodeConstraintComponent")
    ]
    assert [one.fault.details[0].constraint for one in back] == [None]  # the step back to what is looked at


@pytest.mark.parametrize(
    "within",
    [
        "sh:not ex:S",
        "sh:xone ( ex:S [ sh:nodeKind sh:IRI ] )",
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape ex:S ; sh:qualifiedMaxCount 1 ]",
        "sh:node [ sh:not ex:S ]",
    ],
)
def test_a_shape_that_is_met_when_it_is_not_is_refused(within: str) -> None:
    source = source_of(parse(f"{HEAD} ex:S a sh:NodeShape ; sh:targetClass ex:C ; {within} ."))
    read_shapes(source)
    assert [problem for problem in source.problems if "refers to itself" in problem.what]
