"""The budget of processor time that each network has, so that few cannot use up the server of all.

What is counted is what answers have cost, not how many there were: a thousand answers from the cache cost less than one
page. What a network has used is forgotten little by little (by the factor e in a minute), so that one number and one
time tell all about a network. A bucket that fills evenly would tell of a network that rested whether it may ask, but
not who has asked least, by which requests take their turns.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from missiongraph.publication.settings import Limits
from missiongraph.translation import message
from missiongraph.web.context.networks import Networks

#: Seconds in which what was used is forgotten by the factor e.
_MINUTE = 60.0

#: Budgets that the wider network has in all: what a sprayer of addresses gets, who owns many networks.
_CROWD = 4

#: Most networks that are remembered, about 200 bytes each. Whoever asked longest ago is forgotten first. A sprayer can
#: make us forget its networks, but not the wider one, which it uses all the time.
_MOST_NETWORKS = 20_000

#: What refused clients are told.
SPENT = message(
    "Your network has used the processor time that it may use here for now. Come back later, or download everything "
    "at once from /dumps/."
)

#: Paths that are always answered: they cost little, and whoever is refused is sent to the dumps.
FREE = ("/dumps/", "/static/", "/healthz", "/readyz", "/robots.txt")

Client = tuple[str, str] | None


class Budget:
    """What each network has used of late. It may be called from several threads.

    :ivar networks: finds the network of a request
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        """:param limits: if they set no budget, nobody is refused, but turns are taken all the same

        :param clock: tells the time in seconds
        """
        self.limits = limits
        self.networks = Networks(limits)
        self._most = limits.processor_seconds_per_minute
        self._clock = clock
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def charge(self, client: Client, seconds: float) -> None:
        """Add *seconds* of processor time to what *client* has used."""
        if client is None or seconds <= 0:
            return
        with self._lock:
            now = self._clock()
            for network in client:
                self._used[network] = (self._now(network, now) + seconds, now)
                self._used.move_to_end(network)
            while len(self._used) > _MOST_NETWORKS:
                self._used.popitem(last=False)

    def share(self, client: Client) -> float:
        """How much of its budget *client* has used; above 1 it is refused. Without a budget: seconds it has used."""
        if client is None:
            return 0.0
        with self._lock:
            now = self._clock()
            own, crowd = (self._now(network, now) for network in client)
        return max(own, crowd / _CROWD if client[1] else 0.0) / (self._most or 1.0)

    def wait(self, client: Client) -> int | None:
        """After how many seconds *client* may ask again; ``None`` if it may ask now."""
        share = self.share(client) if self._most else 0.0
        return max(1, math.ceil(_MINUTE * math.log(share))) if share > 1 else None

    def _now(self, network: str, now: float) -> float:
        used, when = self._used.get(network, (0.0, now))
        return used * math.exp((when - now) / _MINUTE)


def is_free(path: str) -> bool:
    """Whether *path* is answered to those who have used up their budget."""
    return path.startswith(FREE)
