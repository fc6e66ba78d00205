"""Load over HTTP: by wrk where it is installed, else by a generator of our own."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_SCRIPT = Path(__file__).parent / "small.lua"

#: Replaced by a number that no other request of the run has.
UNIQUE = "@"

_numbers = itertools.count(1_000_000_000, 100_000_000)


@dataclass(frozen=True)
class Outcome:
    """What one burst of requests gave; times in seconds."""

    requests: int
    seconds: float
    failed: int
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Answered requests per second."""
        return (self.requests - self.failed) / self.seconds if self.seconds else 0.0


def generator() -> str:
    """What makes the load."""
    return "wrk" if shutil.which("wrk") else "the bench's own asyncio client"


def path_of(query: str, endpoint: str, extra: str = "") -> str:
    """The request target of *query*; :data:`UNIQUE` stays as it is."""
    return f"{endpoint}?query={quote(query, safe=UNIQUE)}{extra}"


def burst(port: int, targets: Sequence[str], *, connections: int, seconds: float) -> Outcome:
    """Send requests for *targets* in turn for *seconds* over as many kept-alive *connections*."""
    first = next(_numbers)
    if not shutil.which("wrk"):
        return asyncio.run(_Client(port, targets, first).run(connections, seconds))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(targets) + "\n")
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s"]
        command += [str(_SCRIPT), f"http://127.0.0.1:{port}", "--", file.name, str(first)]
        output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    return Outcome(**json.loads(output.strip().splitlines()[-1]))


class _Client:
    """Keep-alive connections that each send one request after the other."""

    def __init__(self, port: int, targets: Sequence[str], first: int) -> None:
        self._port = port
        self._targets = self._unique(targets, first)
        self._times: list[float] = []
        self._failed = 0

    @staticmethod
    def _unique(targets: Sequence[str], first: int) -> Iterator[bytes]:
        for number, target in enumerate(itertools.cycle(targets), first):
            yield f"GET {target.replace(UNIQUE, str(number), 1)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()

    async def run(self, connections: int, seconds: float) -> Outcome:
        started = time.perf_counter()
        await asyncio.gather(*(self._connection(started + seconds) for _ in range(connections)))
        taken = time.perf_counter() - started
        times = sorted(self._times) or [math.nan]
        p50, p99 = (times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.99))
        return Outcome(len(self._times), taken, self._failed, p50, p99)

    async def _connection(self, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while (began := time.perf_counter()) < until:
            writer.write(next(self._targets))
            try:
                status = await asyncio.wait_for(_response(reader), 30)
            except (OSError, EOFError, TimeoutError, ValueError):
                status = 0
            self._times.append(time.perf_counter() - began)
            if status != 200:
                self._failed += 1
            if status == 0:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.close()


async def _response(reader: asyncio.StreamReader) -> int:
    """Read one response and give its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"\r\ncontent-length:" in head:
        await reader.readexactly(int(head.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0]))
    else:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head.split(b" ", 2)[1])
