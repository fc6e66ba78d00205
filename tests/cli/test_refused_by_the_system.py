"""What the operating system refuses a command is told in one sentence, with exit code 2, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from missiongraph.build import Build
from tests.cli.test_main import one_line
from tests.conftest import BEER, free_port, missiongraph

#: Takes from root what lets it read and write everything.
_PLAIN_USER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []

needs_plain_user = pytest.mark.skipif(
    bool(_PLAIN_USER) and shutil.which("setpriv") is None, reason="root reads everything, and there is no setpriv"
)


def run(*arguments: str | Path, before: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a user who is not root."""
    command = [*(before or []), *_PLAIN_USER, sys.executable, "-m", "missiongraph", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def can(*command: str) -> bool:
    """Whether *command* is there and succeeds."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@needs_plain_user
@pytest.mark.parametrize("part", ["shapes", "releases", "context.jsonld", "queries/q.rq"])
def test_no_part_of_a_publication_that_cannot_be_read_is_passed_over(tmp_path: Path, part: str) -> None:
    folder = tmp_path / "beer"
    shutil.copytree(BEER, folder)
    for name in ("shapes", "queries", "releases"):
        (folder / name).mkdir(parents=True)
    (folder / "queries" / "q.rq").write_text("# What?\nASK {}")
    (folder / "context.jsonld").write_text('{"@context": {}}')
    (folder / part).chmod(0)
    try:
        line = one_line(run("build", "--publication", folder, "--out", tmp_path / "out"), 2)
    finally:
        (folder / part).chmod(0o755)
    assert part in line
    assert "Permission denied" in line
    assert "cannot write" not in line


@needs_plain_user
@pytest.mark.parametrize("part", ["", "store/index.sqlite"])
def test_a_build_that_cannot_be_read_is_not_announced(tmp_path: Path, beer_build: Build, part: str) -> None:
    folder = tmp_path / "builds"
    shutil.copytree(beer_build.folder, folder / "x")
    (folder / "current").symlink_to("x")
    (folder / "x" / part).chmod(0)
    try:
        served = run("serve", "--build", folder, "--port", str(free_port()))
    finally:
        (folder / "x" / part).chmod(0o755)
    assert "Permission denied" in one_line(served, 2)
    assert served.stdout == ""


@needs_plain_user
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, beer_build: Build) -> None:
    (tmp_path / "out").mkdir(mode=0o555)
    line = one_line(run("export", "--build", beer_build.folder, "--out", tmp_path / "out"), 2)
    assert line.endswith("/out: Permission denied (choose another --out)")


def test_advice_names_no_option_that_the_command_lacks(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for command in (["serve", "--port", str(free_port())], ["export", "--out", str(tmp_path / "site")]):
        refused = missiongraph(*command, "--publication", BEER, XDG_CACHE_HOME=str(tmp_path / "file"))
        line = one_line(refused, 2)
        assert "XDG_CACHE_HOME" in line
        of_command = import_module(f"missiongraph.cli.commands.{command[0]}").command
        known = {name for option in of_command.params for name in option.opts}
        options = re.findall(r"(?<!\S)--[a-z]+", line)
        assert options
        assert set(options) <= known - {"--out"}


@pytest.mark.skipif(not can("unshare", "--user", "--map-user=12345", "true"), reason="no user namespaces")
def test_a_user_without_a_home_is_told_where_else_a_build_can_go() -> None:
    before = ["env", "--unset=HOME", "--unset=XDG_CACHE_HOME", "unshare", "--user", "--map-user=12345"]
    command = [sys.executable, "-m", "missiongraph", "serve", "--publication", str(BEER), "--port", str(free_port())]
    served = subprocess.run([*before, *command], capture_output=True, text=True, timeout=120, check=False)
    assert "there is no HOME to keep a build in (set XDG_CACHE_HOME" in one_line(served, 2)


#: Runs the rest of its arguments in a file system of its own, ``$1``, of so many kilobytes, ``$0``.
_SMALL_DISK = 'mount -t tmpfs -o size=${0}k none "$1" && shift && "$@"; code=$?; ls -A "$DISK" >&2; exit $code'


@pytest.mark.skipif(
    not can("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"), reason="no user namespaces, or no tmpfs in them"
)
@pytest.mark.parametrize("part", [0.1, 0.3, 0.88])  # dumps, store, indexes
def test_a_full_disk_is_told_and_nothing_stays_there(tmp_path: Path, beer_build: Build, part: float) -> None:
    used = sum(-(-file.stat().st_size // 4096) * 4 for file in beer_build.folder.rglob("*"))
    command = [sys.executable, "-m", "missiongraph", "build", "--publication", BEER, "--out", tmp_path / "builds"]
    disk = ["unshare", "-rm", "sh", "-c", _SMALL_DISK, str(int(used * part)), tmp_path]
    full = subprocess.run(
        [*map(str, [*disk, *command])],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "DISK": str(tmp_path)},
    )
    line = one_line(full, 2)  # and no file
    assert f"cannot write to {tmp_path / 'builds'}: " in line
    assert "None" not in line
    assert re.search("No space left on device|disk is full", line)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_an_answer_that_cannot_be_written_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        query = ["query", "--publication", str(BEER), "ASK {}"]
        asked = subprocess.run(
            [sys.executable, "-m", "missiongraph", *query],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert one_line(asked, 2) == "missiongraph: No space left on device"


#: Writes an index where no file can have more than a few bytes, and says whether that is an error of the system.
_SHORT_FILES = """
import resource, sys
from pathlib import Path
from missiongraph.build.list_index import write_lists
from missiongraph.build.address_index import write_index
from missiongraph.names.index import write_names
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
folder = Path(sys.argv[1])
for write in (
    lambda: write_index(folder / "index.sqlite", "https://example.org/", []),
    lambda: write_lists(folder / "lists.sqlite", [], [], ("en",)),
    lambda: write_names(folder / "names", []),
):
    try:
        write()
    except OSError as error:
        print("refused:", error)
"""


def test_an_index_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SHORT_FILES, str(tmp_path)]
    written = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert written.returncode == 0, written.stderr
    refused = [line.split(": ")[1] for line in written.stdout.splitlines()]
    assert refused == ["index.sqlite", "lists.sqlite", "names"]
