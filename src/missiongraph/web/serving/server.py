"""The production server: Granian with the ASGI application."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from missiongraph.build import Build
from missiongraph.build.inventory import check_inventory
from missiongraph.web.context.synchronous_evaluation import EVALUATORS_VARIABLE
from missiongraph.web.serving.application import BUILD_VARIABLE
from missiongraph.web.serving.asgi.current_build import SERVER_VARIABLE

#: Seconds that running requests have left when the server stops.
_LAST_SECONDS = 5


class _Server(MPServer):
    """Granian, with SIGHUP handed on to the workers: they look for a new build. Granian would start new ones."""

    def signal_handler_reload(self, *args: object, **kwargs: object) -> None:
        for worker in self.wrks:
            os.kill(worker.inner.pid, signal.SIGHUP)


def run_server(folder: Path, host: str, port: int, evaluators: int | None = None, workers: int = 1) -> None:
    """Serve the current build of *folder* until the process is asked to stop. A worker process that dies is replaced.

    :raises BuildError: there is no build, or it is damaged; it says so before an address is announced
    :param folder: a build, or the folder of ``build --out``, whose current build is followed
    :param evaluators: number of queries evaluated at once; overrides the publication's setting
    :param workers: number of worker processes, each with its own cache and evaluators
    """
    build = Build.open(folder)
    check_inventory(build.folder)
    build.engine.query("ASK {}")
    build.close()
    os.environ[SERVER_VARIABLE] = str(os.getpid())
    os.environ[BUILD_VARIABLE] = str(folder.absolute())
    if evaluators is not None:
        os.environ[EVALUATORS_VARIABLE] = str(evaluators)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    click.echo(f"missiongraph: {build.manifest['counts']['triples']} statements, build {build.id}")
    click.echo(f"missiongraph: open {address}  (queries: {address}sparql, downloads: {address}dumps/)")
    _Server(
        "missiongraph.web.serving.asgi.current_build:create_front",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=_LAST_SECONDS,
        log_level=LogLevels.warning,
    ).serve()
