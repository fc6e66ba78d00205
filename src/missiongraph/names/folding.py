"""Names as they are compared: without accents, letter case and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

#: Characters of a name that count; nobody calls a thing by more.
MOST_CHARACTERS = 300

#: Words of a name that count.
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
    """What names with the same words share, in whatever order these stand."""
    return " ".join(sorted(words))


def compact(words: Sequence[str]) -> str:
    """What names share that differ in spaces and hyphens only."""
    return "".join(words)
