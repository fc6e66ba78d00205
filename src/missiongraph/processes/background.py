"""Runs work in the background: in a forked process, for whose result the caller waits when it needs it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

from missiongraph.errors import MissiongraphError, OutOfBounds, Problem

_Outcome = TypeVar("_Outcome")


class Awaited(Generic[_Outcome]):
    """The result of work that may still go on. To call it is to wait for it."""

    def __init__(self, process: BaseProcess, ours: Connection, lost: Problem) -> None:
        """:param lost: what to say if the process ends without a result"""
        self._process, self._ours, self._lost = process, ours, lost

    def within(self, seconds: float) -> bool:
        """Wait so long at most, and tell whether the work has ended."""
        return self._ours.poll(seconds)

    def __call__(self) -> _Outcome:
        """Wait for the result.

        :raises MissiongraphError: the work raised it, or an ``OSError``
        :raises OutOfBounds: the process was lost
        """
        try:
            result = self._ours.recv()
        except EOFError:
            self._process.join()
            lost = replace(self._lost, what=f"{self._lost.what} ended with {self._process.exitcode}")
            raise OutOfBounds(lost) from None
        if isinstance(result, (MissiongraphError, OSError)):
            raise result
        return result  # type: ignore[no-any-return]  # the one other thing that is sent


@contextmanager
def in_background(work: Callable[[], _Outcome], name: str, advice: str) -> Iterator[Awaited[_Outcome]]:
    """Does *work* in a forked process, and gives what waits for its result. The process ends with the block.

    A forked process shares what is in memory already. Start it before a store is opened, since a fork does not have the
    threads of a store. The work may use other processes in the same way.

    :param name: what messages call the work
    :param advice: what to do if the process was lost
    """
    forking = multiprocessing.get_context("fork")
    ours, theirs = forking.Pipe()
    process = forking.Process(target=_do, args=(work, theirs, ours))
    process.start()
    theirs.close()
    try:
        yield Awaited(process, ours, Problem(f"the process of the {name}", advice=advice))
    finally:
        process.kill()
        process.join()
        ours.close()


def _do(work: Callable[[], object], owner: Connection, other_end: Connection) -> None:
    other_end.close()  # only the owner holds it, so it closes when the owner ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner gets it too, and ends this process
    threading.Thread(target=_end_with, args=(owner,), daemon=True).start()
    try:
        result = work()
    except (MissiongraphError, OSError) as error:
        result = error
    with suppress(BrokenPipeError):
        owner.send(result)


def _end_with(owner: Connection) -> None:
    with suppress(EOFError, OSError):
        owner.recv()
    os._exit(0)
