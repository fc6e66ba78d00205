"""``missiongraph serve``: a build over HTTP."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click

from missiongraph.cli.messages import progress
from missiongraph.cli.options import Observed, build_option, observation_options, publication_option
from missiongraph.errors import MissiongraphError, Problem


@click.command("serve")
@publication_option
@build_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--evaluators", type=click.IntRange(1, 256), help="Queries at once; default: the publication's setting.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that take requests."
)
@observation_options
def command(  # an option each
    folder: Path | None,
    build_folder: Path | None,
    host: str,
    port: int,
    evaluators: int | None,
    workers: int,
    observed: Observed,
) -> None:
    """Serve a build over HTTP; without --build, validate and build the publication first."""
    _check_port(host, port)
    if observed.metrics is not None:
        if observed.metrics[1] == port:
            raise MissiongraphError(Problem(f"--metrics has the port of the site, {port}", advice="choose another"))
        _check_port(*observed.metrics, advice="choose another with --metrics HOST:PORT")
    if build_folder is None:
        from missiongraph.cli.valid_build import cache_folder, valid_build

        with progress() as show:
            built = valid_build(folder, cache_folder(), show)
        more = ["--evaluators", evaluators] if evaluators is not None else []
        _start_anew(
            "serve",
            "--build",
            built.folder,
            "--host",
            host,
            "--port",
            port,
            "--workers",
            workers,
            *more,
            *observed.arguments(),
        )
    from missiongraph.build import Build
    from missiongraph.web.serving.server import run_server

    run_server(Build.open(build_folder), host, port, evaluators, workers, observed.options, observed.metrics)


def _start_anew(*arguments: object) -> NoReturn:
    """Become a new process, so that a server does not keep the memory of the build that came before it."""
    os.execv(sys.executable, [sys.executable, "-P", "-m", "missiongraph", *map(str, arguments)])


def _check_port(host: str, port: int, advice: str = "choose another with --port or --host") -> None:
    """Say that the port is taken before anything long begins."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot listen on {host}:{port}: {error.strerror}", advice=advice)) from None
