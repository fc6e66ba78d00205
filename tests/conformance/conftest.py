"""Builds that several suites look at."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.releases import release
from missiongraph.publication.settings import FILE_NAME
from missiongraph.publication.source_folder import Publication
from tests.conformance.npm import Npm, install
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def released_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The shipped publication with a release."""
    folder: Path = tmp_path_factory.mktemp("released")
    shutil.copy(ROOT / FILE_NAME, folder)
    for name in ("data", "ontology", "shapes"):
        shutil.copytree(ROOT / name, folder / name)
    release(read_dataset(Publication.open(folder)), "0.9.0", datetime.date(2026, 11, 1))
    return build_publication(read_dataset(Publication.open(folder)), folder / "out")


@pytest.fixture(scope="session")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Npm:
    """jsonld.js, and the vocabulary of schema.org as types."""
    return install(Path(__file__).parent / "jsonld", tmp_path_factory.mktemp("jsonld"))
