"""The folders of builds: what a killed build leaves is removed by the next, what a running one has is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from missiongraph.build.current_folder import make_current, unfinished

#: Writes into an unfinished folder, says which, and waits.
WRITER = """
import sys, time
from pathlib import Path
from missiongraph.build.folders import unfinished
with unfinished(Path(sys.argv[1])) as folder:
    (folder / "dumps").mkdir()
    (folder / "dumps" / "large.nt").write_text("x")
    print(folder, flush=True)
    time.sleep(600)
"""


def left(out: Path) -> list[str]:
    return sorted(file.name for file in out.iterdir())


def test_a_folder_is_gone_unless_it_was_moved(tmp_path: Path) -> None:
    with unfinished(tmp_path) as folder:
        (folder / "file").write_text("")
    assert left(tmp_path) == []
    with unfinished(tmp_path) as folder:
        folder.replace(tmp_path / "kept")
    assert left(tmp_path) == ["kept"]


def test_new_parents_are_gone_too_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), unfinished(tmp_path / "a" / "b"):
        raise OSError("full")
    assert left(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_killed_build_left_is_removed_by_the_next(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        folder = Path(writer.stdout.readline().strip())
        with unfinished(tmp_path):
            assert (folder / "dumps" / "large.nt").exists()  # its owner lives
        os.kill(writer.pid, number)
    assert left(tmp_path) == [folder.name]
    with unfinished(tmp_path) as other:
        assert left(tmp_path) == [other.name]


def test_what_is_not_of_a_build_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / ".building-notes").write_text("a file")
    with unfinished(tmp_path):
        pass
    assert left(tmp_path) == [".building-notes", "notes"]


def test_the_current_build_is_switched_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        make_current(tmp_path, name)
        assert (tmp_path / "current").resolve() == tmp_path / name
    assert left(tmp_path) == ["current", "one", "two"]
