"""Runs work within limits of time and memory: in a process that the kernel ends, since no engine can be interrupted."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def results_within(
    seconds: float, memory: int, work: Callable[[Item], Result], items: Sequence[Item]
) -> Iterator[tuple[Item, Result | None]]:
    """Yields each of *items* with the result of *work*; the result is ``None`` if *work* fails or exceeds a limit.

    The work is done in a forked process, which shares what is in memory already. If an item ends the process, a new one
    goes on with the next item.

    :param seconds: processor time for one item
    :param memory: bytes in addition to those in use already
    """
    done = 0
    while done < len(items):
        reader, writer = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the child uses none of the parent's threads
            process = os.fork()
        if process == 0:
            os.close(reader)
            _work(seconds, memory, work, items[done:], writer)
        os.close(writer)
        try:
            with os.fdopen(reader, "rb") as source:
                result: Result | None
                ended = False
                while done < len(items) and not ended:
                    try:
                        result = pickle.load(source)
                    except (EOFError, pickle.UnpicklingError):
                        result, ended = None, True
                    done += 1
                    yield items[done - 1], result
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def bound_memory(more: int) -> None:
    """Limits the memory of this process to *more* bytes in addition to those in use; only on Linux."""
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123  # no path, a view of the kernel
            data_pages = int(sizes.read().split()[5])
        most = data_pages * os.sysconf("SC_PAGE_SIZE") + more
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _work(seconds: float, memory: int, work: Callable[[Item], Result], items: Sequence[Item], writer: int) -> None:
    """Does the work in the forked process, and ends the process; it never returns."""
    try:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # an engine that runs out of memory writes to it
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        bound_memory(memory)
        with os.fdopen(writer, "wb") as sink:
            for item in items:
                signal.setitimer(signal.ITIMER_PROF, seconds)
                pickle.dump(work(item), sink)
                sink.flush()
    finally:
        os._exit(0)
