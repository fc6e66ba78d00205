"""No process of a server lives on when the server, or the process that started it, is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from missiongraph.build import Build
from tests.web.serving.test_new_builds import children, server

#: A query that runs for long: only its end shows that its evaluator was ended.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def is_free(host: str, port: int) -> bool:
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            again.bind((host, port))
        except OSError:
            return False
        again.listen()
        return True


def wait_until(what: Callable[[], bool]) -> None:
    patience = time.monotonic() + 20  # the machine may be busy
    while not what():
        assert time.monotonic() < patience
        time.sleep(0.02)


@pytest.mark.parametrize("victim", ["server", "worker", "fork server"])
def test_nothing_outlives_what_was_killed(shipped_build: Build, tmp_path: Path, victim: str) -> None:
    with server(shipped_build.folder, tmp_path / "log") as (process, base):
        with pytest.raises(httpx.TimeoutException):
            httpx.get(f"{base}/sparql", params={"query": RUNAWAY}, timeout=0.5)
        worker = next(children(process.pid))
        fork_server = next(children(worker))
        killed = {"server": process.pid, "worker": worker, "fork server": fork_server}[victim]
        below = list(children(killed))
        assert below
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: not any(map(lives, below)))
        if victim == "server":
            process.wait()
            host, port = httpx.URL(base).host, httpx.URL(base).port
            wait_until(lambda: is_free(host, port or 0))  # threads of a process may end after it
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_pipe_does_where_the_kernel_does_not() -> None:
    """As on systems other than Linux: the process ends with the one that started it by :mod:`multiprocessing`."""
    script = """
import multiprocessing, os, time
from missiongraph.processes.parents import end_with_pipe
def child():
    end_with_pipe()
    print(os.getpid(), flush=True)
    time.sleep(600)
multiprocessing.get_context("fork").Process(target=child).start()
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert lives(child)
        parent.kill()
        wait_until(lambda: not lives(child))
