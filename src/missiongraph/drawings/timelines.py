"""Computes timelines: years as hairlines, one row for each event, a dot for a day, a bar for a span of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from missiongraph.drawings.charts import Tick, steps
from missiongraph.drawings.evidence_strips_and_neighbourhoods import shorten
from missiongraph.drawings.linked_texts import Link

#: The largest number of events in a drawing; the table beside it has the rest.
MOST_EVENTS = 40

_WIDTH, _SIDE, _TOP, _BOTTOM = 840, 34, 30, 12
_LINE, _ABOVE = 26, 16
_LETTER, _LONGEST = 5.9, 100
_MOST_YEARS = 14
_LEAST_BAR = 6.0


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to draw; *start* and *end* are years with fractions (equal for a day), *when* is the date in words."""

    link: Link
    when: str
    start: float
    end: float
    is_target: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A drawn event: a dot at `x`, or a bar of `width` from there; `text` is beside or above it. In pixels."""

    link: Link
    when: str
    text: str
    x: float
    y: float
    width: float
    text_x: float
    text_y: float
    before: bool
    corners: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in the order of time, from top to bottom."""

    kind: ClassVar = "timeline"

    events: tuple[Event, ...]
    years: tuple[Tick, ...]
    width: int
    height: int
    top: int = _TOP - 4


def timeline(happenings: Sequence[Happening]) -> Timeline | None:
    """The timeline of *happenings*, of the earliest ones if they are many; ``None`` if there are none."""
    drawn = sorted(happenings, key=lambda h: (h.start, h.end))[:MOST_EVENTS]
    if not drawn:
        return None
    first = math.floor(min(h.start for h in drawn))
    last = max(math.ceil(max(h.end for h in drawn)), first + 1)

    def x(year: float) -> float:
        return round(_SIDE + (_WIDTH - 2 * _SIDE) * (year - first) / (last - first), 1)

    events, y = [], float(_TOP)
    for happening in drawn:
        event = _event(happening, x(happening.start), x(happening.end), y)
        events.append(event)
        y = event.y + _LINE / 2
    marks = [year for year in steps(first, last, _MOST_YEARS + 1) if year.is_integer()]
    return Timeline(tuple(events), tuple(Tick(x(year), str(int(year))) for year in marks), _WIDTH, round(y + _BOTTOM))


def _event(happening: Happening, start: float, end: float, top: float) -> Event:
    """The event with its text to the right if there is room, else to the left, else above."""
    width = max(end - start, _LEAST_BAR) if happening.end > happening.start else 0.0
    text = shorten(f"{happening.when}: {happening.link.text}", _LONGEST)
    length = len(text) * _LETTER
    y = top + _LINE / 2
    text_y, before = y + 4.5, False
    text_x = start + max(width, 4.0) + 9
    if text_x + length > _WIDTH:
        text_x, before = start - (17 if happening.is_target else 9), True
        if text_x - length < 0:
            text_x, before, text_y = min(start, max(_WIDTH - length, 0.0)), False, y + 2
            y += _ABOVE
    right = start + max(width, _LEAST_BAR) + 7
    corners = f"M{start - 7:.0f} {y - 1}v-9h10M{right:.0f} {y + 1}v9h-10" if happening.is_target else ""
    return Event(happening.link, happening.when, text, start, y, width, round(text_x, 1), text_y, before, corners)
