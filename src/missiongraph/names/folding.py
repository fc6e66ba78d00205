"""Folds names for comparison: without accents, upper case and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

#: The number of characters of a name that count; longer names do not occur.
MOST_CHARACTERS = 300

#: The number of words of a name that count.
MOST_WORDS = 24

_WORD = re.compile(r"[^\W_]+")
_COMBINING = re.compile(r"[\u0300-\u036f]")


def words_of(text: str) -> tuple[str, ...]:
    """The words of *text*, folded.

    >>> words_of("Comune di Forlì-Cesena (FC)")
    ('comune', 'di', 'forli', 'cesena', 'fc')
    """
    return _folded(text[:MOST_CHARACTERS])


@lru_cache(1 << 16)  # a batch compares the same names again and again
def _folded(text: str) -> tuple[str, ...]:
    decomposed = unicodedata.normalize("NFKD", text)
    folded = _COMBINING.sub("", decomposed).casefold()
    return tuple(_WORD.findall(folded)[:MOST_WORDS])


def key_of(words: Sequence[str]) -> str:
    """A key that names share if they have the same words in any order.

    >>> key_of(("monte", "bianco"))
    'bianco monte'
    """
    return " ".join(sorted(words))


def compact(words: Sequence[str]) -> str:
    """A key that names share if they differ in spaces and hyphens only.

    >>> compact(("monte", "bianco"))
    'montebianco'
    """
    return "".join(words)
