"""How long a check or reading of a source is good, and which sources are due for another one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from missiongraph.errors import MissiongraphError, Problem
from missiongraph.graph.quality import SourceQuality

_UNITS = {"d": 1, "w": 7}


@dataclass(frozen=True)
class Due:
    """A source that is due.

    :ivar since: the last day on which its latest check or reading was good; ``None``: the data records none
    """

    source: SourceQuality
    since: date | None


def good_until(day: str, days: int) -> date | None:
    """The last day on which a check of *day* is still good.

    >>> good_until("2026-11-24T21:30:00Z", 180)
    datetime.date(2027, 5, 23)

    :param day: begins as an ISO 8601 date; if it does not, the answer is ``None``
    :param days: how many days a check is good
    """
    try:
        return date.fromisoformat(day[:10]) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def due(sources: Iterable[SourceQuality], days: int, today: date) -> list[Due]:
    """The sources whose latest check or reading is more than *days* before *today*, the longest overdue first."""
    found = []
    for source in sources:
        last = good_until(source.seen, days) if source.seen else None
        if last is None or last < today:
            found.append(Due(source, last))
    return sorted(found, key=lambda d: (d.since or date.min, d.source.iri.value))


def due_as_text(found: Sequence[Due], of: int, days: int) -> str:
    """A line for each source that is due, and one that counts them among the *of* sources."""
    lines = [f"{_why(item)}: {item.source.iri.value}" for item in found]
    return "\n".join([*lines, f"{len(found)} of {of} sources due after {days} days"]) + "\n"


def due_as_json(found: Sequence[Due], days: int) -> str:
    """A JSON object with ``days`` and the list ``due`` of sources."""
    listed = [
        {"source": d.source.iri.value, "seen": d.source.seen, "checked": d.source.checked, "due": _iso(d.since)}
        for d in found
    ]
    return json.dumps({"days": days, "due": listed}, ensure_ascii=False, indent=2) + "\n"


def _why(item: Due) -> str:
    kind = "checked" if item.source.seen == item.source.checked else "read"
    return f"{kind} {item.source.seen}, good until {item.since}" if item.since else "never looked at"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def days_of(text: str) -> int:
    """The number of days in a span such as "180d" or "26w".

    >>> days_of("26w")
    182

    :raises MissiongraphError: *text* is not a number of up to five digits and ``d`` or ``w``
    """
    found = re.fullmatch(r"([0-9]{1,5})([dw])", text.strip())
    if found is None:
        raise MissiongraphError(Problem(f"“{text}” is no span of time", advice="write days or weeks: 180d, 26w"))
    return int(found[1]) * _UNITS[found[2]]
