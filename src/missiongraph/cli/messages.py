"""What commands say on standard error: the step that runs, warnings, remarks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show the current step on a terminal; silent in a pipe."""
    if _quiet() or not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console  # a tenth of a second, for those who look at a terminal
    from rich.status import Status

    with Status("…", console=Console(stderr=True, highlight=False, soft_wrap=True)) as status:
        yield lambda step: status.update(f"{step} …")


def _quiet() -> bool:
    """Whether the user wants no more than results, warnings and errors."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.find_root().params.get("quiet"))


def say(text: str) -> None:
    """Write one line, unless the user wants none."""
    if not _quiet():
        click.echo(f"missiongraph: {text}", err=True)


def warn(text: str) -> None:
    """Write one line that warns."""
    click.echo(f"missiongraph: warning: {text}", err=True)


def counted(number: int, noun: str) -> str:
    """A number of things, as in “1 file” and “2 files”."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
