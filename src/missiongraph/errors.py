"""The exceptions that a user can act on: what is wrong, where, and what to do about it.

All derive from :class:`MissiongraphError`. The command line (``cli/main.py``) prints them and exits with their
``exit_code``; ``web/http/problems.py`` answers with them over HTTP.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EXIT_SAYS_NO = 1
EXIT_UNUSABLE = 2


@dataclass(frozen=True)
class Place:
    """A place in a file: *file* relative to its publication; *line* and *column* count from 1.

    >>> str(Place("data/cities.ttl", 3, 14)), str(Place("missiongraph.toml"))
    ('data/cities.ttl:3:14', 'missiongraph.toml')
    """

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: *what* it is, *where* it is, and the *advice* that repairs it.

    >>> str(Problem("unknown key “bas”", Place("missiongraph.toml", 2), "write “base”"))
    'missiongraph.toml:2: unknown key “bas” (write “base”)'
    """

    what: str
    where: Place | None = None
    advice: str | None = None

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.advice})" if self.advice else text


def nearest(key: str, known: Iterable[str]) -> str | None:
    """Advice for an unknown *key*: the one of *known* that the user probably meant; ``None`` if none is close.

    >>> nearest("licens", ["licence", "language"])
    'the nearest known one is “licence”'
    """
    from difflib import get_close_matches  # few commands meet an error

    found = get_close_matches(key, tuple(known), 1, 0.5)
    return f"the nearest known one is “{found[0]}”" if found else None


class MissiongraphError(Exception):
    """An error that the user can understand and repair.

    :ivar problems: every problem that was found, not only the first
    :ivar exit_code: exit status of the command line. 1: the data is readable and not valid. 2: wrong use, or unreadable
        input.
    """

    exit_code = EXIT_UNUSABLE

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: Sequence[Problem] = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@contextmanager
def written_to(out: Path, refusal: type[MissiongraphError], advice: str = "choose another --out") -> Iterator[None]:
    """Let what writes to *out*, a folder that a user chose, fail with a *refusal* that says so.

    An error of a file elsewhere goes on as it is.
    """
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            file, folder = Path(os.fsdecode(error.filename)).absolute(), out.absolute()
            if not file.is_relative_to(folder) and not folder.is_relative_to(file):
                raise
        raise refusal(Problem(f"cannot write to {out}: {reason_of(error)}", advice=advice)) from None


def reason_of(error: OSError) -> str:
    """What the system says of *error*. Errors of libraries may lack the number from which Python takes it.

    >>> reason_of(OSError(28, "No space left on device")), reason_of(OSError("IO error: No space left on device"))
    ('No space left on device', 'IO error: No space left on device')
    """
    return error.strerror or str(error) or type(error).__name__


class SettingsError(MissiongraphError):
    """``missiongraph.toml`` is missing or unreadable, or has a key or value that the settings do not allow."""


class UnreadableInput(MissiongraphError):
    """Files of a publication cannot be parsed in the format of their names. The error lists all of them."""


class InvalidPublication(MissiongraphError):
    """The publication is readable, and its validation reports a violation."""

    exit_code = EXIT_SAYS_NO


class ReleaseRefused(MissiongraphError):
    """The content cannot be released under this version."""

    exit_code = EXIT_SAYS_NO


class RebaseRefused(MissiongraphError):
    """The publication cannot move to another base without loss, or without a doubt about what an IRI means."""

    exit_code = EXIT_SAYS_NO


class NotCreated(MissiongraphError):
    """A new publication cannot be written to the folder that the user named."""


class BuildError(MissiongraphError):
    """A build cannot be written, found or opened."""


class ExportError(MissiongraphError):
    """An export cannot be written to the folder that the user named."""


class QueryRefused(MissiongraphError):
    """A query is not evaluated because of its form (no SPARQL query) or because of what it asks for (``SERVICE``)."""


class OutOfBounds(MissiongraphError):
    """Work was stopped because it reached a limit of time or size."""

    exit_code = EXIT_SAYS_NO


class UnknownThing(MissiongraphError, LookupError):
    """No statement of the publication names this thing."""

    exit_code = EXIT_SAYS_NO


class SiteUnreachable(MissiongraphError):
    """A site on another machine does not answer, or what answers is no site of missiongraph."""


class NotAvailable(MissiongraphError):
    """What was asked for needs the files of a publication, which a build or a site does not have."""


class MissingExtra(MissiongraphError):
    """A library that is installed on request only is not there."""
