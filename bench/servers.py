"""The servers: ours and the peers, each on a port of 127.0.0.1 with its own copy of the data."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from missiongraph.build import Build

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv-bench" / "bin"

_ASK = "/?query=ASK%20%7B%7D"
_GRAPH = "http://localhost/bench"

_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = {dumps}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
ServerThreads = 80
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 80
MaxClientConnections = 80
MaxKeepAlives = 80
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 1000000
"""


@dataclass(frozen=True)
class Server:
    """A running server: how to reach its endpoint, and which process to look at.

    :ivar extra: parameters that each request needs besides ``query``
    """

    name: str
    port: int
    process: int
    endpoint: str
    extra: str = ""

    def get(self, target: str, *, timeout: float = 300, accept: str = "application/sparql-results+json") -> bytes:
        """The body of the answer to one request over a connection of its own.

        :raises RuntimeError: another status than 200
        """
        return self._ask("GET", target, None, {"Accept": accept}, timeout)

    def post(self, target: str, form: bytes, *, timeout: float = 300) -> bytes:
        """The body of the answer to a form.

        :raises RuntimeError: another status than 200
        """
        return self._ask("POST", target, form, {"Content-Type": "application/x-www-form-urlencoded"}, timeout)

    def _ask(self, method: str, target: str, body: bytes | None, headers: dict[str, str], timeout: float) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise RuntimeError(f"{self.name} answered {response.status}: {answer[:200]!r}")
        return answer

    def memory(self) -> int:
        """Proportional set size of the process and all that it started, in bytes."""
        return sum(_pss(process) for process in _family(self.process))

    def footprint(self) -> tuple[int, int, int]:
        """Memory as :meth:`memory`, files and sockets held open, and processes, of all that belong to the server."""
        family = _family(self.process)
        return sum(map(_pss, family)), sum(map(_descriptors, family)), len(family)


@contextmanager
def missiongraph(build: Build, name: str = "missiongraph") -> Iterator[Server]:
    """Our production server."""
    with missiongraph_at(build.folder, name) as server:
        yield server


@contextmanager
def missiongraph_at(folder: Path, name: str = "missiongraph") -> Iterator[Server]:
    """Our production server on *folder*: a build, or a folder of builds whose current one it serves."""
    port = free_port()
    command = [sys.executable, "-m", "missiongraph", "serve", "--build", str(folder), "--port", str(port)]
    with _running(name, command, port, "/sparql") as server:
        yield server


@contextmanager
def oxigraph(build: Build, folder: Path) -> Iterator[Server]:
    """``oxigraph serve-read-only`` over a database that ``oxigraph load`` and ``optimize`` made."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    program = str(PEERS / "oxigraph")
    location = ["--location", str(folder / "database")]
    files = [str(_dump(build, ending)) for ending in ("nt", "nq")]
    _finish([program, "load", *location, "--file", *files])
    _finish([program, "optimize", *location])
    port = free_port()
    command = [program, "serve-read-only", *location, "--bind", f"127.0.0.1:{port}"]
    with _running("oxigraph", command, port, "/query") as server:
        yield server


@contextmanager
def rdflib_endpoint(build: Build) -> Iterator[Server]:
    """``rdflib-endpoint`` with RDFLib's own store and the triples of the default graph."""
    port = free_port()
    program = str(PEERS / "rdflib-endpoint")
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(_dump(build, "nt"))]
    with _running("rdflib-endpoint", command, port, "/") as server:
        yield server


@contextmanager
def virtuoso(build: Build, folder: Path) -> Iterator[Server]:
    """Virtuoso with the triples of the default graph in one graph, which each request names."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data = _dump(build, "nt")
    port, sql_port = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO_INI.format(folder=folder, dumps=data.parent, port=port, sql_port=sql_port), "utf-8")
    command = ["virtuoso-t", "+configfile", str(ini), "+foreground"]
    extra = "&default-graph-uri=http%3A%2F%2Flocalhost%2Fbench&format=application%2Fsparql-results%2Bjson"
    with _running("virtuoso", command, port, "/sparql", extra) as server:
        load = f"ld_dir('{data.parent}', '{data.name}', '{_GRAPH}'); rdf_loader_run(); checkpoint;"
        _finish(["isql-vt", f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={load}"])
        yield server


def has_virtuoso() -> bool:
    """Whether Debian's package is installed."""
    return shutil.which("virtuoso-t") is not None and shutil.which("isql-vt") is not None


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _dump(build: Build, ending: str) -> Path:
    return build.folder / "dumps" / f"{build.settings.stem}.{ending}"


def _finish(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)


@contextmanager
def _running(name: str, command: list[str], port: int, endpoint: str, extra: str = "") -> Iterator[Server]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    server = Server(name, port, process.pid, endpoint, extra)
    try:
        _wait_for(server, process)
        yield server
    finally:
        family = _family(process.pid)
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            for one in family:
                os.kill(one, signal.SIGKILL)
            process.wait(30)


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 600
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{server.name} ended with {process.returncode}")
        try:
            server.get(f"{server.endpoint}{_ASK[1:]}", timeout=5)
        except (OSError, RuntimeError, http.client.HTTPException):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{server.name} does not answer")


def _family(process: int) -> list[int]:
    """The process and its descendants."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(status.parent.name))
    found, left = [], [process]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def _pss(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _descriptors(process: int) -> int:
    try:
        return len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208  # its names alone
    except OSError:
        return 0
