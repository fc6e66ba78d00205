"""Logs of requests and of slow queries, by the standard ``logging``. A thread writes, so that no request waits."""

from __future__ import annotations

import json
import logging
import queue
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from typing import Any

from missiongraph.web.serving.observation.exchange import Exchange, digest_of
from missiongraph.web.serving.observation.options import Observation

#: Lines that may wait for whoever reads the log. Beyond that lines are left out, rather than memory or requests lost.
_MOST_WAITING = 10_000

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:/")


class RequestLog:
    """The loggers ``missiongraph.requests`` and ``missiongraph.slow-queries``, which write to standard error."""

    def __init__(self, options: Observation) -> None:
        """Start the thread that writes."""
        self._options = options
        handler = logging.StreamHandler()
        handler.setFormatter(_Json() if options.log == "json" else _Plain())
        lines: queue.Queue[Any] = queue.Queue(_MOST_WAITING)
        self._listener = QueueListener(lines, handler)
        self._listener.start()
        self._waiting = _Waiting(lines)
        self._requests = _logger("missiongraph.requests", self._waiting)
        self._slow = _logger("missiongraph.slow-queries", self._waiting)

    def write(self, exchange: Exchange, route: str) -> None:
        """Write the line of an exchange that has ended, and that of its query if it was slow."""
        seconds, query = exchange.seconds, exchange.query
        if self._options.log != "none":
            self._requests.info("request", extra={"fields": self._fields(exchange, route, seconds, query)})
        if self._options.slow is not None and query is not None and seconds >= self._options.slow:
            fields = {"id": exchange.id.decode(), "ms": round(seconds * 1000), "outcome": exchange.outcome}
            self._slow.warning("slow query", extra={"fields": {**fields, "query": query}})

    def _fields(self, exchange: Exchange, route: str, seconds: float, query: str | None) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "id": exchange.id.decode(),
            "method": exchange.scope["method"],
            "route": route,
            "status": exchange.status,
            "ms": round(seconds * 1000, 1),
            "bytes": exchange.sent,
            "cache": "hit" if exchange.cached else "miss",
            "outcome": exchange.outcome,
        }
        if exchange.rows is not None:
            fields["rows"] = exchange.rows
        if query is not None:
            fields["digest"] = digest_of(query)
            if self._options.queries:
                fields["query"] = query
        if self._options.clients:
            client = exchange.scope.get("client")
            fields["client"] = client[0] if client else ""
            forwarded = [value for name, value in exchange.scope["headers"] if name == b"x-forwarded-for"]
            if forwarded:
                fields["forwarded"] = b", ".join(forwarded).decode("latin-1")
        return fields

    def close(self) -> None:
        """Write what waits, and end the thread."""
        for logger in (self._requests, self._slow):
            logger.removeHandler(self._waiting)
        self._listener.stop()


def _logger(name: str, handler: logging.Handler) -> logging.Logger:
    logger = logging.getLogger(name)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    return logger


class _Waiting(QueueHandler):
    """Hands records over as they are, since their fields are never changed; counts those that found no room."""

    lost = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Leave the formatting to the thread that writes."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put *record* into the queue, with how many were left out before it."""
        if self.lost:
            record.__dict__["fields"]["lost"] = self.lost
        try:
            self.queue.put_nowait(record)
            self.lost = 0
        except queue.Full:
            self.lost += 1


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    facts = {"time": time, "event": record.getMessage(), **record.__dict__["fields"]}
    if "rows" in facts:  # counted here, so that no request waits for it
        facts["rows"] = facts["rows"].value
    return facts


class _Json(logging.Formatter):
    """A JSON object on a line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of *record*."""
        return json.dumps(_facts(record))


class _Plain(logging.Formatter):
    """``name=value`` separated by blanks; a value that has other signs than those of names is a JSON string."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of *record*."""
        return " ".join(f"{name}={_plain(value)}" for name, value in _facts(record).items())


def _plain(value: object) -> str:
    text = str(value)
    return text if text and _PLAIN.issuperset(text) else json.dumps(text)
