"""Where the words of a selector stand on a page: exactly, or in another writing.

A selector is tried in this order: (1) the exact words with their context, or in a passage whose digest is unchanged;
(2) the exact words in the changed passage that they belong to; (3) the same tokens in another writing ("32 milioni di
euro" for "€32 million"). What is found in none of these ways is left to ``closest_place.py``. ``docs/evidence.md`` says
which verdict follows from each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from missiongraph.evidence.claim_graphs import Selector
from missiongraph.evidence.matching.page_text import PageText, Phrase
from missiongraph.evidence.pages.normalised_text import is_whole, occurrences
from missiongraph.evidence.words.denials_hedges_units import LIGHT
from missiongraph.evidence.words.tokens import Token

Way = Literal["exact", "elsewhere", "writing", "aligned"]
_JOINTS = frozenset(("and", "or", "e", "o", "the"))


@dataclass(frozen=True)
class Place:
    """A place in the normalised page, and the way in which it was found.

    :ivar way: ``exact``: with its context, or in an unchanged passage. ``elsewhere``: the exact words in other
        surroundings. ``writing``: the same tokens in another writing. ``aligned``: the closest place.
    """

    start: int
    end: int
    way: Way

    def covers(self, start: int, end: int) -> bool:
        """Whether the characters ``start:end`` lie within it."""
        return self.start <= start and end <= self.end


@dataclass
class Anchors:
    """The selectors of one source, their phrases, and the places on one page where they were found."""

    page: PageText
    phrases: dict[Selector, Phrase]
    places: dict[Selector, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, page: PageText, selectors: Iterable[Selector]) -> Anchors:
        """Find each of *selectors* that stands on *page* exactly or in another writing."""
        found = cls(page, {s: Phrase.of(s, page.language) for s in selectors})
        for phrase in found.phrases.values():
            found._keep(phrase, found._exact(phrase))
        for rule in (found._exact_at_home, found._in_another_writing):
            missing = [phrase for s, phrase in found.phrases.items() if s not in found.places]
            placed = [(phrase, rule(phrase)) for phrase in missing]
            for phrase, place in placed:
                found._keep(phrase, place)
        return found

    @cached_property
    def homes(self) -> dict[str, frozenset[int]]:
        """For each passage digest of the selectors, the numbers of the passages of the page that are this passage now.

        A passage with the same digest is unchanged. Otherwise it is the passage that has most words of all phrases
        quoted from it, if it has half of them.
        """
        groups: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in self.phrases.values():
            groups[phrase.selector.digest or ""].append(phrase)
        return {digest: self._home(digest, group) for digest, group in groups.items() if digest}

    def home(self, phrase: Phrase) -> frozenset[int]:
        """The numbers of the passages in which the words of *phrase* are looked for first."""
        return self.homes.get(phrase.selector.digest or "", frozenset())

    def carried(self, start: int, end: int, phrase: Phrase, way: Way = "exact") -> bool:
        """Whether a phrase of another passage was already found in this *way* at a place that covers ``start:end``."""
        return any(
            place.way == way and place.covers(start, end) and other.digest != phrase.selector.digest
            for other, place in self.places.items()
        )

    def _is_part(self, start: int, end: int) -> bool:
        """Whether the characters ``start:end`` are a part of another phrase that stands exactly."""
        return any(place.way == "exact" and place.covers(start, end) for place in self.places.values())

    def _keep(self, phrase: Phrase, place: Place | None) -> None:
        if place is not None:
            self.places[phrase.selector] = place

    def _home(self, digest: str, group: Sequence[Phrase]) -> frozenset[int]:
        same = frozenset(number for number, found in enumerate(self.page.digests) if found == digest)
        if same:
            return same
        if any(phrase.is_item for phrase in group):
            keys = {phrase.keys for phrase in group if phrase.is_item}
            return frozenset(n for n, r in enumerate(self.page.ranges) if self._keys(*r) in keys)
        wanted = {key for phrase in group for key in phrase.keys if key[1] not in LIGHT}
        scores = [len(wanted.intersection(self._keys(*r))) for r in self.page.ranges]
        best = max(scores, default=0)
        homes = {number for number, score in enumerate(scores) if score == best and best * 2 >= len(wanted)}
        for phrase in group:
            place = self.places.get(phrase.selector)
            if place is not None and place.way == "exact" and len(phrase.core) > 2:
                homes.add(self.page.passage_at(place.start))
        return frozenset(homes)

    def _keys(self, first: int, last: int) -> tuple[tuple[str, ...], ...]:
        return tuple(token.key for token in self.page.tokens[first:last])

    def _exact(self, phrase: Phrase) -> Place | None:
        """The exact words with their context or in an unchanged passage (supported), else elsewhere (moved)."""
        selector, normal = phrase.selector, self.page.normal
        spots = self._spots_of(phrase)
        unchanged = [s for s in spots if self.page.digests[self.page.passage_at(s[0])] == selector.digest]
        if not phrase.has_context:
            return _only(unchanged[:1] or spots, "exact")
        both = [s for s in occurrences(normal, selector.exact, selector.prefix, selector.suffix) if s in spots]
        if phrase.is_item:
            whole = [s for s in spots if self.page.is_whole(*s)]
            fits = [s for s in whole if s in both] or both or [s for s in whole if self._one_side(phrase, s)]
            return _only(fits[:1], "exact") or _only(whole[:1], "elsewhere")
        if both:
            return _only(both[:1], "exact")
        for side in ((selector.prefix, ""), ("", selector.suffix)):
            found = list(occurrences(normal, selector.exact, *side)) if all((selector.prefix, selector.suffix)) else []
            if len(found) == 1 and found[0] in spots:
                return _only(found, "exact")
        return _only(unchanged[:1], "elsewhere")

    def _spots_of(self, phrase: Phrase) -> list[tuple[int, int]]:
        """The places of the exact words, without those where a figure goes on beyond them."""
        found = list(occurrences(self.page.normal, phrase.selector.exact))
        if not any(token.is_value for token in phrase.core):
            return found
        return [(s, e) for s, e in found if not self.goes_on(self.page.token_at(s), self.page.token_at(e - 1))]

    def _one_side(self, phrase: Phrase, spot: tuple[int, int]) -> bool:
        """Whether the context on one side fits at *spot*."""
        s, normal = phrase.selector, self.page.normal
        return spot in [*occurrences(normal, s.exact, s.prefix), *occurrences(normal, s.exact, "", s.suffix)]

    def _exact_at_home(self, phrase: Phrase) -> Place | None:
        """The exact words in the changed passage that they belong to, where the words around them have changed."""
        if phrase.is_item:
            return None
        spots = self._spots_of(phrase)
        at_home = [s for s in spots if self.page.passage_at(s[0]) in self.home(phrase)]
        if len(at_home) != 1:
            return None
        first = self.page.token_at(at_home[0][0])
        alone = len(spots) == 1 and len(phrase.core) > 2 and not self._is_part(*at_home[0])
        if not phrase.has_context or self._near(phrase, first) or alone:
            return _only(at_home, "elsewhere")
        return None

    def _near(self, phrase: Phrase, first: int) -> bool:
        """Whether the words around *phrase* still stand near the token *first*.

        One of the two must stand beside it, or both within three words.
        """
        tokens, last = self.page.tokens, first + len(phrase.core)
        left = [t.key[1] for t in reversed(tokens[max(0, first - 4) : first]) if t.key[1] not in _JOINTS]
        right = [t.key[1] for t in tokens[last : last + 4] if t.key[1] not in _JOINTS]
        before = [t.key[1] for t in reversed(phrase.before) if t.key[1] not in _JOINTS][:1]
        after = [t.key[1] for t in phrase.after if t.key[1] not in _JOINTS][:1]
        if (before and left[:1] == before) or (after and right[:1] == after):
            return True
        return bool(before and after) and before[0] in left[:3] and after[0] in right[:3]

    def _in_another_writing(self, phrase: Phrase) -> Place | None:
        """The same tokens in another writing, at their place (verdict: changed)."""
        spots = [first for first in self._spots(phrase) if not self._claimed(phrase, first)]
        if phrase.is_item:
            spots = [
                s
                for s in spots
                if (s, s + len(phrase.core)) in self.page.ranges or self._sides(phrase, s) == (True, True)
            ]
            return self._place(phrase, spots[:1], "writing")
        at_home = [s for s in spots if self.page.passage_at(self.page.tokens[s].start) in self.home(phrase)]
        if not phrase.has_context:
            return self._place(phrase, at_home if len(at_home) == 1 else spots, "writing")
        both = [s for s in spots if self._sides(phrase, s) == (True, True)]
        one = [s for s in spots if any(self._sides(phrase, s))]
        alone = len(spots) == 1 and len(phrase.core) > 2
        near = [s for s in at_home if self._near(phrase, s) or (alone and not self._is_part(*self._bounds(phrase, s)))]
        for found in (both, one, near):
            if len(found) == 1:
                return self._place(phrase, found, "writing")
        return None

    def _spots(self, phrase: Phrase) -> list[int]:
        """The numbers of the tokens at which the page has the tokens of *phrase*, and no figure of them goes on."""
        keys, tokens = phrase.keys, self.page.tokens
        starts = self.page.places_of_key.get(keys[0], []) if keys else []
        spots = [s for s in starts if tuple(t.key for t in tokens[s : s + len(keys)]) == keys]
        return [
            s
            for s in spots
            if not self.goes_on(s, s + len(keys) - 1)
            and is_whole(self.page.text, tokens[s].start, tokens[s + len(keys) - 1].end)
        ]

    def goes_on(self, first: int, last: int) -> bool:
        """Whether a figure at the end of the tokens *first* to *last* is part of a range or alternative: "30 or 32"."""
        tokens = self.page.tokens
        if last >= len(tokens):
            return False
        return (tokens[last].is_value and self._ranges(last, last + 1, +1)) or (
            tokens[first].is_value and self._ranges(first, first - 1, -1)
        )

    def _ranges(self, figure: int, near: int, step: int) -> bool:
        """Whether the token *near* joins *figure* with another one: "2030-2035", "32 or 33", "between 30 and 32"."""
        tokens, text = self.page.tokens, self.page.text
        far = near + step
        if not 0 <= near < len(tokens):
            return False
        if tokens[near].is_value:
            left, right = sorted((figure, near))
            return text[tokens[left].end : tokens[right].start].strip() in ("-", "/")
        if not 0 <= far < len(tokens) or not tokens[far].is_value or tokens[far].kind != tokens[figure].kind:
            return False
        left, right = sorted((figure, far))
        between = text[tokens[left].end : tokens[right].start].split()
        if between in (["to"], ["or"], ["o"], ["a"]):
            return True
        return between in (["and"], ["e"]) and left > 0 and tokens[left - 1].key[1] in ("between", "tra", "fra")

    def _sides(self, phrase: Phrase, first: int) -> tuple[bool, bool]:
        """Whether the context fits before and after the phrase at the token *first*, in any writing."""
        last = first + len(phrase.core)
        if phrase.is_item:  # the last two of an enumeration may be joined by a word
            while first > 0 and self.page.tokens[first - 1].key[1] in _JOINTS:
                first -= 1
            while last < len(self.page.tokens) and self.page.tokens[last].key[1] in _JOINTS:
                last += 1
        left = _say_the_same(phrase.before, self.page.tokens[max(0, first - len(phrase.before)) : first])
        right = _say_the_same(phrase.after, self.page.tokens[last : last + len(phrase.after)])
        return left and bool(phrase.before), right and bool(phrase.after)

    def _claimed(self, phrase: Phrase, first: int) -> bool:
        """Whether the tokens that differ from the phrase (or else all of them) already carry another phrase exactly."""
        found = self.page.tokens[first : first + len(phrase.core)]
        differing = [t for t, own in zip(found, phrase.core, strict=True) if t.text != own.text]
        if differing:
            return any(self.carried(t.start, t.end, phrase) for t in differing)
        return self.carried(found[0].start, found[-1].end, phrase)

    def _place(self, phrase: Phrase, spots: Sequence[int], way: Way) -> Place | None:
        if len(spots) != 1:
            return None
        return Place(*self._bounds(phrase, spots[0]), way)

    def _bounds(self, phrase: Phrase, first: int) -> tuple[int, int]:
        return self.page.tokens[first].start, self.page.tokens[first + len(phrase.core) - 1].end


def _only(spots: Sequence[tuple[int, int]], way: Way) -> Place | None:
    return Place(*spots[0], way) if len(spots) == 1 else None


def _say_the_same(context: Sequence[Token], found: Sequence[Token]) -> bool:
    """Whether both sequences have the same tokens. A date at the edge of a context may lack its year."""
    return len(context) == len(found) and all(
        own.key == other.key or (own.kind == other.kind == "date" and own.key[1:] == ("", *other.key[2:]))
        for own, other in zip(context, found, strict=True)
    )
