"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

publication_option = click.option(
    "--publication",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the publication; default: the current folder if it has a missiongraph.toml, else the packaged one.",
)
build_option = click.option(
    "--build",
    "build_folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A build, or what build --out wrote to.",
)
format_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


def date_option(help_text: str) -> Callable[[F], F]:
    """``--date``, a day as in 2026-12-01."""
    return click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=help_text)
