"""``SERVICE``: what a call gives, whom it reaches, and what is said when it does not."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from missiongraph.build import Build
from missiongraph.engine.protocol import QueryDataset
from missiongraph.sparql.endpoint import Endpoint
from missiongraph.sparql.evaluators.pool import Pool
from missiongraph.sparql.federation import Call, Federation, Rewritten, calls
from missiongraph.sparql.http_replies import SparqlProblem
from missiongraph.sparql.remote_endpoints import Remote, Unreachable, is_public
from missiongraph.sparql.request import SparqlRequest
from tests.conftest import serving
from tests.limits import limited
from tests.processes import needs_proc

FORMATS = {"solutions": "json", "boolean": "json", "graph": "ttl"}
RESULTS = '{"head": {"vars": ["n", "o"]}, "results": {"bindings": [%s]}}'
TWO = RESULTS % (
    '{"n": {"type": "literal", "value": "a \\"b\\"\\n", "xml:lang": "en"}, "o": {"type": "bnode", "value": "x"}},'
    '{"o": {"type": "bnode", "value": "x"}}'
)


class Other(BaseHTTPRequestHandler):
    """An endpoint that answers as its path says."""

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/moved":
            self.send_response(307)
            self.send_header("Location", "/two")
            self.end_headers()
            return
        answers = {
            "/two": TWO,
            "/nothing": "<html>",
            "/true": '{"head": {}, "boolean": true}',
            "/large": "x" * 9_000_000,
            "/echo": RESULTS % json.dumps({"n": {"type": "literal", "value": query}}),
        }
        self.send_response(200 if self.path in answers else 500)
        self.end_headers()
        if self.path == "/slow":
            self.wfile.flush()
            threading.Event().wait(3)
        self.wfile.write(answers.get(self.path, "out of order").encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def asked(beer_build: Build, site: httpx.Client, other: str) -> Iterator[Callable[..., Any]]:
    """What an endpoint on the tiny publication answers, which may reach the server of the shipped one, and others."""
    loop = asyncio.new_event_loop()
    paths = ("two", "moved", "nothing", "true", "large", "broken", "slow", "echo")
    allowed = frozenset({f"{site.base_url}/sparql", *(f"{other}/{path}" for path in paths), "http://127.0.0.1:1/"})
    pool = Pool(beer_build.folder, evaluators=1, total_seconds=20, queue=4, queue_seconds=5)
    remote = Remote(1, permitted=lambda _: True)
    endpoint = Endpoint(pool, Federation(allowed, beer_build.prefixes, beer_build.settings.base, remote))

    async def whole(query: str, dataset: QueryDataset | None) -> object:
        reply = await endpoint.ask(SparqlRequest(query, dataset), FORMATS)  # type: ignore[arg-type]
        try:
            content = json.loads(b"".join([block async for block in reply.blocks()]))
        finally:
            reply.close()
        assert reply.volatile  # what others say may change, so it is never kept
        return [{name: term["value"] for name, term in row.items()} for row in content["results"]["bindings"]]

    def ask(query: str, dataset: QueryDataset | None = None) -> object:
        return loop.run_until_complete(whole(query, dataset))

    loop.run_until_complete(pool.start())
    yield ask
    pool.close()
    loop.run_until_complete(asyncio.sleep(0.1))
    loop.close()


@needs_proc
def test_a_call_is_joined_with_the_rest_of_its_group(asked: Callable[..., Any], site: httpx.Client) -> None:
    city = f"{site.base_url}/sparql"
    query = f"""PREFIX s: <http://schema.org/>
        SELECT ?name ?kind {{ VALUES ?kind {{ s:City s:Person }}
            OPTIONAL {{ SERVICE <{city}> {{ # }} in a comment closes nothing
                ?place a ?kind ; s:name ?name FILTER(?name IN ("Bologna"@it, "}}"@it)) }} }} }}"""
    assert asked(query) == [
        {"name": "Bologna", "kind": "http://schema.org/City"},
        {"kind": "http://schema.org/Person"},
    ]


@needs_proc
def test_values_come_back_as_they_were_with_iris_for_blank_nodes(asked: Callable[..., Any], other: str) -> None:
    one, two = asked(f"SELECT * {{ SERVICE <{other}/two> {{ ?s ?p ?o }} }} ORDER BY DESC(?n)")
    assert one["n"] == 'a "b"\n'
    assert one["o"] == two["o"]
    assert one["o"].startswith("urn:uuid:")


@needs_proc
def test_the_other_is_asked_under_the_names_that_the_query_declares(asked: Callable[..., Any], other: str) -> None:
    prologue = f"BASE <http://b.example/>\nPREFIX e: <{other}/>\n"
    (row,) = asked(f"{prologue}SELECT ?n {{ SERVICE SILENT e:echo {{ ?n e:p <x> }} }}")
    assert row["n"] == f"{prologue}SELECT * WHERE {{ ?n e:p <x> }}"


@needs_proc
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("moved", "status 307"),
        ("broken", "status 500: out of order"),
        ("nothing", "not query results in JSON"),
        ("true", "true or false"),
        ("large", "more than 8 MB"),
        ("slow", "no answer within 1 s"),
    ],
)
def test_an_endpoint_that_gives_no_solutions_is_named_with_the_reason(
    asked: Callable[..., Any], other: str, path: str, says: str
) -> None:
    with pytest.raises(SparqlProblem, match=says) as caught:
        asked(f"SELECT * {{ SERVICE <{other}/{path}> {{ ?s ?p ?o }} }}")
    assert caught.value.status == 502
    assert f"<{other}/{path}>" in str(caught.value)
    assert asked(f"SELECT * {{ SERVICE SILENT <{other}/{path}> {{ ?s ?p ?o }} }}") == [{}]


@needs_proc
@pytest.mark.parametrize("rest", [" oops }", " FILTER( }", "\n\n  BIND(1 AS ?s) é }"])
def test_what_is_wrong_elsewhere_keeps_its_place(asked: Callable[..., Any], other: str, rest: str) -> None:
    call = f"SERVICE <{other}/two> {{\n ?s ?p ?o }}"
    first, second = call.split("\n")
    group = "{".ljust(len(first)) + "\n" + "}".rjust(len(second))
    places = []
    for content in (call, group):
        with pytest.raises(SparqlProblem) as caught:
            asked(f"SELECT * {{\n  {content}{rest}")
        places.append((caught.value.status, caught.value.line, caught.value.column))
    assert places[0] == places[1]
    assert None not in places[0]


@needs_proc
@pytest.mark.parametrize("whom", ["<http://elsewhere.example/>", "?whom", "<http://127.0.0.1:1/sub>"])
def test_only_endpoints_that_are_allowed_are_asked(asked: Callable[..., Any], whom: str) -> None:
    with pytest.raises(SparqlProblem, match="SERVICE does not reach") as caught:
        asked(f"SELECT * {{\n SERVICE SILENT {whom} {{ ?s ?p ?o }} }}")
    assert (caught.value.status, caught.value.line, caught.value.column) == (400, 2, 2)


@needs_proc
@pytest.mark.parametrize("call", ["SERVICESILENT<{}>{{}}", "SERVICE", "SERVICE <{}>", "SERVICE <{}> {{ ?s ?p ?o"])
def test_a_call_that_is_not_read_is_refused(asked: Callable[..., Any], other: str, call: str) -> None:
    with pytest.raises(SparqlProblem) as caught:
        asked(f"SELECT * {{ {call.format(f'{other}/two')} }}")
    assert caught.value.status == 400


@needs_proc
def test_a_private_address_is_not_reached_even_if_it_is_allowed(tmp_path: Path, site: httpx.Client) -> None:
    allowed = f"{site.base_url}/sparql"
    build = limited(tmp_path, more=f"[service]\nallow = ['{allowed}']")
    query = f"SELECT * {{ SERVICE <{allowed}> {{ ?s ?p ?o }} }}"
    with serving(build) as client:
        response = client.get("/sparql", params={"query": query})
        assert response.status_code == 502
        assert "private network" in response.json()["detail"]
        described = client.get("/sparql", params={"format": "nt"}).text
        silent = client.get("/sparql", params={"query": query.replace("SERVICE", "SERVICE SILENT")})
        assert silent.json()["results"]["bindings"] == [{}]
        assert (silent.headers["Cache-Control"], "ETag" in silent.headers) == ("no-store", False)
    assert "BasicFederatedQuery" in described
    assert f"SERVICE reaches {allowed}" in described


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "ff0e::1",
    ],
)
def test_addresses_of_private_networks_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001:800::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/"])
def test_a_name_is_judged_by_what_it_leads_to(endpoint: str) -> None:
    with pytest.raises(Unreachable, match="private network"):
        asyncio.run(Remote(5).ask(endpoint, "ASK {}"))


PARTS = ("{ }", '"}"', "# }\n", "<http://x/>", "?s ?p ?o .", "SERVICE <http://y/> { }", "\n")
BLOCKS = st.lists(st.sampled_from(PARTS))


@given(st.lists(st.tuples(BLOCKS.map(" ".join), BLOCKS.map(" ".join)), min_size=1, max_size=4))
def test_calls_are_found_whole_and_places_outside_of_them_are_kept(parts: list[tuple[str, str]]) -> None:
    text = "SELECT * { " + " ".join(
        f"{before.replace('SERVICE', 'GRAPH')} SERVICE <http://x/> {{ {group} }}" for before, group in parts
    )
    found, _ = calls(text, {}, None)
    assert [call.pattern for call in found] == [f"{{ {group} }}" for _, group in parts]
    rewritten, pieces, last = "", [], 0
    for call in found:
        rewritten += text[last : call.start]
        pieces.append((call, len(rewritten), len(rewritten) + 5))
        rewritten, last = rewritten + "x\nyyy", call.end
    check_places(Rewritten(text, rewritten + text[last:], tuple(pieces)))


def check_places(rewritten: Rewritten) -> None:
    """Each character that was kept is where it was; data are where their call began."""
    original = iter(range(len(rewritten.original)))
    inside: dict[int, Call] = {n: call for call, start, end in rewritten.pieces for n in range(start, end)}
    for offset in range(len(rewritten.text)):
        call = inside.get(offset)
        if call is not None:
            expected = call.start
            original = iter(range(call.end, len(rewritten.original)))
        else:
            expected = next(original)
        assert rewritten.place(*place_of(rewritten.text, offset)) == place_of(rewritten.original, expected)


def place_of(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def test_a_graph_of_the_request_is_ours_alone(asked: Callable[..., Any], other: str) -> None:
    nothing = QueryDataset((NamedNode("http://nowhere.example/"),), ())
    rows = asked(f"SELECT ?n {{ SERVICE <{other}/two> {{ ?s ?p ?o }} OPTIONAL {{ ?a ?b ?c }} }}", nothing)
    assert isinstance(rows, list)
    assert len(rows) == 2
