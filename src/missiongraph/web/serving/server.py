"""The production server: Granian with the ASGI application."""

from __future__ import annotations

import os
from dataclasses import replace

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from missiongraph.build import Build
from missiongraph.web.context.synchronous_evaluation import EVALUATORS_VARIABLE
from missiongraph.web.serving.application import BUILD_VARIABLE
from missiongraph.web.serving.observation.metrics import metrics_at
from missiongraph.web.serving.observation.options import Observation

#: Seconds that running requests have left when the server stops.
_LAST_SECONDS = 5


def run_server(
    build: Build,
    host: str,
    port: int,
    evaluators: int | None = None,
    workers: int = 1,
    observation: Observation = Observation(),  # noqa: B008  # immutable
    metrics: tuple[str, int] | None = None,
) -> None:
    """Serve *build* until the process is asked to stop. A worker process that dies is replaced.

    :param evaluators: number of queries evaluated at once; overrides the publication's setting
    :param workers: number of worker processes, each with its own cache and evaluators
    :param observation: what is logged
    :param metrics: host and port at which metrics are served
    """
    os.environ[BUILD_VARIABLE] = str(build.folder)
    if evaluators is not None:
        os.environ[EVALUATORS_VARIABLE] = str(evaluators)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    click.echo(f"missiongraph: {build.manifest['counts']['triples']} statements, build {build.id}")
    click.echo(f"missiongraph: open {address}  (queries: {address}sparql, downloads: {address}dumps/)")
    replace(observation, metrics=metrics is not None).publish()
    server = Granian(
        "missiongraph.web.serving.asgi.current_build:create_front",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=_LAST_SECONDS,
        log_level=LogLevels.warning,
    )
    if metrics is None:
        server.serve()
        return
    with metrics_at(*metrics):
        server.serve()
