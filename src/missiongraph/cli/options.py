"""Options that several commands share, and those of ``serve`` on what an operator sees."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from missiongraph.web.serving.observation.options import LogForm, Observation

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


def format_options(
    names: Iterable[str], default: str | None = "text", help_text: str | None = None
) -> Callable[[F], F]:
    """``--format``, one of *names*, and ``--json``, which is short for one of them."""
    choice = click.Choice(sorted(names))
    form = click.option("--format", "form", type=choice, default=default, show_default=True, help=help_text)
    short = click.option("--json", "form", flag_value="json", help="For programs: the same as --format json.")
    return lambda command: form(short(command))


format_option = format_options(["text", "json"])


def date_option(help_text: str) -> Callable[[F], F]:
    """``--date``, a day as in 2026-12-01."""
    return click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=help_text)


Address = tuple[str, int]


@dataclass(frozen=True)
class Observed:
    """What is asked for: *options* of logs, and the address of *metrics*, if they are wanted."""

    options: Observation
    metrics: Address | None

    def arguments(self) -> list[str]:
        """The same as arguments of a command line."""
        said = ["--log", self.options.log]
        said += ["--log-clients"] if self.options.clients else []
        said += ["--log-queries"] if self.options.queries else []
        said += ["--slow-queries", str(self.options.slow)] if self.options.slow is not None else []
        if self.metrics is not None:
            host, port = self.metrics
            said += ["--metrics", f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
        return said


def _address(context: click.Context, parameter: click.Parameter, value: str | None) -> Address | None:
    """Read an address; that of IPv6 stands in brackets."""
    if value is None:
        return None
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%]+)\]|([^:\[\]]+)):([0-9]{1,5})", value)
    if found is None or not 0 < int(found[3]) < 1 << 16:
        raise click.BadParameter(f"“{value}” is no address such as 127.0.0.1:9100 or [::1]:9100", context, parameter)
    return found[1] or found[2], int(found[3])


_OPTIONS = (
    click.option(
        "--log",
        type=click.Choice(["none", "plain", "json"]),
        default="none",
        show_default=True,
        help="A line for each request, on standard error.",
    ),
    click.option("--log-clients", is_flag=True, help="Log the addresses of clients too."),
    click.option("--log-queries", is_flag=True, help="Log the texts of queries too, not only their digests."),
    click.option(
        "--slow-queries", "slow", type=click.FloatRange(0), metavar="SECONDS", help="Log longer queries, with texts."
    ),
    click.option(
        "--metrics", metavar="HOST:PORT", callback=_address, help="Serve metrics for Prometheus there, at /metrics."
    ),
)


def observation_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the options, whose values it gets as ``observed``."""

    @functools.wraps(command)
    def with_options(  # an option each
        log: LogForm,
        log_clients: bool,
        log_queries: bool,
        slow: float | None,
        metrics: Address | None,
        **others: Any,
    ) -> None:
        options = Observation(log, log_clients, log_queries, slow)
        command(observed=Observed(options, metrics), **others)

    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options
