"""Pauses between attempts to start again what ended."""

from __future__ import annotations

import math
import time


class Backoff:
    """How long to wait before something that ended is started again.

    What ends for the first time is started at once. What ends again and again is started later each time. Once it has
    run steadily, the next end counts as the first.

    >>> backoff = Backoff(first=0.1, most=0.5)
    >>> [backoff.ended() for _ in range(6)]
    [0.0, 0.1, 0.2, 0.4, 0.5, 0.5]
    """

    def __init__(self, first: float = 0.1, most: float = 30.0, steady: float = 10.0) -> None:
        """:param first: the second pause in seconds; each later one is twice as long

        :param most: the longest pause in seconds
        :param steady: for so many seconds it must have run
        """
        self._ends = 0
        self._first, self._most, self._steady = first, most, steady
        self._started = -math.inf

    @property
    def ends(self) -> int:
        """How often it has ended since it last ran steadily."""
        return 0 if time.monotonic() - self._started > self._steady else self._ends

    def ended(self) -> float:
        """Count an end, and return the pause in seconds before the next start."""
        now = time.monotonic()
        before = self.ends
        pause = min(self._first * 2.0 ** (before - 1), self._most) if before else 0.0
        self._ends = min(before + 1, 64)  # the power stays a number
        self._started = now + pause
        return pause
