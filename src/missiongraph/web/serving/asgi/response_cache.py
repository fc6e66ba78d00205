"""A bounded cache of whole responses. A build never changes, so nothing in it grows old; the least used goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

#: Bytes that a response takes beside its body and headers, its key among them.
_OVERHEAD = 2_000

Headers = list[tuple[bytes, bytes]]


@dataclass(eq=True, slots=True)
class WholeResponse:
    """A whole response: status, headers as ASGI has them (but for the length), body as it is sent.

    :ivar start: what ASGI sends of it first
    :ivar content: what ASGI sends then
    :ivar size: bytes that it takes, roughly
    """

    status: int
    headers: Headers
    body: bytes
    etag: bytes | None = None
    start: dict[str, Any] = field(init=False, compare=False, repr=False)
    content: dict[str, Any] = field(init=False, compare=False, repr=False)
    size: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        headers = [*self.headers, (b"content-length", b"%d" % len(self.body))]
        self.start = {"type": "http.response.start", "status": self.status, "headers": headers}
        self.content = {"type": "http.response.body", "body": self.body, "more_body": False}
        self.size = len(self.body) + 80 * len(headers) + _OVERHEAD


class ResponseCache:
    """Responses by request, up to a number of bytes."""

    def __init__(self, most: int, *, largest: int) -> None:
        """:param largest: bytes of a single response beyond which it is not kept"""
        self._most, self.largest = most, largest
        self._size = 0
        self._kept: OrderedDict[Hashable, WholeResponse] = OrderedDict()

    def get(self, key: Hashable) -> WholeResponse | None:
        """The response to the request *key*, where it is kept."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable, response: WholeResponse) -> None:
        """Keep *response*, and let go of others where it takes too much room."""
        if key is None or response.size > self.largest or key in self._kept:
            return
        self._kept[key] = response
        self._size += response.size
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.size
