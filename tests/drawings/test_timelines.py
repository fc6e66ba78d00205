"""Timelines: each event has a line of its own, in the order of time, and its name stays in the picture."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from missiongraph.drawings.timelines import MOST_EVENTS, Happening, timeline
from missiongraph.web.rendering.view_models import Link

YEARS = st.floats(1000, 3000)
NAMES = st.text("abcdefgh ", min_size=1, max_size=60)


@st.composite
def happenings(draw: st.DrawFn) -> Happening:
    start, length = draw(YEARS), draw(st.floats(0, 50) | st.just(0.0))
    return Happening(Link(draw(NAMES)), "then", start, start + length, draw(st.booleans()))


@given(st.lists(happenings(), max_size=60))
def test_every_event_has_a_line_of_its_own_within_the_picture(found: list[Happening]) -> None:
    drawn = timeline(found)
    assert (drawn is None) == (not found)
    if drawn is None:
        return
    assert len(drawn.events) == min(len(found), MOST_EVENTS)
    heights = [event.y for event in drawn.events]
    assert all(later - earlier >= 20 for earlier, later in pairwise(heights))
    assert all(event.y < drawn.height for event in drawn.events)
    assert all(event.x >= 0 and event.x + event.width <= drawn.width for event in drawn.events)


@given(st.lists(happenings(), min_size=1, max_size=40))
def test_events_stand_in_the_order_of_time_and_the_years_are_marked(found: list[Happening]) -> None:
    drawn = timeline(found)
    assert drawn is not None
    starts = [event.x for event in drawn.events]
    assert starts == sorted(starts)
    assert drawn.years and all(0 <= year.at <= drawn.width for year in drawn.years)


@given(happenings(), YEARS)
def test_a_day_is_a_dot_and_a_span_is_a_bar(one: Happening, year: float) -> None:
    day, span = Happening(one.link, "", year, year), Happening(one.link, "", year, year + 1)
    drawn = timeline([day, span])
    assert drawn is not None
    assert sorted(bool(event.width) for event in drawn.events) == [False, True]


@given(st.lists(happenings(), min_size=1, max_size=20))
def test_a_name_begins_and_ends_in_the_picture(found: list[Happening]) -> None:
    drawn = timeline(found)
    assert drawn is not None
    for event in drawn.events:
        length = len(event.text) * 5.5
        west, east = (event.text_x - length, event.text_x) if event.before else (event.text_x, event.text_x + length)
        assert west >= -1 and east <= drawn.width + 1
