"""Spans of requests for OpenTelemetry, sent as OTLP over HTTP; for an installation with the extra ``opentelemetry``.

The variables of the OpenTelemetry specification decide: nothing is sent unless they name an endpoint
(``OTEL_EXPORTER_OTLP_ENDPOINT``, ``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT``).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from importlib.util import find_spec

from missiongraph.errors import MissiongraphError, Problem
from missiongraph.web.serving.observation.exchange import Exchange

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_SERVER_ERROR = 500


def wants_traces() -> bool:
    """Whether the environment names an endpoint for traces.

    :raises MissiongraphError: it does, but the extra is not installed
    """
    named = next((name for name in _ENDPOINTS if os.environ.get(name)), None)
    if named is None or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.exporter.otlp.proto.http") is None:
        advice = f"pip install 'missiongraph[opentelemetry]', or unset {named}"
        raise MissiongraphError(Problem(f"{named} asks for traces, which need OpenTelemetry", advice=advice))
    return True


class Traces:
    """Sends a span for each request, with neither its query nor its address."""

    def __init__(self) -> None:
        """Start the thread that sends."""
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        named: Mapping[str, str] = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "missiongraph"}
        self._provider = TracerProvider(resource=Resource.create(named))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("missiongraph")

    def end(self, exchange: Exchange, route: str) -> None:
        """Send the span of an exchange that has ended, as a part of the trace that its client or proxy began."""
        from opentelemetry.trace import SpanKind, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        fields = {name.decode("latin-1"): value.decode("latin-1") for name, value in exchange.scope["headers"]}
        ended = time.time_ns()
        span = self._tracer.start_span(
            f"{exchange.scope['method']} {route}",
            TraceContextTextMapPropagator().extract(fields),
            SpanKind.SERVER,
            {
                "http.request.method": exchange.scope["method"],
                "http.route": route,
                "http.response.status_code": exchange.status,
                "http.response.body.size": exchange.sent,
                "missiongraph.request_id": exchange.id.decode(),
                "missiongraph.cache": "hit" if exchange.cached else "miss",
                "missiongraph.outcome": exchange.outcome,
            },
            start_time=ended - round(exchange.seconds * 1e9),
        )
        if exchange.status >= _SERVER_ERROR:
            span.set_status(StatusCode.ERROR)
        span.end(ended)

    def close(self) -> None:
        """Send what waits, and end the thread."""
        self._provider.shutdown()
