"""Which network a request comes from: that of the client, as the publication's own proxies saw it."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from missiongraph.publication.settings import Limits

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: The network of a client, and the wider one around it; ``None`` for a client without a budget.
Client = tuple[str, str] | None

#: How many bits wider the network is that a crowd of networks is counted in.
_WIDER = {4: 8, 6: 16}

_FOR = re.compile(r"""(?:^|[;,\s])for\s*=\s*(?:"([^"]*)"|([^;,\s]*))""", re.IGNORECASE)
_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([\d.]+):\d+")


class Networks:
    """Finds the network of a client.

    :ivar header: the header in which proxies say whom they were called by, in lower case
    """

    def __init__(self, limits: Limits) -> None:
        """:param limits: name the proxies, the header and the sizes of networks"""
        self.header = limits.proxy_header.lower()
        self._hops = limits.proxies if isinstance(limits.proxies, int) else 0
        named = () if isinstance(limits.proxies, int) else limits.proxies
        self._proxies = tuple(map(ipaddress.ip_network, named))
        self._free = tuple(map(ipaddress.ip_network, limits.without_budget))
        self._bits = {4: limits.ipv4_prefix, 6: limits.ipv6_prefix}
        self._of = lru_cache(8192)(self._network)

    def of(self, peer: str | None, forwarded: str) -> tuple[str, str] | None:
        """The network of the client and the wider one around it; ``None`` if it has no budget.

        :param peer: the address at the other end of the connection; none for a Unix socket
        :param forwarded: the value of :attr:`header`, which only proxies of ours are believed
        """
        if not forwarded or not (self._hops or self._proxies):
            return self._of(peer or "")
        return self._of(self._client(peer or "", forwarded))

    def _client(self, peer: str, forwarded: str) -> str:
        chain = _addresses(forwarded, self.header)
        if self._hops:
            return chain[-self._hops] if self._hops <= len(chain) else peer
        client = peer
        while chain and self._is_proxy(client):
            client = chain.pop()
        return client

    def _is_proxy(self, address: str) -> bool:
        """Whether *address* is a proxy's. A Unix socket, which has none, can only be reached by what runs here."""
        read = _read(address)
        return not address if read is None else _within(read, self._proxies)

    def _network(self, address: str) -> tuple[str, str] | None:
        read = _read(address)
        if read is None:
            return (address[:64], "") if address else None
        if _within(read, self._free):
            return None
        bits = self._bits[read.version]
        around = max(0, bits - _WIDER[read.version])
        return _around(read, bits), _around(read, around)


def _around(address: _Address, bits: int) -> str:
    return str(ipaddress.ip_network((address, bits), strict=False))


def _within(address: _Address, networks: tuple[_Network, ...]) -> bool:
    return any(address in network for network in networks)  # of another version it is not in


def _addresses(value: str, header: str) -> list[str]:
    """The addresses in *value* from the client to us (RFC 7239, section 4, or ``X-Forwarded-For``)."""
    if header == "forwarded":
        return [quoted or plain for quoted, plain in _FOR.findall(value)]
    return [part.strip() for part in value.split(",") if part.strip()]


def _read(address: str) -> _Address | None:
    """*address* as one of IP, without port and zone; an IPv4 address that is written as IPv6 is one of IPv4."""
    ported = _PORT.fullmatch(address)
    text = (ported[1] or ported[2]) if ported else address
    try:
        read = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return read.ipv4_mapped or read if isinstance(read, ipaddress.IPv6Address) else read
