"""One build over ASGI: answers from the cache, evaluates queries, and leaves everything else to Flask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from functools import lru_cache

from a2wsgi import WSGIMiddleware
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from missiongraph.build import Build
from missiongraph.sparql.endpoint import Endpoint
from missiongraph.sparql.evaluators.wire import Kind
from missiongraph.sparql.evaluators.worker_handle import Unanswered
from missiongraph.sparql.http_replies import Reply, SparqlProblem, etag_for, formats_for, wants_page
from missiongraph.sparql.request import ProtocolError, SparqlRequest
from missiongraph.web.context.site import Site
from missiongraph.web.context.synchronous_evaluation import ASKED, endpoint_for, whole
from missiongraph.web.http.parameters import MOST_POSTED
from missiongraph.web.http.problems import without_parameters
from missiongraph.web.http.respond import UNWANTED
from missiongraph.web.serving.application import create_app
from missiongraph.web.serving.asgi.admission import Guard
from missiongraph.web.serving.asgi.disconnects import Disconnects, TimedSend
from missiongraph.web.serving.asgi.flask_responses import FILES, Collector
from missiongraph.web.serving.asgi.request import FrontRequest, Message, Receive, Scope, Send, read_body, replay
from missiongraph.web.serving.asgi.response_cache import ResponseCache
from missiongraph.web.serving.asgi.turns import Turn
from missiongraph.web.serving.asgi.whole_responses import answered, problem_of, send_whole, streamed, tag_in, unchanged
from missiongraph.web.serving.flask_charges import ADMITTED
from missiongraph.web.serving.observation.exchange import note_answer, note_cached, note_query

Formats = dict[Kind, str | None]

_CACHE_BYTES = 64 << 20
_LARGEST_CACHED = 1 << 20
_THREADS = 8

#: Largest body in bytes that is parsed in the event loop. Longer ones are parsed in a thread.
_LONG_BODY = 64 << 10

#: After an answer with one of these nobody knows where the next request begins.
_UNREADABLE = (400, 408, 417)


class ServedBuild:
    """Everything that answers requests from one build: Flask application, cache, tags, evaluators.

    :ivar requests: how many requests are being answered from it
    """

    def __init__(self, build: Build) -> None:
        """Create the Flask application for *build*; :meth:`start` starts the evaluators."""
        self.build = build
        self.requests = 0
        self._flask = create_app(build)
        self._flask.config["USE_X_SENDFILE"] = True
        self._site: Site = self._flask.extensions["missiongraph"]
        self._wsgi = WSGIMiddleware(self._flask, workers=_THREADS)  # type: ignore[arg-type]  # a WSGI application
        self._cache = ResponseCache(_CACHE_BYTES, largest=_LARGEST_CACHED)
        self._endpoint: Endpoint = endpoint_for(self._site.build)
        self._disconnects = Disconnects()
        self._guard = Guard(self._site, self._endpoint.pool.size)

    def patterns(self) -> list[str]:
        """The path patterns of all routes."""
        return [rule.rule for rule in self._flask.url_map.iter_rules()]

    async def start(self) -> None:
        """Start the evaluators.

        :raises Unanswered: none can be started; that is tried again until this is closed
        """
        self._site.evaluation.adopt(asyncio.get_running_loop(), self._endpoint)
        await self._endpoint.pool.start()

    def go_on_from(self, former: ServedBuild) -> None:
        """Remember what networks have used of the *former* build, if its limits were the same."""
        if former.build.settings.limits == self.build.settings.limits:
            vars(self._site)["budget"] = former._site.budget

    def close(self) -> None:
        """End the evaluators, and close the files of the build. No request may be under way."""
        self._endpoint.pool.close()
        self._wsgi.executor.shutdown(wait=False)
        self.build.close()
        self._flask.extensions.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an HTTP request."""
        self.requests += 1
        try:
            await self._answer(scope, receive, send)
        finally:
            self.requests -= 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = FrontRequest(scope)
        if request.fault is not None:
            await _refuse(request, request.fault, send)
            return
        found = self._cache.get(request.key) if request.key is not None else None
        if found is not None:
            note_cached(scope, found.rows)
            await send_whole(send, found, request)
        elif request.path == "/sparql" and (request.may_be_kept or scope["method"] == "POST"):
            await self._sparql(request, receive, send)
        elif not request.may_be_kept:
            await self._posted(request, receive, send)
        else:
            await self._visit(request, receive, send)

    async def _visit(self, request: FrontRequest, receive: Receive, send: Send) -> None:
        """Let Flask answer when it is the client's turn."""
        turn = await self._guard.enter(self._guard.pages, request, send)
        if turn is None:
            return
        try:
            await self._page(request, receive, send, turn)
        finally:
            self._guard.pages.give_back(turn)

    async def _posted(self, request: FrontRequest, receive: Receive, send: Send) -> None:
        """Read the body here, where a slow client holds no thread; then let Flask answer."""
        try:
            request.body = await read_body(request, receive, self._site.settings.limits.stall_seconds, MOST_POSTED)
        except ProtocolError as problem:
            await _refuse(request, problem, send)
            return
        await self._visit(request, receive, send)

    async def _sparql(self, request: FrontRequest, receive: Receive, send: Send) -> None:
        body = b""
        if not request.may_be_kept:
            try:
                body = await read_body(request, receive, self._site.settings.limits.stall_seconds)
            except ProtocolError as problem:
                await _refuse(request, problem, send)
                return
            request.with_body(body)
        try:
            is_long = len(body) > _LONG_BODY
            asked = await asyncio.to_thread(request.sparql, body) if is_long else request.sparql(body)
            formats, for_people = _negotiated(asked.format, request.header(b"accept"))
        except (ProtocolError, SparqlProblem):  # Flask answers in the form that the client prefers
            request.key = None
            await self._visit(request, receive, send)
            return
        note_query(request.scope, asked.query)
        if asked.query is None:
            await self._visit(request, receive, send)
        elif not request.may_be_kept and (found := self._cache.get(request.key)):
            note_cached(request.scope, found.rows)
            await send_whole(send, found, request)
        else:
            await self._query(request, asked, None if for_people else formats, receive, send)

    async def _query(
        self, request: FrontRequest, asked: SparqlRequest, formats: Formats | None, receive: Receive, send: Send
    ) -> None:
        """Evaluate the query, for the result page if *formats* is ``None``; stop if the client disconnects."""
        client = self._disconnects.watch(receive)
        turn = None
        try:
            turn = await self._guard.enter(self._guard.queries, request, send)
            if turn is None:
                return
            started, spent = time.monotonic(), None
            try:
                if formats is None:
                    found = await whole(self._endpoint, asked)
                else:
                    spent = await self._evaluate(request, asked, formats, send)
            finally:
                self._guard.charge(turn, time.monotonic() - started if spent is None else spent)
        except asyncio.CancelledError:
            if not client.left:
                raise
            return
        except SparqlProblem as problem:
            await send_whole(send, problem_of(problem, request.path), request)
            return
        finally:
            client.unwatch()
            if turn is not None:
                self._guard.queries.give_back(turn)
        if formats is None:  # Flask renders the page; none of its threads had to wait for the answer
            token = ASKED.set(found)
            try:
                await self._visit(request, receive, send)
            finally:
                ASKED.reset(token)

    async def _evaluate(
        self, request: FrontRequest, asked: SparqlRequest, formats: Formats, send: Send
    ) -> float | None:
        """Answer; return the evaluator's seconds of processor time, if it has told those of the whole answer."""
        etag = f'"{etag_for(self._site.build.id, asked, formats)}"'.encode()
        if request.if_none_match and (known := request.known(tag_in(etag, request.coding), etag)):
            await send_whole(send, unchanged(known), request)
            return 0.0
        reply = await self._endpoint.ask(asked, formats)
        spent = reply.answer.spent if reply.answer.ended else None
        try:
            await self._send_reply(request, reply, etag, send)
            return spent
        finally:
            reply.close()

    async def _send_reply(self, request: FrontRequest, reply: Reply, etag: bytes, send: Send) -> None:
        blocks = reply.blocks()
        body = reply.answer.at_once()
        if body is None:
            first, is_whole = await _up_to(_LARGEST_CACHED, blocks)
            if not is_whole:
                await self._stream(request, reply, etag, first, blocks, send)
                return
            body = first
        response = answered(reply, body, request.coding, etag)
        response.rows = note_answer(request.scope, reply.format, body)
        if not reply.volatile:
            self._cache.put(request.key, response)
        await send_whole(send, response, request)

    async def _stream(
        self, request: FrontRequest, reply: Reply, etag: bytes, first: bytes, blocks: AsyncIterator[bytes], send: Send
    ) -> None:
        """Send a large answer block by block. An error is raised, so that the server cuts the connection."""
        await send({"type": "http.response.start", "status": 200, "headers": streamed(reply, etag)})
        stall = self._site.settings.limits.stall_seconds
        block: bytes | None = None if request.is_head else first
        while block is not None:
            async with asyncio.timeout(stall):
                await send({"type": "http.response.body", "body": block, "more_body": True})
            block = await anext(blocks, None)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _page(self, request: FrontRequest, receive: Receive, send: Send, turn: Turn | None = None) -> None:
        """Let Flask answer; compress and cache the response if it is whole and may be cached.

        :param turn: of the client; it ends when the response begins, since then a slow client may be waited for
        """
        timed = TimedSend(send, self._site.settings.limits.stall_seconds)
        collector = Collector(receive, timed, send, request, self._cache)
        scope = request.scope if request.path.startswith(FILES) else request.for_a_page()
        scope = {**scope, ADMITTED: True, UNWANTED: lambda: collector.unwanted or timed.failure is not None}
        if request.body is not None:
            receive = replay(request.body, receive)

        async def begun(message: Message) -> None:
            if turn is not None:
                self._guard.pages.give_back(turn)
            await collector(message)

        try:
            await self._wsgi(scope, receive, begun)  # type: ignore[arg-type]  # its types
        finally:
            collector.close()
        if timed.failure is not None:  # so that the server cuts the connection
            raise timed.failure


async def _refuse(request: FrontRequest, problem: ProtocolError, send: Send) -> None:
    """Refuse the request, and close the connection of a client that may not mean what we read."""
    response = problem_of(SparqlProblem(problem.status, str(problem)), request.path)
    if problem.status in _UNREADABLE and request.scope["http_version"].startswith("1"):
        response.start["headers"].append((b"connection", b"close"))
    await send_whole(send, response, request)


async def _up_to(most: int, blocks: AsyncIterator[bytes]) -> tuple[bytes, bool]:
    """The first *most* bytes, up to the end of a block, and whether that is the whole answer.

    :raises SparqlProblem: if the evaluation fails
    """
    first = bytearray()
    try:
        while len(first) <= most:
            block = await anext(blocks, None)
            if block is None:
                return bytes(first), True
            first += block
    except Unanswered as failure:
        raise SparqlProblem(failure.status, str(failure), retry=failure.retry) from None
    return bytes(first), False


@lru_cache(256)
def _negotiated(form: str | None, accept_header: str) -> tuple[Formats, bool]:
    """The format of each kind of answer, and whether the client prefers the page."""
    accept = without_parameters(parse_accept_header(accept_header, MIMEAccept))
    asked = SparqlRequest(None, format=form)
    return formats_for(asked, accept), wants_page(asked, accept)
