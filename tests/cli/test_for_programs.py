"""What programs read: ``--json`` of every command that reports, and silence with ``--quiet``."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from missiongraph.cli.main import COMMANDS, main
from missiongraph.publication.starter import write_new_publication
from tests.conftest import BEER, missiongraph


def commands() -> list[click.Command]:
    found = []
    for name in COMMANDS:
        command = import_module(f"missiongraph.cli.commands.{name}").command
        found += [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    return found


def test_whoever_has_a_choice_of_formats_with_json_has_the_short_form() -> None:
    for command in commands():
        choices = [p.type.choices for p in command.params if p.name == "form" and isinstance(p.type, click.Choice)]
        if any("json" in choice for choice in choices):
            assert any("--json" in option.opts for option in command.params), command.name


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["validate"], (0,)),
        (["query", "ASK {}"], (0,)),
        (["stale"], (0, 1)),
        (["doctor"], (0, 1)),
        (["evidence", "check", "--page", "sources/annual-report.html"], (0,)),
        (["evidence", "coverage", "--page", "sources/annual-report.html"], (0, 1)),
        (["evidence", "diff", "sources/annual-report.html", "sources/annual-report.html"], (0,)),
        (["build", "--out", "out"], (0,)),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_the_short_form_is_one_json_document_on_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], codes: tuple[int, ...]
) -> None:
    write_new_publication(tmp_path / "p", "T", "https://data.town.example/", ["en"])
    monkeypatch.chdir(tmp_path / "p")
    run = CliRunner(env={"XDG_CACHE_HOME": str(tmp_path)}).invoke(main, [*arguments, "--json"])
    assert run.exit_code in codes, run.stderr
    assert isinstance(json.loads(run.stdout), dict | list)


def test_the_last_of_both_forms_counts() -> None:
    run = missiongraph("query", "--publication", BEER, "--json", "--format", "tsv", "SELECT (1 AS ?n) {}")
    assert run.stdout.split() == ["?n", "1"]


def test_quiet_keeps_results_and_errors_only(tmp_path: Path) -> None:
    told = missiongraph("new", tmp_path / "a", "--title", "T")
    assert "go on with" in told.stderr
    quiet = missiongraph("--quiet", "new", tmp_path / "b", "--title", "T")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert len(quiet.stdout.splitlines()) == len(told.stdout.splitlines())
    assert "holds something already" in missiongraph("--quiet", "new", tmp_path / "b").stderr
