"""What lies several steps from a thing."""

from __future__ import annotations

from pyoxigraph import Literal, RdfFormat, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.graph.along_paths import statements_along
from tests.terms import iri

TRIG = """\
@prefix ex: <https://example.org/> .
ex:g1 { ex:ale ex:style ex:bitter ; ex:price 3 . ex:stout ex:style ex:bitter }
ex:g2 { ex:ale ex:price 3 }
ex:g3 { ex:ale ex:price 4 . ex:rumour ex:says ex:bitter }
"""


QUADS = list(parse(TRIG, RdfFormat.TRIG))
ENGINE = EmbeddedEngine.of([quad.triple for quad in QUADS if quad.graph_name != iri("g3")], QUADS)


def test_what_lies_steps_away_has_the_graphs_of_all_steps_where_each_is_accepted() -> None:
    style, price, says = iri("style"), iri("price"), iri("says")
    ways = [
        (iri("stout"), ((style, False), (style, True), (price, False))),
        (iri("stout"), ((style, False), (says, True))),
    ]
    found = statements_along(ENGINE, ways, 9)
    assert [(s.object, {g.value[-2:] for g in s.graphs}) for s in found[ways[0]]] == [(Literal(3), {"g1", "g2"})]
    assert found[ways[1]] == ()
    assert statements_along(ENGINE, [], 9) == {}
