"""Compares a written text with a name: word by word, in any order, with typing errors."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from missiongraph.names.folding import compact, key_of

#: A word with fewer letters than the first may have no typing error, with fewer than the second one, else two.
_SHORT, _LONG = 4, 8

#: The least likeness of each word at which a name counts as written: one wrong letter in seven, but not the first.
CERTAIN = 0.85

#: The highest scores of a name with other spaces, and of one with something else that is true of the thing.
SPACED, EXPLAINED = 0.99, 0.98


@dataclass(frozen=True, slots=True)
class Likeness:
    """The likeness of written words to a name.

    :ivar score: from 0 to 1; 1 for the same words in any order
    :ivar left: written words that are not in the name
    :ivar whole: whether each word of the name was written, with a likeness of at least :data:`CERTAIN`
    """

    score: float
    left: tuple[str, ...]
    whole: bool


def edits_allowed(word: str) -> int:
    """The number of typing errors that a word of this length may have.

    >>> edits_allowed("Po"), edits_allowed("Arno"), edits_allowed("Trasimeno")
    (0, 1, 2)
    """
    return 0 if len(word) < _SHORT else 1 if len(word) < _LONG else 2


def likeness(written: Sequence[str], name: Sequence[str], explained: Collection[str] = ()) -> Likeness:
    """Compares the words *written* with those of a *name*.

    :param explained: words that say something else that is true of the thing, and do not count as differences

    >>> likeness(("comune", "di", "firenxe"), ("comune", "di", "firenze")).whole
    True
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
    """The word among *others* of which *word* may be a misspelling, and their likeness; empty and 0 if none."""
    best, alike = "", 0.0
    for other in others:
        likely = _alike(word, other)
        if likely > alike:
            best, alike = other, likely
    return best, alike


@lru_cache(1 << 17)  # a batch compares the same words again and again
def _alike(one: str, other: str) -> float:
    """The likeness, from 0 to 1, of two words; 0 if neither may be a misspelling of the other."""
    longer = max(len(one), len(other))
    most = max(edits_allowed(one), edits_allowed(other))
    if longer - min(len(one), len(other)) > most or not most:
        return 0.0
    edits = OSA.distance(one, other, score_cutoff=most)
    return 1 - edits / longer if edits <= most else 0.0
