"""The ASGI application that the production server runs: it answers from the current build, and follows it.

``missiongraph build --out DIR`` makes ``DIR/current`` point to a new build. Requests that come then are answered from
the new build. Those under way end on the old one, which is closed when nobody reads it any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from missiongraph.build import Build
from missiongraph.build.inventory import check_build
from missiongraph.errors import BuildError
from missiongraph.processes.parents import end_with_parent
from missiongraph.sparql.evaluators.worker_handle import Unanswered
from missiongraph.web.serving.application import BUILD_VARIABLE
from missiongraph.web.serving.asgi.build_application import ServedBuild
from missiongraph.web.serving.asgi.edited import EDITING_VARIABLE, Edited
from missiongraph.web.serving.asgi.request import Receive, Scope, Send
from missiongraph.web.serving.observation.observer import Observer
from missiongraph.web.serving.observation.options import Observation

#: Environment variable with the process id of the server, whose workers end with it.
SERVER_VARIABLE = "MISSIONGRAPH_SERVER"

#: Environment variable of a worker that is started again after it had failed: it need not say why once more.
QUIET_VARIABLE = "MISSIONGRAPH_QUIET"

#: Seconds between two looks at what the folder of builds calls current.
_LOOK = 0.25

#: Switch interval of the interpreter in seconds: so long an answer from the cache may wait for a thread with a page.
_TURN = 0.0005

#: Allocations that start a garbage collection. A page makes tens of thousands, nearly all freed without it.
_ALLOCATIONS = 50_000

_log = logging.getLogger("missiongraph")


class Front:
    """The ASGI application: each request is answered from one build, the one that is current when it comes."""

    def __init__(self, folder: Path) -> None:
        """:param folder: a build, or the folder of ``build --out``, whose current build is followed

        :raises BuildError: there is no build
        """
        self._folder = folder
        self._served = ServedBuild(Build.open(folder))
        self._refused: Path | None = None
        self._retired: list[ServedBuild] = []
        self._look = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[None] | None = None

    @property
    def build_id(self) -> str:
        """The identifier of the build that new requests are answered from."""
        return self._served.build.id

    def patterns(self) -> list[str]:
        """The path patterns of all routes."""
        return self._served.patterns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI 3 connection."""
        if scope["type"] == "http":
            await self._served(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                with contextlib.suppress(Unanswered):  # pages are served, and /readyz says so
                    await self._served.start()
                self._following = asyncio.create_task(self._follow())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._following is not None:
                    self._following.cancel()
                for served in (self._served, *self._retired):
                    served.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _follow(self) -> None:
        """Look at the folder from time to time, and at once after SIGHUP."""
        with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._look_again)
        while True:
            await self._turn_over()
            self._close_retired()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await self._look.wait()
            self._look.clear()

    def _look_again(self) -> None:
        self._refused = None
        self._look.set()

    async def _turn_over(self) -> None:
        """Serve what is current now. What cannot be served is refused once, and the old build is served on."""
        try:
            current = Build.find(self._folder)
        except BuildError:
            return  # removed, or not there for a moment
        if current in (self._served.build.folder, self._refused):
            return
        served = None
        try:
            await asyncio.to_thread(check_build, current)
            served = await asyncio.to_thread(ServedBuild, Build.open(current))
            served.go_on_from(self._served)
            await self._start(served)
        except Exception as error:  # whatever is wrong with it, the old build is served on
            if served is not None:
                served.close()
            self._refused = current
            _log.error("the build in %s cannot be served (%s); %s is served on", current, error, self._served.build.id)
            return
        self._retired.append(self._served)
        self._served = served
        _log.warning("serving build %s", served.build.id)

    async def _start(self, served: ServedBuild) -> None:
        """Start the evaluators. The pages of a draft are wanted at once; its queries wait for evaluators."""
        if not served.build.is_draft:
            await served.start()
            return

        async def start() -> None:
            with contextlib.suppress(
                Unanswered
            ):  # closed again meanwhile; or its queries tell that none can be started
                await served.start()

        self._starting = asyncio.create_task(start())

    def _close_retired(self) -> None:
        unread = [served for served in self._retired if not served.requests]
        if not unread:
            return
        for served in unread:
            self._retired.remove(served)
            served.close()
        del unread, served
        _settle()


def create_front() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The ASGI application, for a server that imports it into a process of its own.

    It is a method, because Granian copies the attributes of an object, and would keep the first build open.
    """
    if SERVER_VARIABLE in os.environ:
        end_with_parent(int(os.environ[SERVER_VARIABLE]))
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until Granian sets its own, it has that of the main process
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    folder = Path(os.environ[BUILD_VARIABLE])
    try:
        front = Front(folder)
    except Exception as error:  # whatever it is, it is told once, and tried again later
        sys.exit(1 if QUIET_VARIABLE in os.environ else f"missiongraph: a worker cannot be started: {error}")
    sys.setswitchinterval(_TURN)
    _settle()
    gc.set_threshold(_ALLOCATIONS)
    edited = Edited(front, lambda: front.build_id, folder) if EDITING_VARIABLE in os.environ else front
    return Observer(edited, front.patterns(), Observation.published()).__call__


def _settle() -> None:
    """Let collections of garbage skip what lives as long as a build is served."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
