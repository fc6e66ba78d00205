"""Nothing that a library prints reaches a user raw."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LOUD = ("rdflib", "pyshacl", "missiongraph.pyshacl", "csvw", "pypdf")


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Let RDFLib and pySHACL neither log nor warn: what matters in it is a result, in words of ours."""
    loggers = [logging.getLogger(name) for name in _LOUD]
    before = [logger.propagate for logger in loggers]
    nowhere = logging.NullHandler()
    for logger in loggers:
        logger.addHandler(nowhere)  # without a handler Python would print what it is told
        logger.propagate = False
    try:
        with warnings.catch_warnings():
            if not sys.warnoptions:  # who asks Python for warnings gets them
                warnings.simplefilter("ignore")
            yield
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.removeHandler(nowhere)
            logger.propagate = propagate
