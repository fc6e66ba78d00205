"""Clients that leave, or take nothing, while they are answered."""

from __future__ import annotations

import asyncio
import time

from missiongraph.web.serving.asgi.request import Message, Receive, Send

#: Seconds after which it is looked whether the client is still there: most answers take less, and looking costs.
_PATIENCE = 0.05


class Departures:
    """Notices clients that leave while their query runs. One timer serves all of them: a timer for each costs more."""

    def __init__(self) -> None:
        """Watches nobody."""
        self._unwatched: set[Leaving] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, receive: Receive) -> Leaving:
        """Cancel the current task when the client at *receive* leaves, until the result is told to forget."""
        leaving = Leaving(receive, self._unwatched)
        self._unwatched.add(leaving)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PATIENCE, self._look)
        return leaving

    def _look(self) -> None:
        latest = time.monotonic() - _PATIENCE
        for leaving in [leaving for leaving in self._unwatched if leaving.since <= latest]:
            leaving.begin()
        again = bool(self._unwatched)
        self._timer = asyncio.get_running_loop().call_later(_PATIENCE, self._look) if again else None


class Leaving:
    """A client that may leave.

    :ivar happened: it has, and the task was cancelled for that reason
    """

    __slots__ = ("_receive", "_task", "_unwatched", "_watch", "happened", "since")

    def __init__(self, receive: Receive, unwatched: set[Leaving]) -> None:
        self.happened = False
        self.since = time.monotonic()
        self._receive, self._unwatched = receive, unwatched
        self._task = asyncio.current_task()
        self._watch: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to look."""
        self._unwatched.discard(self)
        self._watch = asyncio.ensure_future(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.happened = True
        if self._task is not None:
            self._task.cancel()

    def forget(self) -> None:
        """Look no more."""
        self._unwatched.discard(self)
        if self._watch is not None:
            self._watch.cancel()


class Patient:
    """Sends for the application; for a client that is gone, or takes nothing, what is left is dropped.

    The adapter of WSGI would wait for ever, and keep its thread, if sending failed.
    """

    def __init__(self, send: Send, stall: float) -> None:
        """:param stall: seconds that the client may take for a block"""
        self.failure: Exception | None = None
        self._send, self._stall = send, stall

    async def __call__(self, message: Message) -> None:
        """ASGI's send."""
        if self.failure is not None:
            return
        try:
            async with asyncio.timeout(self._stall):
                await self._send(message)
        except Exception as failure:
            self.failure = failure
