"""What dies is started again, who waits meanwhile is answered, and what cannot be served is said before it is tried."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import httpx
import pytest

from missiongraph.build import Build
from tests.conftest import free_port
from tests.limits import MANY, RUNAWAY, limited
from tests.processes import alive, children, descendants, needs_proc, soon, started_as

pytestmark = needs_proc

#: Seconds that a busy machine may be late where no clock is watched.
PATIENCE = 60.0

COUNT = "SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {number}"


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def main(self) -> int:
        """The main process, which is what set its surroundings up before."""
        return self.process.pid

    @property
    def fork_server(self) -> int:
        return started_as(self.main, "missiongraph.sparql.evaluators.fork_server")

    @property
    def worker(self) -> int:
        return next(pid for pid in children(self.main))

    @property
    def evaluators(self) -> list[int]:
        return children(self.fork_server)

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def status(self, path: str) -> int:
        """The status of the answer; 0 without one."""
        try:
            return httpx.get(self.base + path, timeout=PATIENCE).status_code
        except httpx.TransportError:
            return 0

    def counts(self, number: int) -> bool:
        """Whether a query is answered that no cache knows."""
        asked = {"query": COUNT.format(number=number)}
        return httpx.get(f"{self.base}/sparql", params=asked, timeout=PATIENCE).status_code == 200


def kill(running: Server, victim: str) -> None:
    with suppress(StopIteration, ProcessLookupError):  # it ends in this moment
        killed = getattr(running, victim)
        for pid in killed if isinstance(killed, list) else [killed]:
            os.kill(pid, signal.SIGKILL)


def command(folder: Path, port: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "missiongraph", "serve", "--build", str(folder), "--port", str(port), *more]


@contextmanager
def server(folder: Path, log: Path, *before: str, more: tuple[str, ...] = (), wait: bool = True) -> Iterator[Server]:
    """A server that answers. *before* is what its command is given to."""
    port = free_port()
    with (
        log.open("wb") as said,
        subprocess.Popen([*before, *command(folder, port, *more)], stdout=said, stderr=said) as process,
    ):
        started = Server(process, port, log)
        try:
            while wait and started.status("/readyz") != 200:
                assert process.poll() is None, log.read_text("utf-8")
                time.sleep(0.05)
            yield started
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


@contextmanager
def load(server: Server) -> Iterator[Counter[str]]:
    """Requests all the while, each on a connection of its own; what became of them."""
    outcomes, over = Counter[str](), threading.Event()

    def ask() -> None:
        while not over.is_set():
            with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
                try:
                    connection.request("GET", "/healthz")
                    outcomes[str(connection.getresponse().status)] += 1
                except (OSError, HTTPException) as error:
                    outcomes[type(error).__name__] += 1

    with ThreadPoolExecutor(8) as askers:
        for _ in range(8):
            askers.submit(ask)
        try:
            yield outcomes
        finally:
            over.set()


@pytest.mark.alone
@pytest.mark.parametrize("victim", ["worker", "fork_server", "evaluators"])
def test_all_is_back_within_a_second_of_a_kill(beer_build: Build, tmp_path: Path, victim: str) -> None:
    with server(beer_build.folder, tmp_path / "log") as running:
        for number in range(3):  # a server that gave up after two in a row would not be back
            kill(running, victim)
            began = time.monotonic()
            assert running.counts(number)
            soon(lambda: running.status("/readyz") == 200)
            assert time.monotonic() - began < 1 + number / 5  # the later, the longer it waits
            time.sleep(0.2)
        assert running.process.poll() is None
        assert "Traceback" not in running.said()


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.alone)])
def test_no_connection_is_refused_while_a_worker_is_started_again(
    beer_build: Build, tmp_path: Path, workers: str
) -> None:
    with server(beer_build.folder, tmp_path / "log", more=("--workers", workers)) as running, load(running) as outcomes:
        for _ in range(2):
            soon(lambda: outcomes["200"] > 20, PATIENCE)
            os.kill(running.worker, signal.SIGKILL)
            outcomes["200"] = 0
        soon(lambda: outcomes["200"] > 20, PATIENCE)
    outcomes.pop("200")
    assert "ConnectionRefusedError" not in outcomes
    assert outcomes.total() <= 2 * 8  # those that the worker had taken


@pytest.mark.alone
@pytest.mark.parametrize(
    ("in_memory", "part", "victim"),
    [(True, "build.json", "fork_server"), (True, "store/graph", "fork_server"), (False, "store/graph", "evaluators")],
)
def test_no_evaluators_means_not_ready_said_once_and_pages_go_on(
    tmp_path: Path, in_memory: bool, part: str, victim: str
) -> None:
    folder = limited(tmp_path, statements_in_memory=1000 if in_memory else 0, evaluators=2).folder
    with server(folder, tmp_path / "log") as running:
        (folder / part).rename(folder / "away")
        while running.status("/readyz") == 200:
            kill(running, victim)
        time.sleep(5)
        attempts = running.said()
        assert running.status("/readyz") == 503
        assert running.status("/") == running.status("/healthz") == 200
        assert running.status("/sparql?query=ASK%7B%7D") == 503
        assert len([line for line in attempts.splitlines() if "evaluators" in line and "again" in line]) == 1
        assert "Traceback" not in running.said()
        (folder / "away").rename(folder / part)
        soon(lambda: running.status("/readyz") == 200, PATIENCE)
        assert running.counts(0)


@pytest.mark.alone
def test_a_worker_that_cannot_start_is_said_once_and_comes_back(beer_build: Build, tmp_path: Path) -> None:
    folder = tmp_path / "build"
    shutil.copytree(beer_build.folder, folder)
    with server(folder, tmp_path / "log") as running:
        manifest = folder / "build.json"
        manifest.rename(folder / "away")
        os.kill(running.worker, signal.SIGKILL)
        time.sleep(3)
        said = running.said()
        assert len(re.findall("cannot be started", said)) == 1
        assert len(re.findall("is started again", said)) == 1
        assert "Traceback" not in said
        (folder / "away").rename(manifest)
        soon(lambda: running.status("/readyz") == 200, PATIENCE)


def reader_of(port: int, rows: int) -> socket.socket:
    """A client with a long answer under way."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    reader.settimeout(PATIENCE)
    reader.connect(("127.0.0.1", port))
    asked = httpx.QueryParams({"query": f"{MANY} LIMIT {rows}"})
    reader.sendall(f"GET /sparql?{asked} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/csv\r\n\r\n".encode())
    assert reader.recv(1000).startswith(b"HTTP/1.1 200")
    return reader


@pytest.mark.parametrize("told", ["main", pytest.param("all", marks=pytest.mark.alone)])
def test_a_server_that_is_told_to_stop_ends_what_is_under_way(beer_build: Build, tmp_path: Path, told: str) -> None:
    with server(beer_build.folder, tmp_path / "log") as running:
        reader = reader_of(running.port, 100_000)
        running_all = [running.main, *descendants(running.main)]
        for pid in running_all if told == "all" else running_all[:1]:
            os.kill(pid, signal.SIGTERM)  # all: what systemd does
        soon(lambda: refused(running.port))
        content = bytearray()
        while not content.endswith(b"\r\n0\r\n\r\n"):
            block = reader.recv(1 << 16)
            assert block, "the answer was cut"
            content += block
            time.sleep(0.005)
        reader.close()
        assert running.process.wait(PATIENCE) == 0
        assert not any(map(alive, running_all))


def refused(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.alone
def test_a_server_that_is_told_to_stop_waits_for_nobody_for_ever(beer_build: Build, tmp_path: Path) -> None:
    with server(beer_build.folder, tmp_path / "log") as running:
        reader = reader_of(running.port, 9_000_000)
        running_all = [running.main, *descendants(running.main)]
        began = time.monotonic()
        running.process.terminate()
        assert running.process.wait(PATIENCE) == 0
        assert time.monotonic() - began < 10
        assert not any(map(alive, running_all))
        reader.close()


def test_a_server_that_is_told_to_stop_while_it_starts_stops(beer_build: Build, tmp_path: Path) -> None:
    with server(beer_build.folder, tmp_path / "log", wait=False) as running:
        soon(lambda: "open http" in running.said(), PATIENCE)
        running.process.terminate()
        assert running.process.wait(PATIENCE) == 0
        assert "Traceback" not in running.said()


LIMITS = {
    "-n": (resource.RLIMIT_NOFILE, 64),
    "-v": (resource.RLIMIT_AS, 600 << 20),
    "-d": (resource.RLIMIT_DATA, 600 << 20),
    "-u": (resource.RLIMIT_NPROC, 8),
}


def limited_to(limit: int, value: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(limit, (value, value))


@pytest.mark.parametrize("option", [pytest.param(o, marks=pytest.mark.alone if o != "-n" else ()) for o in LIMITS])
def test_limits_of_the_system_that_are_too_low_are_said_at_the_start(beer_build: Build, option: str) -> None:
    done = subprocess.run(
        command(beer_build.folder, free_port()),
        preexec_fn=limited_to(*LIMITS[option]),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(
        rf"missiongraph: the system allows \d+ .+, and the server needs (\d+) \(ulimit {option} \1.*\)\n", done.stderr
    )


@pytest.mark.alone
def test_what_is_said_to_be_needed_is_enough(beer_build: Build, tmp_path: Path) -> None:
    least = {"-n": 256 + 2 * 2, "-v": (512 + 1024 + 1024) << 10, "-d": (512 + 1024) << 10}
    limits = " && ".join(f"ulimit {option} {value}" for option, value in least.items())
    shell = ("sh", "-c", f'{limits} && exec "$@"', "sh")
    with server(beer_build.folder, tmp_path / "log", *shell, more=("--evaluators", "2")) as running:
        with ThreadPoolExecutor(2) as askers:
            runaways = [askers.submit(running.status, f"/sparql?{httpx.QueryParams({'query': RUNAWAY})}") for _ in "ab"]
            kept = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(128)]
            for connection in kept:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert all(connection.recv(12) == b"HTTP/1.1 200" for connection in kept)
            assert running.status("/search?q=beer") == 200
            for connection in kept:
                connection.close()
            running.process.terminate()
            assert all(runaway.result() in (0, 503, 504) for runaway in runaways)
        assert "Traceback" not in running.said()


def surroundings(script: str) -> tuple[str, ...]:
    """A command that runs another in namespaces of its own, after *script*; skips where that is not allowed."""
    before = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", f'{script}\nexec "$@"', "sh")
    if (
        shutil.which("unshare") is None
        or subprocess.run([*before, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("the system allows no such namespaces")
    return before


READ_ONLY = "mount -o remount,bind,ro /"
NO_SHARED_MEMORY = "mount -t tmpfs -o ro tmpfs /dev/shm"
NO_SPACE = "mount -t tmpfs -o size=16k tmpfs /dev/shm; export TMPDIR=/dev/shm"
NO_NAMESPACES = "echo 0 > /proc/sys/user/max_user_namespaces; echo 0 > /proc/sys/user/max_net_namespaces"


@pytest.mark.alone
@pytest.mark.parametrize("script", [READ_ONLY, NO_NAMESPACES, f"{READ_ONLY}; {NO_NAMESPACES}"])
def test_a_poor_system_is_enough(beer_build: Build, tmp_path: Path, script: str) -> None:
    with server(beer_build.folder, tmp_path / "log", *surroundings(script)) as running:
        assert running.status("/") == running.status("/search?q=beer") == running.status("/healthz") == 200
        assert running.counts(0)
        assert "Traceback" not in running.said()
    assert not list(Path("/dev/shm").glob("missiongraph-*"))  # the copy of the index was removed


@pytest.mark.parametrize("script", [NO_SHARED_MEMORY, pytest.param(NO_SPACE, marks=pytest.mark.alone)])
def test_no_folder_for_temporary_files_is_said_at_the_start(beer_build: Build, script: str) -> None:
    before = surroundings(f"{READ_ONLY}; {script}")
    done = subprocess.run(
        [*before, *command(beer_build.folder, free_port())],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"missiongraph: the index of names in .+ \(set TMPDIR to .+\)\n", done.stderr)


@pytest.mark.alone
def test_a_folder_that_can_be_written_needs_no_other(beer_build: Build, tmp_path: Path) -> None:
    """The build is writable, so that nothing is copied."""
    hidden = "mount -t tmpfs -o ro tmpfs /dev/shm; export TMPDIR=/nowhere; cd /proc"
    with server(beer_build.folder, tmp_path / "log", *surroundings(hidden)) as running:
        assert running.status("/search?q=beer") == 200
