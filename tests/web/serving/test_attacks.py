"""What somebody sends who means harm: a running server refuses it, and neither reaches nor shows what it must not.

docs: SECURITY.md. Names of sections are those of RFC 9112 where no other is named.
"""

from __future__ import annotations

import gzip
import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from missiongraph.build import Build
from missiongraph.errors import UnreadableInput
from missiongraph.evidence.pages.read_page import page_of
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.http.parameters import MOST_POSTED
from tests.conftest import build_of, serving

BASE = "https://attacked.example/"
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://formula.example/","here")'
BROKEN_OUT = f"</script></title></textarea>{SCRIPT}"
SETTINGS = f"""
title = "{SCRIPT}"
base = "{BASE}"
limits.stall-seconds = 1
"""
DATA = f"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
<{BASE}id/thing> a schema:Thing ; rdfs:label {SCRIPT!r}, {BROKEN_OUT!r}, '<!--<script>',
        '"><img src=x onerror=alert(1)>', {FORMULA!r} ;
    schema:url "javascript:alert(1)"^^<http://www.w3.org/2001/XMLSchema#anyURI> ;
    schema:sameAs <javascript:alert(1)> ; rdfs:seeAlso <data:text/html,%3Cscript%3Ealert(1)> .
"""


@dataclass(frozen=True)
class Trap:
    """A server that nobody may ask."""

    address: str
    asked: list[str]


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    asked: list[str] = []

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server calls
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Asked) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Trap(f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()
        thread.join()


def publication(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {"missiongraph.toml": SETTINGS, "data/a.ttl": DATA, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory, trap: Trap) -> Build:
    folder = tmp_path_factory.mktemp("attacked")
    owl = "http://www.w3.org/2002/07/owl#"
    imports = f"<{BASE}onto> a <{owl}Ontology> ; <{owl}imports> <{trap.address}/onto> ."
    return build_of(publication(folder / "publication", {"ontology/o.ttl": imports}), folder / "builds")


@pytest.fixture(scope="module")
def attacked(build: Build) -> Iterator[httpx.Client]:
    with serving(build) as client:
        yield client


def raw(client: httpx.Client, *parts: bytes, wait: float = 5) -> bytes:
    """What comes back for *parts*, which are sent one after the other, until the server closes or says no more."""
    with closing(socket.create_connection(("127.0.0.1", client.base_url.port or 0), wait)) as connection:
        got = bytearray()
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it has closed already
                for part in parts[:-1]:
                    connection.sendall(part)
                    time.sleep(0.05)
                connection.sendall(parts[-1])
            while block := connection.recv(65536):
                got += block
            got += b"<closed>"
        except ConnectionResetError:
            got += b"<closed>"
        except TimeoutError:
            pass
        return bytes(got)


def head(*fields: bytes, line: bytes = b"GET / HTTP/1.1") -> bytes:
    return b"\r\n".join([line, *fields, b"", b""])


HOST, CLOSE = b"Host: localhost", b"Connection: close"
POST = b"POST /sparql HTTP/1.1"
QUERY = b"Content-Type: application/sparql-query"
CHUNKED = b"Transfer-Encoding: chunked"


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 ([0-9]{3}) ", answer)
    assert found, answer[:200]
    return int(found[1])


@pytest.mark.parametrize(
    "fields",
    [[], [b"Host: a", b"Host: b"], [b"Host: a b"], [b"Host: <script>"], [b"Host:"], [b"Host: a/b"], [b"Host: a, b"]],
    ids=repr,
)
def test_a_request_names_one_host(attacked: httpx.Client, fields: list[bytes]) -> None:
    """Section 3.2."""
    answer = raw(attacked, head(*fields))
    assert status(answer) == 400
    assert answer.endswith(b"<closed>")


@pytest.mark.parametrize("host", [b"localhost", b"[::1]:80", b"192.168.1.5:8000", b"my_app", b"xn--bcher-kva.example."])
def test_hosts_that_are_well_formed_get_pages(attacked: httpx.Client, host: bytes) -> None:
    assert status(raw(attacked, head(b"Host: " + host, CLOSE))) == 200


def test_a_health_check_of_http_1_0_needs_no_host(attacked: httpx.Client) -> None:
    assert raw(attacked, head(line=b"GET /healthz HTTP/1.0")).startswith(b"HTTP/1.0 200 ")


@pytest.mark.parametrize(
    "path", ["/", "/id/thing", "/doc/thing", "/catalog", "/reconcile", "/sparql", "/sparql?format=ttl", "/openapi.json"]
)
def test_no_answer_repeats_a_host_that_is_not_ours(attacked: httpx.Client, path: str) -> None:
    answer = attacked.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    if answer.status_code == 421:
        assert answer.headers["Cache-Control"] == "no-store"
    else:
        assert "evil.example" not in answer.text + str(answer.headers)


def test_what_repeats_a_host_of_ours_is_kept_by_no_shared_cache(attacked: httpx.Client) -> None:
    manifest = attacked.get("/reconcile", headers={"Host": "localhost:1234"})
    assert "http://localhost:1234/" in manifest.text
    assert "private" in manifest.headers["Cache-Control"]
    description = attacked.get("/sparql?format=ttl", headers={"Host": "localhost:1234"})
    assert "http://localhost:1234/sparql" in description.text
    assert description.headers["Cache-Control"] == "no-store"


def test_the_host_of_all_iris_is_ours(attacked: httpx.Client) -> None:
    answer = attacked.get("/reconcile", headers={"Host": "attacked.example"})
    assert '"http://attacked.example/' in answer.text


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.168.1.5:8000", 200),
        ("[fe80::1]:8000", 200),
        ("[::ffff:10.0.0.1]", 200),
        ("8.8.8.8", 421),
        ("[2606:4700::1111]", 421),
        ("[::ffff:8.8.8.8]", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("evil.example#localhost", 400),
        ("localhost@evil.example", 400),
    ],
)
def test_an_address_of_a_private_network_is_ours(attacked: httpx.Client, host: str, expected: int) -> None:
    """RFC 1918, 4193, 4291 (2.5.5.2: an address of IPv4 in IPv6 is that address)."""
    assert attacked.get("/reconcile", headers={"Host": host}).status_code == expected


def test_a_host_that_the_settings_name_is_ours(tmp_path: Path) -> None:
    settings = SETTINGS + '[server]\nhosts = ["data.example.org"]\n'
    folder = publication(tmp_path / "publication", {"missiongraph.toml": settings})
    with serving(build_of(folder, tmp_path / "builds")) as client:
        assert "http://data.example.org/" in client.get("/reconcile", headers={"Host": "data.example.org"}).text
        assert client.get("/reconcile", headers={"Host": "data.example.org.evil.example"}).status_code == 421


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "fields",
    [
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: 5, 6"],
        [b"Content-Length: -5"],
        [b"Content-Length: +5"],
        [b"Content-Length : 5"],
        [b"Transfer-Encoding: xchunked"],
        [b"Transfer-Encoding: chunked, identity"],
        [CHUNKED, b"Transfer-Encoding: identity"],
        [b"Content-Length: 5", b" folded: 6"],
    ],
    ids=repr,
)
def test_a_length_that_two_readers_may_take_differently_is_refused(attacked: httpx.Client, fields: list[bytes]) -> None:
    """Sections 5.1, 5.2, 6.1 and 6.3."""
    answer = raw(attacked, head(HOST, QUERY, *fields, line=POST), b"0\r\n\r\n", SMUGGLED)
    assert status(answer) == 400
    assert answer.endswith(b"<closed>") and answer.count(b"HTTP/1.1 ") == 1


def test_a_length_beside_chunks_is_not_believed_and_the_connection_ends(attacked: httpx.Client) -> None:
    """Section 6.3: a server may read the chunks alone, but closes the connection then."""
    answer = raw(
        attacked, head(HOST, QUERY, b"Content-Length: 5", CHUNKED, line=POST), b"5\r\nASK{}\r\n0\r\n\r\n", SMUGGLED
    )
    assert status(answer) == 200
    assert answer.endswith(b"<closed>") and b"smuggled" not in answer and answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("path", [b"/sparql", b"/reconcile", b"/doc/thing"])
@pytest.mark.parametrize("chunks", [b"zz\r\nASK{}\r\n0\r\n\r\n", b"5;\r\nASK{}0\r\n\r\n", b"ffffffffffffffff1\r\nASK"])
def test_broken_chunks_are_the_fault_of_the_client(attacked: httpx.Client, path: bytes, chunks: bytes) -> None:
    """Section 7.1."""
    answer = raw(attacked, head(HOST, QUERY, CHUNKED, line=b"POST " + path + b" HTTP/1.1"), chunks)
    assert status(answer) == 400
    assert b"chunks are broken" in answer


def test_a_body_that_never_comes_is_waited_for_so_long_and_no_longer(attacked: httpx.Client) -> None:
    def sent(*fields: bytes) -> bytes:
        return raw(attacked, head(HOST, QUERY, *fields, line=POST), b"5\r\nASK", wait=20)

    began = time.monotonic()
    with ThreadPoolExecutor(12) as pool:
        for answer in pool.map(sent, [b"Content-Length: 100", CHUNKED] * 6):
            assert status(answer) == 408
            assert answer.endswith(b"<closed>")
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("path", [b"/sparql", b"/reconcile", b"/doc/thing"])
def test_nobody_is_told_to_send_more_than_is_taken(attacked: httpx.Client, path: bytes) -> None:
    """RFC 9110, section 10.1.1."""
    size = b"Content-Length: %d" % (MOST_POSTED + 1)
    answer = raw(attacked, head(HOST, QUERY, size, b"Expect: 100-continue", line=b"POST " + path + b" HTTP/1.1"))
    assert status(answer) == 413


def test_who_waits_to_send_a_query_is_told_to_go_on(attacked: httpx.Client) -> None:
    answer = raw(attacked, head(HOST, QUERY, CLOSE, b"Content-Length: 5", b"Expect: 100-continue", line=POST), b"ASK{}")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_what_cannot_be_expected_is_said(attacked: httpx.Client) -> None:
    assert status(raw(attacked, head(HOST, b"Expect: a cake"))) == 417


@pytest.mark.parametrize(
    "fields", [[b"X-A: " + b"a" * 200_000], [b"X-%d: a" % n for n in range(200)]], ids=["long", "many"]
)
def test_a_head_has_a_bound(attacked: httpx.Client, fields: list[bytes]) -> None:
    """RFC 6585, section 5."""
    assert status(raw(attacked, head(HOST, *fields))) == 431


@pytest.mark.alone
def test_a_connection_that_asks_for_nothing_is_closed(attacked: httpx.Client) -> None:
    """The last is the beginning of one in HTTP/2 (RFC 9113, section 3.4)."""
    began = time.monotonic()
    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(lambda start: raw(attacked, start, wait=30), (b"", b"\r\n", b"PRI * HT"))
        assert all(answer.endswith(b"<closed>") for answer in answers)
    assert time.monotonic() - began < 20


def test_what_is_spoken_is_http_1_1(attacked: httpx.Client) -> None:
    """In HTTP/2 heads would have other bounds, and connections none."""
    preface, settings = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0\0\0\4\0\0\0\0\0"
    answer = raw(attacked, preface, settings)
    assert answer.endswith(b"<closed>") and settings[:4] not in answer


@pytest.mark.alone
def test_a_head_that_comes_drop_by_drop_is_not_waited_for(attacked: httpx.Client) -> None:
    with closing(socket.create_connection(("127.0.0.1", attacked.base_url.port or 0), 60)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        began = time.monotonic()
        while True:
            time.sleep(1)
            try:
                connection.sendall(b"a")
                connection.settimeout(0.01)
                if not connection.recv(1024) or time.monotonic() - began > 30:
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        assert time.monotonic() - began < 20


def test_a_compressed_body_is_not_unpacked(attacked: httpx.Client) -> None:
    packed = gzip.compress(b"ASK{}" + b" " * (50 << 20))
    for path, kind in (("/sparql", "application/sparql-query"), ("/reconcile", "application/x-www-form-urlencoded")):
        answer = attacked.post(path, content=packed, headers={"Content-Type": kind, "Content-Encoding": "gzip"})
        assert 400 <= answer.status_code < 500


PASSWORDS = "etc/passwd"


@pytest.mark.parametrize("folder", ["", "static/", "dumps/", "doc/", "files/", "views/", "mappings/"])
@pytest.mark.parametrize(
    "up", ["../", "%2e%2e/", "..%2f", "%2e%2e%2f", "..%5c", "..\\", "....//", "%252e%252e/", "..;/"]
)
def test_no_path_leads_to_a_file_of_the_machine(attacked: httpx.Client, build: Build, folder: str, up: str) -> None:
    for target in (PASSWORDS, "build.json", "store/inventory.json"):
        for times in (1, 2, 12):
            line = f"GET /{folder}{up * times}{target} HTTP/1.1".encode()
            answer = raw(attacked, head(HOST, CLOSE, line=line))
            assert status(answer) in (301, 302, 303, 307, 308, 400, 404, 406, 410), line
            assert b"root:" not in answer and build.id.encode() not in answer, line


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "//etc/passwd", "/static//etc/passwd", "/dumps//etc/passwd", "/dumps/%00"]
)
def test_no_absolute_path_does_either(attacked: httpx.Client, name: str) -> None:
    answer = raw(attacked, head(HOST, CLOSE, line=f"GET {name} HTTP/1.1".encode()))
    assert 300 <= status(answer) < 500 and b"root:" not in answer


@pytest.mark.parametrize(
    "address",
    [
        "/id/thing?lang=en",
        "/id/",
        "/doc/thing.ttl?lang=",
        "/same?url=",
        "/sparql?format=",
        "/search?q=",
        "/history?about=",
        "/",
    ],
)
def test_no_field_is_injected(attacked: httpx.Client, address: str) -> None:
    for injected in ("%0d%0aX-Evil:%201", "%0aX-Evil:1", "%E5%98%8A%E5%98%8DX-Evil:1"):
        answer = attacked.get(address + injected, headers={"Accept": "text/html"})
        assert "x-evil" not in answer.headers
        assert "\n" not in "".join(answer.headers.values())


class _Markup(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.values: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.values += [(name, value or "") for name, value in attributes]
        if tag == "script":
            self.scripts.append(dict(attributes))


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/doc/thing",
        "/list?class=http://schema.org/Thing",
        "/search?q=" + SCRIPT,
        "/sparql?query=SELECT * { ?s ?p ?o } # </textarea>" + SCRIPT,
        "/sparql?query=" + SCRIPT,
        "/" + SCRIPT,
        "/doc/thing?lang=" + SCRIPT,
        "/same?url=" + SCRIPT,
        "/history?about=" + SCRIPT,
        "/dumps/",
        "/catalog",
        "/quality",
    ],
)
def test_nothing_that_was_written_runs(attacked: httpx.Client, address: str) -> None:
    answer = attacked.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in re.findall("script-src[^;]*", answer.headers["Content-Security-Policy"])[0]
    page = _Markup(answer.text)
    assert SCRIPT not in re.sub(r'<script type="application/ld\+json">.*?</script>', "", answer.text, flags=re.DOTALL)
    assert all(
        "src" in script or script.get("type") in ("application/ld+json", "application/json") for script in page.scripts
    )
    assert not [name for name, _ in page.values if name.startswith("on")]
    led = [value.strip().lower() for name, value in page.values if name in ("href", "src", "action", "formaction")]
    assert not [value for value in led if value.startswith(("javascript:", "data:text", "vbscript:"))]


def test_formulas_stay_the_values_that_they_are(attacked: httpx.Client) -> None:
    """A documented choice: data is not changed for programs that run what they read."""
    query = "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l FILTER(STRSTARTS(?l, '=')) }"
    answer = attacked.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert answer.text == 'l\r\n"' + FORMULA.replace('"', '""') + '"\r\n'


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <TRAP/sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <TRAP/sparql> { ?s ?p ?o } }",
        "SELECT * { BIND(<TRAP/sparql> AS ?e) SERVICE ?e { ?s ?p ?o } }",
        "SELECT * FROM <TRAP/data.ttl> { ?s ?p ?o }",
        "SELECT * FROM NAMED <TRAP/data.ttl> { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <TRAP/data.ttl>",
        "DESCRIBE <TRAP/data.ttl>",
    ],
)
def test_a_query_reaches_nobody(attacked: httpx.Client, trap: Trap, query: str) -> None:
    text = query.replace("TRAP", trap.address)
    assert attacked.post("/sparql", data={"query": text}).status_code < 500
    assert attacked.get("/sparql", params={"query": text, "default-graph-uri": f"{trap.address}/g"}).status_code < 500
    assert trap.asked == []


def test_no_page_reaches_what_it_names(attacked: httpx.Client, trap: Trap) -> None:
    for path in ("/same?url=", "/doc/", "/id/", "/search?q=", "/list?class=", "/reconcile?queries="):
        attacked.get(f"{path}{trap.address}/x", follow_redirects=False)
    assert trap.asked == []


ENTITY = '<!DOCTYPE r [<!ENTITY x SYSTEM "{}">]>'
BOMB = (
    '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.example/"><rdf:Description rdf:about="http://e.example/x"><e:p>{}</e:p></rdf:Description></rdf:RDF>'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rdf", ENTITY + RDF.format("&x;")),
        ("a.rdf", BOMB + RDF.format("&j;")),
        ("a.jsonld", '{"@context": "TRAP/context.jsonld", "@id": "http://e.example/x", "name": "n"}'),
        ("a.jsonld", '{"@context": {"@import": "TRAP/context.jsonld"}, "@id": "http://e.example/x"}'),
    ],
    ids=["entity", "bomb", "context", "import"],
)
def test_files_of_a_publication_reach_nobody_and_do_not_swell(tmp_path: Path, trap: Trap, name: str, text: str) -> None:
    text = text.replace("TRAP", trap.address).replace("{}", f"{trap.address}/entity")
    folder = publication(tmp_path, {f"data/{name}": text})
    with pytest.raises(UnreadableInput):
        read_dataset(Publication.open(folder))
    assert trap.asked == []


def test_a_saved_page_reaches_nobody_and_does_not_swell(trap: Trap) -> None:
    parts = "<p>&x; &j;</p><img src='TRAP/i'><script src='TRAP/s'></script><iframe src='TRAP/f'></iframe>"
    body = f"<html><body>{parts}</body></html>"
    for start in (ENTITY.replace("{}", f"{trap.address}/entity"), BOMB):
        page = page_of((start + body.replace("TRAP", trap.address)).encode(), "page.xhtml")
        assert len(page.text) < 10_000
    assert trap.asked == []


def test_results_of_others_in_xml_do_not_swell(tmp_path: Path) -> None:
    from pyoxigraph import QueryResultsFormat, parse_query_results

    rows = '<result><binding name="x"><literal>&j;</literal></binding></result>'
    start = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    text = f"{BOMB}{start}<results>{rows}</results></sparql>"
    with pytest.raises((SyntaxError, ValueError)):
        list(parse_query_results(io.BytesIO(text.encode()), QueryResultsFormat.XML))  # type: ignore[arg-type]
