"""The production server: Granian with the ASGI application."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from missiongraph.build import Build
from missiongraph.build.inventory import check_build
from missiongraph.processes.background import in_background
from missiongraph.processes.parents import end_with_parent
from missiongraph.web.context.synchronous_evaluation import EVALUATORS_VARIABLE, evaluators_of
from missiongraph.web.serving.application import BUILD_VARIABLE
from missiongraph.web.serving.asgi.current_build import SERVER_VARIABLE
from missiongraph.web.serving.asgi.edited import EDITING_VARIABLE
from missiongraph.web.serving.listening import listen
from missiongraph.web.serving.observation.metrics import metrics_at
from missiongraph.web.serving.observation.options import Observation
from missiongraph.web.serving.observation.traces import wants_traces
from missiongraph.web.serving.resource_limits import check_resources
from missiongraph.web.serving.supervisor import Supervisor

#: Seconds that running requests have left when the server stops. Docker kills a container after ten.
_LAST_SECONDS = 8

#: Most bytes of the head of a request. A longer one gets 431.
_HEAD_BYTES = 96 << 10

#: Time in which the head of a request must arrive; then the connection is closed.
_HEAD_MILLISECONDS = 10_000


def run_server(
    folder: Path,
    host: str,
    port: int,
    evaluators: int | None = None,
    workers: int = 1,
    observation: Observation = Observation(),  # noqa: B008  # immutable
    metrics: tuple[str, int] | None = None,
) -> None:
    """Serve the current build of *folder* until the process is asked to stop. A worker process that dies is replaced.

    :raises MissiongraphError: there is no build, it is damaged, the system gives too little, or the address is in use;
        it says so before an address is announced
    :param folder: a build, or the folder of ``build --out``, whose current build is followed
    :param evaluators: number of queries evaluated at once; overrides the publication's setting
    :param workers: number of worker processes, each with its own cache and evaluators
    :param observation: what is logged
    :param metrics: host and port at which metrics are served
    """
    if EDITING_VARIABLE in os.environ:
        end_with_parent(int(os.environ[EDITING_VARIABLE]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until Granian has its own
    traces = wants_traces()
    build = Build.open(folder)
    limits = build.settings.limits
    build.close()
    check_resources(evaluators or evaluators_of(limits), limits.memory_megabytes << 20, workers)
    with in_background(lambda: _tried(folder), "trial of the build", "make the build again") as outcome:
        build_id, statements = outcome()
    listener = listen(host, port)
    os.environ[SERVER_VARIABLE] = str(os.getpid())
    os.environ[BUILD_VARIABLE] = str(folder.absolute())
    if evaluators is not None:
        os.environ[EVALUATORS_VARIABLE] = str(evaluators)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    click.echo(f"missiongraph: {statements} statements, build {build_id}")
    click.echo(f"missiongraph: open {address}  (queries: {address}sparql, downloads: {address}dumps/)")
    replace(observation, metrics=metrics is not None, traces=traces).publish()
    server = Supervisor(
        "missiongraph.web.serving.asgi.current_build:create_front",
        listener,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=_LAST_SECONDS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_MILLISECONDS, max_buffer_size=_HEAD_BYTES),
        log_level=LogLevels.warning,
    )
    with metrics_at(*metrics) if metrics is not None else nullcontext():
        server.serve()


def _tried(folder: Path) -> tuple[str, int]:
    """The identifier and the number of statements of the current build, once it has answered.

    It is opened in a process of its own, so that the main process, which lives as long as the server, stays small and
    forks workers without the threads of a store.

    :raises BuildError: there is no build, it is damaged, or no index of names can be opened
    """
    check_build(folder)
    build = Build.open(folder)
    return build.id, build.manifest["counts"]["triples"]
