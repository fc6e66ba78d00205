"""One request and its response, as an observer sees them pass."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from missiongraph.rdf.formats import Format
from missiongraph.sparql.results import ResultFormat
from missiongraph.sparql.rows_sent import RowCount

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

#: The key of the exchange in the scope of ASGI.
EXCHANGE = "missiongraph.exchange"

#: An identifier of somebody else's that may stand in our logs and headers.
_HARMLESS = re.compile(rb"[A-Za-z0-9._-]{1,64}")

_SERVER_ERROR, _CLIENT_ERROR = 500, 400


class Exchange:
    """A request and what has been sent for it; it is the ``send`` that the application gets.

    :ivar id: identifies the request in logs; sent as ``X-Request-ID``
    :ivar cached: whether the response comes from the cache
    :ivar rows: the number of rows of the answer to a query, if somebody wants it and all of the answer was sent at once
    :ivar wants_rows: whether somebody does
    :ivar sent: size of the body in bytes, as far as it has been sent
    :ivar complete: whether the response has been sent to its end
    """

    __slots__ = (
        *("_headers", "_query", "_send", "began", "cached", "complete", "id"),
        *("rows", "scope", "sent", "status", "wants_rows"),
    )

    def __init__(self, scope: Scope, send: Send, *, wants_rows: bool = False) -> None:
        self.wants_rows = wants_rows
        self.rows: RowCount | None = None
        self.began = time.perf_counter()
        self.scope, self._send = scope, send
        self.id = _id_for(scope)
        self.cached = self.complete = False
        self.sent = self.status = 0
        self._query: str | None = None
        self._headers: list[tuple[bytes, bytes]] = []

    async def __call__(self, message: Message) -> None:
        """Send an ASGI message; the first gets the identifier and the time. *message* is a cached one, so it stays."""
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
            self._headers = message["headers"]
            timing = b"cache;desc=%s, total;dur=%.1f" % (b"hit" if self.cached else b"miss", self.seconds * 1000)
            own = ((b"x-request-id", self.id), (b"server-timing", timing))
            await self._send({**message, "headers": [*self._headers, *own]})
            return
        await self._send(message)
        if kind == "http.response.body":
            self.sent += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        else:  # a file that the server sends
            self.sent += int(next((v for n, v in self._headers if n.lower() == b"content-length"), b"0"))
            self.complete = True

    @property
    def seconds(self) -> float:
        """The time since the request came."""
        return time.perf_counter() - self.began

    @property
    def query(self) -> str | None:
        """The text of the SPARQL query, if there is one."""
        if self._query is None and self.scope["path"] == "/sparql":
            read = parse_qs(self.scope["query_string"].decode("utf-8", "replace"))
            self._query = read.get("query", [None])[0]
        return self._query

    @query.setter
    def query(self, text: str | None) -> None:
        self._query = text

    @property
    def outcome(self) -> str:
        """``answered``, ``refused`` (4xx), ``failed`` (5xx), ``cut`` (ended too early), or ``left`` (no response)."""
        if not self.complete:
            return "cut" if self.status else "left"
        if self.status >= _SERVER_ERROR:
            return "failed"
        return "refused" if self.status >= _CLIENT_ERROR else "answered"


def note_cached(scope: Scope, rows: RowCount | None) -> None:
    """Note that the response comes from the cache, and how many rows it has."""
    if (exchange := scope.get(EXCHANGE)) is not None:
        exchange.cached, exchange.rows = True, rows


def note_answer(scope: Scope, form: ResultFormat | Format, body: bytes) -> RowCount | None:
    """Note the whole answer to a query; return its rows for later, if somebody wants to know them."""
    exchange: Exchange | None = scope.get(EXCHANGE)
    if exchange is None or not exchange.wants_rows:
        return None
    exchange.rows = RowCount(form, body)
    return exchange.rows


def note_query(scope: Scope, text: str | None) -> None:
    """Note the query that the body of the request holds."""
    if (exchange := scope.get(EXCHANGE)) is not None:
        exchange.query = text


def request_id(scope: Scope) -> str | None:
    """The identifier of a request; ``None`` if nobody observes it."""
    exchange = scope.get(EXCHANGE)
    return exchange.id.decode() if exchange is not None else None


def digest_of(query: str) -> str:
    """What a log says of a query instead of its text: the same for the same text."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _id_for(scope: Scope) -> bytes:
    """The identifier that the client or a proxy gave, if it is one and harmless; else a new one."""
    given = [value for name, value in scope["headers"] if name == b"x-request-id"]
    if len(given) == 1 and _HARMLESS.fullmatch(given[0]):
        return bytes(given[0])
    return os.urandom(8).hex().encode()
