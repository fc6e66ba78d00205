"""Logs that nobody reads."""

from __future__ import annotations

import json
import os
import sys
import threading

import pytest

from missiongraph.web.serving.observation.exchange import Exchange, Message
from missiongraph.web.serving.observation.logs import RequestLog
from missiongraph.web.serving.observation.options import Observation


async def _send(message: Message) -> None:
    """Send nothing; the exchange of this test only gets written."""


def test_a_log_that_nobody_reads_stops_no_request_and_says_what_it_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    written = 12_000
    with os.fdopen(writing, "w") as full, os.fdopen(reading) as pipe:
        monkeypatch.setattr(sys, "stderr", full)
        log = RequestLog(Observation("json"))
        exchange = Exchange({"path": "/", "method": "GET", "headers": [], "query_string": b""}, _send)

        def flood() -> None:
            for _ in range(written):
                log.write(exchange, "home")

        flooding = threading.Thread(target=flood, daemon=True)
        flooding.start()
        flooding.join(20)
        assert not flooding.is_alive(), "a log that nobody reads has stopped whoever writes"
        lines = [json.loads(pipe.readline()) for _ in range(10_000)]
        log.write(exchange, "home")

        def close() -> None:
            log.close()
            full.write("end\n")
            full.flush()

        closing = threading.Thread(target=close)
        closing.start()
        while (line := pipe.readline()) != "end\n":
            lines.append(json.loads(line))
        closing.join(20)
    lost = sum(line.get("lost", 0) for line in lines)
    assert lost > 0
    assert len(lines) + lost == written + 1
