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

from missiongraph.build.opened_build import Build
from missiongraph.sparql.evaluators.fork_server import FORK, REPORT, STARTED, Task

#: Bytes of what the processes write to standard error that are kept.
_KEPT = 4096

#: Seconds that a fork server that has closed its socket has to end.
_LAST_SECONDS = 0.5


def task_of(build: Build) -> Task:
    """What the fork server has to know of *build*."""
    limits, counts = build.settings.limits, build.manifest["counts"]
    return Task(
        store=str(build.folder / "store" / "graph"),
        in_memory=counts["triples"] + counts["quads"] <= limits.statements_in_memory,
        base=build.settings.base,
        merge_triples=limits.merge_triples,
        context=str(build.folder / "context.jsonld"),
        prefixes=build.prefixes,
        commas=build.manifest["commas"],
        limits=(limits.seconds, limits.memory_megabytes << 20, limits.result_megabytes << 20),
    )


class ForkServerHandle:
    """A running fork server.

    :ivar asked: how many evaluators it was asked for and has not yet reported as started
    """

    def __init__(
        self,
        build: Build,
        started: Callable[[int, int], None],
        ended: Callable[[int, int], None],
        lost: Callable[[str], None],
    ) -> None:
        """Start the fork server, and read its reports in the running event loop.

        What it and its evaluators write to standard error is read too: the last line says why it ended. An engine that
        runs out of memory writes there, as often as a query wants it.

        :param started: called with the process id of a new evaluator and the descriptor of its socket
        :param ended: called with the process id of an evaluator that has ended, and the signal that ended it (0: none)
        :param lost: called with the reason when the fork server itself has ended
        :raises OSError: the system starts no process
        """
        self.asked = 0
        self._started, self._ended, self._lost = started, ended, lost
        self._reports = bytearray()
        self._descriptors: deque[int] = deque()
        self._loop = asyncio.get_running_loop()
        self._control, theirs = socket.socketpair()
        module = "missiongraph.sparql.evaluators.fork_server"
        command = [sys.executable, "-m", module, task_of(build).encode(), str(theirs.fileno()), str(os.getpid())]
        try:
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0
            )
        except OSError:
            self._control.close()
            raise
        finally:
            theirs.close()
        assert self._process.stderr is not None
        self._errors = self._process.stderr
        self._said, self._closed = b"", False
        os.set_blocking(self._errors.fileno(), False)
        self._loop.add_reader(self._errors, self._listen)
        self._control.setblocking(False)
        self._loop.add_reader(self._control, self._read)

    @property
    def said(self) -> str:
        """The last line that the processes wrote to standard error; empty without one."""
        lines = self._said.decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def fork(self, number: int) -> None:
        """Ask for *number* evaluators."""
        with contextlib.suppress(OSError):
            self._control.send(FORK * number)
            self.asked += number

    def close(self) -> None:
        """End the fork server and its evaluators. May be called twice."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.remove_reader(self._control)
            self._loop.remove_reader(self._errors)
        self._control.close()
        self._errors.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())
        self._process.kill()
        self._process.wait()

    def _listen(self) -> bool:
        """Read what the processes write to standard error, so that the pipe is never full, and keep the end."""
        said = self._errors.read(_KEPT)
        if said:
            self._said = (self._said + said)[-_KEPT:]
        elif said is not None:
            self._loop.remove_reader(self._errors)
        return bool(said)

    def _why(self) -> str:
        """Why the process has ended: the last line that it wrote if it failed, else how it ended."""
        try:
            code = self._process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:  # it cannot be reached any more
            self._process.kill()
            code = self._process.wait()
        if code < 0:
            return f"killed by signal {-code}"
        for _ in range(_KEPT):
            if not self._listen():
                break
        return self.said or f"exit code {code}"

    def _read(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 4096, 16)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        if not data:
            why = self._why()
            self.close()
            self._lost(why)
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
