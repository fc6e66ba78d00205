"""What views show of a thing on its own page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode

from missiongraph.build import build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.view_content import parts_about
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import page_variants
from missiongraph.web.rendering.view_models.query_views import ThingPart
from tests.conftest import PublicationMaker

BASE = "https://example.org/id/"
LADDER = """\
# view: ladder
# pages: undertaking
SELECT ?undertaking ?role ?member { ?undertaking ?role ?member FILTER(isIRI(?member)) } ORDER BY ?undertaking ?member
"""
Shown = Callable[[int, int, int], ThingPart]


@pytest.fixture
def shown(make_publication: PublicationMaker) -> Shown:
    """What the page of one undertaking shows: of so many undertakings, so many members each, that of this number."""

    def of(undertakings: int, members: int, number: int) -> ThingPart:
        statements = [f"<{BASE}u{u}> <{BASE}has> <{BASE}m{m}> ." for u in range(undertakings) for m in range(members)]
        folder = make_publication({"data/a.nt": "\n".join(statements), "queries/views/roles.rq": LADDER})
        site = Site(build_publication(read_dataset(Publication.open(folder)), folder / "out"))
        (part,) = parts_about(Reader(site, page_variants(site)[0]), NamedNode(f"{BASE}u{number}"))
        return part

    return of


def test_a_ladder_is_shown_whole_on_the_page_of_an_undertaking_that_it_draws(shown: Shown) -> None:
    part = shown(2, 3, 1)
    assert part.whole and part.drawing is not None and len(part.listing.columns) == 3


def test_one_that_the_drawing_leaves_out_has_its_own_side_alone(shown: Shown) -> None:
    part = shown(3, 3, 2)
    assert not part.whole and len(part.listing.rows) == 3


def test_a_ladder_too_high_to_draw_takes_the_place_of_nothing(shown: Shown) -> None:
    part = shown(2, 30, 0)
    assert not part.whole and part.drawing is None and len(part.listing.rows) == 30
