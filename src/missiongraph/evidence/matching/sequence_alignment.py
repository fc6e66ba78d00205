"""The alignment of two sequences of tokens (semi-global, by dynamic programming as Needleman and Wunsch have it)."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from missiongraph.evidence.words.denials_hedges_units import LIGHT
from missiongraph.evidence.words.tokens import Token

#: A token of the phrase and the token of the page that stands for it; ``None``: a word is missing or was added.
Pair = tuple[Token | None, Token | None]


def weight(token: Token) -> float:
    """How much *token* says of the place that a phrase comes from: 0.3 for words such as "the", else 1."""
    return 0.3 if token.key[1] in LIGHT else 1.0


def _score(own: Token, other: Token) -> float:
    """How well the token *other* of a page stands for the token *own* of a phrase; negative: not at all."""
    if own.key == other.key:
        return 2 * weight(own)
    if own.is_value and other.is_value:
        return 0.6
    if own.is_value or other.is_value:
        return -0.4 if own.is_capital or other.is_capital else -1.0
    if own.is_capital and other.is_capital:
        return 0.1
    if min(len(own.key[1]), len(other.key[1])) > 3 and OSA.distance(own.key[1], other.key[1], score_cutoff=2) <= 2:
        return 0.9
    return -0.45


def align(phrase: Sequence[Token], text: Sequence[Token]) -> list[Pair]:
    """Align all of *phrase* with the part of *text* that fits it best.

    >>> from missiongraph.evidence.words.tokens import tokenise
    >>> pairs = align(tokenise("has 100 cities"), tokenise("the Mission has about 112 cities"))
    >>> [(own.text if own else None, found.text if found else None) for own, found in pairs]
    [('has', 'has'), (None, 'about'), ('100', '112'), ('cities', 'cities')]
    """
    rows, columns = len(phrase), len(text)
    missing, extra = -0.5, -0.4
    table = [[0.0] * (columns + 1)]
    for i in range(1, rows + 1):
        own, above = phrase[i - 1], table[-1]
        row = [above[0] + missing]
        for j in range(1, columns + 1):
            row.append(max(above[j - 1] + _score(own, text[j - 1]), above[j] + missing, row[j - 1] + extra))
        table.append(row)
    j = max(range(columns + 1), key=lambda column: table[rows][column])
    i, pairs = rows, list[Pair]()
    while i > 0:
        if j > 0 and table[i][j] == table[i - 1][j - 1] + _score(phrase[i - 1], text[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((phrase[i], text[j]))
        elif table[i][j] == table[i - 1][j] + missing:
            i -= 1
            pairs.append((phrase[i], None))
        else:
            j -= 1
            pairs.append((None, text[j]))
    return pairs[::-1]
