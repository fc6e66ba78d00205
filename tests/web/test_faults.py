"""No query takes the service down: each ends at its limits, harms no other, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

import httpx
import pytest

from missiongraph.build import Build
from missiongraph.sparql.request import DIRECT, FORM
from tests.conftest import serving
from tests.limits import DIGITS, HEAVY, MANY, RUNAWAY, limited
from tests.processes import (
    alive,
    children,
    descendants,
    descriptors,
    memory,
    needs_proc,
    niceness,
    processor_seconds,
    server_of,
    soon,
    started_as,
)

pytestmark = [needs_proc, pytest.mark.alone]

SECONDS, TOTAL, STALL = 1, 6, 2

#: Bytes of a dump: more than the sockets between server and client take in.
PADDING = 12_000_000

#: A server under the load of the tests themselves may be late by this many seconds.
LATE = 4.0

JSON = {"Accept": "application/sparql-results+json"}
CSV = {"Accept": "text/csv"}
HTML = {"Accept": "text/html"}


@dataclass(frozen=True)
class Server:
    """A server with small limits: its address, its processes."""

    port: int
    main: int

    @property
    def fork_server(self) -> int:
        """The process that evaluators are forked from."""
        return started_as(self.main, "missiongraph.sparql.evaluators.fork_server")

    @property
    def worker(self) -> int:
        """The process that answers HTTP."""
        return next(pid for pid in (self.main, *descendants(self.main)) if self.fork_server in children(pid))

    @property
    def evaluators(self) -> list[int]:
        return children(self.fork_server)

    def busy(self) -> list[int]:
        """Evaluators whose query has taken longer than a moment."""
        return [pid for pid in self.evaluators if alive(pid) and niceness(pid) == 19]

    def footprint(self) -> tuple[int, int]:
        """How many processes there are, and how many descriptors they hold."""
        found = [self.main, *descendants(self.main)]
        return len(found), sum(descriptors(pid) for pid in found)

    def client(self) -> httpx.Client:
        """A client that keeps no connection."""
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20, limits=limits)

    def ask(self, query: str, **headers: str) -> httpx.Response:
        """POST the query as it is."""
        with self.client() as client:
            stated = {**JSON, "Content-Type": DIRECT, **headers}
            return client.post("/sparql", content=query.encode(), headers=stated)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return limited(
        tmp_path_factory.mktemp("faults"),
        PADDING,
        seconds=SECONDS,
        total_seconds=TOTAL,
        memory_megabytes=200,
        stall_seconds=STALL,
        evaluators=4,
        queue=4,
        queue_seconds=3,
    )


@pytest.fixture(scope="module")
def running(build: Build) -> Iterator[Server]:
    with serving(build) as client:
        port = client.base_url.port
        client.close()
        assert port is not None
        yield Server(port, server_of(port))


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The server; after the test it is what it was before: processes, descriptors, right answers, no work."""
    assert small(running, 0).status_code == 200
    assert running.ask("ASK { }", Accept="text/html").status_code == 200
    soon(lambda: len(running.evaluators) == 4)
    before = running.footprint()
    yield running
    soon(lambda: running.footprint() <= before and not running.busy())
    used = {pid: processor_seconds(pid) for pid in running.evaluators}
    time.sleep(0.1)
    assert sum(processor_seconds(pid) - used[pid] for pid in used) < 0.2
    assert small(running, 1).json()["results"]["bindings"][0]["n"]["value"] == "1"


def small(server: Server, number: int) -> httpx.Response:
    """The answer to a small query that no cache has."""
    return server.ask(f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {number} }} }} # {time.monotonic_ns()}")


@contextmanager
def small_queries(server: Server) -> Iterator[None]:
    """Small queries all the while, none of which may fail."""
    answers: list[int] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            answers.append(small(server, len(answers)).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()
    assert answers
    assert set(answers) == {200}


def is_problem(response: httpx.Response) -> bool:
    """Whether the answer is a problem document that says its status."""
    return (
        response.headers["Content-Type"] == "application/problem+json"
        and response.json()["status"] == response.status_code
        and bool(response.json()["detail"])
    )


def values(variables: int, terms: str) -> str:
    """A cross product of so many lists of *terms*."""
    return " ".join(f"VALUES ?v{i} {{ {terms} }}" for i in range(variables))


STATEMENTS = [f"?s{i} ?p{i} ?o{i}" for i in range(500)]
COUNT = "SELECT (COUNT(*) AS ?n)"
ANYWAY = "(<a:a>|!<a:a>)*"
OPTIONALS = "".join(f"{statement} OPTIONAL {{ " for statement in STATEMENTS[:12])
DEEP = 10_000
LONG = "a" * 5000

HOSTILE = {
    "count of a cross product": RUNAWAY,
    "order of a cross product": f"SELECT * {{ {' . '.join(STATEMENTS[:6])} }} ORDER BY ?o5 ?o4 ?o3",
    "exploding path": f"{COUNT} {{ {DIGITS} ?s {ANYWAY}/{ANYWAY} ?o . ?o {ANYWAY} ?q }}",
    "catastrophic expression": f'{COUNT} {{ {DIGITS} FILTER REGEX(CONCAT("{LONG}", STR(?a), STR(?g)), "^(a|aa)+$") }}',
    "huge concatenation": f'SELECT (GROUP_CONCAT(?t) AS ?all) {{ {DIGITS} BIND("{"x" * 1000}" AS ?t) }}',
    "doubled text": HEAVY,
    "values": f"{COUNT} {{ {values(8, '1 2 ' * 500)} }}",
    "nested optionals": f"{COUNT} {{ {OPTIONALS} {'}' * 12} }}",
    "parentheses": f"SELECT * {{ FILTER({'(' * DEEP}1{')' * DEEP}) }}",
    "sub-selects": f"{'SELECT * { { ' * DEEP} ?s ?p ?o {' } }' * DEEP}",
    "flat patterns": f"SELECT * {{ {' . '.join(STATEMENTS)} }}",
    "chain of terms": f"SELECT ({' + '.join(['1'] * 50_000)} AS ?n) {{ }}",
    "megabytes of values": f"{COUNT} {{ {values(4, '1 ' * 450_000)} }}",
    "megabytes of nonsense": f"SELECT * {{ {'} {' * 1_200_000}",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_query_ends_near_its_deadline_and_harms_no_other(server: Server, query: str) -> None:
    with small_queries(server):
        began = time.monotonic()
        response = server.ask(query)
        taken = time.monotonic() - began
    assert 400 <= response.status_code < 500 or response.status_code in (503, 504)
    assert is_problem(response)
    assert taken < TOTAL + LATE
    soon(lambda: not server.busy(), LATE)  # it frees its memory at the lowest priority


def test_a_request_of_more_than_four_megabytes_is_too_large(server: Server) -> None:
    for media_type in (DIRECT, FORM):
        response = server.ask("#" * 4_000_001, **{"Content-Type": media_type})
        assert response.status_code == 413
        assert is_problem(response)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/sparql"), ("POST", "/reconcile"), ("PUT", "/"), ("DELETE", "/")]
)
def test_a_connection_outlives_a_body_that_is_refused(server: Server, method: str, path: str) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        for _ in range(3):
            connection.request(method, path, b"#" * 9_000_000, {"Content-Type": DIRECT})
            socket_used, refusal = connection.sock, connection.getresponse()
            assert refusal.status in (405, 413)
            refusal.read()
            time.sleep(0.05)  # a server that is about to close has closed
            assert connection.sock is socket_used
            connection.request("GET", "/healthz")
            healthy = connection.getresponse()
            assert healthy.status == 200
            healthy.read()


def test_a_request_just_below_holds_nobody_up(server: Server) -> None:
    escapes = "query=ASK%7B%7D" + "%20" * 1_300_000
    with ThreadPoolExecutor(1) as others:
        asking = others.submit(server.ask, escapes, **{"Content-Type": FORM})
        slowest = 0.0
        while not asking.done():
            began = time.monotonic()
            assert small(server, 0).status_code == 200
            slowest = max(slowest, time.monotonic() - began)
    assert asking.result().status_code == 200
    assert slowest < LATE


def test_many_long_queries_leave_room_for_small_ones(server: Server) -> None:
    with small_queries(server), ThreadPoolExecutor(3) as askers:
        answers = list(askers.map(server.ask, [f"{RUNAWAY} # {i}" for i in range(3)]))
    assert {answer.status_code for answer in answers} <= {503, 504}
    assert all(map(is_problem, answers))


def test_more_than_the_queue_holds_are_sent_away_for_a_while(server: Server) -> None:
    with ThreadPoolExecutor(30) as askers:
        began = time.monotonic()
        answers = list(askers.map(server.ask, [f"{RUNAWAY} # {i}" for i in range(30)]))
    assert time.monotonic() - began < 2 * TOTAL + LATE
    sent_away = [answer for answer in answers if answer.status_code == 503]
    assert len(sent_away) >= 30 - 4 - 4
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in sent_away)
    assert all(map(is_problem, answers))


def test_pages_are_served_while_people_ask_for_too_much(server: Server) -> None:
    with ThreadPoolExecutor(20) as askers, server.client() as client:
        asking = [askers.submit(server.ask, f"{RUNAWAY} # {i}", Accept="text/html") for i in range(20)]
        time.sleep(0.3)
        began = time.monotonic()
        page = client.get("/", params={"again": str(began)}, headers=HTML)
        taken = time.monotonic() - began
    assert page.status_code == 200
    assert taken < 3
    assert {answer.result().status_code for answer in asking} <= {503, 504}


def test_an_evaluator_killed_before_it_answers_is_a_problem(server: Server) -> None:
    with ThreadPoolExecutor(1) as askers:
        asking = askers.submit(server.ask, RUNAWAY)
        soon(lambda: len(server.busy()) == 1)
        os.kill(server.busy()[0], signal.SIGKILL)
        response = asking.result()
    assert response.status_code == 503
    assert is_problem(response)


def asking(query: str) -> str:
    """The address that asks *query*."""
    return f"/sparql?{urlencode({'query': query})}"


class Reader:
    """A client that reads as it likes."""

    def __init__(self, server: Server, address: str, *, window: int | None = None, **headers: str) -> None:
        self._socket = socket.socket()
        if window is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self._socket.settimeout(20)
        self._socket.connect(("127.0.0.1", server.port))
        stated = {**CSV, "Host": "127.0.0.1", "Connection": "close", **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in stated.items())
        self._socket.sendall(f"GET {address} HTTP/1.1\r\n{lines}\r\n".encode())
        self.content = bytearray()

    def read(self, size: int) -> bool:
        """Take up to *size* bytes; false where there are no more."""
        try:
            block = self._socket.recv(size)
        except ConnectionError:
            block = b""
        self.content += block
        return bool(block)

    def rest(self) -> bytes:
        """All of the answer."""
        while self.read(1 << 20):
            pass
        self._socket.close()
        return bytes(self.content)

    def leave(self) -> None:
        self._socket.close()


#: What the last chunk of a whole body looks like (RFC 9112, section 7.1).
LAST_CHUNK = b"\r\n0\r\n\r\n"


def test_an_evaluator_killed_while_it_answers_cuts_the_connection(server: Server) -> None:
    reader = Reader(server, asking(MANY))
    reader.read(1000)
    soon(lambda: len(server.busy()) == 1)
    os.kill(server.busy()[0], signal.SIGKILL)
    content = reader.rest()
    assert content.startswith(b"HTTP/1.1 200")
    assert not content.endswith(LAST_CHUNK)


def test_a_client_that_stalls_is_held_back_then_cut(server: Server) -> None:
    reader = Reader(server, asking(MANY))
    reader.read(1000)
    soon(lambda: len(server.busy()) == 1)
    (holding,) = server.busy()
    time.sleep(1)
    used = processor_seconds(holding)
    time.sleep(0.4)
    assert processor_seconds(holding) <= used + 0.05  # the clock counts in hundredths
    assert alive(holding)
    soon(lambda: not alive(holding), STALL + LATE)
    assert not reader.rest().endswith(LAST_CHUNK)


def test_stalled_clients_of_short_answers_hold_no_evaluator(server: Server) -> None:
    readers = [Reader(server, asking(f"{MANY} LIMIT 60000 # {i}"), window=4096) for i in range(8)]
    for reader in readers:
        reader.read(10)
    with small_queries(server):
        time.sleep(0.5)
    soon(lambda: not server.busy())
    assert all(reader.rest().count(b"\n") > 60_000 for reader in readers)


def test_a_slow_reader_loses_nothing_to_any_deadline(server: Server) -> None:
    length, rows = 15_000, 850  # long texts, so that writing them takes far less processor time than is allowed
    text = f'SELECT ("{"x" * length}" AS ?t) {{ {DIGITS} }} LIMIT {rows}'
    reader = Reader(server, asking(text), window=16_384)
    began = time.monotonic()
    while reader.read(16_384):  # a megabyte and a half a second
        time.sleep(0.01)
    assert time.monotonic() - began > TOTAL + 1
    _, _, body = reader.rest().partition(b"\r\n\r\n")
    assert body.endswith(LAST_CHUNK)
    assert body.count(b"x") == length * rows


@pytest.mark.parametrize("accept", ["text/csv", "text/html"])
def test_a_client_that_leaves_stops_its_query(server: Server, accept: str) -> None:
    reader = Reader(server, asking(RUNAWAY), Accept=accept)
    soon(lambda: len(server.busy()) == 1)
    (working,) = server.busy()
    reader.leave()
    assert soon(lambda: not alive(working)) < 2


def test_a_client_that_leaves_in_the_middle_stops_its_query(server: Server) -> None:
    reader = Reader(server, asking(MANY))
    reader.read(100_000)
    soon(lambda: len(server.busy()) == 1)
    (working,) = server.busy()
    reader.leave()
    assert soon(lambda: not alive(working)) < 2


def test_an_evaluator_that_dies_idle_is_missed_by_nobody(server: Server) -> None:
    with small_queries(server):
        before = server.evaluators
        soon(lambda: len(server.evaluators) == 4)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    soon(lambda: len(server.evaluators) == 4 and not set(before) & set(server.evaluators))
    assert small(server, 0).status_code == 200


def test_the_service_comes_back_when_the_fork_server_is_killed(server: Server) -> None:
    os.kill(server.fork_server, signal.SIGKILL)
    assert small(server, 0).status_code == 200
    soon(lambda: len(server.evaluators) == 4)


def test_readers_of_files_that_stall_or_leave_hold_no_thread(server: Server, build: Build) -> None:
    address = f"/dumps/{build.settings.stem}.nt"
    readers = [Reader(server, address, window=4096) for _ in range(20)]
    for reader in readers:
        reader.read(100)
    for reader in readers[:10]:
        reader.leave()
    with server.client() as client:
        began = time.monotonic()
        assert client.get("/", params={"again": str(began)}, headers=HTML).status_code == 200
        assert time.monotonic() - began < STALL + LATE
    for reader in readers[10:]:
        reader.leave()


def test_the_server_stops_when_told_whatever_its_clients_do(build: Build) -> None:
    with serving(build) as client:
        port = client.base_url.port
        assert port is not None
        server = Server(port, server_of(port))
        running = [server.main, *descendants(server.main)]
        readers = [Reader(server, f"/dumps/{build.settings.stem}.nt", window=4096), Reader(server, asking(MANY))]
        for reader in readers:
            reader.read(100)
        os.kill(server.main, signal.SIGTERM)
        soon(lambda: not any(alive(pid) for pid in running), 10)
        for reader in readers:
            reader.leave()


def test_a_million_rows_leave_the_server_as_small_as_it_was(beer: httpx.Client) -> None:
    port = beer.base_url.port
    assert port is not None
    server = Server(port, server_of(port))
    before = most = memory(server.worker)
    size = 0
    query = f"SELECT ?a ?b {{ {DIGITS} VALUES ?z {{ 0 1 2 3 4 5 6 7 8 9 }} }} LIMIT 1000000"
    with beer.stream("GET", "/sparql", params={"query": query}, headers=JSON) as response:
        rows, looked = 0, 0
        for block in response.iter_raw():
            rows += block.count(b'"a":')
            size += len(block)
            if size - looked > 20_000_000:
                looked = size
                time.sleep(0.05)
                most = max(most, memory(server.worker))
    assert size > 100_000_000
    assert rows > 999_000
    assert most - before < 30_000_000
