"""Computes bar charts and line charts; their scales begin at zero, and values are written beside bars and points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from missiongraph.drawings.linked_texts import Label

#: The largest number of bars in a chart, and of points in a line.
MOST_BARS, MOST_POINTS = 60, 500

_WIDTH, _HEIGHT = 640, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 40, 24, 30
_LABELLED = 12
_TICKS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A row of a bar chart; `start` and `width` are in percent of the width for bars."""

    label: Label
    value: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars under each other. The template writes them as a table, so names wrap, and screen readers read them."""

    kind: ClassVar = "bars"

    label: str
    value: str
    bars: tuple[ChartBar, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line chart in pixels; `label` is written beside it if there is room."""

    x: float
    y: float
    title: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A hairline of a scale at the pixel `at`, with its value as text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """A value over time, in pixels; `across` is the scale of years, `up` that of values."""

    kind: ClassVar = "line"

    label: str
    value: str
    points: tuple[Point, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT
    right: int = _WIDTH - _RIGHT
    bottom: int = _HEIGHT - _BOTTOM

    @property
    def path(self) -> str:
        """The line as SVG path data."""
        return "M" + "L".join(f"{point.x} {point.y}" for point in self.points)


def bar_chart(label: str, value: str, rows: Sequence[tuple[Label, float, str]]) -> BarChart:
    """The chart with one bar for each of *rows* (label, number, number as text).

    :param label: the heading of the labels
    :param value: the heading of the numbers
    """
    numbers = [number for _, number, _ in rows]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    span = (high - low) or 1.0
    return BarChart(
        label,
        value,
        tuple(
            ChartBar(name, text, round(100 * (min(0.0, number) - low) / span, 2), round(100 * abs(number) / span, 2))
            for name, number, text in rows
        ),
    )


def steps(low: float, high: float, most: int) -> list[float]:
    """The round numbers for a scale from *low* to *high*, at most *most* of them.

    >>> steps(0, 97, 6)
    [0.0, 20.0, 40.0, 60.0, 80.0]
    """
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * tick for tick in _TICKS if span / (power * tick) < most)
    first = math.ceil(low / step)
    return [round(index * step, 10) for index in range(first, math.floor(high / step) + 1)]


def line_chart(
    label: str, value: str, rows: Sequence[tuple[float, float, str, str]], numbers: Sequence[tuple[float, str]]
) -> LineChart:
    """The chart with a line through *rows* (year with fraction, number, both as text).

    :param label: the heading of the years
    :param value: the heading of the numbers
    :param numbers: the marks of the scale of numbers, each with its text
    """
    years = [year for year, *_ in rows]
    heights = [number for _, number, *_ in rows] + [number for number, _ in numbers]
    low, high = min(0.0, *heights), max(0.0, *heights)
    first, last = min(years), max(years)

    def x(year: float) -> float:
        room = _WIDTH - _LEFT - _RIGHT
        return round(_LEFT + room * ((year - first) / (last - first) if last > first else 0.5), 1)

    def y(number: float) -> float:
        return round(_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (number - low) / ((high - low) or 1.0), 1)

    marks = [year for year in steps(first, last, 8) if year.is_integer()]
    written = len(rows) <= _LABELLED
    return LineChart(
        label,
        value,
        tuple(
            Point(x(year), y(number), f"{when}: {text}", text if written else "") for year, number, when, text in rows
        ),
        tuple(Tick(x(year), str(int(year))) for year in marks),
        tuple(Tick(y(number), text) for number, text in numbers),
    )
