"""The place of a page that is closest to a phrase, where the phrase itself is not found, and how the two differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from missiongraph.evidence.matching.anchor import Anchors
from missiongraph.evidence.matching.page_text import PageText, Phrase
from missiongraph.evidence.matching.sequence_alignment import Pair, align, weight
from missiongraph.evidence.words.denials_hedges_units import (
    APPROXIMATIONS,
    DENIALS,
    HEDGES,
    LIGHT,
    TRAILING_APPROXIMATIONS,
    UNITS,
    marks,
    mistyped,
    opposite,
)
from missiongraph.evidence.words.tokens import Token

#: What differs: a figure, a date, a name, the direction of a relation ("precedes", "follows"), a denial or hedge, the
#: cell of a record, a typing error, or other words.
DifferenceKind = Literal["figure", "date", "name", "direction", "denial", "cell", "typing", "words"]

_LEAST_SHARE = 0.5
_LONGEST = 600
_MOST_TYPOS = 2
_QUALIFYING = DENIALS | HEDGES


@dataclass(frozen=True)
class Difference:
    """One difference between evidence and page: *stated* is what the evidence has, *found* what the page has instead.

    Either side may be empty.
    """

    kind: DifferenceKind
    stated: str
    found: str


@dataclass(frozen=True)
class Aligned:
    """The closest place of a phrase: its characters in the normalised page, and how it differs from the phrase."""

    start: int
    end: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Aligner:
    """Aligns phrases with the passages of a page.

    :ivar is_word: whether a folded word stands in the dictionary; two words of a dictionary are no typing errors of
        each other
    :ivar is_name: whether a token is a name; a name is no typing error of another word
    """

    anchors: Anchors
    is_word: Callable[[str], bool]
    is_name: Callable[[Token], bool]

    @property
    def _page(self) -> PageText:
        return self.anchors.page

    def closest(self, phrase: Phrase) -> Aligned | None:
        """The closest place of *phrase*; ``None`` if no passage has half of the words of the phrase and its context.

        The passage that is known to be the one of the phrase needs less: two fifths.
        """
        if len(phrase.core) < 1 + phrase.is_item:
            return None
        closest: tuple[float, list[Pair]] | None = None
        for passage in self._candidates(phrase):
            first, last = self._page.ranges[passage]
            tokens = self._page.tokens[first : min(last, first + _LONGEST)]
            pairs = align((*phrase.before, *phrase.core, *phrase.after), tokens)
            core = _core(pairs, phrase)
            share = _share(pairs)
            if (
                core
                and share >= _LEAST_SHARE - 0.1 * bool(self.anchors.home(phrase))
                and (closest is None or share > closest[0])
            ):
                closest = share, core
        if closest is None:
            return None
        found = [t for _, t in closest[1] if t is not None]
        if not found:
            return None
        found = self._with_denial(closest[1], found)
        differences = tuple(self._differences(closest[1]))
        differences = differences or tuple(self._going_on(found))
        return Aligned(found[0].start, found[-1].end, differences)

    def _candidates(self, phrase: Phrase) -> list[int]:
        home = self.anchors.home(phrase)
        if home:
            return sorted(home)[:6]
        wanted = {key for key in phrase.keys if key[1] not in LIGHT}
        shared_words: dict[int, int] = {}
        for key in wanted:
            for position in self._page.places_of_key.get(key, ())[:200]:
                passage = self._page.passage_at(self._page.tokens[position].start)
                shared_words[passage] = shared_words.get(passage, 0) + 1
        return sorted(shared_words, key=lambda passage: -shared_words[passage])[:4]

    def _with_denial(self, pairs: list[Pair], found: list[Token]) -> list[Token]:
        """Add to *found* a denial or hedge before a changed verb: "does not hold" where the phrase has "holds"."""
        own, other = pairs[0]
        if own is None or (other is not None and own.key == other.key):
            return found
        first = self._page.token_at(found[0].start)
        before = self._page.tokens[max(0, first - 2) : first]
        words = [t.key[1] if t.kind == "word" else "" for t in before]
        for position in range(len(before)):
            if marks(words, position, _QUALIFYING):
                pairs[:0] = [(None, token) for token in before[position:]]
                return [*before[position:], *found]
        return found

    def _going_on(self, found: Sequence[Token]) -> list[Difference]:
        """The difference where the page has the figure of the phrase as a part of another one: 103 in "103-130"."""
        first, last = self._page.token_at(found[0].start), self._page.token_at(found[-1].start)
        if not self.anchors.goes_on(first, last):
            return []
        figure = next((t for t in (found[-1], found[0]) if t.is_value), found[0])
        passage = self._page.passages[self._page.passage_at(figure.start)]
        end = min(figure.end + 16, passage.start + len(passage.text))
        return [
            Difference("figure", figure.text, f"… {self._page.text[max(passage.start, figure.start - 16) : end]} …")
        ]

    def _differences(self, pairs: list[Pair]) -> list[Difference]:
        found: list[Difference] = []
        words = [t.key[1] if t is not None and t.kind == "word" else "" for _, t in pairs]
        position = 0
        while position < len(pairs):
            own, other = pairs[position]
            if own is not None and other is not None and own.key == other.key:
                position += 1
                continue
            joined = _joined(pairs, position)
            if joined:
                found.append(Difference("typing", *joined[:2]))
                position += joined[2]
                continue
            if not (own is None and self._is_repeated(pairs, position)):
                found.append(self._difference(pairs, position, words))
            else:
                found.append(Difference("typing", "", other.text if other else ""))
            position += 1
        return found

    def _is_repeated(self, pairs: list[Pair], position: int) -> bool:
        """Whether the page has the same word twice in a row."""
        other = pairs[position][1]
        near = [pairs[i][1] for i in (position - 1, position + 1) if 0 <= i < len(pairs)]
        return other is not None and other.kind == "word" and any(n is not None and n.key == other.key for n in near)

    def _difference(self, pairs: list[Pair], position: int, words: Sequence[str]) -> Difference:
        own, other = pairs[position]
        stated, found = own.text if own else "", other.text if other else ""
        if other is not None and other.kind == "word" and self._qualifies(pairs, position, words):
            return Difference("denial", stated, found)
        if own is None:
            return self._added(pairs, position)
        if own.is_value:
            return self._value_changed(pairs, position, own)
        if other is None:
            return Difference("words", stated, found)
        one, two = own.key[1], other.key[1]
        if other.is_value:
            named = own.is_capital and _names_before(pairs, position)
            return Difference("name" if named else "words", f"{named} {stated}" if named else stated, found)
        if opposite(one, two):
            return Difference("direction", stated, found)
        if one in UNITS and two in UNITS and _is_figure(pairs, position - 1):
            return Difference("figure", stated, found)
        if own.is_capital and (other.is_capital or self.is_name(own)):
            if not self.is_name(own) and mistyped(one, two, self.is_word):
                return Difference("typing", stated, found)
            return Difference("name", stated, found)
        if not self.is_name(other) and mistyped(one, two, self.is_word):
            return Difference("typing", stated, found)
        return Difference("words", stated, found)

    @staticmethod
    def _added(pairs: list[Pair], position: int) -> Difference:
        """The difference that a token makes which the page has and the phrase has not."""
        other = pairs[position][1]
        found = other.text if other else ""
        beside = any(_is_figure(pairs, i) for i in (position - 2, position - 1, position + 1, position + 2))
        if other is not None and other.is_value and beside:
            return Difference("figure", _figure_beside(pairs, position), found)
        return Difference("words", "", found)

    @staticmethod
    def _value_changed(pairs: list[Pair], position: int, own: Token) -> Difference:
        """The difference where the page has something else in the place of a figure or date of the phrase."""
        other = pairs[position][1]
        stated, found = own.text, other.text if other else ""
        named = _names_before(pairs, position)
        if other is not None and other.is_capital and named:
            return Difference("name", f"{named} {stated}", f"{named} {found}")
        kind: DifferenceKind = "date" if own.kind == "date" else "figure"
        # a contradiction needs a value on both sides; without one on the page, there are just other words
        return Difference(kind if other is not None and other.is_value else "words", stated, found)

    @staticmethod
    def _qualifies(pairs: list[Pair], position: int, words: Sequence[str]) -> bool:
        """Whether the token of the page at *position*, which the phrase has not, denies, hedges or approximates it."""
        if any(marks(words, p, _QUALIFYING) > position - p for p in range(max(0, position - 2), position + 1)):
            return True
        for start in range(max(0, position - 2), position + 1):
            length = marks(words, start, APPROXIMATIONS)
            if length > position - start and any(
                _is_figure(pairs, i) for i in range(start + length, start + length + 3)
            ):
                return True
            length = marks(words, start, TRAILING_APPROXIMATIONS)
            if length > position - start and any(_is_figure(pairs, i) for i in range(start - 2, start)):
                return True
        return False


def only_written_otherwise(found: Aligned) -> bool:
    """Whether the place differs from the phrase by one or two typing errors only, or not at all."""
    return all(d.kind == "typing" for d in found.differences) and len(found.differences) <= _MOST_TYPOS


def _is_figure(pairs: Sequence[Pair], position: int) -> bool:
    if not 0 <= position < len(pairs):
        return False
    own = pairs[position][0]
    return own is not None and own.is_value


def _names_before(pairs: Sequence[Pair], position: int) -> str:
    """The word of a name that a figure belongs to: "Horizon" for the 2020 of "Horizon 2020"."""
    own, other = pairs[position - 1] if position else (None, None)
    return own.text if own is not None and other is not None and own.is_capital and own.key == other.key else ""


def _figure_beside(pairs: Sequence[Pair], position: int) -> str:
    for near in (position + 1, position - 1, position + 2, position - 2):
        if _is_figure(pairs, near):
            own = pairs[near][0]
            return own.text if own else ""
    return ""


def _joined(pairs: Sequence[Pair], position: int) -> tuple[str, str, int] | None:
    """Two words that one side writes as one: both sides as texts, and the number of pairs that they take."""
    part = pairs[position : position + 2]
    if len(part) < 2:
        return None
    own = [p for p, _ in part if p is not None]
    other = [t for _, t in part if t is not None]
    if len(own) + len(other) != 3 or any(t.is_value for t in (*own, *other)):
        return None
    if "".join(t.key[1] for t in own) != "".join(t.key[1] for t in other):
        return None
    return " ".join(t.text for t in own), " ".join(t.text for t in other), 2


def _share(pairs: Sequence[Pair]) -> float:
    """The share of the phrase and its context that is found again, from 0 to 1, by :func:`weight`.

    A figure that stands for another figure counts half, a name that stands for another name a fifth.
    """
    whole = sum(weight(own) for own, _ in pairs if own is not None)
    same = sum(weight(own) for own, other in pairs if own is not None and other is not None and own.key == other.key)
    kin = sum(_kinship(own, other) for own, other in pairs if own is not None and other is not None)
    return (same + kin) / whole if whole else 0.0


def _kinship(own: Token, other: Token) -> float:
    if own.key == other.key:
        return 0.0
    return 0.5 if own.is_value and other.is_value else 0.2 if own.is_capital and other.is_capital else 0.0


def _core(pairs: Sequence[Pair], phrase: Phrase) -> list[Pair]:
    """The pairs of the phrase itself, without those of its context."""
    seen, first, last = 0, None, None
    begin, end = len(phrase.before), len(phrase.before) + len(phrase.core)
    for position, (own, _) in enumerate(pairs):
        if own is None:
            continue
        if begin <= seen < end:
            first, last = position if first is None else first, position
        seen += 1
    return list(pairs[first : last + 1]) if first is not None and last is not None else []
