"""Finds the words that a person marked on a page, and what a selector needs to find them again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

from missiongraph.errors import MissiongraphError, Problem
from missiongraph.evidence.pages.normalised_text import NormalisedText, Passage, normalise, occurrences
from missiongraph.evidence.pages.read_page import Page

#: The most words before and after the exact ones that a selector keeps.
MOST_CONTEXT = 4

#: How many places, and how many characters around each, a message shows.
_MOST_SHOWN, _AROUND = 9, 30


class NotMarked(MissiongraphError):
    """The words do not stand on the page, or nobody can say where."""


@dataclass(frozen=True)
class Marked:
    """Words at one place of a page.

    :ivar exact: the words as the normalised page has them
    :ivar prefix: words before them; empty if *exact* stands only once on the page
    :ivar passage: the sentence, heading or list item that holds them
    """

    exact: str
    prefix: str
    suffix: str
    passage: Passage


def mark(page: Page, words: str, number: int | None = None) -> Marked:
    """Finds *words* on *page*.

    :param number: which of several places is meant, from 1; ``None``: there must be one only
    :raises NotMarked: the words do not stand there, or several times and no *number* says where, or go beyond a passage
    """
    normal = normalise(page.text)
    places = list(occurrences(normal, words))
    if not places:
        raise _absent(page, normal, words)
    if number is None and len(places) > 1:
        raise NotMarked(
            Problem(
                f"the words stand {len(places)} times on the page:{_listed(normal, places)}",
                advice="mark more words around them, or name one of the places with --place N",
            )
        )
    if number is not None and not 1 <= number <= len(places):
        raise NotMarked(
            Problem(f"the words stand {len(places)} times on the page, there is no place {number}",
                    advice=f"name one from 1 to {len(places)} with --place")
        )  # fmt: skip
    start, end = places[(number or 1) - 1]
    passage = next((p for p in page.passages if p.start <= start and end <= p.start + len(p.text)), None)
    if passage is None:
        raise NotMarked(Problem("the words go beyond one sentence", advice="mark words of a single sentence"))
    return Marked(normal.text[start:end], *_context(normal, start, end, passage), passage)


def part_of(page: Page, whole: Marked, start: int, end: int) -> Marked:
    """The characters ``start:end`` of *whole*, as words of their own at the same place."""
    normal = normalise(page.text)
    first, stop = whole.passage.start, whole.passage.start + len(whole.passage.text)
    around = [p for p in occurrences(normal, whole.exact, whole.prefix, whole.suffix) if first <= p[0] < stop]
    at = around[0][0]
    return Marked(
        normal.text[at + start : at + end], *_context(normal, at + start, at + end, whole.passage), whole.passage
    )


def _context(normal: NormalisedText, start: int, end: int, passage: Passage) -> tuple[str, str]:
    """The fewest words on both sides, four at most, by which only this place has the words ``start:end``.

    If four do not suffice, as in a table that repeats itself, the digest of the passage has to.
    """
    exact = normal.text[start:end]
    if len(list(occurrences(normal, exact))) == 1:
        return "", ""
    before, after = normal.text[:start].split()[-MOST_CONTEXT:], normal.text[end:].split()[:MOST_CONTEXT]
    # a word that begins right at the words, such as a comma, is part of what follows them
    sizes = sorted(product(range(len(before) + 1), range(len(after) + 1)), key=lambda pair: (sum(pair), pair[1]))
    for left, right in sizes:
        sides = " ".join(before[len(before) - left :]), " ".join(after[:right])
        if list(occurrences(normal, exact, *sides)) == [(start, end)]:
            return sides
    inside = normal.text[passage.start : start].split()[-MOST_CONTEXT:]
    return " ".join(inside), " ".join(normal.text[end : passage.start + len(passage.text)].split()[:MOST_CONTEXT])


def _listed(normal: NormalisedText, places: Sequence[tuple[int, int]]) -> str:
    shown = "".join(
        f"\n  {number}: …{normal.text[max(0, start - _AROUND) : end + _AROUND]}…"
        for number, (start, end) in enumerate(places[:_MOST_SHOWN], 1)
    )
    return shown + (f"\n  and {len(places) - _MOST_SHOWN} more" if places[_MOST_SHOWN:] else "\n ")


def _absent(page: Page, normal: NormalisedText, words: str) -> NotMarked:
    phrase = normalise(words, lists=False).text
    if not phrase:
        return NotMarked(Problem("there are no words to look for", advice="give words of the page"))
    if phrase in normal.text:
        return NotMarked(
            Problem(f"“{phrase}” stands on the page only as a part of longer words or figures",
                    advice="mark whole words, and whole figures with their signs")
        )  # fmt: skip
    if (at := normal.text.casefold().find(phrase.casefold())) >= 0:
        there = normal.text[at : at + len(phrase)]
        return NotMarked(
            Problem(f"the page has other capital letters: “{there}”", advice="write it as it stands there")
        )
    nearest = max(_likeness(page, phrase), default=None)
    near = f"the nearest sentence is “{nearest[1]}”" if nearest and nearest[0] > 0.3 else "copy them from the page"
    return NotMarked(Problem(f"the page does not have the words “{phrase}”", advice=near))


def _likeness(page: Page, phrase: str) -> Iterator[tuple[float, str]]:
    """How much of *phrase* each passage has, word by word."""
    wanted = phrase.casefold().split()
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for passage in page.passages:
        matcher.set_seq1(passage.text.casefold().split())
        yield sum(block.size for block in matcher.get_matching_blocks()) / len(wanted), passage.text
