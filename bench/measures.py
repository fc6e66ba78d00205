"""What is measured: each measure gives rows of a figure, a peer's figure, their ratio, and the target."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from bench.load import UNIQUE, Outcome, burst, path_of
from bench.publications import BASE, as_written
from bench.servers import Server, missiongraph
from missiongraph.build import Build

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

#: Small queries are of this form: one entity's statements. The limit makes each a query of its own.
_SMALL = f"SELECT ?p ?o WHERE {{ <%s> ?p ?o }} LIMIT {UNIQUE}"

_AIR = f"PREFIX a: <{BASE}ns/> PREFIX rdfs: <{_LABEL.removesuffix('label')}> "

#: Analytical queries over the generated publication.
ANALYTICAL: dict[str, str] = {
    "count by quality": "SELECT ?q (COUNT(*) AS ?n) WHERE { ?r a:quality ?q } GROUP BY ?q",
    "mean by city": "SELECT ?city (AVG(?v) AS ?mean) WHERE { ?r a:value ?v ; a:at/a:in ?city } GROUP BY ?city",
    "highest ten": "SELECT ?r ?v WHERE { ?r a:of ?p ; a:value ?v } ORDER BY DESC(?v) LIMIT 10",
    "days above": "SELECT (COUNT(DISTINCT ?day) AS ?n) WHERE { ?r a:day ?day ; a:value ?v FILTER(?v > 40) }",
    "rise to the next": "SELECT (COUNT(*) AS ?n) WHERE { ?b a:after ?a ; a:value ?y . ?a a:value ?x FILTER(?y > ?x) }",
    "path upwards": "SELECT ?region (COUNT(?s) AS ?n) WHERE { ?s a a:Station ; a:in+ ?region . ?region a a:Region } "
    "GROUP BY ?region",
    "labels with a regular expression": 'SELECT ?l WHERE { ?s rdfs:label ?l FILTER(REGEX(?l, "n 1.*7$")) }',
    "100,000 rows": "SELECT ?r ?v ?day WHERE { ?r a:value ?v ; a:day ?day } LIMIT 100000",
    "graph of 50,000": "CONSTRUCT { ?r a:value ?v } WHERE { ?r a:value ?v } LIMIT 50000",
}

#: Cross products that are never ready in time.
RUNAWAYS = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
)


@dataclass(frozen=True)
class Row:
    """One measured ratio and its target.

    :ivar at_least: whether the target is the least that the ratio should be, or the most
    """

    what: str
    ours: str
    theirs: str
    ratio: float
    target: float
    at_least: bool
    spread: tuple[float, float] = (0.0, 0.0)
    notes: str = ""

    @property
    def met(self) -> bool:
        """Whether the ratio is as the target wants it."""
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target


@dataclass
class Rates:
    """Requests per second of several servers, in rounds in which all take turns."""

    rounds: list[dict[str, Outcome]] = field(default_factory=list)

    def rate(self, name: str) -> float:
        """The median rate of a server."""
        return statistics.median(one[name].rate for one in self.rounds)

    def row(self, what: str, ours: str, peer: str, target: float) -> Row:
        """The median over the rounds of the ratios within a round."""
        ratios = sorted(one[ours].rate / max(one[peer].rate, 0.01) for one in self.rounds)
        failed = {name: sum(one[name].failed for one in self.rounds) for name in (ours, peer)}
        notes = ", ".join(f"{name}: {count} failed" for name, count in failed.items() if count)
        our_rate, peer_rate = (f"{self.rate(name):,.0f}/s" for name in (ours, peer))
        return Row(what, our_rate, peer_rate, statistics.median(ratios), target, True, (ratios[0], ratios[-1]), notes)


def take_turns(
    servers: Sequence[Server], queries: Sequence[str], *, connections: int, seconds: float, rounds: int
) -> Rates:
    """Send *queries* to each server in turn, *rounds* times, each round in another order."""
    targets = {server.name: [path_of(query, server.endpoint, server.extra) for query in queries] for server in servers}
    rates = Rates()
    for server in servers:
        burst(server.port, targets[server.name], connections=connections, seconds=1)  # warm
    for number in range(rounds):
        shift = number % len(servers)
        rates.rounds.append(
            {
                server.name: burst(server.port, targets[server.name], connections=connections, seconds=seconds)
                for server in (*servers[shift:], *servers[:shift])
            }
        )
    return rates


def small_queries(build: Build, most: int = 500) -> list[str]:
    """Queries for one entity's statements each, over entities of the publication."""
    found = build.engine.query(f"SELECT DISTINCT ?s WHERE {{ ?s <{_LABEL}> ?l }} ORDER BY ?s")
    if not isinstance(found, QuerySolutions):
        raise TypeError("a SELECT has solutions")
    subjects = [s.value for solution in found if isinstance(s := solution["s"], NamedNode)]
    step = max(1, len(subjects) // most)
    return [_SMALL % subject for subject in subjects[::step][:most]]


def entity_pages(build: Build, name: str, most: int, target: float) -> Row:
    """How long the server takes over pages about things that nobody asked for before: no cache has any of them.

    The time of a page that is asked for again, from the cache, is taken off: it is that of the client and of the way.

    :param most: pages, evenly from all there are
    :param target: milliseconds that the median may take
    """
    paths = [r.path.removeprefix("id/") for r in build.index.documents() if r.path and r.path.startswith("id/")]
    paths = paths[:: max(1, len(paths) // most)][: most + 1]
    with missiongraph(build) as server:

        def ask(path: str) -> float:
            start = time.perf_counter()
            server.get(f"/doc/{quote(path)}.html")
            return (time.perf_counter() - start) * 1000

        cold, *times = [ask(path) for path in paths]  # the first also reads what all of them share
        way = statistics.median(ask(path) for path in paths)
    times = sorted(took - way for took in times)
    median, slow = statistics.median(times), times[len(times) * 9 // 10]
    notes = f"{len(times)} pages, a tenth took more than {slow:.1f} ms, the first {cold:.0f} ms, one kept {way:.1f} ms"
    return Row(
        f"an entity page of {name}, uncached",
        f"{median:.1f} ms",
        f"{target:g} ms",
        median / target,
        1,
        False,
        notes=notes,
    )


def repeated_query(build: Build) -> list[str]:
    """One query that never changes."""
    return [small_queries(build)[0].replace(UNIQUE, "1000")]


def analytical(
    server: Server, build: Build, rounds: int, *, in_memory: bool
) -> tuple[Row, list[tuple[str, float, float]]]:
    """Time over HTTP against bare pyoxigraph with the same store, both with serialisation."""
    store = Store() if in_memory else Store.read_only(str(build.folder / "store" / "graph"))
    if in_memory:
        for ending, form in (("nt", RdfFormat.N_TRIPLES), ("nq", RdfFormat.N_QUADS)):
            store.bulk_load(path=str(build.folder / "dumps" / f"{build.settings.stem}.{ending}"), format=form)
    table: list[tuple[str, float, float]] = []
    for name, text in ANALYTICAL.items():
        over_http: list[float] = []
        bare: list[float] = []
        for number in range(rounds + 1):
            query = f"{_AIR}{text} # {time.time_ns()}"  # unlike any before it, so that no cache helps
            kind = "text/turtle" if text.startswith("CONSTRUCT") else "application/sparql-results+json"
            target = f"{server.endpoint}?query={quote(query)}"
            pair: list[tuple[list[float], Callable[[], bytes]]] = [
                (over_http, partial(server.get, target, accept=kind)),
                (bare, partial(_bare, store, query)),
            ]
            for times, run in pair if number % 2 else reversed(pair):
                times.append(_timed(run))
        table.append((name, statistics.median(over_http[1:]), statistics.median(bare[1:])))
    ratios = sorted(row[1] / row[2] for row in table)
    columns = ([row[1] for row in table], [row[2] for row in table])
    ours, theirs = (f"{statistics.median(times) * 1000:,.0f} ms" for times in columns)
    place = "in memory" if in_memory else "on disk"
    what = f"analytical queries on 1 million triples {place}, median of {len(table)} ÷ bare pyoxigraph"
    return Row(what, ours, theirs, statistics.median(ratios), 1.1, False, (ratios[0], ratios[-1])), table


def _bare(store: Store, query: str) -> bytes:
    answer = store.query(query)
    if isinstance(answer, QuerySolutions | QueryBoolean):
        return answer.serialize(format=QueryResultsFormat.JSON) or b""
    return answer.serialize(format=RdfFormat.TURTLE) or b""


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def reconciliation(build: Build, rounds: int, what: str, *, target: float) -> Row:
    """Seconds that a batch of a thousand names takes over HTTP, as people write them, in batches that differ."""
    found = build.engine.query(f"SELECT ?l WHERE {{ ?s <{_LABEL}>|<http://schema.org/name> ?l }} ORDER BY ?l")
    if not isinstance(found, QuerySolutions):
        raise TypeError("a SELECT has solutions")
    names = [label.value for solution in found if isinstance(label := solution["l"], Literal)]
    times = []
    with missiongraph(build) as server:
        for number in range(rounds + 1):
            batch = {f"q{n}": {"query": text} for n, text in enumerate(as_written(names[number:], 1000))}
            body = urlencode({"queries": json.dumps(batch)}).encode()
            times.append(_timed(partial(server.post, "/reconcile", body)))
    seconds = sorted(times[1:])
    middle = statistics.median(seconds)
    title = f"seconds for 1,000 names reconciled over {what}"
    return Row(title, f"{middle:.2f} s", "", middle, target, False, (seconds[0], seconds[-1]))


def under_fire(
    server: Server, queries: Sequence[str], *, connections: int, seconds: float, rounds: int, target: float
) -> Row:
    """The 99th percentile of small queries beside two runaway queries at a time, against the same when idle."""
    targets = [path_of(query, server.endpoint) for query in queries]
    burst(server.port, targets, connections=connections, seconds=1)
    ratios: list[float] = []
    idle: list[Outcome] = []
    busy: list[Outcome] = []
    with_runaways = 0
    for _ in range(rounds):
        calm = burst(server.port, targets, connections=connections, seconds=seconds)
        with _Runaways(server) as runaways:
            time.sleep(0.5)
            storm = burst(server.port, targets, connections=connections, seconds=seconds)
        with_runaways += runaways.ended
        ratios.append(storm.p99 / calm.p99)
        idle.append(calm)
        busy.append(storm)
    requests, failed = (sum(getattr(one, name) for one in busy) for name in ("requests", "failed"))
    stormy, calm_p99 = (f"{statistics.median(one.p99 for one in ones) * 1000:.1f} ms" for ones in (busy, idle))
    notes = f"{failed} of {requests:,} failed, {with_runaways} runaways ended"
    what = f"p99 of small queries beside two runaways, {connections} connections"
    return Row(what, stormy, calm_p99, statistics.median(ratios), target, False, (min(ratios), max(ratios)), notes)


class _Runaways:
    """Two clients that ask one runaway query after the other."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(query,), daemon=True) for query in RUNAWAYS]
        self.ended = 0

    def __enter__(self) -> _Runaways:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _ask(self, query: str) -> None:
        while not self._stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)
            try:
                connection.request("GET", f"{self._server.endpoint}?query={quote(f'{query} # {time.time_ns()}')}")
                self.ended += connection.getresponse().status in (503, 504)
            except (OSError, http.client.HTTPException):
                continue
            finally:
                connection.close()


def memory(ours: Server, peer: Server) -> Row:
    """The peer's proportional set size against ours."""
    sizes = (ours.memory(), peer.memory())
    our_size, peer_size = (f"{size / 1e6:,.0f} MB" for size in sizes)
    what = f"memory (PSS) on 1 million triples, {peer.name} ÷ ours"
    return Row(what, our_size, peer_size, sizes[1] / sizes[0], 4, True)
