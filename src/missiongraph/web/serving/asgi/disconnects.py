"""Clients that disconnect, or stop reading, while their response is made."""

from __future__ import annotations

import asyncio
import time

from missiongraph.web.serving.asgi.request import Message, Receive, Send

#: Seconds before a client is watched. Most answers take less time, and watching costs some.
_PATIENCE = 0.05


class Disconnects:
    """Cancels the tasks of clients that disconnect during evaluation. One timer serves all, since timers are costly."""

    def __init__(self) -> None:
        """Start without clients."""
        self._unwatched: set[WatchedClient] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, receive: Receive) -> WatchedClient:
        """Cancel the current task if the client disconnects, until ``unwatch`` of the result is called."""
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
    """A client that may disconnect.

    :ivar left: whether it has, which has cancelled the task
    """

    __slots__ = ("_receive", "_task", "_unwatched", "_watch", "left", "since")

    def __init__(self, receive: Receive, unwatched: set[WatchedClient]) -> None:
        self.left = False
        self.since = time.monotonic()
        self._receive, self._unwatched = receive, unwatched
        self._task = asyncio.current_task()
        self._watch: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Wait for the disconnection from now on."""
        self._unwatched.discard(self)
        self._watch = asyncio.ensure_future(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.left = True
        if self._task is not None:
            self._task.cancel()

    def unwatch(self) -> None:
        """Wait for it no more."""
        self._unwatched.discard(self)
        if self._watch is not None:
            self._watch.cancel()


class TimedSend:
    """Sends with a time limit. After a failure, everything else is dropped and the failure is kept.

    The WSGI adapter would wait for ever, and hold its thread, if sending raised an error.
    """

    def __init__(self, send: Send, stall: float) -> None:
        """:param stall: most seconds that sending a block may take"""
        self.failure: Exception | None = None
        self._send, self._stall = send, stall

    async def __call__(self, message: Message) -> None:
        """Send an ASGI message."""
        if self.failure is not None:
            return
        try:
            async with asyncio.timeout(self._stall):
                await self._send(message)
        except Exception as failure:
            self.failure = failure
