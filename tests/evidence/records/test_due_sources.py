"""``missiongraph stale``: for how long a look at a source is good."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from missiongraph.evidence.records.due_sources import due, good_until
from missiongraph.graph.quality import SourceQuality
from tests.conftest import missiongraph
from tests.evidence.library import PAGE, SOURCE, write_publication


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    """A publication whose only source was checked on 1 March 2026."""
    folder = write_publication(tmp_path / "library")
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    arguments = ("--publication", folder, "--page", tmp_path / "page.txt", "--record", "--date", "2026-03-01")
    assert missiongraph("evidence", "check", *arguments).returncode == 0
    return folder


@pytest.mark.parametrize(
    ("day", "after", "code"), [("2026-03-11", "10d", 0), ("2026-03-12", "10d", 1), ("2026-03-15", "2w", 0)]
)
def test_a_look_is_good_to_the_end_of_its_last_day(checked: Path, day: str, after: str, code: int) -> None:
    run = missiongraph("stale", "--publication", checked, "--after", after, "--date", day)
    assert (run.returncode, run.stderr) == (code, "")
    assert (SOURCE.value in run.stdout) is bool(code)


def test_the_setting_says_how_long_and_json_says_since_when(checked: Path) -> None:
    settings = checked / "missiongraph.toml"
    settings.write_text(settings.read_text() + "stale-days = 3\n")
    run = missiongraph("stale", "--publication", checked, "--date", "2026-04-01", "--format", "json")
    assert run.returncode == 1
    assert json.loads(run.stdout) == {
        "days": 3,
        "due": [{"source": SOURCE.value, "seen": "2026-03-01", "checked": "2026-03-01", "due": "2026-03-04"}],
    }


def test_what_nobody_is_known_to_have_looked_at_is_due(tmp_path: Path) -> None:
    run = missiongraph("stale", "--publication", write_publication(tmp_path / "library"))
    assert run.returncode == 1 and "never looked at" in run.stdout


@pytest.mark.parametrize("span", ["180", "6 months", "-3d", "", "١d"])
def test_another_span_is_refused(checked: Path, span: str) -> None:
    run = missiongraph("stale", "--publication", checked, "--after", span)
    assert run.returncode == 2 and "no span of time" in run.stderr and "Traceback" not in run.stderr


@given(st.lists(st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1)))), st.integers(0, 999), st.dates())
def test_due_is_what_is_no_longer_good_longest_first(seen: list[date | None], days: int, today: date) -> None:
    sources = [
        SourceQuality(NamedNode(f"urn:{number}"), 1, 1, checked=day.isoformat() if day else None)
        for number, day in enumerate(seen)
    ]
    found = due(sources, days, today)
    fresh = [s for s in sources if s not in [d.source for d in found]]
    assert all(s.seen and (last := good_until(s.seen, days)) and last >= today for s in fresh)
    assert [d.since or date.min for d in found] == sorted(d.since or date.min for d in found)
    assert all(d.since is None or d.since < today for d in found)
