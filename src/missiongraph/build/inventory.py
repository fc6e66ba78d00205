"""The inventory of a build: size and checksum of each file, so that damage is found before it is served."""

from __future__ import annotations

import errno
import gc
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode

from missiongraph.build.opened_build import Build
from missiongraph.errors import BuildError, Problem, reason_of

#: The inventory in the folder of a build: a path for each file, with its size in bytes and its SHA-256.
INVENTORY = "store/inventory.json"

#: Files that the store writes about itself, also when it is only read.
_LOGS = ("LOG", "LOCK")


def write_inventory(folder: Path) -> None:
    """Writes the inventory of the finished build in *folder*."""
    found = {str(file.relative_to(folder)): [file.stat().st_size, _sum(file)] for file in _files(folder)}
    (folder / INVENTORY).write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


def check_inventory(folder: Path, *, sums: bool = False) -> None:
    """Compares the files of the build in *folder* with its inventory.

    :param sums: whether checksums are compared besides sizes, which reads every file
    :raises BuildError: a file is missing, was cut, or cannot be read; with *sums*, or was changed
    """
    try:
        stated = json.loads((folder / INVENTORY).read_text("utf-8"))
        for path, (size, digest) in stated.items():
            file = folder / path
            if file.stat().st_size != size or (sums and _sum(file) != digest):
                raise _damaged(folder, f"{path} is not as it was written")
            if not os.access(file, os.R_OK):
                raise _damaged(folder, f"{path}: {os.strerror(errno.EACCES)}")
    except FileNotFoundError as error:
        raise _damaged(folder, f"{error.filename} is missing") from None
    except OSError as error:
        raise _damaged(folder, f"{error.filename}: {reason_of(error)}") from None
    except (ValueError, AttributeError, TypeError):
        raise _damaged(folder, f"{INVENTORY} cannot be read") from None


def check_build(folder: Path, *, sums: bool = False) -> None:
    """Looks whether the build in *folder* can be served: by its inventory, and by opening what it is asked through.

    :param sums: as for :func:`check_inventory`
    :raises BuildError: it cannot
    """
    build = Build.open(folder)
    try:
        check_inventory(build.folder, sums=sums)
        _ask(build)
    finally:
        build.close()
        gc.collect()  # connections of SQLite refer to themselves, and a server would keep them open


def _ask(build: Build) -> None:
    """Open the store and the indexes of *build*, and ask the store a question that it cannot answer without reading."""
    try:
        build.engine.query("ASK { ?subject ?predicate ?object }")
        build.index.find(build.settings.base)
        build.lists.number(NamedNode(build.settings.base))
        build.names.of(build.settings.base)
    except (BuildError, OSError, RuntimeError, ValueError, sqlite3.Error) as error:
        raise _damaged(build.folder, str(error).partition(" (build again)")[0]) from None


def is_whole(folder: Path, *, sums: bool = False) -> bool:
    """Whether *folder* holds a build without the damage that :func:`check_build` finds."""
    try:
        check_build(folder, sums=sums)
    except BuildError:
        return False
    return True


def _damaged(folder: Path, what: str) -> BuildError:
    return BuildError(
        Problem(f"the build in {folder} is damaged: {what}", advice=f"missiongraph build --out {folder.parent}")
    )


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file != folder / INVENTORY and not file.name.startswith(_LOGS):
            yield file


def _sum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
