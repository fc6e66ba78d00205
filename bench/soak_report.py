"""What a soak found: errors, percentiles over time, slopes of memory and descriptors, and a drawing of them."""

from __future__ import annotations

import math
import os
import platform
import statistics
import time
from collections.abc import Mapping, Sequence
from html import escape
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.soak import Record

#: The part of the run that counts as warm-up: caches fill, evaluators start.
_WARM_UP = 0.25

#: What memory and descriptors may grow by between the warm-up and the end, as a part of their median.
_MAY_GROW = 0.05

#: Seconds of a run from which growth is judged: in a shorter one caches of the server still fill (64 MB of answers).
_JUDGED = 1200

#: Seconds of which the lowest level of memory and descriptors is taken.
_PART = 30.0

_INTERVALS = 12
_WIDTH, _HEIGHT, _LEFT, _GAP = 920, 150, 70, 50
_COLOURS = ("#1f6f54", "#b3402a", "#33608c", "#8a6d1d", "#6b4a8b", "#555")

Points = Sequence[tuple[float, float]]


def slope(points: Points) -> float:
    """The median of the slopes between all pairs of *points* (Theil and Sen), which outliers do not move.

    >>> slope([(0, 1.0), (1, 3.0), (2, 5.0), (3, 400.0), (4, 9.0)])
    2.0
    """
    step = max(1, len(points) // 300)
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points[::step], 2) if b[0] > a[0]]
    return statistics.median(slopes) if slopes else 0.0


def lowest(points: Points) -> Points:
    """The least of each half minute: a query without an end takes memory while it runs, and gives it back.

    >>> lowest([(0, 300.0), (10, 700.0), (31, 720.0), (45, 310.0)])
    [(0.0, 300.0), (30.0, 310.0)]
    """
    least: dict[int, float] = {}
    for second, value in points:
        part = int(second // _PART)
        least[part] = min(value, least.get(part, value))
    return [(part * _PART, value) for part, value in sorted(least.items())]


def percentile(times: Sequence[float], part: float) -> float:
    """The least of *times* that so large a *part* does not exceed.

    >>> percentile([3.0, 1.0, 2.0, 4.0], 0.5), percentile([1.0], 0.99)
    (2.0, 1.0)
    """
    ordered = sorted(times)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else math.nan


class Report:
    """The report of a *record* of so many *seconds*."""

    def __init__(self, record: Record, seconds: float) -> None:
        self._record, self._seconds = record, seconds
        warm = [sample for sample in record.samples if sample[0] >= seconds * _WARM_UP]
        self._memory = lowest([(sample[0], sample[1] / 1e6) for sample in warm])
        self._descriptors = lowest([(sample[0], float(sample[2])) for sample in warm])

    @property
    def held(self) -> bool:
        """Whether nothing came that should not, and nothing grew."""
        return not self._record.wrong and not self._grown(self._memory) and not self._grown(self._descriptors)

    def _grown(self, points: Points) -> bool:
        return self._seconds >= _JUDGED and self._growth(points) > _MAY_GROW * statistics.median(
            value for _, value in points
        )

    def _growth(self, points: Points) -> float:
        return slope(points) * self._seconds * (1 - _WARM_UP)

    def text(self) -> str:
        """The report as Markdown."""
        record, verdict = self._record, "held" if self.held else "**did not hold**"
        faults = [f"- {sort}: {n} times, first {record.wrong[sort]}" for sort, n in record.faults.items()]
        builds = ", ".join(f"{number:,} that only {build} gives" for build, number in record.builds.items())
        return "\n".join(
            [
                "# What the soak found\n",
                f"`make soak` on {time.strftime('%Y-%m-%d')}, {self._seconds:.0f} s, {os.cpu_count()} processors, "
                f"Python {platform.python_version()}, load average {os.getloadavg()[2]:.1f}: the server {verdict}.\n",
                "![Times, memory and descriptors over time](soak.svg)\n",
                "## What should not have come\n",
                *(faults or ["Nothing: each answer had the bytes that were taken before, or was a refusal."]),
                "\n## Answers\n",
                "| kind | statuses | p50 | p99 | greatest |",
                "|---|---|--:|--:|--:|",
                *(self._row(kind) for kind in record.outcomes),
                f"\nThe current build was changed {record.swaps} times; answers by which builds differ: {builds}.\n",
                f"## Over time ({_INTERVALS} parts, all kinds)\n",
                "| from | answers | p50 | p99 |\n|--:|--:|--:|--:|",
                *self._over_time(),
                f"\n## After a warm-up of {self._seconds * _WARM_UP:.0f} s\n",
                *(
                    []
                    if self._seconds >= _JUDGED
                    else [f"Growth is not judged in less than {_JUDGED // 60} minutes.\n"]
                ),
                "| what | median | slope in an hour | grew by | may grow by |\n|---|--:|--:|--:|--:|",
                self._slope_row("memory (PSS of all processes, the least of each half minute), MB", self._memory),
                self._slope_row("files and sockets held open (likewise)", self._descriptors),
                "",
            ]
        )

    def _row(self, kind: str) -> str:
        statuses = ", ".join(f"{status} {number:,}" for status, number in self._record.outcomes[kind].most_common())
        times = [taken for _, taken in self._record.times.get(kind, ())]
        figures = (percentile(times, 0.5), percentile(times, 0.99), max(times)) if times else ()
        cells = [f"{figure * 1000:,.1f} ms" for figure in figures] or ["", "", ""]
        return f"| {kind} | {statuses} | {' | '.join(cells)} |"

    def _over_time(self) -> list[str]:
        every = sorted(pair for pairs in self._record.times.values() for pair in pairs)
        length = self._seconds / _INTERVALS
        lines = []
        for number in range(_INTERVALS):
            times = [taken for at, taken in every if number * length <= at < (number + 1) * length]
            p50, p99 = (f"{percentile(times, part) * 1000:,.1f} ms" for part in (0.5, 0.99))
            lines.append(f"| {number * length:.0f} s | {len(times):,} | {p50} | {p99} |")
        return lines

    def _slope_row(self, what: str, points: Points) -> str:
        middle = statistics.median(value for _, value in points)
        figures = (slope(points) * 3600, self._growth(points), middle * _MAY_GROW)
        return f"| {what} | {middle:,.0f} | {' | '.join(f'{figure:+,.1f}' for figure in figures)} |"

    def drawing(self) -> str:
        """Three panels over one axis of time: the times of each kind (p99), memory, descriptors."""
        kinds = {kind: self._p99_over_time(pairs) for kind, pairs in self._record.times.items()}
        memory = {"MB": [(sample[0], sample[1] / 1e6) for sample in self._record.samples]}
        held = {"files and sockets": [(sample[0], float(sample[2])) for sample in self._record.samples]}
        panels: list[tuple[str, Mapping[str, Points]]] = [
            ("p99, ms", kinds),
            ("memory (PSS), MB", memory),
            ("held open", held),
        ]
        height = len(panels) * (_HEIGHT + _GAP) + 20
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
            'font-size="12" role="img"><title>Times, memory and descriptors over time</title>',
            f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        ]
        for number, (title, lines) in enumerate(panels):
            parts += self._panel(title, lines, 30 + number * (_HEIGHT + _GAP))
        return "\n".join([*parts, "</svg>"]) + "\n"

    def _p99_over_time(self, pairs: Points) -> Points:
        length = self._seconds / 60
        parts: dict[int, list[float]] = {}
        for at, taken in pairs:
            parts.setdefault(int(at // length), []).append(taken * 1000)
        return [((part + 0.5) * length, percentile(times, 0.99)) for part, times in sorted(parts.items())]

    def _panel(self, title: str, lines: Mapping[str, Points], top: float) -> list[str]:
        most = max((value for points in lines.values() for _, value in points), default=1.0) or 1.0
        right = _WIDTH - 20
        parts = [
            f'<text x="{_LEFT}" y="{top - 8}" fill="#222">{escape(title)}</text>',
            f'<path d="M{_LEFT} {top}V{top + _HEIGHT}H{right}" fill="none" stroke="#555"/>',
            f'<text x="{_LEFT - 6}" y="{top + 10}" text-anchor="end" fill="#555">{most:,.0f}</text>',
            f'<text x="{_LEFT - 6}" y="{top + _HEIGHT}" text-anchor="end" fill="#555">0</text>',
            f'<text x="{right}" y="{top + _HEIGHT + 16}" text-anchor="end" fill="#555">'
            f"{self._seconds / 60:.0f} min</text>",
        ]
        for number, (name, points) in enumerate(lines.items()):
            colour = _COLOURS[number % len(_COLOURS)]
            drawn = " ".join(
                f"{_LEFT + at / self._seconds * (right - _LEFT):.1f},{top + _HEIGHT * (1 - value / most):.1f}"
                for at, value in points
            )
            parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
            if len(lines) > 1:
                parts.append(
                    f'<text x="{_LEFT + 90 + number * 120}" y="{top - 8}" fill="{colour}">{escape(name)}</text>'
                )
        return parts
