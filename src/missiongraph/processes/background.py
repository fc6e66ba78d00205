"""Work beside other work: in a process of its own, whose outcome is waited for when it is wanted."""

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
def beside(work: Callable[[], _Outcome], name: str, advice: str) -> Iterator[Callable[[], _Outcome]]:
    """Do *work* meanwhile; what is given waits for its outcome. The process ends with the block.

    It is forked, so that it shares what is in memory already. Begin it before any store is opened, whose threads a fork
    would not have.

    :param name: what the work is called in a message
    :param advice: what to do when the process was lost
    :raises MissiongraphError: as *work*, where the outcome is asked for
    """
    forking = multiprocessing.get_context("fork")
    ours, theirs = forking.Pipe()
    process = forking.Process(target=_do, args=(work, theirs, ours), daemon=True)
    process.start()
    theirs.close()

    def outcome() -> _Outcome:
        try:
            found = ours.recv()
        except EOFError:
            process.join()
            raise OutOfBounds(
                Problem(f"the process of the {name} ended with {process.exitcode}", advice=advice)
            ) from None
        if isinstance(found, MissiongraphError):
            raise found
        return found  # type: ignore[no-any-return]  # the one other thing that is sent

    try:
        yield outcome
    finally:
        process.kill()
        process.join()
        ours.close()


def _do(work: Callable[[], object], owner: Connection, other_end: Connection) -> None:
    other_end.close()  # held by the owner alone, its loss is the owner's end
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches the owner too, who ends this
    threading.Thread(target=_end_with, args=(owner,), daemon=True).start()
    try:
        found = work()
    except MissiongraphError as error:
        found = error
    with suppress(BrokenPipeError):
        owner.send(found)


def _end_with(owner: Connection) -> None:
    with suppress(EOFError, OSError):
        owner.recv()
    os._exit(0)
