"""The budget of processor time that each network has, so that few cannot use up the server of all.

What is counted is what answers have cost, not how many there were: a thousand answers from the cache cost less than one
page.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from missiongraph.publication.settings import Limits
from missiongraph.translation import message
from missiongraph.web.context.client_networks import Client, Networks
from missiongraph.web.context.network_eagerness import Eagerness

#: Seconds in which what was used is forgotten by the factor e.
_MINUTE = 60.0

#: Budgets that the wider network has in all: what a sprayer of addresses gets, who owns many networks.
_CROWD = 4

#: Eagerness, and part of the budget used, above which a network presses.
_EAGER, _MUCH = 0.5, 0.25

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


class Fading:
    """Sums of seconds by network that are forgotten little by little: by the factor e in a minute.

    One number and one time tell all about a network, so that it can be remembered cheaply.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sums: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many networks are remembered."""
        return len(self._sums)

    def add(self, client: Client, seconds: float) -> None:
        """Add *seconds* to the sums of *client* and of the wider network around it."""
        if client is None or seconds <= 0:
            return
        with self._lock:
            now = self._clock()
            for network in client:
                self._sums[network] = (self._now(network, now) + seconds, now)
                self._sums.move_to_end(network)
            while len(self._sums) > _MOST_NETWORKS:
                self._sums.popitem(last=False)

    def of(self, client: Client) -> float:
        """The sum of *client*, or a part of the sum of the wider network if that is more."""
        if client is None:
            return 0.0
        with self._lock:
            now = self._clock()
            own, crowd = (self._now(network, now) for network in client)
        return max(own, crowd / _CROWD if client[1] else 0.0)

    def _now(self, network: str, now: float) -> float:
        seconds, when = self._sums.get(network, (0.0, now))
        return seconds * math.exp((when - now) / _MINUTE)


class Budget:
    """What each network has used of late.

    :ivar networks: finds the network of a request
    :ivar used: seconds of processor time; any thread may add to it
    :ivar eagerness: how eager each network is, for the one thread that gives turns
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        """:param limits: if they set no budget, nobody is refused, but turns are taken all the same

        :param clock: tells the time in seconds
        """
        self.networks = Networks(limits)
        self.used, self.eagerness = Fading(clock), Eagerness(clock)
        self._most = limits.processor_seconds_per_minute

    def wait(self, client: Client) -> int | None:
        """After how many seconds *client* may ask again; ``None`` if it may ask now."""
        share = self._share(client)
        return max(1, math.ceil(_MINUTE * math.log(share))) if share > 1 else None

    def presses(self, client: Client) -> bool:
        """Whether others go before *client*: it asks without a pause, or has used much of its budget."""
        return self.eagerness.of(client) > _EAGER or self._share(client) > _MUCH

    def _share(self, client: Client) -> float:
        return self.used.of(client) / self._most if self._most else 0.0


def is_free(path: str) -> bool:
    """Whether *path* is answered to those who have used up their budget."""
    return path.startswith(FREE)
