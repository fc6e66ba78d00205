"""Texts as raw tokens: the numbers, words and signs as they are written.

``dates.py`` and ``amounts.py`` read dates and amounts from them; ``tokens.py`` makes tokens for comparison of all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_RAW_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:[ '](?=\d{3}(?!\d))\d{3})+(?!\d)|\d+(?:[.,]\d+)*)|"
    r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)|(?P<sign>\S)"
)


@dataclass(frozen=True)
class RawToken:
    """A number, word or sign as it is written.

    :ivar kind: ``number``, ``word`` or ``sign``
    :ivar start: its first character in the text
    :ivar end: the character after its last
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """Its text in lower case."""
        return self.text.casefold()


def raw_tokens(text: str) -> list[RawToken]:
    """The raw tokens of *text*, which is normalised.

    >>> [(token.kind, token.text) for token in raw_tokens("€32.5 million")]
    [('sign', '€'), ('number', '32.5'), ('word', 'million')]
    """
    return [RawToken(m.lastgroup or "", m[0], m.start(), m.end()) for m in _RAW_TOKEN.finditer(text)]
