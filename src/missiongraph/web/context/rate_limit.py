"""How often one client may ask, where the publication sets a bound."""

from __future__ import annotations

import ipaddress
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from missiongraph.publication.settings import Limits
from missiongraph.sparql.replies import SparqlProblem

#: Bits of an IPv6 address that one household or host has (RFC 6177).
_IPV6_PREFIX = 64


class RateLimit:
    """Counts the queries of each client that had to be evaluated; answers from a cache cost nobody anything."""

    def __init__(self, limits: Limits) -> None:
        """:param limits: without ``queries-per-minute`` nothing is counted"""
        self._most = RateLimitItemPerMinute(limits.queries_per_minute) if limits.queries_per_minute else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage()) if self._most is not None else None
        self._proxies = limits.proxies

    def refusal(self, address: str | None, forwarded: str) -> SparqlProblem | None:
        """Why the client may not ask now; ``None``: it may, and that is counted.

        :param address: of the connection
        :param forwarded: the header ``X-Forwarded-For``, believed as far as there are proxies of ours
        """
        if self._most is None or self._limiter is None:
            return None
        client = _network(self._client(address or "", forwarded))
        if self._limiter.hit(self._most, client):
            return None
        window = self._limiter.get_window_stats(self._most, client)
        return SparqlProblem(
            429,
            f"More than {self._most.amount} queries in a minute. Wait a little, or ask for more at once.",
            retry=max(1, round(window.reset_time - time.time())),
        )

    def _client(self, address: str, forwarded: str) -> str:
        """Who asked the outermost proxy of ours."""
        chain = [part.strip() for part in forwarded.split(",") if part.strip()]
        return chain[-self._proxies] if 0 < self._proxies <= len(chain) else address


def _network(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((read, _IPV6_PREFIX), strict=False)) if read.version == 6 else str(read)
