"""Ladders: who takes part in all undertakings stands in the middle, everyone else under the one that names them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from missiongraph.drawings.role_diagrams import MOST_RUNGS, Ladder, Role, ladder
from missiongraph.engine.protocol import Term
from missiongraph.web.rendering.view_models import Link

UNDERTAKINGS, PEOPLE = st.sampled_from("AB").map(Literal), st.integers(0, 30).map(lambda n: Literal(f"person {n}"))
ROLES = st.lists(st.builds(Role, UNDERTAKINGS, st.sampled_from(["leads", "helps"]), PEOPLE), max_size=60, unique=True)


def drawn(roles: list[Role[Term]]) -> Ladder | None:
    terms: set[Term] = {term for role in roles for term in (role.undertaking, role.member)}
    return ladder(roles, {term: Link(str(getattr(term, "value", ""))) for term in terms}, lambda text: (text,))


def members(roles: list[Role[Term]], undertaking: Term) -> set[str]:
    return {str(getattr(r.member, "value", "")) for r in roles if r.undertaking == undertaking}


@given(ROLES)
def test_the_middle_holds_who_takes_part_in_everything(roles: list[Role[Term]]) -> None:
    shared = set.intersection(*(members(roles, u) for u in {r.undertaking for r in roles})) if roles else set()
    found = drawn(roles)
    assert (found is None) == (not 0 < len(shared) <= MOST_RUNGS)
    if found is not None:
        assert {rung.link.text for rung in found.rungs} == shared
        heights = [rung.y for rung in found.rungs]
        assert len(set(heights)) == len(heights) and max(heights) < found.height


@given(ROLES)
def test_each_side_names_everyone_it_has_and_draws_a_line_for_each_role_in_the_middle(roles: list[Role[Term]]) -> None:
    found = drawn(roles)
    for side in found.sides if found else ():
        own = [r for r in roles if r.undertaking == Literal(side.link.text)]
        middle = {rung.link.text for rung in found.rungs} if found else set()
        assert len(side.lines) == sum(str(getattr(r.member, "value", "")) in middle for r in own)
        assert {link.text for _, links in side.parts for link in links} == members(roles, Literal(side.link.text))


def test_a_part_that_only_one_has_is_drawn_thick_and_put_in_corners() -> None:
    roles: list[Role[Term]] = [
        Role(Literal("A"), part, Literal(name)) for part, name in (("leads", "z"), ("helps", "a"), ("helps", "b"))
    ]
    found = drawn(roles)
    assert found is not None
    assert [(rung.link.text, bool(rung.corners)) for rung in found.rungs] == [("z", True), ("a", False), ("b", False)]
    assert sorted(kind for _, kind in found.sides[0].lines) == ["edge", "edge", "edge lead"]
