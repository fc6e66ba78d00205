"""A client that sends whatever it is given, and tells what came back."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A request as bytes; the client adds what HTTP requires."""

    target: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes | None = None

    @property
    def is_http(self) -> bool:
        """Whether an HTTP server must answer it (RFC 9112, 3 and RFC 9110, 5.5), not only close the connection."""
        visible = all(0x20 < byte < 0x7F for byte in self.target)
        return visible and all(all(b >= 0x20 and b != 0x7F for b in value) for _, value in self.headers)


@dataclass(frozen=True)
class Answer:
    """An answer; *whole* says whether its body came to its end."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    whole: bool
    seconds: float

    def header(self, name: str) -> str:
        """The value of a header, in lower case."""
        return next((value.lower() for key, value in self.headers if key.lower() == name), "")


class Client:
    """A connection that is kept while both sides agree where a request ends."""

    def __init__(self, port: int, timeout: float = 60) -> None:
        self._address = ("127.0.0.1", port)
        self._timeout = timeout
        self._socket: socket.socket | None = None

    def ask(self, request: Request) -> Answer | None:
        """The answer; ``None`` if the server closed the connection without one."""
        started = time.monotonic()
        kept = self._socket is not None
        answer = self._ask(request, started)
        if answer is None and kept:  # it may have been closed since the last request
            answer = self._ask(request, started)
        if not request.is_http:
            self.close()
        return answer

    def close(self) -> None:
        """Leave; the next request has a connection of its own."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _ask(self, request: Request, started: float) -> Answer | None:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, self._timeout)
        lines = [b"%s %s HTTP/1.1" % (b"GET" if request.body is None else b"POST", request.target)]
        lines += [b"%s: %s" % header for header in ((b"Host", b"127.0.0.1"), *request.headers)]
        if request.body is not None:
            lines.append(b"Content-Length: %d" % len(request.body))
        with suppress(BrokenPipeError, ConnectionResetError):  # it may have been answered all the same
            self._socket.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + (request.body or b""))
        response = http.client.HTTPResponse(self._socket, method="GET")
        try:
            response.begin()
        except (http.client.HTTPException, ConnectionError):
            self.close()
            return None
        try:
            body, whole = response.read(), True
        except (http.client.IncompleteRead, ConnectionError) as error:
            body, whole = getattr(error, "partial", b""), False
        if response.will_close or not whole:
            self.close()
        return Answer(response.status, response.getheaders(), body, whole, time.monotonic() - started)
