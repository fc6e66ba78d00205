"""``missiongraph serve``: a build over HTTP."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from missiongraph.cli.messages import progress
from missiongraph.cli.options import Observed, build_option, observation_options, publication_option
from missiongraph.errors import BuildError, MissiongraphError, Problem, written_to


@click.command("serve")
@publication_option
@build_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--evaluators", type=click.IntRange(1, 256), help="Queries at once; default: the publication's setting.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that take requests."
)
@click.option("--watch", is_flag=True, help="For editors: build again when a file is saved; pages reload themselves.")
@observation_options
def command(  # noqa: PLR0913, PLR0917  # an option each
    folder: Path | None,
    build_folder: Path | None,
    host: str,
    port: int,
    evaluators: int | None,
    workers: int,
    watch: bool,
    observed: Observed,
) -> None:
    """Serve a build over HTTP; without --build, validate and build the publication first."""
    from missiongraph.web.serving.listening import listen

    if watch and build_folder is not None:
        raise click.UsageError("--watch builds the publication itself: give it without --build")
    listen(host, port).close()  # before anything long begins
    if observed.metrics is not None:
        if observed.metrics[1] == port:
            raise MissiongraphError(Problem(f"--metrics has the port of the site, {port}", advice="choose another"))
        listen(*observed.metrics, advice="choose another with --metrics HOST:PORT").close()
    more = ["--evaluators", evaluators] if evaluators is not None else []
    options = ["--host", host, "--port", port, "--workers", workers, *more, *observed.arguments()]
    if watch:
        _serve_while_edited(folder, options)
    if build_folder is None:
        from missiongraph.cli.valid_build import cached_build

        with progress() as show:
            built = cached_build(folder, show)
        os.execv(sys.executable, _serve(built.folder, options))  # so that it does not keep the memory of the build
    from missiongraph.web.serving.server import run_server

    run_server(build_folder, host, port, evaluators, workers, observed.options, observed.metrics)


def _serve(builds: Path, options: Sequence[object]) -> list[str]:
    """The command that serves the current build of *builds* in a process of its own."""
    return [sys.executable, "-P", "-m", "missiongraph", "serve", "--build", str(builds), *map(str, options)]


def _serve_while_edited(named: Path | None, options: Sequence[object]) -> NoReturn:
    from missiongraph.build.current_folder import unfinished
    from missiongraph.cli.valid_build import ELSEWHERE, cache_folder, draft_of
    from missiongraph.publication.source_folder import folder_of
    from missiongraph.web.serving.editing import serve_while_edited

    folder = folder_of(named)
    if not folder.is_dir():
        raise MissiongraphError(Problem(f"there is no folder {folder}", advice="name one with --publication DIR"))
    cache = cache_folder()
    with written_to(cache, BuildError, ELSEWHERE), unfinished(cache) as builds:
        sys.exit(serve_while_edited(folder, builds, partial(draft_of, folder, builds), _serve(builds, options)))
