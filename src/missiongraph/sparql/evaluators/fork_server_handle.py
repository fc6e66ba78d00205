"""The fork server as the server sees it: started here, told to fork, and listened to."""

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

from missiongraph.sparql.evaluators.fork_server import BORN, FORK, REPORT


class ForkServerHandle:
    """A running fork server.

    :ivar asked: evaluators that it was asked for and has not born yet
    """

    def __init__(
        self, build: Path, born: Callable[[int, int], None], died: Callable[[int, int], None], lost: Callable[[], None]
    ) -> None:
        """Start it, and listen in the running event loop.

        :param born: called with the process and the descriptor of a new evaluator's socket
        :param died: called with the process of a dead one and the signal that ended it
        :param lost: called when the fork server itself is gone
        """
        self.asked = 0
        self._born, self._died, self._lost = born, died, lost
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
        """Whether it has not ended."""
        return self._process.poll() is None

    def fork(self, number: int) -> None:
        """Ask for so many evaluators."""
        with contextlib.suppress(OSError):
            self._control.send(FORK * number)
            self.asked += number

    def close(self) -> None:
        """End it, and its evaluators with it."""
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
            kind, pid, number = REPORT.unpack_from(self._reports)
            del self._reports[: REPORT.size]
            if kind == BORN:
                self.asked -= 1
                self._born(pid, self._descriptors.popleft())
            else:
                self._died(pid, number)
