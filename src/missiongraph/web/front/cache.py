"""A bounded cache of whole responses. A build never changes, so nothing in it grows old; the least used goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class CachedResponse:
    """A whole response: status, headers as ASGI has them, body as it is sent."""

    status: int
    headers: Headers
    body: bytes
    etag: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + 400


class ResponseCache:
    """Responses by request, up to a number of bytes."""

    def __init__(self, most: int, *, largest: int) -> None:
        """:param largest: bytes of a single response beyond which it is not kept"""
        self._most, self.largest = most, largest
        self._size = 0
        self._kept: OrderedDict[Hashable, CachedResponse] = OrderedDict()

    def get(self, key: Hashable) -> CachedResponse | None:
        """The response to the request *key*, where it is kept."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable, response: CachedResponse) -> None:
        """Keep *response*, and let go of others where it takes too much room."""
        if response.size > self.largest or key in self._kept:
            return
        self._kept[key] = response
        self._size += response.size
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.size
