"""A page asks few questions, however much there is to say."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from pyoxigraph import NamedNode

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.web.content.layout.page_frame import list_of, statement_history
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.list_links import PER_PAGE
from missiongraph.web.content.rows.list_selection import select
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import page_variants
from missiongraph.web.pages.lists import NAMING
from missiongraph.web.pages.resources.documents import render, thing
from missiongraph.web.pages.statement_history import HISTORY
from tests.conftest import build_of

MANY = 300

#: As many statements as the history of one tells of.
TOLD = 200
BASE = "https://example.org/id/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A hub that many things name and that names many, and one thing of each on a publication without shapes."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text('title = "Hub"\nbase = "https://example.org/"\n')
    lines = []
    for number in range(MANY):
        lines.append(f"<{BASE}thing/{number:03}> <{BASE}at> <{BASE}hub> .")
        lines.append(f"<{BASE}hub> <{BASE}has> <{BASE}thing/{number:03}> .")
        lines += [f"<{BASE}ring> <{BASE}holds> <{BASE}thing/{number:03}> ."] if number < TOLD else []
    lines.append(f'<{BASE}named> <http://www.w3.org/2000/01/rdf-schema#label> "A name" .')
    (folder / "data" / "hub.nt").write_text("\n".join(lines) + "\n")
    return Site(build_of(folder, folder / "out"))


def asked(site: Site, name: str) -> tuple[int, str]:
    """How many questions the page of *name* takes, and the page."""
    member = thing(site, name)
    assert member is not None
    variant = page_variants(site)[0]
    render(site, member, variant)  # what all pages share is read once
    with patch.object(EmbeddedEngine, "query", autospec=True, side_effect=EmbeddedEngine.query) as query:
        text = render(site, member, variant)
        assert isinstance(text, bytes)
    return query.call_count, text.decode()


def test_the_page_of_a_hub_takes_hardly_more_questions_than_that_of_one_thing(site: Site) -> None:
    few, _ = asked(site, "thing/000")
    many, _ = asked(site, "hub")
    assert many <= few + 2


def test_the_history_of_many_statements_says_where_it_stops(site: Site) -> None:
    for name, predicate, cut in (("hub", "has", True), ("ring", "holds", False), ("thing/000", "at", False)):
        member = statement_history(NamedNode(BASE + name), NamedNode(BASE + predicate))
        text = HISTORY.render(site, member, page_variants(site)[0])
        assert isinstance(text, bytes) and (b"There are more claims than are told here." in text) == cut


def test_a_page_knows_no_names_but_those_that_it_asked_for(site: Site) -> None:
    """Names are kept for all pages, but what one has learned must not change another."""
    thing = NamedNode(f"{BASE}named")
    one, other = (Reader(site, page_variants(site)[0]) for _ in range(2))
    one.learn([thing])
    assert (one.label(thing)[0], other.label(thing)[0]) == ("A name", "named")


def test_the_pages_of_a_list_are_in_order_and_sorted_once(site: Site) -> None:
    shown: list[str] = []
    with patch("missiongraph.web.pages.lists.select", side_effect=select) as sorting:
        for page in range(1, MANY // PER_PAGE + 1):
            member = list_of(NamedNode(f"{BASE}at"), NamedNode(f"{BASE}hub"), page)
            text = NAMING.render(site, member, page_variants(site)[0])
            assert isinstance(text, bytes)
            shown += re.findall(r'href="/doc/thing/(\d+)"', text.decode())
    assert shown == [f"{number:03}" for number in range(MANY)]
    assert sorting.call_count == 1


def test_the_page_of_a_hub_counts_all_and_shows_the_first(site: Site) -> None:
    _, text = asked(site, "hub")
    assert text.count(f"all {MANY}") == 2  # those that name it, those that it names
    assert text.count("/doc/thing/") < MANY / 2
