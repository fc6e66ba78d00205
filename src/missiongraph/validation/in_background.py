"""Validation in a process of its own, while other work goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from missiongraph.errors import MissiongraphError
from missiongraph.processes.background import in_background
from missiongraph.publication.dataset import Dataset
from missiongraph.validation import Report, validate


@contextmanager
def validation_beside(dataset: Dataset) -> Iterator[Callable[[], Report]]:
    """Start validating *dataset*, and yield a function that waits for the report.

    :func:`missiongraph.processes.background.in_background` does the work.

    :raises MissiongraphError: as :func:`validate`, when the report is asked for
    """
    with suppress(MissiongraphError):  # the report raises it again
        _ = dataset.shapes  # read before the fork, so that both know their blank nodes by the same labels
    with in_background(
        partial(validate, dataset), "validation", "is there enough memory? validate alone tells more"
    ) as report:
        dataset.let_engine_go()  # the other process has it
        yield report
