"""Dates as people write them, in figures or words, in English and Italian."""

from __future__ import annotations

import re
from collections.abc import Sequence

from missiongraph.evidence.words.raw_tokens import RawToken

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january gennaio jan gen",
            "february febbraio feb",
            "march marzo mar",
            "april aprile apr",
            "may maggio mag",
            "june giugno jun giu",
            "july luglio jul lug",
            "august agosto aug ago",
            "september settembre sep sept set sett",
            "october ottobre oct ott",
            "november novembre nov",
            "december dicembre dec dic",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = frozenset(
    [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "lunedì", "martedì",
        "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
    ]
)  # fmt: skip
_ATTACHED = re.compile(r"(?:st|nd|rd|th|°|º)$", re.IGNORECASE)
_LEADS = frozenset(("on", "the", "il", "in", "data")) | _WEEKDAYS


def read_date(raw: Sequence[RawToken], position: int) -> tuple[tuple[str, ...], int] | None:
    """Read the date that begins at *position*, with words before it such as "on", "il" or a weekday.

    >>> from missiongraph.evidence.words.raw_tokens import raw_tokens
    >>> read_date(raw_tokens("on Friday, 9th of September 2022 at noon"), 0)
    (('date', '2022', '9', '9'), 8)
    >>> read_date(raw_tokens("settembre 2022"), 0), read_date(raw_tokens("2022"), 0)
    ((('date', '2022', '9', ''), 2), None)

    :returns: the token key (``date``, year, month, day; empty: not stated) and the position after the date
    """
    begin = position
    while (
        begin < len(raw)
        and begin - position < 4
        and (raw[begin].low in _LEADS or (begin > position and raw[begin].text in ",:"))
    ):
        begin += 1
    parts = raw[begin : begin + 6]
    found = _date_in_figures(parts) or _date_in_words(parts)
    if found is None:
        return None
    (year, month, day), taken = found
    if not (1 <= month <= 12 and (day is None or 1 <= day <= 31)):
        return None
    return ("date", str(year or ""), str(month), str(day or "")), begin + taken


def _date_in_figures(parts: Sequence[RawToken]) -> tuple[tuple[int | None, int, int | None], int] | None:
    """Year, month and day of ``09/02/2024``, ``9.2.2024`` or ``2024-02-09``, and how many raw tokens they take.

    The day comes first unless that is impossible.
    """
    if not parts or parts[0].kind != "number":
        return None
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})", parts[0].text)
    if dotted:
        numbers, taken = [int(n) for n in dotted.groups()], 1
    elif len(parts) >= 5 and parts[1].text == parts[3].text in ("/", "-") and _adjacent(parts[:5]):
        if not all(p.text.isdecimal() for p in parts[0:5:2]) or len(parts[0].text) == 3 or len(parts[4].text) == 3:
            return None
        numbers, taken = [int(p.text) for p in parts[0:5:2]], 5
    else:
        return None
    if numbers[0] > 31:
        return (numbers[0], numbers[1], numbers[2]), taken
    day, month, year = numbers
    if month > 12:
        day, month = month, day
    return (year + 2000 if year < 100 else year, month, day), taken


def _date_in_words(parts: Sequence[RawToken]) -> tuple[tuple[int | None, int, int | None], int] | None:
    """Year, month and day of ``9 September 2022``, ``9th of September``, ``September 9, 2022`` or ``settembre 2022``.

    The second value is how many raw tokens they take.
    """
    lower = [p.low for p in parts]
    taken = 0
    day = _day(parts, 0)
    if day:
        taken = 1 + sum(1 for extra in lower[1:3] if _ATTACHED.fullmatch(extra) or extra in ("of", "di"))
    if taken >= len(lower) or lower[taken] not in _MONTHS:
        return None
    month, taken = _MONTHS[lower[taken]], taken + 1
    if taken < len(lower) and lower[taken] == "." and taken + 1 < len(lower) and parts[taken + 1].kind == "number":
        taken += 1
    if not day and _day(parts, taken) and len(parts[taken].text) <= 2:
        day = _day(parts, taken)
        taken += 1
        if taken < len(lower) and _ATTACHED.fullmatch(lower[taken]):
            taken += 1
    year, after = None, taken
    while after < len(lower) and lower[after] in (",", "of", "del"):
        after += 1
    if after < len(lower) and re.fullmatch(r"\d{4}", lower[after]):
        year, taken = int(lower[after]), after + 1
    return ((year, month, day), taken) if day or year else None


def _day(parts: Sequence[RawToken], position: int) -> int | None:
    if position >= len(parts) or not re.fullmatch(r"\d{1,2}", parts[position].text):
        return None
    return int(parts[position].text)


def _adjacent(parts: Sequence[RawToken]) -> bool:
    return all(parts[i].end == parts[i + 1].start for i in range(len(parts) - 1))
