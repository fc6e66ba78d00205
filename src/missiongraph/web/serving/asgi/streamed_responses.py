"""Streamed responses of unknown length: compressed piece by piece, sent at once, cached if small."""

from __future__ import annotations

import asyncio

from missiongraph.web.http.content_codings import Encoder
from missiongraph.web.serving.asgi.request import FrontRequest, Message, Receive, Send
from missiongraph.web.serving.asgi.response_cache import Headers, ResponseCache, WholeResponse
from missiongraph.web.serving.asgi.whole_responses import send_whole, stated_in


class Stream:
    """Sends a response to one client while Flask makes it.

    Flask does not wait for the client, since a slow client would hold a thread. Pieces wait here until they are sent.

    :ivar unwanted: whether nobody waits for the rest of the response
    """

    def __init__(
        self, start: Message, receive: Receive, send: Send, request: FrontRequest, cache: ResponseCache
    ) -> None:
        """Prepare a 200 response in the content coding that the client prefers.

        :param start: the message of ASGI that begins it
        """
        named = dict(start["headers"])
        self._encoder = Encoder(request.coding, named.get(b"content-type", b"").decode("latin-1"))
        headers, etag = stated_in(start["headers"], self._encoder.coding)
        self._start = {**start, "headers": headers}
        self._headers: Headers = headers
        self._etag = etag
        self._receive, self._send, self._request, self._cache = receive, send, request, cache
        self._may_be_kept = b"no-store" not in named.get(b"cache-control", b"no-store")
        self._made = bytearray()
        self._queue: asyncio.Queue[Message] = asyncio.Queue()
        self.unwanted = False
        self._sending: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Send the headers. For HEAD, 304 and 412, that is the whole response."""
        tag, request = self._etag, self._request
        if tag is not None and (request.wants_another(tag) or request.known(tag, exists=True)):
            self.unwanted = True
            await send_whole(self._send, WholeResponse(200, self._headers, b"", self._etag), self._request)
        elif self._request.is_head:
            self.unwanted = True
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            self._queue.put_nowait(self._start)
            self._sending = asyncio.create_task(self._take())
            self._watching = asyncio.create_task(self._watch())

    async def add(self, piece: bytes, *, more: bool) -> None:
        """Compress *piece* and send it; with the last piece, wait until all has been sent."""
        if self._sending is None:
            return
        packed = self._encoder.add(piece) if piece else b""
        packed += b"" if more else self._encoder.end()
        if self._may_be_kept:
            self._made += packed
            if len(self._made) > self._cache.largest:
                self._may_be_kept = False
                self._made.clear()
        self._queue.put_nowait({"type": "http.response.body", "body": packed, "more_body": more})
        if not more:
            if self._may_be_kept and not self.unwanted:
                whole = WholeResponse(200, self._headers, bytes(self._made), self._etag)
                self._cache.put(self._request.key, whole)
            await self._sending

    def close(self) -> None:
        """End the response."""
        for task in (self._sending, self._watching):
            if task is not None:
                task.cancel()

    async def _watch(self) -> None:
        """Notice that the client disconnects. Sending would fail much later, if at all."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.unwanted = True

    async def _take(self) -> None:
        more = True
        while more:
            message = await self._queue.get()
            more = message.get("more_body", True)
            await self._send(message)
