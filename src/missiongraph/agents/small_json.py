"""JSON of a bounded size: what does not fit is left out and counted, and the next call is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

#: Bytes of a card: a thing, the schema. Bytes of a list: rows, facts in full.
CARD, LIST = 4000, 8000

Json = dict[str, Any]


def written(answer: Json) -> str:
    """*answer* as JSON in one line."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def size(answer: object) -> int:
    """The bytes of *answer* as JSON."""
    return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


def bounded(answer: Json, key: str, items: Sequence[Any], most: int, advice: str) -> Json:
    """*answer* with as many of *items* under *key* as fit into *most* bytes.

    If some are left out, ``left_out`` has their number and ``next`` says *advice*, how to get them.

    >>> bounded({"a": 1}, "rows", [[1], [2]], 1000, "ask again")
    {'a': 1, 'rows': [[1], [2]]}
    >>> bounded({}, "rows", ["x" * 60, "y" * 60], 130, "ask for less")["left_out"]
    1
    """
    whole = {**answer, key: list(items)}
    if size(whole) <= most:
        return whole
    short = {**answer, key: [], "left_out": len(items), "next": advice}
    left = most - size(short)
    for item in items:
        left -= size(item) + 1
        if left < 0:
            break
        short[key].append(item)
    short["left_out"] = len(items) - len(short[key])
    return short


def shortened(text: str, most: int) -> str:
    """The beginning of *text*: at most *most* characters.

    >>> shortened("one two three", 8)
    'one two…'
    """
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    whole = cut if text[most - 1].isspace() else cut.rpartition(" ")[0]
    return f"{whole or cut}…"
