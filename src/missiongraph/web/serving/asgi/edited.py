"""What a page of a draft asks while its publication is edited: which build is served, and what hinders a newer one."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from missiongraph.web.serving.asgi.request import Receive, Scope, Send

#: Environment variable with the process id of ``serve --watch``, with which its server ends.
EDITING_VARIABLE = "MISSIONGRAPH_EDITING"

#: The file beside the builds with the faults of what was saved last. There is none if what was saved is served.
FAULTS = "faults.txt"

#: The address, in a folder that no data can have addresses in.
ADDRESS = "/static/editing.json"


class Edited:
    """An ASGI application that answers :data:`ADDRESS`, and leaves everything else to another."""

    def __init__(
        self,
        application: Callable[[Scope, Receive, Send], Awaitable[None]],
        served: Callable[[], str],
        folder: Path,
    ) -> None:
        """:param served: gives the identifier of the build that is served

        :param folder: where the builds are
        """
        self._application, self._served, self._faults = application, served, folder / FAULTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI 3 connection."""
        if scope["type"] != "http" or scope["path"] != ADDRESS or scope["method"] != "GET":
            await self._application(scope, receive, send)
            return
        faults = ""
        with suppress(FileNotFoundError):
            faults = self._faults.read_text("utf-8")
        body = json.dumps({"build": self._served(), "faults": faults}).encode()
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
