"""Pages and selectors in the form in which they are compared: tokens, passages, digests."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from missiongraph.evidence.claim_graphs import Selector
from missiongraph.evidence.pages.normalised_text import NormalisedText, Passage, normalise, passage_digest, passages
from missiongraph.evidence.words.tokens import Token, tokenise


class PageText:
    """A page for comparison: its normalised text, its passages with digests, and the tokens of all passages.

    :ivar ranges: for each passage, its first token and the one after its last
    """

    def __init__(self, text: str, language: str | None = None) -> None:
        self.language = language
        self.normal: NormalisedText = normalise(text)
        self.text = self.normal.text
        self.passages: tuple[Passage, ...] = passages(text)
        self.digests = [passage.digest for passage in self.passages]
        self._starts = [passage.start for passage in self.passages]
        self.tokens: list[Token] = []
        self.ranges: list[tuple[int, int]] = []
        for passage in self.passages:
            first = len(self.tokens)
            self.tokens += [
                Token(t.kind, t.key, t.start + passage.start, t.end + passage.start, t.text)
                for t in tokenise(passage.text, language)
            ]
            self.ranges.append((first, len(self.tokens)))
        self._token_starts = [token.start for token in self.tokens]

    @cached_property
    def places_of_key(self) -> dict[tuple[str, ...], list[int]]:
        """For each token key, the numbers of the tokens that have it."""
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for position, token in enumerate(self.tokens):
            found[token.key].append(position)
        return found

    def passage_at(self, position: int) -> int:
        """The number of the passage that holds the character *position*."""
        return max(0, bisect_right(self._starts, position) - 1)

    def token_at(self, position: int) -> int:
        """The number of the first token that ends after the character *position*."""
        number = bisect_right(self._token_starts, position)
        return number - 1 if number and self.tokens[number - 1].end > position else number

    def is_whole(self, start: int, end: int) -> bool:
        """Whether the characters ``start:end`` are exactly one passage."""
        passage = self.passages[self.passage_at(start)]
        return (passage.start, passage.start + len(passage.text)) == (start, end)


@dataclass(frozen=True)
class Phrase:
    """A selector for comparison: the tokens of its words (*core*) and of the context *before* and *after* them."""

    selector: Selector
    core: tuple[Token, ...]
    before: tuple[Token, ...]
    after: tuple[Token, ...]

    @classmethod
    def of(cls, selector: Selector, language: str | None) -> Phrase:
        """The phrase of *selector*, tokenised as text of *language*."""
        parts = (selector.exact, selector.prefix, selector.suffix)
        core, before, after = (tokenise(normalise(part, lists=False).text, language) for part in parts)
        return cls(selector, core, before, after)

    @cached_property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the tokens of its words."""
        return tuple(token.key for token in self.core)

    @cached_property
    def is_item(self) -> bool:
        """Whether its words are a whole passage: a list item, a heading, a sentence."""
        return passage_digest(self.selector.exact) == self.selector.digest

    @property
    def has_context(self) -> bool:
        """Whether the selector states words before or after its own."""
        return bool(self.selector.prefix or self.selector.suffix)
