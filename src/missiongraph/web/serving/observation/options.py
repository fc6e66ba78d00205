"""What the operator wants to see, as the command line says it and as worker processes read it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Literal, Self

#: Environment variable that carries the options to worker processes.
_VARIABLE = "MISSIONGRAPH_OBSERVATION"

LogForm = Literal["none", "plain", "json"]


@dataclass(frozen=True)
class Observation:
    """What is logged and measured.

    :ivar log: form of the log of requests
    :ivar clients: whether a log line names the address of the client
    :ivar queries: whether a log line has the text of the query, not only its digest
    :ivar slow: seconds after which a query is logged with its text; ``None`` for no such log
    :ivar metrics: whether requests are counted for Prometheus
    :ivar traces: whether spans are sent to OpenTelemetry
    """

    log: LogForm = "none"
    clients: bool = False
    queries: bool = False
    slow: float | None = None
    metrics: bool = False
    traces: bool = False

    def publish(self) -> None:
        """Tell processes that are started from now on."""
        os.environ[_VARIABLE] = json.dumps(asdict(self))

    @classmethod
    def published(cls) -> Self:
        """What the process that started this one published; the defaults if it published nothing."""
        return cls(**json.loads(os.environ.get(_VARIABLE, "{}")))
