"""Queries to endpoints on other machines: public addresses only, no redirects, bounded time and size."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable

import httpcore

from missiongraph.sparql.request import DIRECT

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HEADERS: dict[bytes | str, bytes | str] = {
    "Content-Type": DIRECT,
    "Accept": "application/sparql-results+json",
    "Accept-Encoding": "identity",
    "User-Agent": "missiongraph",
}
_MOST_BYTES = 8 << 20
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052


class Unreachable(Exception):
    """The other endpoint gave no answer; the text says why."""


def is_public(address: str) -> bool:
    """Whether *address* is a public IP address, and so are all addresses that it stands for.

    >>> is_public("93.184.215.14"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    read = ipaddress.ip_address(address.partition("%")[0])
    return all(each.is_global and not each.is_multicast for each in (read, *_within(read)))


def _within(address: _Address) -> Iterable[_Address]:
    """The addresses that a tunnel or translator would reach through *address*."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    translated = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    found = (address.ipv4_mapped, address.sixtofour, *(address.teredo or ()), translated)
    return [each for each in found if each is not None]


class _Checked(httpcore.AnyIOBackend):
    """A network backend that connects to the address that was checked: the name cannot resolve to another one then."""

    def __init__(self, permitted: Callable[[str], bool]) -> None:
        self._permitted = permitted

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not addresses or not all(map(self._permitted, addresses)):
            raise Unreachable(f"{host} has an address of a private network")
        return await super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


class Remote:
    """A client of SPARQL endpoints on other machines."""

    def __init__(self, seconds: float, permitted: Callable[[str], bool] = is_public) -> None:
        """:param seconds: the longest time for one answer

        :param permitted: whether an IP address may be connected to
        """
        self._seconds = seconds
        self._backend = _Checked(permitted)
        self._tls: ssl.SSLContext | None = None

    async def ask(self, endpoint: str, query: str) -> bytes:
        """The answer of *endpoint* to *query* in the JSON results format (SPARQL 1.1 Protocol, section 2.1).

        :raises Unreachable: there is no such answer
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._asked(endpoint, query)
        except TimeoutError:
            raise Unreachable(f"no answer within {self._seconds:g} s") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as failure:
            raise Unreachable(str(failure) or type(failure).__name__) from None

    async def _asked(self, endpoint: str, query: str) -> bytes:
        self._tls = self._tls or httpcore.default_ssl_context()
        async with (
            httpcore.AsyncConnectionPool(ssl_context=self._tls, network_backend=self._backend) as pool,
            pool.stream("POST", endpoint, headers=_HEADERS, content=query.encode()) as response,
        ):
            content = bytearray()
            async for block in response.aiter_stream():
                content += block
                if len(content) > _MOST_BYTES:
                    raise Unreachable(f"more than {_MOST_BYTES >> 20} MB of solutions; ask for less at once")
            if response.status != 200:
                raise Unreachable(f"answered with status {response.status}: {content[:300].decode(errors='replace')}")
            return bytes(content)
