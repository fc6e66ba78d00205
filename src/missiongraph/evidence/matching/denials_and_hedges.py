"""Words around a phrase that take back what it says.

Four kinds are found: denials ("not"), hedges ("may"), approximations of a figure ("almost 100"), and a name that goes
on ("Bologna" in "Bologna Airport"). ``evidence/words/denials_hedges_units.py`` has the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from missiongraph.evidence.claim_graphs import Selector
from missiongraph.evidence.matching.anchor import Anchors
from missiongraph.evidence.matching.closest_place import Difference
from missiongraph.evidence.words.denials_hedges_units import (
    APPROXIMATIONS,
    DENIALS,
    FUTURE,
    HEDGES,
    TRAILING_APPROXIMATIONS,
    UNITS,
    marks,
)
from missiongraph.evidence.words.tokens import Token

_STRONG = DENIALS | HEDGES
_BETWEEN = frozenset(("of", "the", "a", "total", "di", "dei"))


@dataclass(frozen=True)
class Surroundings:
    """The tokens of a page that belong to no phrase of its claims.

    :ivar spans: the characters of the page that carry phrases
    :ivar known: the digests of passages that selectors state; such a passage has not changed, so its hedges were read
        when the claim was made
    """

    anchors: Anchors
    spans: Sequence[tuple[int, int]]
    known: frozenset[str]
    _qualified: dict[int, tuple[Difference, ...]] = field(default_factory=dict)

    def qualify(self, selector: Selector, start: int, end: int, *, planned: bool) -> tuple[Difference, ...]:
        """What takes back the words of *selector*, which stand at ``start:end`` of the normalised page.

        For the words "joined the network" on the page "Bergamo may have joined the network", the answer is one
        difference of kind ``denial`` that found "may".

        :param planned: whether the claim itself is of a plan, so that a future ("will") is no hedge
        """
        page = self.anchors.page
        if not end or not page.passages:
            return ()
        number = page.passage_at(start)
        if page.digests[number] in self.known:
            return ()
        if number not in self._qualified:
            self._qualified[number] = self._in_passage(number)
        to_come = () if planned else self._to_come(number, start)
        return (*self._qualified[number], *to_come, *self._beside(number, start, end))

    def _to_come(self, number: int, start: int) -> tuple[Difference, ...]:
        """A word of the future ("will") within four words before the phrase."""
        tokens, words = self._tokens(number)
        first = next((i for i, t in enumerate(tokens) if t.start >= start), 0)
        for position in range(max(0, first - 4), first):
            length = marks(words, position, FUTURE)
            part = tokens[position : position + length]
            if length and first - position - length <= 2 and not any(self._is_covered(t) for t in part):
                return (Difference("denial", "", self._text(part)),)
        return ()

    def _in_passage(self, number: int) -> tuple[Difference, ...]:
        """The denials and hedges of the passage *number* that belong to no phrase."""
        tokens, words = self._tokens(number)
        found = []
        for position in range(len(tokens)):
            length = marks(words, position, _STRONG)
            part = tokens[position : position + length]
            if length and not any(self._is_covered(t) for t in part) and not _counts(tokens, position):
                found.append(Difference("denial", "", self._text(part)))
        return tuple(found)

    def _beside(self, number: int, start: int, end: int) -> tuple[Difference, ...]:
        """Approximations beside a figure of the phrase, and a name that goes on behind the phrase."""
        tokens, words = self._tokens(number)
        found = []
        for position, token in enumerate(tokens):
            if not (token.is_value and start <= token.start and token.end <= end):
                continue
            before = position
            while before and words[before - 1] in _BETWEEN and position - before < 2:
                before -= 1
            for end_of_mark in dict.fromkeys((position, before)):
                found += self._approximates(tokens, words, end_of_mark, token)
            after = position + 1
            while after < len(tokens) and (tokens[after].end <= end or words[after] in UNITS):
                after += 1
            length = marks(words, after, TRAILING_APPROXIMATIONS)
            if length and not any(self._is_covered(t) for t in tokens[after : after + length]):
                found.append(
                    Difference("denial", token.text, f"{token.text} … {self._text(tokens[after : after + length])}")
                )
        return (*found, *self._name_goes_on(tokens, start, end))

    def _approximates(self, tokens: list[Token], words: list[str], end: int, figure: Token) -> list[Difference]:
        for length in (3, 2, 1):
            part = tokens[max(0, end - length) : end]
            if len(part) == length and marks(words, end - length, APPROXIMATIONS) == length:
                if any(self._is_covered(t) for t in part):
                    return []
                return [Difference("denial", figure.text, f"{self._text(part)} {figure.text}")]
        return []

    def _name_goes_on(self, tokens: Sequence[Token], start: int, end: int) -> tuple[Difference, ...]:
        text = self.anchors.page.text
        last = next((i for i, t in enumerate(tokens) if t.end == end), None)
        if last is None or last + 1 >= len(tokens) or not tokens[last].is_capital or tokens[last].start < start:
            return ()
        after = tokens[last + 1]
        if (
            not after.is_capital
            or tokens[last].text.isupper()
            or self._is_covered(after)
            or text[end : after.start] != " "
        ):
            return ()
        return (Difference("name", tokens[last].text, f"{tokens[last].text} {after.text}"),)

    def _tokens(self, number: int) -> tuple[list[Token], list[str]]:
        first, last = self.anchors.page.ranges[number]
        tokens = self.anchors.page.tokens[first:last]
        return tokens, [t.key[1] if t.kind == "word" else "" for t in tokens]

    def _is_covered(self, token: Token) -> bool:
        return any(start <= token.start and token.end <= end for start, end in self.spans)

    def _text(self, tokens: Sequence[Token]) -> str:
        return self.anchors.page.text[tokens[0].start : tokens[-1].end]


def _counts(tokens: Sequence[Token], position: int) -> bool:
    """Whether the token is "no" in the sense of number: "no 5"."""
    return tokens[position].key[1] == "no" and position + 1 < len(tokens) and tokens[position + 1].is_value
