"""Marked words become a selector that finds their place again, and no other, or the reader hears why not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.evidence.pages.normalised_text import normalise, occurrences
from missiongraph.evidence.pages.read_page import page_of
from missiongraph.evidence.records.marked_words import MOST_CONTEXT, NotMarked, mark, part_of
from tests.evidence.library import PAGE

PAGE_OF_LIBRARY = page_of(PAGE.encode(), "page.txt")


@given(st.data())
def test_a_selector_finds_the_marked_place_and_no_other(data: st.DataObject) -> None:
    passage = data.draw(st.sampled_from(PAGE_OF_LIBRARY.passages))
    words = passage.text.split()
    first = data.draw(st.integers(0, len(words) - 1))
    chosen = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
    places = list(occurrences(normalise(PAGE), chosen))
    number = data.draw(st.integers(1, max(1, len(places))))
    try:
        marked = mark(PAGE_OF_LIBRARY, chosen, number)
    except NotMarked:
        inside = any(p.start <= a and b <= p.start + len(p.text) for p in PAGE_OF_LIBRARY.passages for a, b in places)
        assert not places or not inside
        return
    found = list(occurrences(normalise(PAGE), marked.exact, marked.prefix, marked.suffix))
    assert found == [places[number - 1]]
    assert max(len(marked.prefix.split()), len(marked.suffix.split())) <= MOST_CONTEXT
    assert marked.exact in marked.passage.text


def test_words_that_stand_once_need_no_context() -> None:
    marked = mark(PAGE_OF_LIBRARY, "holds 48,500 books")
    assert (marked.exact, marked.prefix, marked.suffix) == ("holds 48,500 books", "", "")
    assert marked.passage.text.startswith("The harbour library opened")


def test_quotation_marks_and_spaces_may_be_written_otherwise() -> None:
    assert mark(PAGE_OF_LIBRARY, 'the "Friends  of the\nQuay" help').exact == 'the "Friends of the Quay" help'


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("holds 48,000 books", "the page does not have the words.*the nearest sentence is “The harbour library opened"),
        ("8,500 books", "only as a part of longer words or figures"),
        ("THE HARBOUR LIBRARY opened", "other capital letters: “The harbour library opened”"),
        ("Museum of Tides. A three-year", "go beyond one sentence"),
        ("  ", "there are no words"),
    ],
)
def test_words_that_cannot_be_marked_are_told_with_what_to_do(words: str, says: str) -> None:
    with pytest.raises(NotMarked) as refused:
        mark(PAGE_OF_LIBRARY, words)
    assert re.search(says, str(refused.value), re.DOTALL)


def test_words_that_stand_several_times_are_listed_with_their_surroundings() -> None:
    with pytest.raises(NotMarked) as refused:
        mark(PAGE_OF_LIBRARY, "Quayside")
    told = str(refused.value)
    assert "stand 2 times" in told and "--place N" in told
    assert "\n  2: …" in told and "Together with Quayside, Lighthouse" in told
    with pytest.raises(NotMarked, match="there is no place 3"):
        mark(PAGE_OF_LIBRARY, "Quayside", 3)


def test_a_part_of_marked_words_keeps_their_place() -> None:
    whole = mark(PAGE_OF_LIBRARY, "Together with Quayside, Lighthouse and Old Mill")
    start = whole.exact.index("Quayside")
    part = part_of(PAGE_OF_LIBRARY, whole, start, start + len("Quayside"))
    assert (part.exact, part.passage) == ("Quayside", whole.passage)
    second = list(occurrences(normalise(PAGE), "Quayside"))[1]
    assert list(occurrences(normalise(PAGE), part.exact, part.prefix, part.suffix)) == [second]
