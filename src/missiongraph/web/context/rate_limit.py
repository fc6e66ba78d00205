"""The rate limit: how many queries one client may have evaluated in a minute, if the settings bound it."""

from __future__ import annotations

import ipaddress
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from missiongraph.publication.settings import Limits
from missiongraph.sparql.http_replies import SparqlProblem

#: Length in bits of the IPv6 prefix that one household or host gets (RFC 6177). All its addresses are one client.
_IPV6_PREFIX = 64


class RateLimit:
    """Counts the evaluated queries of each client. An answer from the cache is not counted."""

    def __init__(self, limits: Limits) -> None:
        """:param limits: if they set no ``queries-per-minute``, nothing is counted"""
        self._most = RateLimitItemPerMinute(limits.queries_per_minute) if limits.queries_per_minute else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage()) if self._most is not None else None
        self._proxies = limits.proxies

    def refusal(self, address: str | None, forwarded: str) -> SparqlProblem | None:
        """Count a query of the client; return a problem with status 429 if the client has reached the limit.

        :param address: the IP address at the other end of the connection
        :param forwarded: the header ``X-Forwarded-For``; only the entries of the publication's own proxies are trusted
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
        """The address that the outermost of our proxies was called from."""
        chain = [part.strip() for part in forwarded.split(",") if part.strip()]
        return chain[-self._proxies] if 0 < self._proxies <= len(chain) else address


def _network(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((read, _IPV6_PREFIX), strict=False)) if read.version == 6 else str(read)
