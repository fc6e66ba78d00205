"""Validation beside other work: in a process of its own, whose report is waited for when it is wanted."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from missiongraph.dataset import Dataset
from missiongraph.errors import MissiongraphError, OutOfBounds, Problem
from missiongraph.validation import Report, validate


@contextmanager
def validation_beside(dataset: Dataset) -> Iterator[Callable[[], Report]]:
    """Validate *dataset* meanwhile; what is given waits for the report. The process ends with the block.

    It is forked, so that it shares the dataset that is in memory already. Begin it before any store is opened, whose
    threads a fork would not have.

    :raises MissiongraphError: as :func:`validate`, where the report is asked for
    """
    with suppress(MissiongraphError):  # said with the report
        _ = dataset.shapes  # read before the fork, so that both know their blank nodes by the same labels
    forking = multiprocessing.get_context("fork")
    ours, theirs = forking.Pipe()
    process = forking.Process(target=_validate, args=(dataset, theirs, ours), daemon=True)
    process.start()
    theirs.close()

    def report() -> Report:
        try:
            outcome = ours.recv()
        except EOFError:
            process.join()
            how = f"the process of the validation ended with {process.exitcode}"
            raise OutOfBounds(Problem(how, advice="is there enough memory? validate alone tells more")) from None
        if isinstance(outcome, MissiongraphError):
            raise outcome
        return outcome  # type: ignore[no-any-return]  # the one other thing that is sent

    try:
        yield report
    finally:
        process.kill()
        process.join()
        ours.close()


def _validate(dataset: Dataset, owner: Connection, other_end: Connection) -> None:
    other_end.close()  # held by the owner alone, its loss is the owner's end
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches the owner too, who ends this
    threading.Thread(target=_end_with, args=(owner,), daemon=True).start()
    outcome: Report | MissiongraphError
    try:
        outcome = validate(dataset)
    except MissiongraphError as error:
        outcome = error
    with suppress(BrokenPipeError):
        owner.send(outcome)


def _end_with(owner: Connection) -> None:
    with suppress(EOFError, OSError):
        owner.recv()
    os._exit(0)
