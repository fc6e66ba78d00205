"""``make bench``: run all measures and write ``bench/RESULTS.md``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench import publications, report, starting, validating
from bench.load import UNIQUE, path_of
from bench.measures import (
    Row,
    analytical,
    entity_pages,
    memory,
    reconciliation,
    repeated_query,
    small_queries,
    take_turns,
    under_fire,
)
from bench.servers import has_virtuoso, missiongraph, oxigraph, rdflib_endpoint, virtuoso

_FOLDER = Path(__file__).parent
_CACHE = publications.ROOT / "build" / "bench"

Queries = list[tuple[str, float, float]]


class Bench:
    """One run; *full* takes its time."""

    def __init__(self, *, full: bool) -> None:
        self.rounds, self.seconds = (9, 5.0) if full else (3, 3.0)
        self.loads: list[float] = []
        self.queries: Queries = []

    def small(self) -> Iterator[Row]:
        """Small queries and the cache, on the publication of this repository."""
        build = publications.shipped(_CACHE)
        from_disk = publications.with_limits(build, _CACHE, statements_in_memory=0)
        with ExitStack() as running:
            ours = running.enter_context(missiongraph(build))
            disk = running.enter_context(missiongraph(from_disk, "missiongraph on disk"))
            peers = [
                running.enter_context(oxigraph(build, _CACHE / "oxigraph")),
                running.enter_context(rdflib_endpoint(build)),
            ]
            if has_virtuoso():
                peers.append(running.enter_context(virtuoso(build, _CACHE / "virtuoso")))
            self._begin("a repeated query")
            turns = partial(take_turns, connections=64, seconds=self.seconds, rounds=self.rounds)
            rates = turns([ours, peers[0]], repeated_query(build))
            yield rates.row("repeated query ÷ oxigraph", ours.name, "oxigraph", 2.5)
            self._begin("distinct small queries")
            rates = turns([ours, disk, *peers], small_queries(build))
            yield rates.row("distinct small queries, store in memory ÷ oxigraph", ours.name, "oxigraph", 0.9)
            yield rates.row("distinct small queries, store on disk ÷ oxigraph", disk.name, "oxigraph", 0.7)
            yield rates.row("distinct small queries ÷ rdflib-endpoint", ours.name, "rdflib-endpoint", 8)
            if has_virtuoso():
                yield rates.row("distinct small queries ÷ Virtuoso", ours.name, "virtuoso", 1)

    def fire(self) -> Iterator[Row]:
        """Small queries beside runaway ones."""
        build = publications.with_limits(publications.shipped(_CACHE), _CACHE, seconds=2, total_seconds=4)
        with missiongraph(build) as ours:
            for connections, target in ((64, 2.0), (4, 5.0)):
                self._begin(f"small queries beside runaways, {connections} connections")
                yield under_fire(
                    ours,
                    small_queries(build),
                    connections=connections,
                    seconds=max(self.seconds, 5),
                    rounds=self.rounds,
                    target=target,
                )

    def million(self) -> Iterator[Row]:
        """Analytical queries and memory on a million triples."""
        build = publications.million(_CACHE)
        self._begin("analytical queries")
        with missiongraph(build) as ours:
            row, self.queries = analytical(ours, build, self.rounds, in_memory=False)
            yield row
        in_memory = publications.with_limits(build, _CACHE, statements_in_memory=4_000_000)
        with missiongraph(in_memory) as ours:
            yield analytical(ours, in_memory, self.rounds, in_memory=True)[0]
        with missiongraph(build) as ours, rdflib_endpoint(build) as peer:
            self._begin("memory")
            for server in (ours, peer):
                for query in small_queries(build, 50):
                    server.get(path_of(query.replace(UNIQUE, "100"), server.endpoint))
            yield memory(ours, peer)

    def pages(self) -> Iterator[Row]:
        """Pages about single things."""
        self._begin("entity pages")
        yield entity_pages(publications.shipped(_CACHE), "the shipped publication", 300, target=10)
        yield entity_pages(publications.hundred_thousand(_CACHE), "100,000 triples", 300, target=20)

    def names(self) -> Iterator[Row]:
        """Reconciliation of a thousand names."""
        self._begin("reconciliation")
        yield reconciliation(publications.shipped(_CACHE), self.rounds, "the shipped publication", target=1)
        yield reconciliation(publications.named(_CACHE), self.rounds, "a million named things", target=5)

    def validate(self) -> Iterator[Row]:
        """Shapes on 140,000 focus nodes."""
        self._begin("validation")
        small = validating.publication(_CACHE / "validating-small", publications.MILLION // 10)
        large = validating.publication(_CACHE / "validating", publications.MILLION)
        yield validating.against("pySHACL", small, self.rounds, "100,000 statements", target=5)
        yield validating.against("shacl", large, self.rounds, "a million statements", target=0.5)
        yield from validating.bounds(large)

    def start(self) -> Iterator[Row]:
        """What the command tells of itself."""
        self._begin("the command's own start")
        for option in ("--help", "--version"):
            yield starting.told(option, 10 * self.rounds, target=150)

    def _begin(self, what: str) -> None:
        self.loads.append(os.getloadavg()[0])
        print(f"bench: {what} (load {self.loads[-1]:.1f})", file=sys.stderr, flush=True)


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="more and longer rounds")
    parser.add_argument(
        "--only",
        choices=["small", "fire", "million", "names", "pages", "validate", "start"],
        help="one part; nothing is written",
    )
    given = parser.parse_args()
    bench = Bench(full=given.full)
    parts = (
        [getattr(bench, given.only)]
        if given.only
        else [bench.small, bench.fire, bench.million, bench.names, bench.pages, bench.validate, bench.start]
    )
    rows = []
    for part in parts:
        for row in part():
            rows.append(row)
            print(report.table([row]).splitlines()[-1], flush=True)
    if not given.only:
        report.write(_FOLDER, rows, bench.queries, bench.loads, "full" if given.full else "quick")


if __name__ == "__main__":
    main()
