"""How like a name what was written is: word by word, in any order, with typing errors."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from missiongraph.names.folding import compact, key_of

#: A word is taken for a misspelt one up to so many edits, by its length.
_SHORT, _LONG = 4, 8

#: The least likeness of each word at which a name counts as written: one wrong letter in seven, the first excepted.
CERTAIN = 0.85

#: The most for a name with other spaces, and for one beside which something else is written that is true of the thing.
SPACED, EXPLAINED = 0.99, 0.98


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a name some words are.

    :ivar score: from 0 to 1; 1 for the same words in any order
    :ivar left: words that were written beyond the name
    :ivar whole: every word of the name was written, none of them doubtfully
    """

    score: float
    left: tuple[str, ...]
    whole: bool


def edits_allowed(word: str) -> int:
    """How many typing errors a word of this length may have: none in a short one."""
    return 0 if len(word) < _SHORT else 1 if len(word) < _LONG else 2


def likeness(written: Sequence[str], name: Sequence[str], explained: Collection[str] = ()) -> Likeness:
    """Compare what was *written* with a *name*.

    :param explained: words that say something true of the thing beside its name, so that they count for nothing
    """
    if compact(written) == compact(name):
        same = key_of(written) == key_of(name)
        return Likeness(1.0 if same else SPACED, (), whole=True)
    left = list(written)
    missing = []
    matched = 0.0
    for word in name:
        if word in left:
            left.remove(word)
            matched += len(word)
        else:
            missing.append(word)
    whole = True
    for word in missing:
        best, alike = _closest(word, left)
        if best:
            left.remove(best)
        matched += alike * (len(word) + len(best)) / 2
        whole = whole and alike >= CERTAIN and best[0] == word[0]
    true = [word for word in left if word in explained]
    beyond = [word for word in left if word not in explained]
    total = sum(map(len, name)) + sum(map(len, written)) - sum(map(len, true))
    score = min(1.0, 2 * matched / total) if total else 0.0
    return Likeness(min(score, EXPLAINED) if true else score, tuple(beyond), whole)


def _closest(word: str, others: Sequence[str]) -> tuple[str, float]:
    """The word among *others* that *word* may be a misspelling of, and how like it is."""
    best, alike = "", 0.0
    for other in others:
        likely = _alike(word, other)
        if likely > alike:
            best, alike = other, likely
    return best, alike


@lru_cache(1 << 17)  # a batch compares the same words again and again
def _alike(one: str, other: str) -> float:
    """How like two words are of which one may be a misspelling of the other; 0 if it may not."""
    longer = max(len(one), len(other))
    most = max(edits_allowed(one), edits_allowed(other))
    if longer - min(len(one), len(other)) > most or not most:
        return 0.0
    edits = OSA.distance(one, other, score_cutoff=most)
    return 1 - edits / longer if edits <= most else 0.0
