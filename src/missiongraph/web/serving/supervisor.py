"""The main process of the server: it holds the listening socket, and starts workers that end again.

While a worker is started again, the kernel lets new connections wait in the socket. None is refused.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from granian import net
from granian.server.mp import MPServer

from missiongraph.processes.backoff import Backoff
from missiongraph.web.serving.asgi.current_build import QUIET_VARIABLE
from missiongraph.web.serving.listening import BACKLOG

_log = logging.getLogger("missiongraph")


class Supervisor(MPServer):
    """Granian, with other ways to listen, to start workers again, to reload, and to stop."""

    def __init__(self, target: str, listener: socket.socket, **options: Any) -> None:
        """:param listener: the socket that all workers take connections from

        :param options: of Granian
        """
        super().__init__(target, backlog=BACKLOG, **options)
        self._listener = listener
        self._backoffs: defaultdict[int, Backoff] = defaultdict(Backoff)
        logging.getLogger("_granian").addFilter(lambda record: not record.getMessage().startswith("Unexpected exit"))

    def signal_handler_reload(self, *args: object, **kwargs: object) -> None:
        """Hand SIGHUP on to the workers: they look for a new build. Granian would start new ones."""
        for worker in self.wrks:
            if worker.inner.is_alive():
                os.kill(worker.inner.pid, signal.SIGHUP)

    def _init_shared_socket(self) -> None:
        """Share one socket between all workers.

        On Linux, Granian would let each listen for itself (``SO_REUSEPORT``). The connections that wait for a worker
        would end with it.
        """
        if sys.platform != "linux":
            self._listener.close()
            super()._init_shared_socket()
            return
        multiprocessing.set_start_method("fork", force=True)  # a worker has the socket by its number
        share: Any = net.SocketHolder  # type: ignore[attr-defined]  # its types do not know its arguments
        self._sso: socket.socket | None = self._listener
        self._shd: Any = share(self._listener.fileno(), False, self.backlog)

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        """Start workers that end again, later each time. Granian would stop if one ended twice in 5.5 seconds."""
        due: dict[int, float] = {}
        while not self.interrupt_signal:
            soonest = min(due.values(), default=None)
            self.main_loop_interrupt.wait(None if soonest is None else max(0.0, soonest - time.monotonic()))
            self.main_loop_interrupt.clear()
            while self.interrupt_children:
                number = self.interrupt_children.pop()
                due[number] = time.monotonic() + self._pause(number)
            now = time.monotonic()
            for number in [number for number, at in due.items() if at <= now and not self.interrupt_signal]:
                del due[number]
                self._start_again(number, spawn_target, target_loader)

    def _pause(self, number: int) -> float:
        backoff = self._backoffs[number]
        pause = backoff.ended()
        if backoff.ends == 1:
            code = self.wrks[number].inner.exitcode
            how = f"killed by signal {-code}" if code and code < 0 else f"exit code {code}"
            _log.error("worker %d has ended (%s) and is started again", number + 1, how)
        return pause

    def _start_again(self, number: int, spawn_target: Any, target_loader: Any) -> None:
        if self._backoffs[number].ends > 1:
            os.environ[QUIET_VARIABLE] = "1"
        try:
            self._respawn_workers([number], spawn_target, target_loader)
        finally:
            os.environ.pop(QUIET_VARIABLE, None)

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        with _without_sigterm():
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]

    def _respawn_workers(self, workers: Any, spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        with _without_sigterm():
            super()._respawn_workers(workers, spawn_target, target_loader, delay)

    def _stop_workers(self) -> None:
        for worker in self.wrks:
            worker.interrupt_by_parent = True  # who stops a whole group of processes has stopped them already
        super()._stop_workers()  # type: ignore[no-untyped-call]
        self.interrupt_children.clear()


@contextmanager
def _without_sigterm() -> Iterator[None]:
    """Block SIGTERM within the block, also in workers that start in it: each takes it when it has a handler of its own.

    Until then it has that of this process, which would do nothing there.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
