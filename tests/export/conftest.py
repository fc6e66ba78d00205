"""Exports of the small publications, readable for servers that run as another user."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from missiongraph.build import Build
from missiongraph.export import export_site

Exporter = Callable[[Build], Path]


@pytest.fixture(scope="session")
def export() -> Iterator[Exporter]:
    """Exports a build into a folder of its own, once."""
    root = Path(tempfile.mkdtemp(prefix="missiongraph-test-"))
    root.chmod(0o755)  # a server's workers are not the user who tests
    done: dict[str, Path] = {}

    def make(build: Build) -> Path:
        if build.id not in done:
            out = done[build.id] = root / build.id
            export_site(build, out, warn=lambda text: None, progress=lambda step: None)
        return done[build.id]

    yield make
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def beer_files(export: Exporter, beer_build: Build) -> Path:
    """The tiny publication as files."""
    return export(beer_build)
