"""The ASGI middleware that sees every request: it gives identifiers, writes logs, and counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from missiongraph.web.serving.observation.exchange import EXCHANGE, Exchange, Message, Scope, Send
from missiongraph.web.serving.observation.logs import RequestLog
from missiongraph.web.serving.observation.metrics import Metrics
from missiongraph.web.serving.observation.options import Observation
from missiongraph.web.serving.observation.traces import Traces

Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

#: The route of paths that begin like no address of the software: those of the publication's own things, and others.
_OTHER = "other"


class Observer:
    """Stands before the whole application, so that an answer from its cache is seen like any other."""

    def __init__(self, application: Application, rules: Iterable[str], options: Observation) -> None:
        """:param rules: the path patterns of the application, which give routes their names"""
        self._application = application
        self._routes = frozenset(rule.split("/")[1].partition(".<")[0] for rule in rules) - {""}
        self._log = RequestLog(options) if options.log != "none" or options.slow is not None else None
        self._metrics = Metrics() if options.metrics else None
        self._traces = Traces() if options.traces else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI 3 connection."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            for seen in (self._log, self._traces):
                if seen is not None:
                    seen.close()
            return
        scope[EXCHANGE] = exchange = Exchange(scope, send, wants_rows=self._log is not None)
        if self._metrics is not None:
            self._metrics.begin()
        try:
            await self._application(scope, receive, exchange)
        finally:
            self._end(exchange)

    def _end(self, exchange: Exchange) -> None:
        route = self.route(exchange.scope["path"])
        if self._metrics is not None:
            self._metrics.end(exchange, route)
        if self._log is not None:
            self._log.write(exchange, route)
        if self._traces is not None:
            self._traces.end(exchange, route)

    def route(self, path: str) -> str:
        """The name under which requests for *path* are counted. There are few, whatever clients ask for."""
        first = path.split("/", 2)[1] if path.startswith("/") else path
        if not first:
            return "home"
        stem = first.partition(".")[0]
        return first if first in self._routes else stem if stem in self._routes else _OTHER
