"""Metrics for Prometheus: each worker counts into files, and the main process adds them up at an address of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from missiongraph.web.serving.observation.exchange import Exchange

if TYPE_CHECKING:
    from prometheus_client import Metric

#: Environment variable by which prometheus-client keeps values in files. It must be set before the import.
_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 120)


class Metrics:
    """What one worker counts."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Gauge, Histogram

        self._requests = Counter(
            "missiongraph_requests", "Requests that have ended", ["route", "status", "cache", "outcome"]
        )
        self._seconds = Histogram(
            "missiongraph_request_seconds", "Time until a response was sent", ["route"], buckets=_SECONDS
        )
        self._bytes = Counter("missiongraph_response_bytes", "Bytes of bodies sent", ["route"])
        self._queries = Counter("missiongraph_queries", "SPARQL queries that have ended", ["outcome", "cache"])
        self._query_seconds = Histogram(
            "missiongraph_query_seconds", "Time until an answer that is not cached was sent", buckets=_SECONDS
        )
        self._open = Gauge("missiongraph_requests_open", "Requests under way", multiprocess_mode="livesum")
        Gauge("missiongraph_workers", "Worker processes that live", multiprocess_mode="livesum").set(1)

    def begin(self) -> None:
        """Count a request that has come."""
        self._open.inc()

    def end(self, exchange: Exchange, route: str) -> None:
        """Count an exchange that has ended."""
        seconds, cache, outcome = exchange.seconds, "hit" if exchange.cached else "miss", exchange.outcome
        self._open.dec()
        self._requests.labels(route, exchange.status, cache, outcome).inc()
        self._seconds.labels(route).observe(seconds)
        self._bytes.labels(route).inc(exchange.sent)
        if route == "sparql" and exchange.query is not None:
            self._queries.labels(outcome, cache).inc()
            if not exchange.cached:
                self._query_seconds.observe(seconds)


@contextmanager
def metrics_at(host: str, port: int) -> Iterator[None]:
    """Serve the sum of what all workers count, which must be started inside."""
    with tempfile.TemporaryDirectory(prefix="missiongraph-metrics-") as folder:
        os.environ[_FOLDER_VARIABLE] = folder
        from prometheus_client import CollectorRegistry, start_http_server

        registry = CollectorRegistry()
        registry.register(_Workers(Path(folder)))
        server, thread = start_http_server(port, host, registry)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Workers:
    """Collects from the files of all workers. What the dead counted stays; what they were doing does not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """The metrics of all workers."""
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

        for file in self._folder.glob("gauge_live*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not _lives(pid):
                with suppress(FileNotFoundError):  # another scrape was quicker
                    mark_process_dead(pid, str(self._folder))  # type: ignore[no-untyped-call]
        collector = MultiProcessCollector(CollectorRegistry(), str(self._folder))  # type: ignore[no-untyped-call]
        return list(collector.collect())  # type: ignore[no-untyped-call]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
