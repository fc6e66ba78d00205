"""The folders of builds: unfinished ones, which vanish unless they are moved into place, and which one is current."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from missiongraph.build.opened_build import CURRENT

#: Begins the name of the folder of a build that is being written.
_UNFINISHED = ".building-"


@contextmanager
def unfinished(out: Path) -> Iterator[Path]:
    """Gives a new folder in *out*; after the block it is removed, unless it was moved, and so are new empty parents.

    What builds that were killed have left in *out* is removed first.
    """
    made = [parent for parent in (out, *out.parents) if not parent.exists()]
    out.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(out)
    folder, lock = _locked(out)
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # a folder that is not empty has a build
            for parent in made:
                parent.rmdir()


def _locked(out: Path) -> tuple[Path, int]:
    """A new folder in *out*, and the descriptor that holds its lock, which the kernel gives up if this process dies."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=out))
        lock = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # a file system without locks; there the next build cannot remove it either
            fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)  # another build took it for abandoned before it was locked


def _remove_abandoned(out: Path) -> None:
    for folder in out.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def discard(folder: Path) -> None:
    """Removes *folder* from its place at once, and then what is in it.

    Nobody opens half of it, and the next build removes the rest if this one is killed.
    """
    aside = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
    folder.replace(aside)
    shutil.rmtree(aside, ignore_errors=True)


def make_current(out: Path, build_id: str) -> None:
    """Lets ``out/current`` point to the build *build_id*; readers see the old one or this one."""
    link = out / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(build_id)
    link.replace(out / CURRENT)
    with suppress(PermissionError):  # of another user
        os.utime(out / build_id)  # old builds are removed in the order in which they were current
