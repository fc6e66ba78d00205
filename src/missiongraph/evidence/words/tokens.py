"""Texts as tokens for comparison: what a text says, whatever its writing.

A figure, an amount of money or a date is one token whatever its writing: "€32 million" and "32 milioni di euro" are
equal. Letter case, punctuation, and -ise against -ize do not count. Phrases and pages are compared token by token,
never as substrings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from missiongraph.evidence.words.amounts import read_amount
from missiongraph.evidence.words.dates import read_date
from missiongraph.evidence.words.raw_tokens import raw_tokens

_SPELLINGS = {"program": "programme", "programs": "programmes", "center": "centre", "centers": "centres"}
_IZE = re.compile(r"(?<=[a-z]{3})is(e|ed|es|er|ers|ing|able|ation|ations)$")


@dataclass(frozen=True)
class Token:
    """A token for comparison.

    :ivar kind: ``word``, ``number`` or ``date``
    :ivar key: what it says; tokens with equal keys say the same
    :ivar start: its first character in the normalised text
    :ivar end: the character after its last
    :ivar text: the text between them
    """

    kind: str
    key: tuple[str, ...]
    start: int
    end: int
    text: str

    @property
    def is_value(self) -> bool:
        """Whether it is a figure, an amount of money or a date."""
        return self.kind != "word"

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that begins with a capital letter, as names do."""
        return self.kind == "word" and self.text[:1].isupper()


def fold_word(word: str) -> str:
    """The form that spellings of one word share: lower case, -ize for -ise, British for some American spellings.

    >>> fold_word("Decarbonise") == fold_word("decarbonize"), fold_word("promise") == fold_word("promises")
    (True, False)
    """
    low = word.casefold().replace("'", "")
    return _IZE.sub(r"iz\1", _SPELLINGS.get(low, low))


def tokenise(text: str, language: str | None = None) -> tuple[Token, ...]:
    """The tokens of *text*, which is normalised and in *language* (a language tag; ``None``: unknown).

    >>> [token.key for token in tokenise("On 9 September 2022, €32 million")]
    [('date', '2022', '9', '9'), ('number', '32000000', 'EUR', '')]
    >>> tokenise("EUR 32,000,000")[0].key == tokenise("32 milioni di euro", "it")[0].key
    True
    """
    raw = raw_tokens(text)
    tokens: list[Token] = []
    position = 0
    while position < len(raw):
        found = read_date(raw, position) or read_amount(raw, position, language)
        if found is not None:
            key, end = found
            start, stop = raw[position].start, raw[end - 1].end
            tokens.append(Token(key[0], key, start, stop, text[start:stop]))
            position = end
            continue
        word = raw[position]
        if word.text == "&":
            tokens.append(Token("word", ("word", "and"), word.start, word.end, word.text))
        if word.kind == "word":
            tokens.append(Token("word", ("word", fold_word(word.text)), word.start, word.end, word.text))
        position += 1
    return tuple(tokens)
