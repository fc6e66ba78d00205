"""``make crawl``: 200 crawlers beside 20 readers, into ``bench/CRAWL.md``.

Each crawler and each reader comes from a network of its own, as a proxy that the settings name tells the server. The
crawlers ask without a pause for what robots.txt keeps robots from, and care for no refusal. It ends with 1 if the
readers' p99 is more than twice that of a quiet site, if a reader is refused, or if a harvester or OpenRefine is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import multiprocessing
import os
import platform
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from bench.publications import ROOT
from bench.servers import missiongraph_at
from bench.soak_requests import Ask, Connection
from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication

_CACHE = ROOT / "build" / "crawl"
_PARTS = ("missiongraph.toml", "ontology", "data", "shapes", "queries", "context.jsonld", "releases")
_PROXY = '\n[limits]\nproxies = ["127.0.0.1"]\n'
_UNGUARDED = _PROXY + 'without-budget = ["0.0.0.0/0"]\n'

READERS, CRAWLERS = 20, 200

#: Mean seconds for which a reader looks at a page; seconds that a crawler waits after a refusal.
_LOOKS, _WAITS = 2.0, 1.0

#: Seconds before figures are taken: the server is warm, and has learned who asks without a pause. In the first seconds
#: it knows of nobody, and answers all in the order in which they came.
_WARM_UP = 20.0

#: OpenRefine sends ten cells in a batch, and the next when it has the answer.
_BATCHES, _CELLS = 100, 10

_HTML = "text/html"


@dataclass
class Seen:
    """What one kind of clients saw: seconds of each answer after the warm-up, and how often each status came."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def part(self, part: float) -> float:
        """The time that this *part* of the answers took at most, in milliseconds."""
        times = sorted(self.times)
        return 1000 * times[min(len(times) - 1, int(len(times) * part))] if times else math.nan


def build_with(settings: str, name: str) -> Build:
    """The shipped publication with further *settings*."""
    source = _CACHE / name
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for part in filter(lambda part: (ROOT / part).exists(), _PARTS):
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile)(ROOT / part, source / part)
    with (source / _PARTS[0]).open("a", encoding="utf-8") as file:
        file.write(settings)
    return build_publication(read_dataset(Publication.open(source)), _CACHE / "builds")


async def _paths(port: int, root: str) -> list[str]:
    """The paths of all pages, from the sitemap."""
    connection = Connection(port)
    _, sitemap = await connection.ask(Ask("sitemap", "/sitemap.xml"))
    connection.close()
    found = ElementTree.fromstring(sitemap).iter()
    return ["/" + (e.text or "").removeprefix(root) for e in found if e.tag.endswith("loc")]


def _reader_asks(chosen: random.Random, paths: Sequence[str]) -> Ask:
    """What people do: they look at pages, sometimes search, seldom ask the graph."""
    kind = chosen.random()
    target = chosen.choice(paths)
    if kind > 0.95:
        query = f"SELECT ?s {{ ?s a <http://schema.org/City> }} LIMIT {chosen.randint(1, 500)}"
        return Ask("query", f"/sparql?query={quote(query)}", "application/sparql-results+json")
    if kind > 0.85:
        target = f"/search?q={''.join(chosen.choices('abcdeilmnoprst', k=4))}"
    return Ask("page", target, _HTML)


def _crawler_asks(chosen: random.Random, paths: Sequence[str]) -> Ask:
    """What crawlers do that know no rules: everything in every form, and what pages offer to ask."""
    kind, path = chosen.random(), chosen.choice(paths)
    joiner = "&" if "?" in path else "?"
    if kind < 0.4:
        return Ask("twin", f"{path}{joiner}lang={chosen.choice(('en', 'it'))}&{chosen.random()}", _HTML)
    if kind < 0.6:
        return Ask("data", path, chosen.choice(("text/turtle", "application/ld+json", "application/rdf+xml")))
    if kind < 0.75:
        more = {"order": "descending", "page": chosen.randint(1, 3), "n": kind}
        return Ask("list", "/list?" + urlencode({"class": "http://schema.org/City", **more}), _HTML)
    if kind < 0.9:
        return Ask("search", f"/search?q={''.join(chosen.choices('abcdeilmnoprst', k=5))}", _HTML)
    query = f"SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(?o != {chosen.randint(1, 10**9)}) }} GROUP BY ?p"
    return Ask("query", f"/sparql?query={quote(query)}", "text/html")


def _from(ask: Ask, address: str) -> Ask:
    return Ask(
        ask.kind, ask.target, ask.accept, ask.body, content_type=ask.content_type, more=(f"X-Forwarded-For: {address}",)
    )


async def _reader(number: int, port: int, paths: Sequence[str], begin: float, until: float, seen: Seen) -> None:
    chosen, connection = random.Random(number), Connection(port)
    await asyncio.sleep(chosen.random() * _LOOKS)
    while time.monotonic() < until:
        ask = _from(_reader_asks(chosen, paths), f"81.{number}.0.{chosen.randint(1, 254)}")
        await _timed(connection, ask, begin, seen)
        await asyncio.sleep(chosen.expovariate(1 / _LOOKS))
    connection.close()


async def _crawler(number: int, port: int, paths: Sequence[str], begin: float, until: float, seen: Seen) -> None:
    chosen, connection = random.Random(-number), Connection(port)
    while time.monotonic() < until:
        ask = _from(_crawler_asks(chosen, paths), f"45.{number}.0.{chosen.randint(1, 254)}")
        if await _timed(connection, ask, begin, seen) not in (200, 404):
            await asyncio.sleep(_WAITS)
    connection.close()


async def _timed(connection: Connection, ask: Ask, begin: float, seen: Seen) -> int:
    began = time.monotonic()
    try:
        status, _ = await connection.ask(ask)
    except (OSError, EOFError, ValueError, TimeoutError):
        connection.close()
        status = 0
    if began >= begin:
        seen.times.append(time.monotonic() - began)
        seen.statuses[status] += 1
    return status


def _crawl(port: int, paths: Sequence[str], begin: float, until: float, found: multiprocessing.Queue[Seen]) -> None:
    """All crawlers, in a process of their own that gives way to the server and the readers: they are elsewhere."""
    os.nice(19)
    seen = Seen()

    async def all_of_them() -> None:
        await asyncio.gather(*(_crawler(n, port, paths, begin, until, seen) for n in range(CRAWLERS)))

    asyncio.run(all_of_them())
    found.put(seen)


def part(build: Build, seconds: float, *, crawled: bool) -> tuple[Seen, Seen]:
    """What readers and crawlers saw of a new server."""
    with missiongraph_at(build.folder) as server:
        paths = asyncio.run(_paths(server.port, build.settings.public_url or build.settings.base))
        begin = time.monotonic() + _WARM_UP
        until = begin + seconds
        found: multiprocessing.Queue[Seen] = multiprocessing.Queue()
        crawlers = multiprocessing.Process(target=_crawl, args=(server.port, paths, begin, until, found))
        if crawled:
            crawlers.start()
        readers = Seen()

        async def all_of_them() -> None:
            await asyncio.gather(*(_reader(n, server.port, paths, begin, until, readers) for n in range(READERS)))

        asyncio.run(all_of_them())
        if not crawled:
            return readers, Seen()
        met = found.get(timeout=120)
        crawlers.join()
        return readers, met


def citizens(build: Build) -> tuple[Seen, float, Seen]:
    """OpenRefine matching a thousand cells, with its seconds, then a portal's harvester."""
    refine, harvester = Seen(), Seen()
    chosen = random.Random(1)

    async def play(port: int) -> float:
        connection, began = Connection(port), time.monotonic()
        for _ in range(_BATCHES):
            cells = {
                f"q{n}": {"query": "".join(chosen.choices("abcdeilmnoprst", k=6)), "limit": 5} for n in range(_CELLS)
            }
            body = urlencode({"queries": json.dumps(cells)}).encode()
            await _timed(connection, _from(Ask("batch", "/reconcile", "application/json", body), "93.1.0.1"), 0, refine)
        taken = time.monotonic() - began
        for target in ("/catalog.ttl", "/catalog?profile=dcat-ap-it", "/.well-known/void", "/dumps/", "/sitemap.xml"):
            await _timed(connection, _from(Ask("harvest", target, "text/turtle, */*;q=0.5"), "93.2.0.1"), 0, harvester)
        for dump in sorted((build.folder / "dumps").iterdir()):
            await _timed(connection, _from(Ask("dump", f"/dumps/{dump.name}"), "93.2.0.1"), 0, harvester)
        connection.close()
        return taken

    with missiongraph_at(build.folder) as server:
        taken = asyncio.run(play(server.port))
    return refine, taken, harvester


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m bench.crawl", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="where CRAWL.md goes")
    given = parser.parse_args()
    guarded, unguarded = build_with(_PROXY, "guarded"), build_with(_UNGUARDED, "unguarded")
    quiet, _ = part(guarded, given.seconds, crawled=False)
    beside, crawlers = part(guarded, given.seconds, crawled=True)
    without, free = part(unguarded, given.seconds, crawled=True)
    refine, taken, harvester = citizens(guarded)
    served = set(refine.statuses) | set(harvester.statuses) == {200}
    ratio = beside.part(0.99) / quiet.part(0.99)
    rows = [
        ("quiet", quiet, Seen()),
        ("crawled", beside, crawlers),
        ("crawled, without budgets and turns", without, free),
    ]
    lines = [
        "# Crawlers beside readers",
        "",
        f"`make crawl`, {time.strftime('%d %B %Y')}, {given.seconds:g} s each, on {os.cpu_count()} processors shared "
        f"with the clients and with other work (load {os.getloadavg()[2]:.1f}), CPython {platform.python_version()}. "
        f"{READERS} readers look at a page for {_LOOKS:g} s, {CRAWLERS} crawlers ask without a pause, each from a "
        "network of its own.",
        "",
        "| site | readers' answers | p50, ms | p99, ms | readers refused | crawlers' answers/s | crawlers refused |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, readers, others in rows:
        good = sum(count for status, count in others.statuses.items() if status in (200, 404))
        figures = f"{readers.part(0.5):.1f} | {readers.part(0.99):.1f} | {_refused(readers)}"
        lines.append(f"| {name} | {len(readers.times)} | {figures} | {good / given.seconds:.0f} | {_refused(others)} |")
    lines += [
        "",
        f"The readers' p99 beside crawlers is {ratio:.2f} times that of the quiet site; at most 2 is allowed. Without "
        f"budgets and turns it is {without.part(0.99) / quiet.part(0.99):.1f} times.",
        "",
        f"OpenRefine: {_BATCHES} batches of {_CELLS} cells in {taken:.1f} s, {_refused(refine)} refused. A harvester: "
        f"descriptions and all dumps, {len(harvester.times)} answers, {_refused(harvester)} refused.",
        "",
    ]
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "CRAWL.md").write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))
    sys.exit(0 if ratio <= 2 and not any(map(_refused, (quiet, beside))) and served else 1)


def _refused(seen: Seen) -> int:
    return sum(count for status, count in seen.statuses.items() if status in (0, 429, 503))


if __name__ == "__main__":
    main()
