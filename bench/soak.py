"""``make soak``: hold a realistic load for a set time, check every answer, write ``bench/SOAK.md`` and ``soak.svg``.

Readers ask for pages, queries, dumps, reconciliation and what is wrong; beside them some leave in the middle, some ask
without end, and the folder of builds changes its current one. Each answer is held against the digests that were taken
of both builds before. It ends with 1 after a wrong answer, an error of the server, or memory that grows.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench import soak_report, soak_requests
from bench.publications import ROOT
from bench.servers import Server, missiongraph_at
from bench.soak_requests import Ask
from missiongraph.build import Build, build_publication
from missiongraph.build.opened_build import CURRENT
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication

_CACHE = ROOT / "build" / "soak"
_PARTS = ("missiongraph.toml", "ontology", "data", "shapes", "queries", "context.jsonld", "releases")
_LIMITS = "\n[limits]\nseconds = 2\ntotal-seconds = 6\n"

#: Clients that ask one thing after the other, and their mean pause in seconds.
_READERS, _PAUSE = 12, 0.15

#: Seconds between two swaps of the build, and between two clients that leave, or ask without end.
_SWAP, _LEAVE, _RUN_AWAY = 20.0, 1.0, 5.0

Digests = Mapping[Ask, frozenset[str]]


@dataclass
class Record:
    """What happened.

    :ivar times: seconds of each answer with the second at which it came, by kind
    :ivar outcomes: how often each status came, by kind
    :ivar faults: how often what should not have come came, by its sort; *wrong* tells the first of each
    :ivar builds: answers that only one build gives
    :ivar samples: second, memory in bytes, descriptors and processes of the server
    """

    times: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    samples: list[tuple[float, int, int, int]] = field(default_factory=list)
    swaps: int = 0
    builds: Counter[str] = field(default_factory=Counter)

    def fault(self, sort: str, detail: str) -> None:
        """Note what should not have come."""
        self.faults[sort] += 1
        self.wrong.setdefault(sort, detail)


class Soak:
    """One run against a server that serves *folder*, for *seconds*."""

    def __init__(self, server: Server, folder: Path, builds: Sequence[str], digests: Sequence[Digests]) -> None:
        self._server, self._folder, self._builds, self._digests = server, folder, builds, digests
        self.record = Record()
        self._started = time.monotonic()

    async def run(self, seconds: float) -> Record:
        """Hold the load for *seconds*."""
        self._started = time.monotonic()
        until = self._started + seconds
        others = [self._swap(until), self._leave(until), self._run_away(until), self._watch(until, seconds)]
        await asyncio.gather(*(self._read(until, number) for number in range(_READERS)), *others)
        return self.record

    async def _read(self, until: float, number: int) -> None:
        chosen = random.Random(number)
        kinds = {kind: [a for a in self._digests[0] if a.kind == kind] for kind in soak_requests.WEIGHTS}
        connection = soak_requests.Connection(self._server.port)
        while time.monotonic() < until:
            (kind,) = chosen.choices(list(kinds), list(soak_requests.WEIGHTS.values()))
            ask = chosen.choice(kinds[kind])
            began = time.monotonic()
            try:
                status, body = await connection.ask(ask)
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                self.record.fault(f"{kind}: {type(error).__name__}", f"{ask.target[:200]}: {error}")
                connection.close()
            else:
                self.record.times[kind].append((began - self._started, time.monotonic() - began))
                self.record.outcomes[kind][str(status)] += 1
                self._judge(ask, status, body)
            await asyncio.sleep(chosen.expovariate(1 / _PAUSE))
        connection.close()

    def _judge(self, ask: Ask, status: int, body: bytes) -> None:
        """Hold an answer against both builds; a refusal under load (429, 503) is counted, and is no fault."""
        if status in (429, 503):
            return
        if status != ask.status:
            self.record.fault(f"{ask.kind}: {status} for {ask.status}", f"{ask.target[:200]}: {body[:200]!r}")
            return
        digest = hashlib.sha256(body).hexdigest()
        of = [number for number, digests in enumerate(self._digests) if digest in digests[ask]]
        if not of:
            self.record.fault(f"{ask.kind}: wrong answer", f"{ask.target[:200]}: {len(body)} bytes")
        elif len(of) == 1:
            self.record.builds[self._builds[of[0]]] += 1

    async def _swap(self, until: float) -> None:
        """Make the other build the current one, as a build does; a server that follows the folder turns to it."""
        while time.monotonic() + _SWAP < until:
            await asyncio.sleep(_SWAP)
            self.record.swaps += 1
            make_current(self._folder, self._builds[self.record.swaps % len(self._builds)])

    async def _leave(self, until: float) -> None:
        """Ask for something long, and go in the middle of it."""
        asks = soak_requests.leaving(self._digests[0])
        while time.monotonic() < until:
            with suppress(OSError):
                await soak_requests.Connection(self._server.port).leave(random.choice(asks))
            self.record.outcomes["clients that leave"]["left"] += 1
            await asyncio.sleep(_LEAVE)

    async def _run_away(self, until: float) -> None:
        """Ask what has no end, and wait for the refusal."""
        connection = soak_requests.Connection(self._server.port)
        while time.monotonic() < until:
            try:
                status, _ = await connection.ask(soak_requests.RUNAWAY)
                self.record.outcomes["runaways"][str(status)] += 1
                if status not in (429, 503, 504):
                    self.record.fault(f"runaway: {status}", "a query without an end was answered")
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                self.record.fault(f"runaway: {type(error).__name__}", str(error))
                connection.close()
            await asyncio.sleep(_RUN_AWAY)
        connection.close()

    async def _watch(self, until: float, seconds: float) -> None:
        pause = max(1.0, seconds / 400)
        while time.monotonic() < until:
            memory, descriptors, processes = await asyncio.to_thread(self._server.footprint)
            self.record.samples.append((time.monotonic() - self._started, memory, descriptors, processes))
            await asyncio.sleep(pause)


def make_current(folder: Path, build: str) -> None:
    """Let ``current`` in *folder* lead to *build*, in one step."""
    link = folder / f".{CURRENT}-soak"
    link.unlink(missing_ok=True)
    link.symlink_to(build)
    link.replace(folder / CURRENT)


def two_builds(cache: Path) -> list[Build]:
    """Two builds in one folder that differ in a statement: the shipped publication with small limits of queries."""
    made = []
    for number in (1, 2):
        source = cache / f"publication-{number}"
        shutil.rmtree(source, ignore_errors=True)
        source.mkdir(parents=True)
        for part in filter(lambda part: (ROOT / part).exists(), _PARTS):
            (shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile)(ROOT / part, source / part)
        settings = (source / _PARTS[0]).read_text("utf-8")
        (source / _PARTS[0]).write_text(settings + _LIMITS, "utf-8")
        soak = f'<{soak_requests.MARKED}> <http://www.w3.org/2000/01/rdf-schema#label> "{number}" .\n'
        (source / "data" / "soak.nt").write_text(soak, "utf-8")
        made.append(build_publication(read_dataset(Publication.open(source)), cache / "builds"))
    return made


async def _digests_of(server: Server, asks: Sequence[Ask]) -> Digests:
    connection = soak_requests.Connection(server.port)
    found: dict[Ask, frozenset[str]] = {}
    for ask in asks:
        status, body = await connection.ask(ask)
        if status != ask.status:
            raise SystemExit(f"soak: {ask.target} answers {status}, not {ask.status}: {body[:300]!r}")
        found[ask] = frozenset([hashlib.sha256(body).hexdigest()])
    connection.close()
    return found


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="where SOAK.md and soak.svg go")
    given = parser.parse_args()
    seconds = given.seconds or given.minutes * 60
    builds = two_builds(_CACHE)
    asks = soak_requests.asks(builds[0])
    digests = []
    for build in builds:
        with missiongraph_at(build.folder) as server:
            digests.append(asyncio.run(_digests_of(server, asks)))
    folder = builds[0].folder.parent
    make_current(folder, builds[0].id)
    print(f"soak: {len(asks)} requests known, {seconds:.0f} s", file=sys.stderr, flush=True)
    with missiongraph_at(folder) as server:
        record = asyncio.run(Soak(server, folder, [build.id for build in builds], digests).run(seconds))
    report = soak_report.Report(record, seconds)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "SOAK.md").write_text(report.text(), "utf-8")
    (given.out / "soak.svg").write_text(report.drawing(), "utf-8")
    print(report.text())
    sys.exit(0 if report.held else 1)


if __name__ == "__main__":
    main()
