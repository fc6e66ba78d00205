"""Responses of Flask: cached, compressed once, streamed, or sent as files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from missiongraph.web.serving.asgi.files import file_of, send_file
from missiongraph.web.serving.asgi.request import FrontRequest, Message, Receive, Send
from missiongraph.web.serving.asgi.response_cache import ResponseCache
from missiongraph.web.serving.asgi.streamed_responses import Stream
from missiongraph.web.serving.asgi.whole_responses import in_coding, send_whole

#: Path of the dumps. They are not compressed on the way, since compressed forms are stored beside them.
FILES = "/dumps/"

#: Path of stylesheets and scripts. Small ones are cached and compressed like pages.
STATIC = "/static/"


class Collector:
    """The ``send`` that Flask gets: caches and compresses a response that may be cached, and sends files.

    A response without ``Content-Length`` is streamed.
    """

    def __init__(self, receive: Receive, send: Send, server: Send, request: FrontRequest, cache: ResponseCache) -> None:
        """:param send: a `TimedSend`

        :param server: the server's own ``send``
        """
        self._receive = receive
        self._send, self._server, self._request, self._cache = send, server, request, cache
        self._start: Message | None = None
        self._file: str | None = None
        self._body = bytearray()
        self._through = False
        self._stream: Stream | None = None

    @property
    def unwanted(self) -> bool:
        """Whether nobody waits for the rest of the response."""
        return self._stream is not None and self._stream.unwanted

    def close(self) -> None:
        """End the response."""
        if self._stream is not None:
            self._stream.close()

    async def __call__(self, message: Message) -> None:
        """Take an ASGI message from Flask."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._stream is not None:
            await self._stream.add(message.get("body", b""), more=message.get("more_body", False))
        elif self._file is not None and self._start is not None:
            if not message.get("more_body", False):
                await self._send_file(self._file, self._start)
        elif self._through or self._start is None:
            await self._send({**message, "body": b""} if self._request.is_head else message)
        elif message.get("more_body", False):
            await self._collect(message.get("body", b""))
        else:
            self._body += message.get("body", b"")
            await self._finish(self._start)

    async def _begin(self, message: Message) -> None:
        self._start = {**message, "headers": [(name.lower(), value) for name, value in message["headers"]]}
        self._file = file_of(self._start)
        if self._file is not None:
            return
        names = {name for name, _ in self._start["headers"]}  # byte ranges are those of the uncompressed file
        as_it_is = self._request.key is None or b"accept-ranges" in names or self._request.path.startswith(FILES)
        self._through = message["status"] != 200 or as_it_is
        if self._through:
            await self._send(self._start)
        elif b"content-length" not in names:
            self._stream = Stream(self._start, self._receive, self._send, self._request, self._cache)
            await self._stream.begin()

    async def _send_file(self, file: str, start: Message) -> None:
        size = int(dict(start["headers"]).get(b"content-length", b"0"))
        is_whole = start["status"] == 200 and self._request.key is not None
        if is_whole and self._request.path.startswith(STATIC) and size <= self._cache.largest:
            self._body += await asyncio.to_thread(Path(file).read_bytes)
            await self._finish(start)
        else:
            await send_file(file, start, self._request.scope, self._server, self._send)

    async def _collect(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > self._cache.largest and self._start is not None:
            self._through = True
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": bytes(self._body), "more_body": True})

    async def _finish(self, start: Message) -> None:
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        response = in_coding(headers, bytes(self._body), self._request.coding)
        if b"no-store" not in dict(headers).get(b"cache-control", b"no-store"):
            self._cache.put(self._request.key, response)
        await send_whole(self._send, response, self._request)
