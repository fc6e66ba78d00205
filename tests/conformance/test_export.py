"""The whole shipped publication as files: it takes minutes, so it runs with the published suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from missiongraph.build import Build
from missiongraph.export import export_site
from tests.export.links import broken_links

pytestmark = pytest.mark.conformance


def test_no_link_within_it_is_broken(shipped_build: Build, tmp_path: Path) -> None:
    export_site(shipped_build, tmp_path, warn=lambda text: None, progress=lambda step: None)
    assert len(list(tmp_path.rglob("*.html"))) > 2000
    assert broken_links(tmp_path) == []
