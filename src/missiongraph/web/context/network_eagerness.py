"""How eager each network is: whether it asks for the next thing as soon as it has the last one.

Two hundred crawlers have each used less of the server than a reader has, as they share what it can do; and who is made
to wait has waited, whoever it is. But people look at a page before they ask for the next, and most crawlers do not.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from missiongraph.web.context.client_networks import Client

#: Seconds of a pause that make a request a third as eager.
_PAUSE = 0.5

#: By how much the last request counts among those before it.
_LAST = 0.3

#: Seconds in which eagerness is forgotten by the factor e.
_MINUTE = 60.0

#: Most networks that are remembered. Whoever asked longest ago is forgotten first.
_MOST_NETWORKS = 20_000


@dataclass
class _Network:
    eagerness: float
    pending: int
    answered: float


class Eagerness:
    """A number from 0 to 1 for each network, 1 for one that never pauses. For one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """:param clock: tells the time in seconds"""
        self._clock = clock
        self._networks: OrderedDict[str, _Network] = OrderedDict()

    def __len__(self) -> int:
        """How many networks are remembered."""
        return len(self._networks)

    def asks(self, client: Client) -> None:
        """Note a request of *client*. While another one waits for its answer, there was no pause."""
        if client is None:
            return
        now, name = self._clock(), client[0]
        known = self._networks.get(name)
        if known is None:
            self._networks[name] = _Network(0.0, 1, now)
            if len(self._networks) > _MOST_NETWORKS:
                self._networks.popitem(last=False)
            return
        pause = 0.0 if known.pending else now - known.answered
        before = known.eagerness * math.exp(-pause / _MINUTE)
        known.eagerness = before + _LAST * (math.exp(-pause / _PAUSE) - before)
        known.pending += 1
        self._networks.move_to_end(name)

    def has(self, client: Client) -> None:
        """Note that a request of *client* has its answer, or has been refused."""
        known = self._networks.get(client[0]) if client is not None else None
        if known is not None:
            known.pending, known.answered = max(0, known.pending - 1), self._clock()

    def of(self, client: Client) -> float:
        """The eagerness of *client*."""
        known = self._networks.get(client[0]) if client is not None else None
        return known.eagerness if known is not None else 0.0
