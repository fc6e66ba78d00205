"""What the system lets the server have (``ulimit``), compared with what it needs before an address is announced."""

from __future__ import annotations

import resource
from collections.abc import Iterator

from missiongraph.errors import MissiongraphError, Problem

#: Open files of a worker: those of two builds, as one follows the other, and those of 128 connections. Besides, there
#: are two sockets for each evaluator.
_FILES = 128 + 128

#: The most open files that the soft limit is raised to; a connection takes one.
_MOST_FILES = 1 << 16

#: Memory of a worker with its caches, and of an evaluator besides that of its query.
_MEMORY = 512 << 20

#: Address space that is taken for the stacks of threads, for arenas, and for files that are mapped.
_SPACE = 1024 << 20

#: Processes and threads of a worker and its fork server.
_THREADS = 32


def check_resources(evaluators: int, memory: int, workers: int) -> None:
    """Raise the soft limit of open files as far as that is allowed, then compare limits with what is needed.

    :param evaluators: number of evaluators of each worker
    :param memory: bytes that a query may take
    :param workers: number of workers
    :raises MissiongraphError: limits are too low; it says which, and what is needed
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    problems = list(_too_low(evaluators, memory, workers))
    if problems:
        raise MissiongraphError(*problems)


def _too_low(evaluators: int, memory: int, workers: int) -> Iterator[Problem]:
    needed = (
        (resource.RLIMIT_NOFILE, "open files", "-n", _FILES + 2 * evaluators, 1),
        (resource.RLIMIT_AS, "KB of address space", "-v", _MEMORY + _SPACE + memory, 1024),
        (resource.RLIMIT_DATA, "KB of data", "-d", _MEMORY + memory, 1024),
        (resource.RLIMIT_NPROC, "processes and threads", "-u", workers * (_THREADS + evaluators), 1),
    )
    for limit, what, option, least, unit in needed:
        allowed, _ = resource.getrlimit(limit)
        if allowed != resource.RLIM_INFINITY and allowed < least:
            yield Problem(
                f"the system allows {allowed // unit} {what}, and the server needs {-(-least // unit)}",
                advice=f"ulimit {option} {-(-least // unit)}, or the like in what starts the server",
            )
