"""Turns: who has used least of late is answered first, and a queue that is full loses who has used most.

Where all networks stay within their budgets, but are many, this is what keeps readers from waiting for crawlers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from missiongraph.web.context.budget import Client


class Crowded(Exception):
    """No turn came in time, or too many wait for one who have used less."""


@dataclass(eq=False)
class Turn:
    """The right to be worked for. Each must be given back with :meth:`Turns.give_back`."""

    client: Client
    given: asyncio.Future[None] = field(repr=False)
    ended: bool = False


class Turns:
    """Lets so many requests at once be worked for. Clients without a network to count are let in at once."""

    def __init__(self, at_once: int, waiting: int, seconds: float, share: Callable[[Client], float]) -> None:
        """:param at_once: how many requests are worked for at once

        :param waiting: how many may wait
        :param seconds: how long each may wait
        :param share: tells what a client has used
        """
        self._left, self._most, self._seconds, self._share = at_once, waiting, seconds, share
        self._waiting: list[Turn] = []

    async def take(self, client: Client) -> Turn:
        """Wait for a turn.

        :raises Crowded: none came
        """
        turn = Turn(client, asyncio.get_running_loop().create_future(), ended=client is None)
        if client is None:
            return turn
        if self._left > 0:
            self._left -= 1
            return turn
        self._queue(turn)
        try:
            async with asyncio.timeout(self._seconds):
                await turn.given
        except (TimeoutError, asyncio.CancelledError) as end:
            self._leave(turn)
            if isinstance(end, TimeoutError):
                raise Crowded from None
            raise
        return turn

    def give_back(self, turn: Turn) -> None:
        """End *turn*; the next one begins. May be called twice."""
        if turn.ended:
            return
        turn.ended = True
        if not self._waiting:
            self._left += 1
            return
        first = min(self._waiting, key=lambda one: self._share(one.client))
        self._waiting.remove(first)
        first.given.set_result(None)

    def _queue(self, turn: Turn) -> None:
        if len(self._waiting) >= self._most:
            last = max(self._waiting, key=lambda one: self._share(one.client), default=turn)
            if last is turn or self._share(last.client) <= self._share(turn.client):
                raise Crowded
            self._waiting.remove(last)
            last.given.set_exception(Crowded())
        self._waiting.append(turn)

    def _leave(self, turn: Turn) -> None:
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif not turn.given.cancelled() and turn.given.exception() is None:  # its turn came just now
            self.give_back(turn)
