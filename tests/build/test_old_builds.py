"""``build`` keeps the newest builds of a publication, and every build that is current or that somebody reads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from missiongraph.build import Build
from missiongraph.build.current_folder import make_current
from missiongraph.build.inventory import write_inventory
from missiongraph.build.old_builds import remove_old
from tests.conftest import PublicationMaker, free_port, missiongraph

BASE = "http://beer.example/"

#: Opens a build, says so, and keeps it open until its input ends.
READER = """
import sys
from pathlib import Path
from missiongraph.build import Build
build = Build.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def out(tmp_path: Path, beer_build: Build) -> Path:
    """Builds ``1`` (the oldest) to ``5``, which is current."""
    for number in range(1, 6):
        write_build(tmp_path / str(number), beer_build, BASE)
        make_current(tmp_path, str(number))
        os.utime(tmp_path / str(number), (number, number))
    return tmp_path


def write_build(folder: Path, like: Build, base: str) -> None:
    shutil.copytree(like.folder, folder)
    manifest = {**like.manifest, "id": folder.name, "settings": {**like.manifest["settings"], "base": base}}
    (folder / "build.json").write_text(json.dumps(manifest))
    write_inventory(folder)


def left(out: Path) -> str:
    return " ".join(sorted(file.name for file in out.iterdir()))


@pytest.mark.parametrize(
    ("keep", "expected"), [(1, "5 current"), (2, "4 5 current"), (9, "1 2 3 4 5 current"), (0, "1 2 3 4 5 current")]
)
def test_the_newest_are_kept(out: Path, keep: int, expected: str) -> None:
    remove_old(out, BASE, keep)
    assert left(out) == expected


def test_the_current_one_is_kept_however_old(out: Path) -> None:
    (out / "current").unlink()
    (out / "current").symlink_to("1")
    remove_old(out, BASE, 2)
    assert left(out) == "1 5 current"


def test_a_build_that_becomes_current_again_counts_as_new(out: Path) -> None:
    make_current(out, "2")
    make_current(out, "5")
    remove_old(out, BASE, 2)
    assert left(out) == "2 5 current"


def test_builds_of_others_and_what_is_no_build_are_left_alone(out: Path, beer_build: Build) -> None:
    write_build(out / "other", beer_build, "https://wine.example/")
    shutil.copytree(out / "1", out / "copy")  # whose manifest names another folder
    (out / "notes").mkdir()
    (out / "notes" / "build.json").write_text("{}")
    remove_old(out, BASE, 1)
    assert left(out) == "5 copy current notes other"


def test_a_build_that_a_process_reads_is_kept_until_it_ends(out: Path) -> None:
    command = [sys.executable, "-c", READER, str(out / "1")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        remove_old(out, BASE, 1)
        assert left(out) == "1 5 current"
    remove_old(out, BASE, 1)
    assert left(out) == "5 current"


def test_a_closed_build_is_read_no_more(out: Path) -> None:
    for build in (Build.open(out / "1"), Build.open(out / "2")):
        build.close()
        build.close()
    del build
    Build.open(out / "3")  # and nobody keeps it
    remove_old(out, BASE, 1)
    assert left(out) == "5 current"


def test_the_setting_and_the_option_say_how_many(make_publication: PublicationMaker, tmp_path: Path) -> None:
    out, made = tmp_path / "builds", []
    for title, options in (("a", ()), ("b", ()), ("c", ()), ("d", ("--keep", "1"))):
        settings = f'title = "{title}"\nbase = "http://beer.example/"\n[build]\nkeep = 2\n'
        folder = make_publication({"data/a.ttl": "", "missiongraph.toml": settings})
        run = missiongraph("build", "--publication", folder, "--out", out, *options)
        assert run.returncode == 0, run.stderr
        made.append(Path(run.stdout.strip()).name)
        newest = made[-1:] if options else made[-2:]
        assert left(out) == " ".join(sorted([*newest, "current"]))


def test_a_build_that_is_served_goes_on_being_served(out: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "missiongraph", "serve", "--build", str(out / "1"), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz")
            remove_old(out, BASE, 1)
            assert left(out) == "1 5 current"
            assert httpx.get(f"http://127.0.0.1:{port}/dumps/").is_success
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(address)
