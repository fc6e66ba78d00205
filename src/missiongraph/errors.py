"""The one exception family: what happened, where, and what to do about it.

The command line (``cli/main.py``) and the web layer each render it in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EXIT_SAYS_NO = 1
EXIT_UNUSABLE = 2


@dataclass(frozen=True)
class Place:
    """A place in a file: *file* relative to its publication, *line* and *column* counted from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: *what*, *where* it is, and the *advice* that mends it."""

    what: str
    where: Place | None = None
    advice: str | None = None

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.advice})" if self.advice else text


def nearest(key: str, known: Iterable[str]) -> str | None:
    """Advice for a *key* that is none of those *known*: the one that was probably meant."""
    from difflib import get_close_matches  # few commands meet an error

    found = get_close_matches(key, tuple(known), 1, 0.5)
    return f"the nearest known one is “{found[0]}”" if found else None


class MissiongraphError(Exception):
    """Something that the user can understand and mend.

    :ivar problems: every problem found, never only the first
    :ivar exit_code: exit status of the command line: 1 the data says no, 2 wrong use or unreadable input
    """

    exit_code = EXIT_UNUSABLE

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: Sequence[Problem] = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@contextmanager
def written_to(out: Path, refusal: type[MissiongraphError]) -> Iterator[None]:
    """Let what writes to *out*, a folder that a user chose, fail with a *refusal* that says so."""
    try:
        yield
    except OSError as error:
        raise refusal(Problem(f"cannot write to {out}: {error.strerror}", advice="choose another --out")) from None


class SettingsError(MissiongraphError):
    """``missiongraph.toml`` is missing, unreadable or says something that it cannot say."""


class UnreadableInput(MissiongraphError):
    """Files that cannot be read as what their names promise; all of them are listed."""


class InvalidPublication(MissiongraphError):
    """The publication was read, and validation says no."""

    exit_code = EXIT_SAYS_NO


class ReleaseRefused(MissiongraphError):
    """A version that cannot be given to this content."""

    exit_code = EXIT_SAYS_NO


class RebaseRefused(MissiongraphError):
    """A publication that cannot move to another base without loss or doubt."""

    exit_code = EXIT_SAYS_NO


class BuildError(MissiongraphError):
    """A build cannot be written, found or opened."""


class ExportError(MissiongraphError):
    """An export cannot be written where it is wanted."""


class QueryRefused(MissiongraphError):
    """A query that is not evaluated, because of its form or of what it asks for."""


class OutOfBounds(MissiongraphError):
    """Work that was stopped at its bound of time or size."""

    exit_code = EXIT_SAYS_NO
