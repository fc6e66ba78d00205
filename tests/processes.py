"""What the system tells of processes (Linux): whose child one is, what it holds open, and what it takes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

#: Where the system keeps no such accounts, tests that read them say so and pass by.
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="the system has no /proc")

_PROC = Path("/proc")


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/{pid}/stat`` from the state on; empty where there is no such process."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def alive(pid: int) -> bool:
    """Whether the process exists and is not merely waiting to be reaped."""
    return (_stat(pid) or ["Z"])[0] != "Z"


def children(pid: int) -> list[int]:
    """The living processes that *pid* started."""
    parents = {int(p.name): _stat(int(p.name)) for p in _PROC.iterdir() if p.name.isdigit()}
    return [child for child, stat in parents.items() if stat and stat[1] == str(pid) and stat[0] != "Z"]


def descendants(pid: int) -> list[int]:
    """The living processes that *pid* started, and those that these started."""
    return [found for child in children(pid) for found in (child, *descendants(child))]


def started_as(ancestor: int, *words: str) -> int:
    """The first process under *ancestor* whose command has *words* in this order."""
    wanted = "".join(f"{word}\0" for word in words).encode()
    return next(pid for pid in descendants(ancestor) if wanted in (_PROC / str(pid) / "cmdline").read_bytes())


def server_of(port: int) -> int:
    """The first process of the server that these tests started on *port*."""
    return started_as(os.getpid(), "--port", str(port))


def descriptors(pid: int) -> int:
    """How many files and sockets the process holds open; 0 once it is gone."""
    try:
        return len(list((_PROC / str(pid) / "fd").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def niceness(pid: int) -> int:
    """What the process leaves to others: 19 is everything."""
    return os.getpriority(os.PRIO_PROCESS, pid)


def processor_seconds(pid: int) -> float:
    """Processor time that the process has used; 0 once it is gone."""
    stat = _stat(pid)
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK") if stat else 0.0


def memory(pid: int) -> int:
    """The proportional set size of the process, in bytes."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) << 10


def soon(holds: Callable[[], bool], seconds: float = 5.0) -> float:
    """Seconds until *holds*, which it must within *seconds*."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, "it does not become true"
        time.sleep(0.01)
    return time.monotonic() - started
