"""A request as the front reads it: before anything is parsed that need not be."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Hashable, MutableMapping
from typing import Any

from werkzeug.http import parse_options_header

from missiongraph.publication.addresses import as_sent
from missiongraph.sparql.request import MOST_BYTES, ProtocolError, SparqlRequest, read_request
from missiongraph.web.http.content_codings import coding_for
from missiongraph.web.http.request_paths import sent_path_of

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

#: Bytes of a request up to which a key of the cache holds it as it is.
_SHORT = 1024

#: Bytes of a refused body that are read all the same: a connection that is closed on a client which is still sending
#: may lose the answer, and the client's next request with it.
_DISCARDED = 64 << 20


class FrontRequest:
    """What the front needs to know of a request.

    :ivar body: where it has been read
    :ivar key: what the response depends on; ``None`` for a request of a part, which is never kept
    """

    __slots__ = ("_headers", "body", "if_match", "if_none_match", "is_head", "key", "may_be_kept", "path", "scope")

    def __init__(self, scope: Scope) -> None:
        """:param scope: of ASGI, with the names of headers in lower case"""
        if not scope["query_string"].isascii():  # as some clients send it; WSGI has no room for that
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
        """Let the response depend on *body*, which has been read."""
        self.body = body
        self.key = self._key(body)

    def header(self, name: bytes) -> str:
        """The header called *name*, in lower case; empty where there is none."""
        value: bytes = self._headers.get(name, b"")
        return value.decode("latin-1")

    @property
    def address(self) -> str | None:
        """Of the connection's other end."""
        client = self.scope.get("client")
        return client[0] if client else None

    @property
    def coding(self) -> str | None:
        """The content coding that the client likes best."""
        return coding_for(self._headers.get(b"accept-encoding", b""))

    def known(self, *etags: bytes, exists: bool = False) -> bytes | None:
        """The first of *etags* that the client has; any tag will do for something that *exists*."""
        if not self.if_none_match:
            return None
        tags = {tag.strip().removeprefix(b"W/") for tag in self.if_none_match.split(b",")}
        return next((etag for etag in etags if etag in tags or (exists and tags == {b"*"})), None)

    def wants_another(self, etag: bytes) -> bool:
        """Whether the client wants nothing but what has another tag (RFC 9110, section 13.1.1)."""
        if self.if_match is None:
            return False
        tags = [tag.strip() for tag in self.if_match.split(b",")]
        return tags != [b"*"] and etag not in tags

    def for_a_page(self) -> Scope:
        """The scope for a page, which is answered whole: a HEAD as GET, for the length as it is sent.

        A range is of GET, and ``If-Match`` is held against the tag in the client's coding.
        """
        own = {b"if-match"} if self.key is not None else set()
        own |= {b"range"} if self.is_head else set()
        headers = [(name, value) for name, value in self.scope["headers"] if name not in own]
        return {**self.scope, "headers": headers, "method": "GET" if self.is_head else self.scope["method"]}

    def sparql(self, body: bytes) -> SparqlRequest:
        """The request of the SPARQL protocol that this is.

        :raises ProtocolError: it is none
        """
        media_type, options = parse_options_header(self.header(b"content-type")) if not self.may_be_kept else ("", {})
        query = self.scope["query_string"]
        return read_request(self.scope["method"], query, media_type, options.get("charset", ""), body)


async def read_body(receive: Receive, most: int = MOST_BYTES) -> bytes:
    """The body of a request, of *most* bytes.

    :raises ProtocolError: it is too large, which is said after it has been sent
    """
    body = bytearray()
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the client left before it had asked")
        part = message.get("body", b"")
        size += len(part)
        if size <= most:
            body += part
        if size > most + _DISCARDED or not message.get("more_body", False):
            break
    if size > most:
        raise ProtocolError(413, f"what is sent here has at most {most} bytes")
    return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """*receive* with a body that has been read already."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
