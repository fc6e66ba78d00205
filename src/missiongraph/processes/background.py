"""Runs work in the background: in a forked process, for whose result the caller waits when it needs it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import TypeVar

from missiongraph.errors import MissiongraphError, OutOfBounds, Problem

_Outcome = TypeVar("_Outcome")


@contextmanager
def in_background(work: Callable[[], _Outcome], name: str, advice: str) -> Iterator[Callable[[], _Outcome]]:
    """Does *work* in a forked process, and gives a function that waits for its result. The process ends with the block.

    A forked process shares what is in memory already. Start it before a store is opened, since a fork does not have the
    threads of a store. The function raises what *work* raises, if that is a ``MissiongraphError`` or ``OSError``, and
    ``OutOfBounds`` if the process was lost.

    :param name: what messages call the work
    :param advice: what to do if the process was lost
    """
    forking = multiprocessing.get_context("fork")
    ours, theirs = forking.Pipe()
    process = forking.Process(target=_do, args=(work, theirs, ours), daemon=True)
    process.start()
    theirs.close()

    def outcome() -> _Outcome:
        try:
            result = ours.recv()
        except EOFError:
            process.join()
            raise OutOfBounds(
                Problem(f"the process of the {name} ended with {process.exitcode}", advice=advice)
            ) from None
        if isinstance(result, (MissiongraphError, OSError)):
            raise result
        return result  # type: ignore[no-any-return]  # the one other thing that is sent

    try:
        yield outcome
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
