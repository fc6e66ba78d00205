"""The web server's handle on the fork server: it starts the process, asks it to fork, and reads its reports."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

from missiongraph.sparql.evaluators.fork_server import FORK, REPORT, STARTED


class ForkServerHandle:
    """A running fork server.

    :ivar asked: how many evaluators it was asked for and has not yet reported as started
    """

    def __init__(
        self,
        build: Path,
        started: Callable[[int, int], None],
        ended: Callable[[int, int], None],
        lost: Callable[[], None],
    ) -> None:
        """Start the fork server, and read its reports in the running event loop.

        :param started: called with the process id of a new evaluator and the descriptor of its socket
        :param ended: called with the process id of an evaluator that has ended, and the signal that ended it (0: none)
        :param lost: called when the fork server itself has ended
        """
        self.asked = 0
        self._started, self._ended, self._lost = started, ended, lost
        self._reports = bytearray()
        self._descriptors: deque[int] = deque()
        self._loop = asyncio.get_running_loop()
        self._control, theirs = socket.socketpair()
        module = "missiongraph.sparql.evaluators.fork_server"
        command = [sys.executable, "-m", module, str(build), str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        self._control.setblocking(False)
        self._loop.add_reader(self._control, self._read)

    @property
    def runs(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def fork(self, number: int) -> None:
        """Ask for *number* evaluators."""
        with contextlib.suppress(OSError):
            self._control.send(FORK * number)
            self.asked += number

    def close(self) -> None:
        """End the fork server and its evaluators."""
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.remove_reader(self._control)
        self._control.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())
        self._process.terminate()
        self._process.wait()

    def _read(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 4096, 16)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        if not data:
            self.close()
            self._lost()
            return
        self._reports += data
        self._descriptors.extend(descriptors)
        while len(self._reports) >= REPORT.size:
            kind, pid, signal_number = REPORT.unpack_from(self._reports)
            del self._reports[: REPORT.size]
            if kind == STARTED:
                self.asked -= 1
                self._started(pid, self._descriptors.popleft())
            else:
                self._ended(pid, signal_number)
