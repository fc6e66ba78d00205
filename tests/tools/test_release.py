"""A release is refused while something stands against it, and its notes are those of the changelog."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tools.release import ROOT, notes, obstacles, versions

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text("utf-8"))
CHANGELOG = (
    "# Changelog\n\n## [Unreleased]\n\n- New\n\n## [1.2.0] - 2026-12-01\n\n### Added\n\n- One\n\n## [1.1.0]\n\n- Old\n"
)


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A clean tree that says everywhere that it is 1.2.0."""
    for name, told in versions().items():
        text = (ROOT / name).read_text("utf-8")
        (tmp_path / name).write_text(re.sub(rf"(\bversion\W+){re.escape(told)}\b", r"\g<1>1.2.0", text), "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "One")
    return tmp_path


def test_nothing_stands_against_a_clean_tree_with_its_notes(tree: Path) -> None:
    assert list(obstacles("1.2.0", tree)) == []
    assert notes("1.2.0", CHANGELOG) == "### Added\n\n- One\n"


def test_each_obstacle_is_named(tree: Path) -> None:
    assert [sentence.split()[0] for sentence in obstacles("1.3.0", tree)] == [*versions(tree), "CHANGELOG.md"]
    assert "is no version" in next(obstacles("1.2", tree))
    git(tree, "tag", "v1.2.0")
    assert list(obstacles("1.2.0", tree)) == ["there is a tag v1.2.0: take another number"]
    (tree / "new").touch()
    assert "not committed" in next(obstacles("1.2.0", tree))


def test_all_files_tell_one_version_licence_and_name() -> None:
    assert set(versions().values()) == {PROJECT["version"]}
    assert CITATION["license"][0] == PROJECT["license"]
    assert CODEMETA["license"].endswith("/" + PROJECT["license"])
    assert CITATION["title"] == CODEMETA["name"] == PROJECT["name"]
    assert CODEMETA["description"] == PROJECT["description"] == CITATION["abstract"].rstrip(".")
    assert CODEMETA["keywords"] == PROJECT["keywords"] == CITATION["keywords"]


def test_citation_is_valid() -> None:
    cffconvert = pytest.importorskip("cffconvert", reason="cffconvert is not installed")
    cffconvert.Citation((ROOT / "CITATION.cff").read_text("utf-8")).validate()


def test_each_licence_that_is_named_is_there_and_each_file_has_one() -> None:
    """The rules of REUSE; ``reuse lint`` has the last word where it is installed."""
    told = tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))["annotations"]
    assert told[0]["path"] == "**"
    named = {entry["SPDX-License-Identifier"] for entry in told}
    assert {file.stem for file in (ROOT / "LICENSES").iterdir()} == named
    assert (ROOT / "LICENSES" / "Apache-2.0.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()
    if lint := shutil.which("reuse"):
        subprocess.run([lint, "lint", "--quiet"], cwd=ROOT, check=True)
