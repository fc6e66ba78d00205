"""The publications that the benchmark makes."""

from __future__ import annotations

from pathlib import Path

import missiongraph
from bench import publications


def test_a_build_is_made_anew_when_what_makes_builds_changes() -> None:
    package = Path(missiongraph.__file__).parent
    assert [name for name in publications.BUILDERS if not (package / name / "__init__.py").is_file()] == []
