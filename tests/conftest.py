"""What tests share: the shipped publication, its build, and real servers over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import hypothesis
import pytest

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication

ROOT = Path(__file__).parents[1]
BEER = Path(__file__).parent / "publications" / "beer"
ODD = Path(__file__).parent / "publications" / "odd"

# The same examples on every machine, however slow it is; HYPOTHESIS_PROFILE=search looks for new ones.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

#: How much of what a server said is shown, in characters.
_SHOWN = 20_000

#: Settings of a publication that lacks nothing that a portal would like.
COMPLETE_SETTINGS = """
title = "Test"
base = "https://example.org/"
description = "Everything that a portal asks for is stated"
licence = "https://example.org/licence"
publisher = "P"
rights-holder = "P"
contact = "C"
themes = ["https://example.org/theme"]
keywords = ["one", "two"]
frequency = "https://example.org/never"
spatial = "https://example.org/here"
temporal = { start = 2022-01-01 }
modified = 2024-05-01
"""

PublicationMaker = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture(scope="session")
def shipped() -> Publication:
    """The publication of this repository."""
    return Publication.open(ROOT)


@pytest.fixture(scope="session")
def shipped_dataset(shipped: Publication) -> Dataset:
    """Its dataset."""
    return read_dataset(shipped)


@pytest.fixture(scope="session")
def shipped_build(shipped_dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Its build; the dataset was validated by the tests of its own."""
    return build_publication(shipped_dataset, tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="session")
def beer_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A tiny publication of another domain: own paths, blank nodes, subjects outside the base, no shapes."""
    return build_publication(read_dataset(Publication.open(BEER)), tmp_path_factory.mktemp("beer"))


@pytest.fixture(scope="session")
def odd_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A publication of odd names: IRIs that need care, graphs that were taken back, values that few formats carry."""
    return build_publication(read_dataset(Publication.open(ODD)), tmp_path_factory.mktemp("odd"))


@pytest.fixture
def make_publication(tmp_path: Path) -> PublicationMaker:
    """Writes a publication from a mapping of paths to contents; settings are added where none are given."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "publication"
        settings = {"missiongraph.toml": 'title = "Test"\nbase = "https://example.org/"\n'}
        for path, content in {**settings, **files}.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return make


def build_of(folder: Path, out: Path) -> Build:
    """The build of the publication in *folder*, below *out*."""
    return build_publication(read_dataset(Publication.open(folder)), out)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below *folder* by its path."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def missiongraph(*arguments: str | Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "missiongraph", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(build: Build) -> Iterator[httpx.Client]:
    """The production server on *build*, and a client of it that follows no redirect.

    What the server says goes into a file, since a pipe that nobody reads would stop it; a test that fails shows it.
    """
    port = free_port()
    command = [sys.executable, "-m", "missiongraph", "serve", "--build", str(build.folder), "--port", str(port)]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said,
        subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        try:
            wait_for(client, process)
            yield client
        finally:
            process.terminate()
            process.wait()
            said.seek(0)
            sys.stderr.write(said.read()[-_SHOWN:])


def wait_for(client: httpx.Client, process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """Wait until the server *process* answers."""
    patience = time.monotonic() + 120  # a busy machine is no fault
    while time.monotonic() < patience:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            if client.get("/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


@pytest.fixture(scope="session")
def site(shipped_build: Build) -> Iterator[httpx.Client]:
    """A client of the production server on the shipped publication."""
    with serving(shipped_build) as client:
        yield client


@pytest.fixture(scope="session")
def beer(beer_build: Build) -> Iterator[httpx.Client]:
    """A client of the production server on the tiny publication."""
    with serving(beer_build) as client:
        yield client


@pytest.fixture(scope="session")
def odd(odd_build: Build) -> Iterator[httpx.Client]:
    """A client of the production server on the publication of odd names."""
    with serving(odd_build) as client:
        yield client
