"""Words that a page has run together: "ingrants" where the evidence quotes "in grants"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from missiongraph.evidence.claim_graphs import Selector
from missiongraph.evidence.pages.normalised_text import normalise

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Mended:
    """A text with its lost spaces restored.

    :ivar pairs: the pairs of words that were separated
    """

    text: str
    pairs: frozenset[tuple[str, str]] = frozenset()

    def touches(self, exact: str) -> bool:
        """Whether a space was restored within the words *exact*, or at their edges."""
        words = [word.casefold() for word in _WORD.findall(normalise(exact, lists=False).text)]
        inside = set(pairwise(words))
        return any(pair in inside or pair[1] == words[0] or pair[0] == words[-1] for pair in self.pairs if words)


def mend(text: str, selectors: Iterable[Selector], is_word: Callable[[str], bool]) -> Mended:
    """Separate two neighbouring words of *selectors* that *text* has as one, if that one is no word by itself.

    >>> from pyoxigraph import NamedNode
    >>> quoted = Selector(NamedNode("urn:p"), exact="million in grants")
    >>> mend("32 million ingrants", [quoted], {"million", "in", "grants"}.__contains__).text
    '32 million in grants'
    """
    quoted = [[w.casefold() for part in (s.prefix, s.exact, s.suffix) for w in _words(part)] for s in selectors]
    own = {word for words in quoted for word in words}
    joined = {one + other: (one, other) for words in quoted for one, other in pairwise(words)}
    return _parted(text, {word: pair for word, pair in joined.items() if word not in own and not is_word(word)})


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text, lists=False).text)


def _parted(text: str, joined: Mapping[str, tuple[str, str]]) -> Mended:
    pairs: set[tuple[str, str]] = set()

    def part(found: re.Match[str]) -> str:
        pair = joined.get(found[0].casefold())
        if pair is None or len(found[0]) != len(pair[0]) + len(pair[1]):
            return found[0]
        pairs.add(pair)
        return f"{found[0][: len(pair[0])]} {found[0][len(pair[0]) :]}"

    return Mended(_WORD.sub(part, text), frozenset(pairs))
