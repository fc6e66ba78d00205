"""Clients that leave, or take nothing, while they are answered."""

from __future__ import annotations

import asyncio
import time

from missiongraph.web.serving.asgi.request import Message, Receive, Send

#: Seconds after which it is looked whether the client is still there: most answers take less, and looking costs.
_PATIENCE = 0.05


class Disconnects:
    """Notices clients that leave while their query runs. One timer serves all of them: a timer for each costs more."""

    def __init__(self) -> None:
        """Watches nobody."""
        self._unwatched: set[WatchedClient] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, receive: Receive) -> WatchedClient:
        """Cancel the current task when the client at *receive* leaves, until the result is told to forget."""
        client = WatchedClient(receive, self._unwatched)
        self._unwatched.add(client)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PATIENCE, self._look)
        return client

    def _look(self) -> None:
        latest = time.monotonic() - _PATIENCE
        for client in [client for client in self._unwatched if client.since <= latest]:
            client.begin()
        again = bool(self._unwatched)
        self._timer = asyncio.get_running_loop().call_later(_PATIENCE, self._look) if again else None


class WatchedClient:
    """A client that may leave.

    :ivar left: it has, and the task was cancelled for that reason
    """

    __slots__ = ("_receive", "_task", "_unwatched", "_watch", "left", "since")

    def __init__(self, receive: Receive, unwatched: set[WatchedClient]) -> None:
        self.left = False
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
        self.left = True
        if self._task is not None:
            self._task.cancel()

    def unwatch(self) -> None:
        """Look no more."""
        self._unwatched.discard(self)
        if self._watch is not None:
            self._watch.cancel()


class TimedSend:
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
