"""A publication of odd names, served as the others are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from tests.conftest import serving

ODD = Path(__file__).parents[1] / "publications" / "odd"


@pytest.fixture(scope="session")
def odd_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Names that need care, graphs that were taken back, values that few formats carry."""
    return build_publication(read_dataset(Publication.open(ODD)), tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="session")
def odd(odd_build: Build) -> Iterator[httpx.Client]:
    """A client of the production server on it."""
    with serving(odd_build) as client:
        yield client
