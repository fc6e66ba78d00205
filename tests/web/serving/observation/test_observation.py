"""What an operator sees of a real server: identifiers, lines of logs, metrics over processes, a dashboard."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from missiongraph.build import Build
from tests.conftest import ROOT, free_port, missiongraph, wait_for

QUERY = "SELECT ?secretword WHERE { ?secretword ?p ?o } LIMIT 3"
SLOW = "SELECT ?slowword WHERE { ?slowword ?p ?o . ?a ?b ?c } LIMIT 2"


@dataclass(frozen=True)
class Watched:
    """A server, with what it writes to standard error and the address of its metrics."""

    client: httpx.Client
    pid: int
    errors: Path
    metrics: str

    def lines(self, marker: str) -> list[str]:
        """The lines that hold *marker*, as soon as there are any."""
        for _ in range(100):
            if found := [line for line in self.errors.read_text().splitlines() if marker in line]:
                return found
            time.sleep(0.05)
        raise AssertionError(f"no line has {marker}: {self.errors.read_text()}")

    def line(self, request_id: str) -> dict[str, object]:
        """The JSON line of a request."""
        return dict(json.loads(self.lines(f'"{request_id}"')[0]))

    def samples(self) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        """All samples, by name and labels."""
        families = text_string_to_metric_families(httpx.get(self.metrics).text)
        return {(s.name, frozenset(s.labels.items())): s.value for f in families for s in f.samples}

    def total(self, name: str, **labels: str) -> float:
        """The sum of the samples with these labels."""
        return sum(v for (n, given), v in self.samples().items() if n == name and labels.items() <= set(given))


@contextmanager
def watched(build: Build, folder: Path, *options: str) -> Iterator[Watched]:
    port, metrics = free_port(), free_port()
    command = [sys.executable, "-m", "missiongraph", "serve", "--build", str(build.folder), "--port", str(port)]
    command += ["--metrics", f"127.0.0.1:{metrics}", *options]
    errors = folder / "errors"
    with (
        errors.open("w") as file,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=file) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        try:
            wait_for(client, process)
            yield Watched(client, process.pid, errors, f"http://127.0.0.1:{metrics}/metrics")
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def json_server(beer_build: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Logs in JSON, as they are without further options."""
    with watched(beer_build, tmp_path_factory.mktemp("json"), "--log", "json") as server:
        yield server


@pytest.fixture(scope="module")
def open_server(beer_build: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Plain logs with all that may be asked for, and two workers."""
    options = ("--log", "plain", "--log-clients", "--log-queries", "--slow-queries", "0", "--workers", "2")
    with watched(beer_build, tmp_path_factory.mktemp("open"), *options) as server:
        yield server


def test_each_response_has_an_identifier_of_its_own_and_its_time(beer: httpx.Client) -> None:
    first, second = beer.get("/"), beer.get("/")
    assert re.fullmatch("[0-9a-f]{16}", first.headers["X-Request-ID"])
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert re.fullmatch(r"cache;desc=hit, total;dur=[0-9]+\.[0-9]", second.headers["Server-Timing"])


def test_identifiers_change_neither_tag_nor_bytes_and_are_not_cached(beer: httpx.Client) -> None:
    def ask(name: str) -> httpx.Response:
        return beer.get("/", headers={"X-Request-ID": name, "Accept": "text/html"})

    first, second = ask("first"), ask("second")
    assert (first.headers["X-Request-ID"], second.headers["X-Request-ID"]) == ("first", "second")
    assert second.headers.get_list("X-Request-ID") == ["second"]
    assert (first.content, first.headers["ETag"]) == (second.content, second.headers["ETag"])
    again = beer.get("/", headers={"If-None-Match": first.headers["ETag"], "X-Request-ID": "third"})
    assert (again.status_code, again.headers["X-Request-ID"]) == (304, "third")


@pytest.mark.parametrize(
    "path", ["/", "/nothing/here", "/sparql?query=broken", "/healthz", "/dumps/", "/static/site.css"]
)
def test_every_kind_of_response_has_an_identifier(beer: httpx.Client, path: str) -> None:
    assert beer.get(path, headers={"X-Request-ID": "mine"}).headers["X-Request-ID"] == "mine"


@pytest.mark.parametrize(
    "given", ["", "a b", "x" * 65, 'a"b', "<script>", "a;b=c", "a,b", "é".encode().decode("latin-1")]
)
def test_an_identifier_that_may_do_harm_is_replaced(beer: httpx.Client, given: str) -> None:
    answer = beer.get("/", headers=[(b"X-Request-ID", given.encode("latin-1"))])
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_two_identifiers_are_none(beer: httpx.Client) -> None:
    answer = beer.get("/", headers=[("X-Request-ID", "one"), ("X-Request-ID", "two")])
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_a_line_says_what_became_of_a_request(json_server: Watched) -> None:
    ask = {"Accept-Encoding": "identity"}
    ask["Accept"] = "text/csv"
    for name in ("page-1", "page-2"):
        answer = json_server.client.get("/sparql", params={"query": QUERY}, headers={"X-Request-ID": name, **ask})
    line = json_server.line("page-2")
    digest = json_server.line("page-1")["digest"]
    assert line.pop("time")
    assert 0 < float(str(line.pop("ms"))) < 30_000
    assert line == {
        "event": "request",
        "id": "page-2",
        "method": "GET",
        "route": "sparql",
        "status": 200,
        "bytes": len(answer.content),
        "cache": "hit",
        "outcome": "answered",
        "rows": 3,
        "digest": digest,
    }
    first = json_server.line("page-1")
    assert (first["cache"], first["rows"]) == ("miss", 3)


@pytest.mark.parametrize(
    ("path", "route", "status", "outcome"),
    [
        ("/", "home", 200, "answered"),
        ("/dumps/", "dumps", 200, "answered"),
        ("/openapi.json", "openapi.json", 200, "answered"),
        ("/static/site.css", "static", 200, "answered"),
        ("/wp-login.php", "other", 404, "refused"),
        ("/sparql?query=broken", "sparql", 400, "refused"),
    ],
)
def test_routes_are_few_whatever_is_asked(
    json_server: Watched, path: str, route: str, status: int, outcome: str
) -> None:
    name = f"route-{route}-{status}"
    json_server.client.get(path, headers={"X-Request-ID": name})
    line = json_server.line(name)
    assert (line["route"], line["status"], line["outcome"]) == (route, status, outcome)


def test_a_posted_query_has_the_digest_of_the_same_query_in_an_address(json_server: Watched) -> None:
    json_server.client.get("/sparql", params={"query": QUERY}, headers={"X-Request-ID": "got"})
    for name in ("posted", "posted-again"):
        json_server.client.post("/sparql", data={"query": QUERY}, headers={"X-Request-ID": name})
    lines = [json_server.line(name) for name in ("got", "posted", "posted-again")]
    assert len({line["digest"] for line in lines}) == 1
    assert lines[2]["cache"] == "hit"


def test_a_client_that_leaves_is_told_from_one_that_was_answered(json_server: Watched) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(
            f"{json_server.client.base_url}/sparql",
            params={"query": query},
            headers={"X-Request-ID": "gone", "Accept": "application/json"},
            timeout=0.5,
        )
    line = json_server.line("gone")
    assert (line["outcome"], line["status"], line["bytes"]) == ("left", 0, 0)


def test_no_line_has_a_query_or_an_address_unless_asked_for(json_server: Watched) -> None:
    headers = {"X-Request-ID": "private", "X-Forwarded-For": "203.0.113.7"}
    json_server.client.get("/sparql", params={"query": QUERY}, headers=headers)
    json_server.lines('"private"')
    written = json_server.errors.read_text()
    assert not [word for word in ("secretword", "127.0.0.1", "203.0.113.7") if word in written]


def test_a_plain_line_has_what_was_asked_for(open_server: Watched) -> None:
    text = QUERY + "\n# forged id=1"
    headers = {"X-Request-ID": "whole", "X-Forwarded-For": "203.0.113.7"}
    open_server.client.get("/sparql", params={"query": text}, headers=headers)
    line = next(line for line in open_server.lines("id=whole") if "event=request" in line)
    assert f"query={json.dumps(text)}" in line
    assert "client=127.0.0.1 forwarded=203.0.113.7" in line


def test_a_slow_query_is_logged_with_its_text(open_server: Watched, json_server: Watched) -> None:
    for server in (open_server, json_server):
        server.client.post("/sparql", data={"query": SLOW}, headers={"X-Request-ID": "slow"})
        assert server.lines("slow")
    line = next(line for line in open_server.lines("id=slow") if 'event="slow query"' in line)
    assert json.dumps(SLOW) in line
    assert "slowword" not in json_server.errors.read_text()


def test_metrics_add_up_over_processes(open_server: Watched) -> None:
    def counted() -> float:
        return open_server.total("missiongraph_requests_total", route="context.jsonld", status="200")

    before, address = counted(), str(open_server.client.base_url)
    with httpx.Client(headers={"Connection": "close"}) as client:  # so that both workers get some
        for _ in range(40):
            assert client.get(f"{address}/context.jsonld").is_success
    assert counted() - before == 40
    assert open_server.total("missiongraph_workers") == 2
    assert open_server.total("missiongraph_requests_open") == 0
    assert open_server.total("missiongraph_request_seconds_count", route="context.jsonld") == counted()


def test_the_site_itself_serves_no_metrics(json_server: Watched) -> None:
    assert json_server.client.get("/metrics").status_code == 404
    assert "missiongraph_" in httpx.get(json_server.metrics).text


@pytest.mark.parametrize(
    ("address", "message"),
    [("nowhere", "no address"), ("127.0.0.1:0", "no address"), ("127.0.0.1:70000", "no address")],
)
def test_an_address_of_metrics_that_is_none_is_refused(address: str, message: str) -> None:
    answer = missiongraph("serve", "--metrics", address)
    assert answer.returncode == 2
    assert message in answer.stderr


def test_metrics_never_share_the_address_of_the_site() -> None:
    port = str(free_port())
    answer = missiongraph("serve", "--port", port, "--metrics", f"127.0.0.1:{port}")
    assert answer.returncode == 2
    assert f"--metrics has the port of the site, {port}" in answer.stderr


def test_every_query_of_the_dashboard_names_a_metric_that_exists(open_server: Watched) -> None:
    open_server.client.get("/sparql", params={"query": QUERY + " OFFSET 1"})
    dashboard = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    names = {name for (name, _) in open_server.samples()}
    labels = {label for (_, given) in open_server.samples() for label, _ in given}
    asked = {name for query in queries for name in re.findall(r"\bmissiongraph_\w+", query)}
    assert len(queries) >= 6
    assert all("missiongraph_" in query for query in queries)
    assert asked <= names
    documented = set(
        re.findall(r"^\| `(missiongraph_\w+)`", (ROOT / "docs" / "observing.md").read_text(), re.MULTILINE)
    )
    assert documented == {re.sub("_(bucket|sum|count|created)$", "", name) for name in names}
    by = {label for query in queries for group in re.findall(r"by \(([^)]*)\)", query) for label in group.split(", ")}
    assert by <= labels


def test_a_worker_that_was_killed_keeps_its_counts_and_is_counted_no_more(open_server: Watched) -> None:
    before = open_server.total("missiongraph_requests_total")
    children = Path(f"/proc/{open_server.pid}/task/{open_server.pid}/children").read_text().split()
    named = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in children}
    os.kill(next(pid for pid, words in named.items() if b"serve" in words), signal.SIGKILL)
    patience, seen = time.monotonic() + 30, set[float]()
    while 1 not in seen and time.monotonic() < patience:
        seen.add(open_server.total("missiongraph_workers"))
    assert seen <= {2, 1}
    assert 1 in seen
    assert open_server.total("missiongraph_requests_total") >= before
