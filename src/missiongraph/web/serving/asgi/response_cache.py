"""A cache of whole responses, bounded in bytes. A build never changes, so that no entry grows stale."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from missiongraph.sparql.rows_sent import RowCount

#: Bytes that an entry takes beside body and headers, with its key.
_OVERHEAD = 2_000

Headers = list[tuple[bytes, bytes]]


@dataclass(eq=True, slots=True)
class WholeResponse:
    """A whole response: status, headers as in ASGI without ``content-length``, body in its content coding.

    :ivar rows: the number of rows of the answer to a query, if somebody wants to know it
    :ivar start: the first message of ASGI
    :ivar content: the second message of ASGI
    :ivar size: its approximate size in memory, in bytes
    """

    status: int
    headers: Headers
    body: bytes
    etag: bytes | None = None
    rows: RowCount | None = field(default=None, compare=False, repr=False)
    start: dict[str, Any] = field(init=False, compare=False, repr=False)
    content: dict[str, Any] = field(init=False, compare=False, repr=False)
    size: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        headers = [*self.headers, (b"content-length", b"%d" % len(self.body))]
        self.start = {"type": "http.response.start", "status": self.status, "headers": headers}
        self.content = {"type": "http.response.body", "body": self.body, "more_body": False}
        self.size = len(self.body) + 80 * len(headers) + _OVERHEAD


class ResponseCache:
    """Responses by cache key. If the cache is full, the least recently used ones are removed."""

    def __init__(self, most: int, *, largest: int) -> None:
        """:param most: size of the cache in bytes

        :param largest: size of the largest response that is cached, in bytes
        """
        self._most, self.largest = most, largest
        self._size = 0
        self._kept: OrderedDict[Hashable, WholeResponse] = OrderedDict()

    def get(self, key: Hashable) -> WholeResponse | None:
        """The response for *key*; ``None`` if it is not cached."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable, response: WholeResponse) -> None:
        """Cache *response*, and remove others to make room."""
        if key is None or response.size > self.largest or key in self._kept:
            return
        self._kept[key] = response
        self._size += response.size
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.size
