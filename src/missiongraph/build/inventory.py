"""The inventory of a build: size and checksum of each file, so that damage is found before it is served."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from missiongraph.build.opened_build import MANIFEST, Build
from missiongraph.errors import BuildError, Problem

#: The inventory in the folder of a build: a path for each file, with its size in bytes and its SHA-256.
INVENTORY = "store/inventory.json"

#: Files that the store writes about itself, also when it is only read.
_LOGS = ("LOG", "LOCK")


def write_inventory(folder: Path) -> None:
    """Writes the inventory of the finished build in *folder*. The manifest is not in it, which is checked as JSON."""
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
    except FileNotFoundError as error:
        raise _damaged(folder, f"{error.filename} is missing") from None
    except OSError as error:
        raise _damaged(folder, f"{error.filename}: {error.strerror}") from None
    except (ValueError, AttributeError, TypeError):
        raise _damaged(folder, f"{INVENTORY} cannot be read") from None


def is_whole(folder: Path, *, sums: bool = False) -> bool:
    """Whether *folder* holds a build without the damage that :func:`check_inventory` finds."""
    try:
        Build.open(folder)
        check_inventory(folder, sums=sums)
    except BuildError:
        return False
    return True


def _damaged(folder: Path, what: str) -> BuildError:
    return BuildError(
        Problem(f"the build in {folder} is damaged: {what}", advice=f"missiongraph build --out {folder.parent}")
    )


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file not in (folder / MANIFEST, folder / INVENTORY) and not file.name.startswith(_LOGS):
            yield file


def _sum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
