"""A collector of OpenTelemetry gets a span of each request, and nothing that says who asked for what."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from missiongraph.build import Build
from missiongraph.errors import MissiongraphError
from missiongraph.web.serving.observation.traces import wants_traces
from tests.conftest import free_port

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a collector, and the bodies that it gets."""
    got: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server calls
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", got
        server.shutdown()
        thread.join()


def test_a_collector_gets_the_span_of_a_request(beer_build: Build, collector: tuple[str, list[bytes]]) -> None:
    address, got = collector
    port = free_port()
    command = [sys.executable, "-m", "missiongraph", "serve", "--build", str(beer_build.folder), "--port", str(port)]
    environment = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "X-Request-ID": "mine"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        try:
            patience = time.monotonic() + 60
            while time.monotonic() < patience:
                try:
                    query = {"query": "SELECT ?secret { ?secret a ?b }"}
                    httpx.get(f"http://127.0.0.1:{port}/sparql", params=query, headers=headers)
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            while not got and time.monotonic() < patience:
                time.sleep(0.05)
        finally:
            process.terminate()
    read = [ExportTraceServiceRequest.FromString(body) for body in got]
    (span,) = [s for r in read for rs in r.resource_spans for ss in rs.scope_spans for s in ss.spans]
    said = {a.key: a.value.string_value or a.value.int_value for a in span.attributes}
    assert (span.name, span.trace_id.hex()) == ("GET sparql", TRACE)
    assert said["http.response.status_code"] == 200
    assert said["missiongraph.request_id"] == "mine"
    assert 0 < span.end_time_unix_nano - span.start_time_unix_nano < 60 * 10**9
    assert b"secret" not in b"".join(got)
    assert {a.value.string_value for rs in read[0].resource_spans for a in rs.resource.attributes} >= {"missiongraph"}


def test_nothing_is_sent_unless_an_endpoint_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not wants_traces()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1")
    assert wants_traces()
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert not wants_traces()


def test_an_installation_without_opentelemetry_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setattr("missiongraph.web.serving.observation.traces.find_spec", lambda name: None)
    with pytest.raises(MissiongraphError, match=r"missiongraph\[opentelemetry\]"):
        wants_traces()
