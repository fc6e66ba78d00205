"""Names as they are compared: without accents, letter case and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

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
    decomposed = unicodedata.normalize("NFKD", text[:MOST_CHARACTERS])
    folded = _COMBINING.sub("", decomposed).casefold()
    return tuple(_WORD.findall(folded)[:MOST_WORDS])


def key_of(words: Sequence[str]) -> str:
    """What names with the same words share, in whatever order these stand."""
    return " ".join(sorted(words))


def compact(words: Sequence[str]) -> str:
    """What names share that differ in spaces and hyphens only."""
    return "".join(words)
