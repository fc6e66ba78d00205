"""Removes builds that are neither current, nor among the newest, nor read by anybody."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path

from missiongraph.build.current_folder import discard
from missiongraph.build.opened_build import CURRENT, MANIFEST


def remove_old(out: Path, base: str, keep: int) -> None:
    """Removes from *out* the builds of the publication with this *base*, but the newest ones.

    A build that some process has open stays, since opening it takes a shared lock
    (:meth:`~missiongraph.build.opened_build.Build.open`). What cannot be removed is left for the next build.

    :param keep: how many builds stay, with the current one; 0 means all
    """
    if not keep:
        return
    current = (out / CURRENT).resolve()
    ours = [folder for folder in out.iterdir() if folder.name != CURRENT and _base(folder) == base]
    by_age = sorted((folder for folder in ours if folder.resolve() != current), key=_changed, reverse=True)
    for folder in by_age[keep - 1 :]:
        with suppress(OSError):
            _remove(folder)


def _base(folder: Path) -> str | None:
    """The base of the publication of which the build in *folder* was made; ``None`` if it is no build."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return str(manifest["settings"]["base"]) if manifest["id"] == folder.name else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _changed(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:  # another build removes it now
        return 0


def _remove(folder: Path) -> None:
    """Removes the build in *folder*.

    :raises OSError: somebody reads it, or it cannot be moved
    """
    lock = os.open(folder / MANIFEST, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        discard(folder)
    finally:
        os.close(lock)
