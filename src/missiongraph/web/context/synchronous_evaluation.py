"""SPARQL evaluation for synchronous code, such as Flask under any WSGI server or Flask's test client."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from missiongraph.build import Build
from missiongraph.publication.settings import Limits
from missiongraph.sparql.endpoint import Endpoint
from missiongraph.sparql.evaluators.pool import Pool
from missiongraph.sparql.evaluators.wire import Kind
from missiongraph.sparql.evaluators.worker_handle import Unanswered
from missiongraph.sparql.federation import Federation
from missiongraph.sparql.http_replies import Reply, SparqlProblem
from missiongraph.sparql.remote_endpoints import Remote
from missiongraph.sparql.request import SparqlRequest

#: Environment variable with the number of evaluators. It overrides the publication's setting.
EVALUATORS_VARIABLE = "MISSIONGRAPH_EVALUATORS"

#: Largest answer that a page shows, in bytes. The other formats have no such bound.
MOST_ON_PAGE = 8 << 20

_FOR_PAGES: dict[Kind, str | None] = {"solutions": "json", "boolean": "json", "graph": "ttl"}

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Whole:
    """A complete answer in the format that the result page reads: SPARQL JSON results, or Turtle of a graph."""

    kind: Kind
    content: bytes


#: The answer to the current request, if the ASGI application has evaluated its query already.
ASKED: ContextVar[Whole | SparqlProblem | None] = ContextVar("asked", default=None)


async def whole(endpoint: Endpoint, request: SparqlRequest) -> Whole | SparqlProblem:
    """Evaluate *request* and return its complete answer for the result page, or the problem."""
    content = bytearray()
    try:
        reply = await endpoint.ask(request, _FOR_PAGES)
        try:
            async for block in reply.blocks():
                content += block
                if len(content) > MOST_ON_PAGE:
                    what = "The answer is too large for a page; choose another format, or add a LIMIT."
                    return SparqlProblem(400, what)
        finally:
            reply.close()
    except SparqlProblem as problem:
        return problem
    except Unanswered as failure:
        return SparqlProblem(failure.status, str(failure), retry=failure.retry)
    return Whole(reply.kind, bytes(content))


async def _in_time(answer: Coroutine[Any, Any, Whole | SparqlProblem], seconds: float | None) -> Whole | SparqlProblem:
    try:
        return await asyncio.wait_for(answer, seconds)
    except TimeoutError:
        return SparqlProblem(504, "not answered in time")


def evaluators_of(limits: Limits) -> int:
    """How many evaluators there are: what the environment says, else the publication, else two more than processors."""
    return int(os.environ.get(EVALUATORS_VARIABLE, limits.evaluators)) or (os.cpu_count() or 1) + 2


def endpoint_for(build: Build) -> Endpoint:
    """An endpoint with the limits of the publication. The caller starts its pool of evaluators."""
    limits = build.settings.limits
    pool = Pool(
        build.folder,
        evaluators=evaluators_of(limits),
        total_seconds=limits.total_seconds,
        queue=limits.queue,
        queue_seconds=limits.queue_seconds,
    )
    allowed = frozenset(build.settings.service.allow)
    return Endpoint(pool, Federation(allowed, build.prefixes, build.settings.base, Remote(limits.total_seconds)))


class Evaluation:
    """Evaluates queries for threads. The first query starts the pool, unless the server has given its own endpoint."""

    def __init__(self, build: Build) -> None:
        """:param build: the build whose store is queried"""
        self._build = build
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._endpoint: Endpoint | None = None

    def adopt(self, loop: asyncio.AbstractEventLoop, endpoint: Endpoint) -> None:
        """Use an endpoint that runs in the event loop of the server."""
        self._loop, self._endpoint = loop, endpoint

    def ask(self, request: SparqlRequest, formats: dict[Kind, str | None]) -> tuple[Reply, Iterator[bytes]]:
        """Evaluate *request*; return the head of the answer and an iterator over its blocks of bytes.

        Closing the iterator early ends the query.

        :param formats: the result format of each kind of answer; ``None`` where none is acceptable
        :raises SparqlProblem: the query is refused, no format is acceptable, or the time limit has passed
        """
        reply = self._run(self._started().ask(request, formats))
        return reply, self._blocks(reply)

    def ask_whole(self, request: SparqlRequest, seconds: float | None = None) -> Whole | SparqlProblem:
        """Evaluate *request* and return its complete answer for a page, or the problem.

        :param seconds: a time limit shorter than the publication's
        """
        return self._run(_in_time(whole(self._started(), request), seconds))

    def ready(self) -> bool:
        """Whether a query can be answered now."""
        try:
            return self._run(_is_ready(self._started().pool))
        except Unanswered:
            return False

    def _blocks(self, reply: Reply) -> Iterator[bytes]:
        blocks = reply.blocks()
        try:
            while True:
                try:
                    yield self._run(anext(blocks))  # type: ignore[arg-type]  # of an async generator
                except StopAsyncIteration:
                    return
        finally:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(reply.close)

    def _run(self, coroutine: Coroutine[Any, Any, _Result]) -> _Result:
        if self._loop is None:
            raise RuntimeError("no loop")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _started(self) -> Endpoint:
        with self._lock:
            if self._endpoint is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), name="evaluators", daemon=True).start()
                self._endpoint = endpoint_for(self._build)
                atexit.register(self.close)
                self._run(self._endpoint.pool.start())
            return self._endpoint

    def close(self) -> None:
        """End the evaluators that this object started. It may be called twice."""
        with self._lock:
            loop, endpoint, self._loop, self._endpoint = self._loop, self._endpoint, None, None
        if loop is not None and endpoint is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(_closing(endpoint.pool), loop).result(5)
            loop.call_soon_threadsafe(loop.stop)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run *loop* until it is stopped, and free what it holds of the system."""
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _is_ready(pool: Pool) -> bool:
    return pool.ready


async def _closing(pool: Pool) -> None:
    pool.close()
