"""Views are tried when a publication is built."""

from __future__ import annotations

import pytest

from missiongraph.build.views import check_views
from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import BuildError
from missiongraph.publication import Publication
from tests.conftest import PublicationMaker


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("# view: map\nSELECT * { ?s ?p }", "queries/views/bad.rq"),
        ("# view: map\nASK {}", "queries/views/bad.rq: is not a SELECT query"),
        ("SELECT * {}", "queries/views/bad.rq: has no view in its header"),
        ("# view: map\n# filters: city\nSELECT ?town { ?town ?p ?o }", "?city, which is no variable of the query"),
        ("# view: map\n# pages: city\nSELECT ?town { ?town ?p ?o }", "?city, which is no variable of the query"),
        ("# view: map\n# filled: city\nSELECT ?town { ?town ?p ?o }", "known: town"),
    ],
)
def test_a_view_that_cannot_be_shown_is_named(make_publication: PublicationMaker, query: str, problem: str) -> None:
    good = "# view: table\nSELECT ?s { ?s ?p ?o }"
    folder = make_publication({"data/a.ttl": "", "queries/views/bad.rq": query, "queries/views/good.rq": good})
    with pytest.raises(BuildError) as caught:
        check_views(Publication.open(folder), EmbeddedEngine.of([], []), {})
    (told,) = caught.value.problems
    assert problem in str(told)
