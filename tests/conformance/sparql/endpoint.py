"""Endpoints under test: ours, and for comparison the engine's own server on the same store."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from missiongraph.build import Build
from tests.conftest import free_port, serving

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL endpoint at *path* of the server that *client* talks to."""

    client: httpx.Client
    path: str

    @property
    def address(self) -> str:
        """The IRI of the service."""
        return f"{str(self.client.base_url).rstrip('/')}{self.path}"

    def ask(
        self, query: str, accept: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()
    ) -> httpx.Response:
        """The answer to *query* over the dataset that the protocol's parameters name."""
        parameters = {"default-graph-uri": default, "named-graph-uri": named}
        headers = {"Content-Type": DIRECT, "Accept": accept}
        return self.client.post(self.path, params=parameters, content=query.encode(), headers=headers)


def media_type(response: httpx.Response) -> str:
    """The media type of a response, without parameters."""
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


@contextmanager
def ours(build: Build) -> Iterator[Endpoint]:
    """Our production server."""
    with serving(build) as client:
        yield Endpoint(client, "/sparql")


@contextmanager
def oxigraph(command: str, build: Build) -> Iterator[Endpoint]:
    """The server of Oxigraph, which *command* starts, reading the store of the same build."""
    port = free_port()
    store = build.folder / "store" / "graph"
    arguments = [command, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with (
        subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        try:
            _wait_for(client, process)
            yield Endpoint(client, "/query")
        finally:
            process.terminate()


def _wait_for(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            raise RuntimeError(f"oxigraph ended with {process.returncode}")
        try:
            client.get("/query", params={"query": "ASK {}"})
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("oxigraph does not answer")
