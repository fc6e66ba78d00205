"""Turns: who asks least eagerly is answered first, and a queue that is full loses who asks most eagerly.

Where all networks stay within their budgets, but are many, this is what keeps readers from waiting for crawlers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from missiongraph.web.context.client_networks import Client
from missiongraph.web.context.network_budgets import Budget


class Crowded(Exception):
    """No turn came in time, or too many wait who are less eager."""


@dataclass(eq=False)
class Turn:
    """The right to be worked for. Each must be given back with :meth:`Turns.give_back`.

    :ivar presses: whether its client pressed when it began
    """

    client: Client
    given: asyncio.Future[None] = field(repr=False)
    presses: bool = False
    ended: bool = False


class Turns:
    """Lets so many requests at once be worked for. Clients without a network to count are let in at once."""

    def __init__(
        self, at_once: int, waiting: int, seconds: float, budget: Callable[[], Budget], *, gives_way: bool = False
    ) -> None:
        """:param at_once: how many requests are worked for at once; a quarter of them, or one, of clients that press

        :param waiting: how many may wait
        :param seconds: how long each may wait
        :param budget: gives what is known of the networks
        :param gives_way: whether nothing is begun for clients that press while something is done for others
        """
        self._at_once, self._most, self._seconds, self._budget = at_once, waiting, seconds, budget
        self._pressing, self._gives_way = max(1, at_once // 4), gives_way
        self._held: list[Turn] = []
        self._waiting: list[Turn] = []

    async def take(self, client: Client) -> Turn:
        """Wait for a turn.

        :raises Crowded: none came
        """
        turn = Turn(client, asyncio.get_running_loop().create_future(), ended=client is None)
        if client is None:
            return turn
        self._budget().eagerness.asks(client)
        self._queue(turn)
        self._go_on()
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
        """End *turn*; others begin. May be called twice."""
        if turn.ended:
            return
        turn.ended = True
        self._held.remove(turn)
        self._budget().eagerness.has(turn.client)
        self._go_on()

    def _go_on(self) -> None:
        """Let those begin who are least eager, as far as there is room."""
        while self._waiting and len(self._held) < self._at_once:
            first = min(self._waiting, key=self._before)
            first.presses = self._budget().presses(first.client)
            if first.presses and not self._has_room_for_pressing():
                return
            self._waiting.remove(first)
            self._held.append(first)
            first.given.set_result(None)

    def _has_room_for_pressing(self) -> bool:
        pressing = sum(turn.presses for turn in self._held)
        return pressing < self._pressing and not (self._gives_way and pressing < len(self._held))

    def _queue(self, turn: Turn) -> None:
        self._waiting.append(turn)
        if len(self._waiting) > self._most + self._at_once:
            last = max(reversed(self._waiting), key=self._before)
            self._waiting.remove(last)
            self._budget().eagerness.has(last.client)
            last.given.set_exception(Crowded())

    def _leave(self, turn: Turn) -> None:
        if turn in self._waiting:
            self._waiting.remove(turn)
            self._budget().eagerness.has(turn.client)
        elif turn in self._held:  # its turn came just now
            self.give_back(turn)

    def _before(self, turn: Turn) -> tuple[bool, float]:
        budget = self._budget()
        return budget.presses(turn.client), budget.eagerness.of(turn.client)
