"""A new build under a running server: requests see the old one or the new one, never both, and none fails."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from missiongraph.build import Build, build_publication
from missiongraph.build.opened_build import CURRENT
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from tests.conftest import PublicationMaker, free_port

#: Each build says its name in every answer: in the title of pages, in the label of the thing, and in a literal.
NAMES = ("alder", "birch")
DATA = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/id/x> a <https://example.org/ns/T> ; rdfs:label "tree {name}" ; rdfs:comment "{name} it is" .
"""
ROWS = "/sparql?query=SELECT+?n+WHERE+{{?s+<http://www.w3.org/2000/01/rdf-schema%23label>+?n}}+%23{number}"
PATHS = ("/", "/doc/x", "/doc/x.ttl", "/doc/x.jsonld", "/dumps/", "/search?q=tree", "/catalog.ttl", ROWS)


@pytest.fixture
def builds(make_publication: PublicationMaker, tmp_path: Path) -> Path:
    """A folder of builds, one for each name; the first is current."""
    for name in reversed(NAMES):
        settings = f'title = "Site {name}"\nbase = "https://example.org/"\nname = "{name}"\n'
        folder = make_publication({"data/a.ttl": DATA.format(name=name), "missiongraph.toml": settings})
        build_publication(read_dataset(Publication.open(folder)), tmp_path / "builds")
    return tmp_path / "builds"


def folders(builds: Path) -> dict[str, Path]:
    found = (Build.open(folder) for folder in builds.iterdir() if not folder.is_symlink())
    return {build.settings.name: build.folder for build in found}


def make_current(builds: Path, folder: Path) -> None:
    (builds / "next").symlink_to(folder.name)
    (builds / "next").replace(builds / CURRENT)


@contextmanager
def server(builds: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    command = [sys.executable, "-m", "missiongraph", "serve", "--build", str(builds), "--port", str(port)]
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            while not answers(base):
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
            yield process, base
        finally:
            process.terminate()


def answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/readyz", timeout=5).is_success
    except httpx.TransportError:
        return False


def named_in(body: str) -> set[str]:
    return {name for name in NAMES if name in body}


def wait_for(base: str, name: str) -> None:
    patience = time.monotonic() + 60
    while named_in(httpx.get(f"{base}/doc/x.ttl", timeout=30).text) != {name}:
        assert time.monotonic() < patience, f"{name} is not served"
        time.sleep(0.02)


async def advance(seen: Counter[str], answers: int) -> None:
    """Wait until so many more answers have come."""
    before = seen.total()
    while seen.total() < before + answers:
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(("clients", "swaps"), [(8, 3), pytest.param(32, 20, marks=pytest.mark.conformance)])
def test_no_request_fails_and_no_answer_mixes_two_builds(
    builds: Path, tmp_path: Path, clients: int, swaps: int
) -> None:
    with server(builds, tmp_path / "log") as (process, base):
        tags: dict[tuple[str, str | None], str] = {}
        seen, over = Counter[str](), asyncio.Event()

        async def client(number: int) -> None:
            async with httpx.AsyncClient(base_url=base, timeout=60) as session:
                while not over.is_set():
                    number += clients
                    response = await session.get(PATHS[number // clients % len(PATHS)].format(number=number))
                    assert response.status_code == 200, response.text
                    (name,) = named_in(response.text)
                    assert tags.setdefault((response.url.path, response.headers.get("ETag")), name) == name
                    seen[name] += 1

        async def load() -> None:
            async with asyncio.TaskGroup() as group:
                for number in range(clients):
                    group.create_task(client(number))
                for number in range(swaps):
                    await advance(seen, 2 * clients)
                    name = NAMES[(number + 1) % 2]
                    make_current(builds, folders(builds)[name])
                    process.send_signal(signal.SIGHUP)
                    await asyncio.to_thread(wait_for, base, name)
                await advance(seen, 2 * clients)
                over.set()

        asyncio.run(load())
        assert process.poll() is None
    assert set(seen) == set(NAMES)


def test_the_old_build_is_closed_when_nobody_reads_it(builds: Path, tmp_path: Path) -> None:
    old, new = (folders(builds)[name] for name in NAMES)
    with server(builds, tmp_path / "log") as (process, base):
        for path in PATHS:
            httpx.get(base + path.format(number=1), timeout=30)
        assert any(opened_below(process.pid, old))
        make_current(builds, new)
        wait_for(base, NAMES[1])  # it is found without a signal
        patience = time.monotonic() + 30
        while opened := opened_below(process.pid, old):
            assert time.monotonic() < patience, opened
            time.sleep(0.1)


def opened_below(pid: int, folder: Path) -> set[str]:
    """The files below *folder* that the process *pid* and its children hold open."""
    found = set()
    for process in (pid, *children(pid)):
        for link in Path(f"/proc/{process}/fd").glob("*"):
            with suppress(OSError):  # closed, or ended, in this moment
                if (target := str(link.readlink())).startswith(f"{folder}/"):
                    found.add(target)
    return found


def children(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield child
            yield from children(child)


@pytest.mark.parametrize("fault", ["manifest", "store", "empty"])
def test_a_build_that_cannot_be_opened_is_refused_and_the_old_one_served_on(
    builds: Path, tmp_path: Path, fault: str
) -> None:
    bad, good = builds / "bad", folders(builds)[NAMES[1]]
    if fault == "empty":
        bad.mkdir()
        (bad / "build.json").write_text("{}")
    else:
        subprocess.run(["cp", "-r", good, bad], check=True)
        if fault == "manifest":
            (bad / "build.json").write_text('{"id": "')
        else:
            for file in (bad / "store" / "graph").iterdir():
                file.write_bytes(b"")
    with server(builds, tmp_path / "log") as (process, base):
        make_current(builds, bad)
        for _ in range(3):
            time.sleep(0.4)
            assert named_in(httpx.get(f"{base}/doc/x", timeout=30).text) == {NAMES[0]}
        make_current(builds, good)
        wait_for(base, NAMES[1])
        assert process.poll() is None
    refusals = [line for line in (tmp_path / "log").read_text().splitlines() if "cannot be served" in line]
    assert len(refusals) == 1
    assert str(bad) in refusals[0]
    assert "Traceback" not in (tmp_path / "log").read_text()
