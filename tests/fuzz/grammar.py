"""Texts after a grammar, and texts that are nearly so.

A rule is a list of alternatives; ``<Name>`` in one stands for a rule. The choices are read from bytes, and once these
are used up the first alternative is taken each time. So the first alternative of a rule must not lead back to it, every
text ends, and hypothesis makes a text shorter by making the bytes fewer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

Rules = Mapping[str, Sequence[str]]

_RULE = re.compile(r"<([A-Z][a-z][A-Za-z]*)>")

#: Longest text that is made.
_MOST_CHARACTERS = 20_000

#: Bytes to choose by. Of each length, since most that hypothesis makes by itself are very short.
_CHOICES = st.sampled_from([2, 8, 20, 50, 100, 250]).flatmap(lambda size: st.binary(min_size=size, max_size=size))


def text_of(rules: Rules, start: str, choices: bytes) -> str:
    """The text that *choices* make of the rule *start*."""
    left = iter(choices)
    todo, made, length = [f"<{start}>"], list[str](), 0
    while todo:
        before, *rest = _RULE.split(todo.pop(), maxsplit=1)
        made.append(before)
        length += len(before)
        if rest:
            name, after = rest
            number = next(left, 0) if length < _MOST_CHARACTERS else 0
            todo += [after, rules[name][number % len(rules[name])]]
    return "".join(made)


def texts_of(rules: Rules, start: str, *, faulty: bool = True) -> st.SearchStrategy[str]:
    """Texts of the rule *start*; a third of them damaged, if *faulty*."""
    right = _CHOICES.map(lambda choices: text_of(rules, start, choices))
    if not faulty:
        return right
    return st.one_of(right, right, st.builds(_damaged, right, st.lists(_DAMAGE, min_size=1, max_size=3)))


#: What is done to a text: where (a share of its length), what is put there, and how many characters it replaces.
_DAMAGE = st.tuples(
    st.integers(0, 999),
    st.one_of(
        st.sampled_from(
            ["", "\0", "\u2028", "\U0001f600", "\ufeff", "'", '"', "\\", "<", ">", "{", "}", "(", "%", "#"]
        ),
        st.text(max_size=3),
        st.integers(0, 999),  # what stands elsewhere in the text
    ),
    st.sampled_from([0, 1, 5, 50]),
)


def _damaged(text: str, damages: Sequence[tuple[int, str | int, int]]) -> str:
    for where, put, replaced in damages:
        place = len(text) * where // 1000
        elsewhere = len(text) * put // 1000 if isinstance(put, int) else 0
        piece = text[elsewhere : elsewhere + 30] if isinstance(put, int) else put
        text = text[:place] + piece + text[place + replaced :]
    return text


def damaged_bytes(right: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Bytes of *right*, half of them with a few that were changed, left out or put in."""
    damage = st.tuples(st.integers(0, 999), st.binary(max_size=4), st.sampled_from([0, 1, 1, 4, 60]))
    return st.one_of(right, st.builds(_damaged_bytes, right, st.lists(damage, min_size=1, max_size=4)))


def _damaged_bytes(data: bytes, damages: Sequence[tuple[int, bytes, int]]) -> bytes:
    for where, put, replaced in damages:
        place = len(data) * where // 1000
        data = data[:place] + put + data[place + replaced :]
    return data
