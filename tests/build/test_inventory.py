"""A damaged build is found, named, not served, and made anew by the advice that is given."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from missiongraph.build import Build
from missiongraph.build.inventory import check_build, check_inventory, is_whole
from missiongraph.errors import BuildError
from tests.conftest import BEER, free_port, missiongraph


@pytest.fixture
def out(tmp_path: Path, beer_build: Build) -> Path:
    """A folder of builds with one, which is current."""
    shutil.copytree(beer_build.folder.parent, tmp_path / "builds", symlinks=True)
    return tmp_path / "builds"


def cut_store(folder: Path) -> None:
    file = max((folder / "store" / "graph").glob("*.sst"), key=lambda file: file.stat().st_size)
    file.write_bytes(file.read_bytes()[:-10])


def cut_manifest(folder: Path) -> None:
    (folder / "build.json").write_text((folder / "build.json").read_text()[:-20])


def empty_manifest(folder: Path) -> None:
    (folder / "build.json").write_text("{}")


def without_a_dump(folder: Path) -> None:
    next((folder / "dumps").glob("*.nt")).unlink()


def without_the_index(folder: Path) -> None:
    (folder / "store" / "index.sqlite").unlink()


def without_the_inventory(folder: Path) -> None:
    (folder / "store" / "inventory.json").unlink()


def overwritten(folder: Path, pattern: str) -> None:
    for file in (folder / "store").glob(pattern):
        file.write_bytes(b"?" * file.stat().st_size)


def with_other_bytes_in_the_store(folder: Path) -> None:
    overwritten(folder, "graph/*.sst")


def with_other_bytes_in_the_list_of_its_files(folder: Path) -> None:
    overwritten(folder, "graph/MANIFEST*")


def with_other_bytes_in_an_index(folder: Path) -> None:
    overwritten(folder, "index.sqlite")


def with_other_bytes_in_the_names(folder: Path) -> None:
    overwritten(folder, "names/meta.json")


def with_a_manifest_without_dumps(folder: Path) -> None:
    manifest = json.loads((folder / "build.json").read_text())
    del manifest["dumps"]
    (folder / "build.json").write_text(json.dumps(manifest))


#: Damage that leaves every size as it was, or the form of the manifest. Questions that are asked at the start find it.
HIDDEN = [
    with_a_manifest_without_dumps,
    with_other_bytes_in_the_list_of_its_files,
    with_other_bytes_in_an_index,
    with_other_bytes_in_the_names,
]

DAMAGE = [
    with_other_bytes_in_the_store,
    cut_store,
    cut_manifest,
    empty_manifest,
    without_a_dump,
    without_the_index,
    without_the_inventory,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_it_is_refused_with_one_sentence_and_made_anew_by_its_advice(out: Path, damage: Callable[[Path], None]) -> None:
    folder = Build.open(out).folder
    damage(folder)
    command = [sys.executable, "-m", "missiongraph", "serve", "--build", str(out), "--port", str(free_port())]
    served = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (served.returncode, served.stdout) == (2, "")
    (line,) = served.stderr.splitlines()
    assert "damaged" in line
    assert f"(missiongraph build --out {out})" in line
    assert missiongraph("build", "--publication", str(BEER), "--out", str(out)).returncode == 0
    assert is_whole(folder, sums=True)


@pytest.mark.parametrize("damage", HIDDEN)
def test_damage_that_leaves_sizes_as_they_were_is_found_if_nothing_can_be_answered(
    out: Path, damage: Callable[[Path], None]
) -> None:
    folder = Build.open(out).folder
    check_build(folder)
    damage(folder)
    with pytest.raises(BuildError, match="damaged"):
        check_build(folder)


def test_a_file_that_was_changed_but_not_cut_is_found_by_its_sum(out: Path) -> None:
    folder = Build.open(out).folder
    dump = next((folder / "dumps").glob("*.nt"))
    dump.write_bytes(dump.read_bytes()[:-1] + b" ")
    check_inventory(folder)
    with pytest.raises(BuildError, match=f"dumps/{dump.name} is not as it was written"):
        check_inventory(folder, sums=True)
    build = ("build", "--publication", str(BEER), "--out", str(out))
    assert missiongraph(*build).returncode == 0
    assert not is_whole(folder, sums=True)
    assert missiongraph(*build, "--verify").returncode == 0
    assert is_whole(folder, sums=True)


def test_a_build_that_was_read_or_copied_is_whole(out: Path, tmp_path: Path) -> None:
    build = Build.open(out)
    build.engine.query("ASK {}")
    build.names.paths(["x"], 1)
    shutil.copytree(build.folder, tmp_path / "copy")
    assert is_whole(build.folder, sums=True)
    assert is_whole(tmp_path / "copy", sums=True)
