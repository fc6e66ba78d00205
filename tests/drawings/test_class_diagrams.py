"""The drawing of a vocabulary: a rung for each property, the class on the left written once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from missiongraph.drawings.class_diagrams import class_diagram
from missiongraph.web.rendering.view_models import Link

LINKS = st.sampled_from(["Book", "Person", "Library", "x" * 90]).map(Link)
EDGES = st.lists(st.tuples(LINKS, LINKS, LINKS), max_size=40)


@given(EDGES)
def test_every_property_has_a_rung_of_its_own_within_the_picture(edges: list[tuple[Link, Link, Link]]) -> None:
    found = class_diagram(edges)
    assert (found is None) == (not edges)
    if found is not None:
        heights = [rung.y for rung in found.rungs]
        assert heights == sorted(set(heights)) and len(heights) == len(edges)
        assert heights[0] > 0 and heights[-1] < found.height


@given(EDGES)
def test_a_class_is_written_where_its_rungs_begin(edges: list[tuple[Link, Link, Link]]) -> None:
    found = class_diagram(edges)
    rungs = found.rungs if found else ()
    changes = [n == 0 or edges[n - 1][0] != edges[n][0] for n in range(len(edges))]
    assert [rung.left is not None for rung in rungs] == changes
