"""File responses that bypass Flask: whole files by the server itself if it can, ranges in blocks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

#: The header in which Flask names a file for the server to send (its setting ``USE_X_SENDFILE``).
_FIELD = b"x-sendfile"

_BLOCK = 1 << 18
_WHOLE = "http.response.pathsend"


def file_of(start: Message) -> str | None:
    """The path of the file that Flask leaves to us, if any. Its header is removed from *start*."""
    found = next((value for name, value in start["headers"] if name.lower() == _FIELD), None)
    start["headers"] = [(name, value) for name, value in start["headers"] if name.lower() != _FIELD]
    return found.decode("utf-8", "surrogateescape") if found is not None else None


async def send_file(path: str, start: Message, scope: MutableMapping[str, Any], send: Send, timed: Send) -> None:
    """Send the response that *start* begins with the file at *path*.

    :param send: the server's own; it sends whole files at the speed of the client
    :param timed: a `TimedSend`, for everything else
    """
    await timed(start)
    if scope["method"] == "HEAD":
        await timed({"type": "http.response.body", "body": b"", "more_body": False})
    elif start["status"] == 200 and _WHOLE in scope.get("extensions", {}):
        await send({"type": _WHOLE, "path": path})
    else:
        await _send_blocks(path, start, timed)


async def _send_blocks(path: str, start: Message, send: Send) -> None:
    headers = {name.lower(): value.decode("latin-1") for name, value in start["headers"]}
    part = re.match(r"bytes (\d+)-(\d+)/", headers.get(b"content-range", ""))
    offset = int(part[1]) if part else 0
    left = int(part[2]) - offset + 1 if part else int(headers[b"content-length"])
    with await asyncio.to_thread(open, path, "rb") as file:
        file.seek(offset)
        while left > 0:
            block = await asyncio.to_thread(file.read, min(_BLOCK, left))
            if not block:
                raise OSError(f"{path} is shorter than it was")
            left -= len(block)
            await send({"type": "http.response.body", "body": block, "more_body": left > 0})
