"""Silence of libraries that log or warn on standard error."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LOUD = ("rdflib", "pyshacl", "missiongraph.pyshacl", "csvw", "pypdf")


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep RDFLib, pySHACL and others from logging and warning. What matters of it is reported as a result."""
    loggers = [logging.getLogger(name) for name in _LOUD]
    before = [logger.propagate for logger in loggers]
    nowhere = logging.NullHandler()
    for logger in loggers:
        logger.addHandler(nowhere)  # without a handler Python would print the message
        logger.propagate = False
    try:
        with warnings.catch_warnings():
            if not sys.warnoptions:  # warnings that a user asked for (python -W) stay
                warnings.simplefilter("ignore")
            yield
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.removeHandler(nowhere)
            logger.propagate = propagate
