"""The ASGI application that the production server runs."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, MutableMapping
from functools import lru_cache
from typing import Any

from a2wsgi import WSGIMiddleware
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from missiongraph.sparql.evaluators.pool import Pool, Unanswered
from missiongraph.sparql.evaluators.wire import Kind
from missiongraph.sparql.request import MOST_BYTES, ProtocolError, SparqlRequest, read_request
from missiongraph.sparql.service import (
    KEPT,
    Reply,
    SparqlProblem,
    ask,
    etag_for,
    formats_for,
    reply_headers,
    wants_page,
)
from missiongraph.web.application import EXPOSED, create_app
from missiongraph.web.evaluation import ASKED, pool_for, whole
from missiongraph.web.front.cache import CachedResponse, Headers, ResponseCache
from missiongraph.web.front.encodings import coding_for, encode
from missiongraph.web.problems import PROBLEM_TYPE, problem_document, without_parameters
from missiongraph.web.site import Site

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Formats = dict[Kind, str | None]

_CACHE_BYTES = 64 << 20
_LARGEST_CACHED = 1 << 20
_THREADS = 8

#: Seconds after which it is looked whether the client is still there: most answers take less, and looking costs.
_PATIENCE = 0.05

#: Files are sent as they lie: what is packed among them has an address of its own.
_FILES = "/dumps/"

_OPEN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED.encode()),
    (b"x-content-type-options", b"nosniff"),
]

_VARY, _VARY_ALL = b"Accept, Accept-Language", b"Accept, Accept-Language, Accept-Encoding"


class Front:
    """Answers from the cache, asks the evaluators, and leaves everything else to Flask."""

    def __init__(self) -> None:
        """Creates the Flask application of the build that the environment names."""
        self._flask = create_app()
        self._site: Site = self._flask.extensions["missiongraph"]
        self._wsgi = WSGIMiddleware(self._flask, workers=_THREADS)  # type: ignore[arg-type]  # a WSGI application
        self._cache = ResponseCache(_CACHE_BYTES, largest=_LARGEST_CACHED)
        self._pool: Pool = pool_for(self._site.build)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._pool.start()
                self._site.evaluation.adopt(asyncio.get_running_loop(), self._pool)
                await send({"type": "lifespan.startup.complete"})
            else:
                self._pool.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = _Request(scope)
        key = request.key() if scope["method"] in ("GET", "HEAD") else None
        found = self._cache.get(key) if key is not None else None
        if found is not None:
            await _send_whole(send, found, request)
        elif scope["path"] == "/sparql" and scope["method"] in ("GET", "HEAD", "POST"):
            await self._sparql(request, receive, send)
        else:
            await self._page(request, receive, send, key)

    async def _sparql(self, request: _Request, receive: Receive, send: Send) -> None:
        try:
            body = await _body(receive) if request.scope["method"] == "POST" else b""
        except ProtocolError as problem:
            await _send_whole(send, _problem(problem.status, str(problem), request.path), request)
            return
        key = request.key(body)
        try:
            asked = request.sparql(body)
            formats, for_people = _negotiated(asked.format, request.header(b"accept"))
        except (ProtocolError, SparqlProblem):  # Flask says so in the form that the client reads
            await self._page(request, _replay(body, receive), send, None)
            return
        if asked.query is None:
            await self._page(request, _replay(body, receive), send, key)
        elif for_people:
            await self._result_page(request, asked, body, key, receive, send)
        elif found := self._cache.get(key):
            await _send_whole(send, found, request)
        else:
            await self._query(request, asked, formats, key, receive, send)

    async def _result_page(
        self, request: _Request, asked: SparqlRequest, body: bytes, key: Hashable, receive: Receive, send: Send
    ) -> None:
        """Evaluate here, where waiting holds no thread and ends when the client leaves; Flask makes the page of it."""
        leaving = _Leaving(receive)
        try:
            found = await whole(self._pool, asked)
        except asyncio.CancelledError:
            if not leaving.happened:
                raise
            return
        finally:
            leaving.forget()
        token = ASKED.set(found)
        try:
            await self._page(request, _replay(body, receive), send, key)
        finally:
            ASKED.reset(token)

    async def _query(
        self, request: _Request, asked: SparqlRequest, formats: Formats, key: Hashable, receive: Receive, send: Send
    ) -> None:
        """Evaluate, and end the evaluation as soon as the client has left."""
        leaving = _Leaving(receive)
        try:
            await self._evaluate(request, asked, formats, key, send)
        except asyncio.CancelledError:
            if not leaving.happened:
                raise
        except SparqlProblem as problem:
            await _send_whole(send, _problem_of(problem, request.path), request)
        finally:
            leaving.forget()

    async def _evaluate(
        self, request: _Request, asked: SparqlRequest, formats: Formats, key: Hashable, send: Send
    ) -> None:
        etag = f'"{etag_for(self._site.build.id, asked, formats)}"'.encode()
        if known := request.known(_tag_in(etag, request.coding), etag):
            headers = [(b"etag", known), (b"cache-control", KEPT.encode()), (b"vary", _VARY_ALL), *_OPEN]
            await _send_whole(send, CachedResponse(304, headers, b"", known), request)
            return
        reply = await ask(self._pool, asked, formats)
        try:
            await self._send_reply(request, reply, key, etag, send)
        finally:
            reply.close()

    async def _send_reply(self, request: _Request, reply: Reply, key: Hashable, etag: bytes, send: Send) -> None:
        headers = _reply_headers(reply, etag)
        at_once = reply.answer.at_once()
        whole = at_once is not None
        if whole:
            reply.close()  # the evaluator need not wait for what is done here
        first = bytearray(at_once or b"")
        blocks = reply.blocks()
        try:
            while not whole and len(first) <= _LARGEST_CACHED:
                block = await anext(blocks, None)
                if block is None:
                    whole = True
                else:
                    first += block
        except Unanswered as failure:
            raise SparqlProblem(failure.status, str(failure), retry=failure.retry) from None
        if whole:
            response = _encoded(200, headers, bytes(first), request.coding, None if reply.volatile else etag)
            if not reply.volatile:
                self._cache.put(key, response)
            await _send_whole(send, response, request)
            return
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if request.scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await self._stream(bytes(first), blocks, send)

    async def _stream(self, first: bytes, blocks: AsyncIterator[bytes], send: Send) -> None:
        """Send a large answer block by block. A failure is raised, so that the server cuts the connection."""
        stall = self._site.settings.limits.stall_seconds
        block: bytes | None = first
        while block is not None:
            async with asyncio.timeout(stall):
                await send({"type": "http.response.body", "body": block, "more_body": True})
            block = await anext(blocks, None)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _page(self, request: _Request, receive: Receive, send: Send, key: Hashable | None) -> None:
        """Let Flask answer; keep and compress what is whole and may be kept."""
        patient = _Patient(send, self._site.settings.limits.stall_seconds)
        collector = _Collector(patient, request, self._cache, key)
        scope = request.scope
        if scope["method"] == "HEAD" and not request.path.startswith(_FILES):  # as GET, for its length as it is sent
            scope = {**scope, "method": "GET"}
        await self._wsgi(scope, receive, collector)  # type: ignore[arg-type]  # typed by its own dictionaries
        if patient.failure is not None:  # so that the server cuts the connection
            raise patient.failure


class _Request:
    """What the front needs to know of a request, before anything is parsed that need not be."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.path: str = scope["path"]
        self._headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            self._headers[name.lower()] = b", ".join((*filter(None, (self._headers.get(name.lower()),)), value))

    def header(self, name: bytes) -> str:
        return self._headers.get(name, b"").decode("latin-1")

    @property
    def coding(self) -> str | None:
        return coding_for(self.header(b"accept-encoding"))

    def key(self, body: bytes = b"") -> bytes | None:
        """What the response depends on; ``None`` for a request of a part, which is never kept."""
        if b"range" in self._headers:
            return None
        names = (b"accept", b"accept-language", b"accept-encoding", b"host", b"content-type")
        parts = (self.path, self.scope["query_string"], *(self._headers.get(name) for name in names), body)
        return hashlib.sha256(
            repr(parts).encode("utf-8", "surrogatepass")
        ).digest()  # of one size, however long these are

    def known(self, *etags: bytes, exists: bool = False) -> bytes | None:
        """The first of *etags* that the client has; any tag will do for something that *exists*."""
        given = self._headers.get(b"if-none-match", b"")
        if not given or self.scope["method"] not in ("GET", "HEAD"):
            return None
        tags = {tag.strip().removeprefix(b"W/") for tag in given.split(b",")}
        return next((etag for etag in etags if etag in tags or (exists and tags == {b"*"})), None)

    def sparql(self, body: bytes) -> SparqlRequest:
        media_type, options = parse_options_header(self.header(b"content-type"))
        query = self.scope["query_string"].decode("latin-1")
        return read_request(self.scope["method"], query, media_type, options.get("charset", ""), body)


class _Leaving:
    """Cancels the task that it was made in when the client leaves."""

    def __init__(self, receive: Receive) -> None:
        self.happened = False
        self._receive, self._task = receive, asyncio.current_task()
        self._watch: asyncio.Task[None] | None = None
        self._start = asyncio.get_running_loop().call_later(_PATIENCE, self._begin)

    def _begin(self) -> None:
        self._watch = asyncio.ensure_future(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.happened = True
        if self._task is not None:
            self._task.cancel()

    def forget(self) -> None:
        self._start.cancel()
        if self._watch is not None:
            self._watch.cancel()


class _Patient:
    """Sends for the application; for a client that is gone, or takes nothing, what is left is dropped.

    The adapter of WSGI would wait for ever, and keep its thread, if sending failed.
    """

    def __init__(self, send: Send, stall: float) -> None:
        self.failure: Exception | None = None
        self._send, self._stall = send, stall

    async def __call__(self, message: Message) -> None:
        if self.failure is not None:
            return
        try:
            async with asyncio.timeout(self._stall):
                await self._send(message)
        except Exception as failure:
            self.failure = failure


@lru_cache(256)
def _negotiated(form: str | None, accept_header: str) -> tuple[Formats, bool]:
    """The format of each kind of answer, and whether the answer is a page instead."""
    accept = without_parameters(parse_accept_header(accept_header, MIMEAccept))
    asked = SparqlRequest(None, format=form)
    return formats_for(asked, accept), wants_page(asked, accept)


class _Collector:
    """Stands between Flask and the client: keeps a response that may be kept, and compresses it once."""

    def __init__(self, send: Send, request: _Request, cache: ResponseCache, key: Hashable | None) -> None:
        self._send, self._request, self._cache, self._key = send, request, cache, key
        self._start: Message | None = None
        self._body = bytearray()
        self._through = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            names = {name.lower() for name, _ in message["headers"]}
            as_it_is = self._key is None or b"accept-ranges" in names or self._request.path.startswith(_FILES)
            self._through = message["status"] != 200 or as_it_is  # a range is one of the bytes as they lie in the file
            if self._through:
                await self._send(message)
            return
        if self._through or self._start is None:
            without = self._request.scope["method"] == "HEAD"
            await self._send({**message, "body": b""} if without else message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            if len(self._body) > self._cache.largest:
                self._through = True
                await self._send(self._start)
                await self._send({"type": "http.response.body", "body": bytes(self._body), "more_body": True})
            return
        headers = [(n, v) for n, v in self._start["headers"] if n.lower() != b"content-length"]
        plain = {name.lower(): value for name, value in headers}
        response = _encoded(200, headers, bytes(self._body), self._request.coding, plain.get(b"etag"))
        if b"no-store" not in plain.get(b"cache-control", b"no-store"):
            self._cache.put(self._key, response)
        await _send_whole(self._send, response, self._request)


def _encoded(status: int, headers: Headers, body: bytes, coding: str | None, etag: bytes | None) -> CachedResponse:
    """A whole response in the client's coding, whose tag says so: a strong tag belongs to one sequence of bytes."""
    media_type = next((v.decode("latin-1") for n, v in headers if n.lower() == b"content-type"), "")
    packed, used = encode(body, coding, media_type)
    others = [(n, v) for n, v in headers if n.lower() not in (b"etag", b"vary")]
    vary = next((v for n, v in headers if n.lower() == b"vary"), b"")
    others.append((b"vary", vary + b", Accept-Encoding" if vary else b"Accept-Encoding"))
    if used:
        others.append((b"content-encoding", used.encode()))
    if etag:
        etag = _tag_in(etag, used)
        others.append((b"etag", etag))
    return CachedResponse(status, others, packed, etag)


def _tag_in(etag: bytes, coding: str | None) -> bytes:
    return etag[:-1] + f"--{coding}".encode() + b'"' if coding else etag


async def _send_whole(send: Send, response: CachedResponse, request: _Request) -> None:
    status, body, headers = response.status, response.body, response.headers
    if status == 200 and response.etag is not None and request.known(response.etag, exists=True):
        status, body = 304, b""
        headers = [(n, v) for n, v in headers if n.lower() not in (b"content-type", b"content-encoding")]
    else:
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    sent = b"" if request.scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": sent, "more_body": False})


def _reply_headers(reply: Reply, etag: bytes) -> Headers:
    stated = [(name.lower().encode(), value.encode()) for name, value in reply_headers(reply).items()]
    headers = [*stated, (b"vary", _VARY), *_OPEN]
    return headers if reply.volatile else [*headers, (b"etag", etag)]


def _problem_of(problem: SparqlProblem, path: str) -> CachedResponse:
    document = problem_document(problem.status, problem.detail, path, line=problem.line, column=problem.column)
    retry = [(b"retry-after", str(problem.retry).encode())] if problem.retry is not None else []
    return _problem_response(problem.status, document, retry)


def _problem(status: int, detail: str, path: str) -> CachedResponse:
    return _problem_response(status, problem_document(status, detail, path), [])


def _problem_response(status: int, document: str, more: Headers) -> CachedResponse:
    headers = [
        (b"content-type", PROBLEM_TYPE.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", _VARY),
        *_OPEN,
        *more,
    ]
    return CachedResponse(status, headers, document.encode())


async def _body(receive: Receive) -> bytes:
    """The body of a request.

    :raises ProtocolError: it is too large
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the client left before it had asked")
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise ProtocolError(413, f"a query has at most {MOST_BYTES} bytes")
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """*receive* with a body that has been read already."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def create_front() -> Front:
    """The application, for a server that starts it by import."""
    return Front()
