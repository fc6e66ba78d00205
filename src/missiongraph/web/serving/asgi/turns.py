"""Turns: who has waited least of late is answered first, and a queue that is full loses who has waited most.

Where all networks stay within their budgets, but are many, this is what keeps readers from waiting for crawlers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from missiongraph.web.context.budget import Client, Fading

#: Seconds of the last minute (as :class:`Fading` counts them) after which a client presses: it asks for the next
#: thing as soon as it has the last one, or for several at once.
_PRESSING = 3.0


class Crowded(Exception):
    """No turn came in time, or too many wait who have waited less of late."""


@dataclass(eq=False)
class Turn:
    """The right to be worked for. Each must be given back with :meth:`Turns.give_back`.

    :ivar since: when it was asked for
    :ivar presses: whether its client has waited for much of the last minute
    """

    client: Client
    given: asyncio.Future[None] = field(repr=False)
    since: float
    presses: bool = False
    ended: bool = False


class Turns:
    """Lets so many requests at once be worked for. Clients without a network to count are let in at once."""

    def __init__(
        self, at_once: int, waiting: int, seconds: float, waited: Callable[[], Fading], *, gives_way: bool = False
    ) -> None:
        """:param at_once: how many requests are worked for at once; a quarter of them, or one, of clients that press

        :param waiting: how many may wait
        :param seconds: how long each may wait
        :param waited: gives what is known of who has waited; the time from taking to giving back is added
        :param gives_way: whether nothing is begun for clients that press while something is done for others
        """
        self._at_once, self._most, self._seconds, self._waited = at_once, waiting, seconds, waited
        self._pressing, self._gives_way = max(1, at_once // 4), gives_way
        self._held: list[Turn] = []
        self._waiting: list[Turn] = []

    async def take(self, client: Client) -> Turn:
        """Wait for a turn.

        :raises Crowded: none came
        """
        loop = asyncio.get_running_loop()
        turn = Turn(client, loop.create_future(), loop.time(), ended=client is None)
        if client is None:
            return turn
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
        self._note(turn)
        self._go_on()

    def _go_on(self) -> None:
        """Let those begin who have waited least of late, as far as there is room."""
        while self._waiting and len(self._held) < self._at_once:
            first = min(self._waiting, key=self._before)
            first.presses = self._before(first) > _PRESSING
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
            self._note(last)
            last.given.set_exception(Crowded())

    def _leave(self, turn: Turn) -> None:
        if turn in self._waiting:
            self._waiting.remove(turn)
            self._note(turn)
        elif turn in self._held:  # its turn came just now
            self.give_back(turn)

    def _before(self, turn: Turn) -> float:
        return self._waited().of(turn.client)

    def _note(self, turn: Turn) -> None:
        self._waited().add(turn.client, asyncio.get_running_loop().time() - turn.since)
