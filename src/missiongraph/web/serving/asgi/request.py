"""A request as the ASGI application reads it, without parsing more than needed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Hashable, MutableMapping
from typing import Any

from werkzeug.http import parse_options_header

from missiongraph.publication.addresses import as_sent
from missiongraph.sparql.request import MOST_BYTES, ProtocolError, SparqlRequest, read_request
from missiongraph.web.http.content_codings import coding_for
from missiongraph.web.http.raw_paths import sent_path_of
from missiongraph.web.serving.asgi.request_faults import check_head

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

#: Longest cache key in bytes that holds the parts of a request. Longer ones are hashed.
_SHORT = 1024

#: Seconds in which the server has let go of a body that nobody waits for any more.
_LET_GO = 0.1

#: Most bytes of a body that are read and discarded after it is refused. If the connection were closed on a client that
#: is still sending, the client might lose the answer.
_DISCARDED = 64 << 20


class FrontRequest:
    """The parts of a request that the ASGI application needs.

    :ivar body: the body, once it has been read
    :ivar fault: what is wrong with its head; it is to be refused then
    :ivar key: the cache key; ``None`` if the response may not be cached, as for a range
    :ivar may_be_kept: whether the method is GET or HEAD
    """

    __slots__ = (
        *("_headers", "body", "fault", "if_match", "if_none_match"),
        *("is_head", "key", "may_be_kept", "path", "scope"),
    )

    def __init__(self, scope: Scope) -> None:
        """:param scope: of ASGI, with header names in lower case"""
        if not scope["query_string"].isascii():  # some clients do not encode it, which WSGI cannot represent
            query = as_sent(scope["query_string"].decode("utf-8", "surrogateescape"))
            scope = {**scope, "query_string": query.encode()}
        self.scope = scope
        self.path: str = scope["path"]
        method = scope["method"]
        self.is_head = method == "HEAD"
        given = scope["headers"]
        self._headers = headers = dict(given)
        if len(headers) != len(given):  # RFC 9110, section 5.2
            for name in headers:
                headers[name] = b", ".join(value for other, value in given if other == name)
        self.fault: ProtocolError | None = None
        try:
            check_head(scope["http_version"], headers)
        except ProtocolError as fault:
            self.fault = fault
        self.may_be_kept = self.is_head or method == "GET"
        self.if_none_match = headers.get(b"if-none-match", b"") if self.may_be_kept else b""
        self.if_match = headers.get(b"if-match") if self.may_be_kept else None
        self.body: bytes | None = None
        self.key: Hashable = None
        if self.is_head or (self.may_be_kept and b"range" not in headers):
            self.key = self._key()

    def _key(self, body: bytes = b"") -> Hashable:
        get = self._headers.get
        parts = (
            sent_path_of(self.scope),
            self.scope["query_string"],
            get(b"accept"),
            get(b"accept-language"),
            get(b"accept-encoding"),
            get(b"host"),
            body,
            get(b"content-type"),
        )
        if sum(map(len, filter(None, parts))) <= _SHORT:
            return parts
        return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()

    def with_body(self, body: bytes) -> None:
        """Set the body, which becomes a part of the cache key."""
        self.body = body
        self.key = self._key(body)

    def header(self, name: bytes) -> str:
        """The header *name*, which is in lower case; empty if it is missing."""
        value: bytes = self._headers.get(name, b"")
        return value.decode("latin-1")

    @property
    def address(self) -> str | None:
        """The IP address at the other end of the connection."""
        client = self.scope.get("client")
        return client[0] if client else None

    @property
    def coding(self) -> str | None:
        """The content coding that ``Accept-Encoding`` prefers."""
        return coding_for(self._headers.get(b"accept-encoding", b""))

    def known(self, *etags: bytes, exists: bool = False) -> bytes | None:
        """The first of *etags* in ``If-None-Match`` (RFC 9110, section 13.1.2).

        :param exists: whether the resource is known to exist, so that ``*`` matches
        """
        if not self.if_none_match:
            return None
        tags = {tag.strip().removeprefix(b"W/") for tag in self.if_none_match.split(b",")}
        return next((etag for etag in etags if etag in tags or (exists and tags == {b"*"})), None)

    def wants_another(self, etag: bytes) -> bool:
        """Whether ``If-Match`` excludes *etag* (RFC 9110, section 13.1.1)."""
        if self.if_match is None:
            return False
        tags = [tag.strip() for tag in self.if_match.split(b",")]
        return tags != [b"*"] and etag not in tags

    def for_a_page(self) -> Scope:
        """The scope for Flask, which answers HEAD like GET, so that ``Content-Length`` is that of the body as sent.

        ``If-Match`` is left out, since it must be compared with the tag in the client's content coding.
        """
        own = {b"if-match"} if self.key is not None else set()
        own |= {b"range"} if self.is_head else set()
        headers = [(name, value) for name, value in self.scope["headers"] if name not in own]
        return {**self.scope, "headers": headers, "method": "GET" if self.is_head else self.scope["method"]}

    def sparql(self, body: bytes) -> SparqlRequest:
        """The request of the SPARQL 1.1 Protocol.

        :raises ProtocolError: if it is not one
        """
        media_type, options = parse_options_header(self.header(b"content-type")) if not self.may_be_kept else ("", {})
        query = self.scope["query_string"]
        return read_request(self.scope["method"], query, media_type, options.get("charset", ""), body)


async def read_body(request: FrontRequest, receive: Receive, seconds: float, most: int = MOST_BYTES) -> bytes:
    """The body of *request*.

    :param seconds: the time in which all of it must arrive
    :param most: its largest size in bytes
    :raises ProtocolError: 413, if it is larger: at once if the client waits for a word (``Expect``) or declares more
        than is read and discarded, else after the client has sent it; 408, if it does not arrive in time; 400, if it
        is cut or its chunks are broken
    """
    too_large = ProtocolError(413, f"what is sent here has at most {most} bytes")
    declared = request.header(b"content-length")
    length = int(declared) if declared.isdecimal() else 0
    if length > most + (0 if request.header(b"expect") else _DISCARDED):
        raise too_large
    try:
        async with asyncio.timeout(seconds):
            body, size = await _received(receive, most)
    except TimeoutError:
        # The server lets go of the body a moment after we have. If we answered before, the connection would stay open.
        await asyncio.sleep(_LET_GO)
        raise ProtocolError(408, f"what is sent here must arrive within {seconds:g} s") from None
    if size > most:
        raise too_large
    return body


async def _received(receive: Receive, most: int) -> tuple[bytes, int]:
    """The body up to *most* bytes, and the size of all that was read."""
    body = bytearray()
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":  # of a client that has left nobody reads the answer
            raise ProtocolError(400, "the body ends before its end, or its chunks are broken (RFC 9112, section 7.1)")
        part = message.get("body", b"")
        size += len(part)
        if size <= most:
            body += part
        if size > most + _DISCARDED or not message.get("more_body", False):
            return bytes(body), size


def replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that first gives *body*, which has been read already."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
