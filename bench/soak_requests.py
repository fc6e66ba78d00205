"""What the soak asks for, and the connections that ask."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bench.load import UNIQUE, path_of
from bench.measures import small_queries
from missiongraph.build import Build

#: How often each kind is asked for, in parts of the sum.
WEIGHTS = {"pages": 50, "documents": 15, "queries": 20, "reconciliation": 8, "bad input": 6, "dumps": 1}

#: The thing that the builds of a soak tell apart.
MARKED = "https://w3id.org/missiongraph/id/soak"

_JSON, _HTML, _TURTLE = "application/sparql-results+json", "text/html", "text/turtle"
_FORM = "application/x-www-form-urlencoded"
_PAGES = (
    "",
    "dumps/",
    "catalog",
    "ontology",
    "quality",
    "search?q=bologna",
    "list?class=http://schema.org/City",
    "?lang=it",
)
_TIMEOUT = 60.0

_numbers = itertools.count(1_000_000)


@dataclass(frozen=True)
class Ask:
    """A request whose answer is known: with *status*, and always of the same bytes.

    :ivar target: may hold :data:`~bench.load.UNIQUE`, for which a number is put that no other request has
    """

    kind: str
    target: str
    accept: str = "*/*"
    body: bytes | None = None
    status: int = 200
    content_type: str = _FORM
    more: tuple[str, ...] = ()

    def as_bytes(self) -> bytes:
        """The request as it is sent."""
        target = self.target.replace(UNIQUE, str(next(_numbers)))
        lines = [
            f"{'GET' if self.body is None else 'POST'} {target} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Accept: {self.accept}",
            *self.more,
        ]
        if self.body is not None:
            lines += [f"Content-Type: {self.content_type}", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + (self.body or b"")


#: Never ends.
RUNAWAY = Ask(
    "runaways",
    path_of(f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{i} ?p{i} ?o{i} .' for i in range(8))} }} #{UNIQUE}", "/sparql"),
)


def asks(build: Build) -> list[Ask]:
    """Everything that readers ask for of *build*."""
    return [*_pages(build), *_queries(build), *_reconciliation(), *_bad(), *_dumps(build)]


def leaving(known: Iterable[Ask]) -> Sequence[Ask]:
    """What takes long enough to leave in the middle of."""
    return [*(ask for ask in known if ask.kind == "dumps"), RUNAWAY]


def _pages(build: Build) -> list[Ask]:
    paths = [r.path for r in build.index.documents() if r.path and r.path.startswith("id/")]
    things = [f"/doc/{quote(path.removeprefix('id/'))}" for path in paths[:: max(1, len(paths) // 60)]]
    found = [Ask("pages", f"{thing}.html") for thing in things]
    found += [Ask("pages", f"/{page}", _HTML) for page in _PAGES]
    return found + [Ask("documents", f"{thing}.{form}") for thing in things[::3] for form in ("ttl", "jsonld", "nq")]


def _queries(build: Build) -> list[Ask]:
    found = [Ask("queries", path_of(query, "/sparql"), _JSON) for query in small_queries(build, 60)]
    marked = f"SELECT ?l {{ <{MARKED}> <http://www.w3.org/2000/01/rdf-schema#label> ?l }}"
    counted = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p"
    ordered = "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o LIMIT 500"
    for query in (marked, marked, counted, ordered):
        found += [Ask("queries", path_of(f"{query}{own}", "/sparql"), _JSON) for own in ("", f" #{UNIQUE}")]
    graph = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <http://schema.org/City> ; ?p ?o }"
    return [*dict.fromkeys(found), Ask("queries", path_of(graph, "/sparql"), "application/n-triples")]


def _reconciliation() -> list[Ask]:
    names = (
        "Comune di Bologna",
        "Milano",
        "Bergammo",
        "ROMA CAPITALE",
        "Prato (PO)",
        "Torino, Italia",
        "Nowhere at all",
    )
    batches = [{f"q{n}": {"query": name} for n, name in enumerate(names[start:])} for start in range(len(names))]
    return [Ask("reconciliation", "/reconcile", body=urlencode({"queries": json.dumps(b)}).encode()) for b in batches]


def _bad() -> list[Ask]:
    queries = (
        "SELECT",
        "SELECT * { ?s ?p ?o",
        "INSERT DATA { <a:b> <a:b> 1 }",
        "ASK { SERVICE <http://127.0.0.1:1/> {} }",
    )
    return [
        *(Ask("bad input", path_of(query, "/sparql"), _JSON, status=400) for query in queries),
        Ask("bad input", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", _JSON, status=400),
        Ask("bad input", "/doc/nothing/here", _TURTLE, status=404),
        Ask("bad input", "/%00", status=404),
        Ask("bad input", "/../../etc/passwd", status=404),
        Ask("bad input", "/reconcile", body=b"queries=%7B", status=400),
        Ask("bad input", "/reconcile", body=b"x", status=415, content_type="text/plain"),
        Ask("bad input", "/doc/city/bologna", "image/png", status=406),
    ]


def _dumps(build: Build) -> list[Ask]:
    stem = build.settings.stem
    return [Ask("dumps", f"/dumps/{stem}.{form}") for form in ("nt", "nq", "ttl.gz")]


class Connection:
    """A connection that is kept; it is opened when it is first used, and again after it was closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, ask: Ask) -> tuple[int, bytes]:
        """Status and body of the answer.

        :raises OSError: and others of :mod:`asyncio`: there is none, or no whole one
        """
        async with asyncio.timeout(_TIMEOUT):
            reader, writer = await self._open()
            writer.write(ask.as_bytes())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            body = await _body(reader, head)
        if b"\r\nconnection: close" in head:
            self.close()
        return int(head.split(b" ", 2)[1]), body

    async def leave(self, ask: Ask) -> None:
        """Ask, take a little of the answer if it comes soon, and close."""
        reader, writer = await self._open()
        writer.write(ask.as_bytes())
        try:
            async with asyncio.timeout(0.3):
                await reader.read(1000)
        except TimeoutError:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Close it, if it is open."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        return self._streams


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if b"\r\ncontent-length:" in head:
        return await reader.readexactly(int(head.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0]))
    if b"\r\ntransfer-encoding: chunked" not in head:
        return b""
    body = bytearray()
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return bytes(body)
