"""A fork server that is kept running: when it ends, another is started, later each time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from missiongraph.build.opened_build import Build
from missiongraph.errors import MissiongraphError
from missiongraph.processes.backoff import Backoff
from missiongraph.sparql.evaluators.fork_server_handle import ForkServerHandle

_log = logging.getLogger("missiongraph")


class KeptForkServer:
    """The fork server of a pool. It belongs to the event loop that starts it."""

    def __init__(
        self,
        build: Path,
        started: Callable[[int, int], None],
        ended: Callable[[int, int], None],
        lost: Callable[[], None],
        begun: Callable[[], None],
    ) -> None:
        """:meth:`start` starts it.

        :param started: called with the process id of a new evaluator and the descriptor of its socket
        :param ended: called with the process id of an evaluator that has ended, and the signal that ended it (0: none)
        :param lost: called when the fork server has ended, and its evaluators with it
        :param begun: called when it is there, and can be asked for evaluators
        """
        self._build, self._started, self._ended = build, started, ended
        self._lost, self._begun = lost, begun
        self._handle: ForkServerHandle | None = None
        self._backoff = Backoff()
        self._next: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def ends(self) -> int:
        """How often it has ended since it last ran steadily."""
        return self._backoff.ends

    @property
    def asked(self) -> int:
        """How many evaluators it was asked for and has not yet reported as started."""
        return self._handle.asked if self._handle is not None else 0

    @property
    def said(self) -> str:
        """The last line that it or its evaluators wrote to standard error; empty without one."""
        return self._handle.said if self._handle is not None else ""

    def start(self) -> None:
        """Start it, now or as soon as the system allows."""
        if self._closed:
            return
        try:
            self._handle = ForkServerHandle(Build.open(self._build), self._started, self._ended, self._on_lost)
        except (OSError, MissiongraphError) as error:
            self._again(str(error))
        else:
            self._begun()

    def fork(self, number: int) -> None:
        """Ask for *number* evaluators, if it is there."""
        if self._handle is not None:
            self._handle.fork(number)

    def close(self) -> None:
        """End it, and its evaluators. May be called twice."""
        self._closed = True
        if self._next is not None:
            self._next.cancel()
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _on_lost(self, why: str) -> None:
        self._handle = None
        self._lost()
        if not self._closed:
            self._again(why)

    def _again(self, why: str) -> None:
        pause = self._backoff.ended()
        if self._backoff.ends == 1:
            _log.error("the evaluators have ended (%s) and are started again", why)
        self._next = asyncio.get_running_loop().call_later(pause, self.start)
