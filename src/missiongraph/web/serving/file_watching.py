"""Notices that files of a publication were saved, by looking at them again and again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from missiongraph.publication.settings import FILE_NAME
from missiongraph.publication.source_folder import RELEASES

#: What a publication is read from.
_FILES = (FILE_NAME, "context.jsonld")
_FOLDERS = ("data", "ontology", "shapes", "queries", RELEASES)

#: When a file was written, its size, and its number: an editor may save by putting a new file in the old one's place.
_State = tuple[int, int, int]


class SavedFiles:
    """The files of the publication in a folder, as they were when somebody looked last."""

    def __init__(self, folder: Path) -> None:
        """Look at the files in *folder*; :meth:`changed` compares with that."""
        self._folder = folder
        self._known = self._last = self._look()

    def changed(self) -> tuple[str, ...]:
        """The paths of the files that were written, added or removed since this last gave any.

        While they still change from one call to the next there are none, so that nobody reads half of what is saved.
        """
        found = self._look()
        at_rest, self._last = found == self._last, found
        if not at_rest or found == self._known:
            return ()
        changed = {path for path, _ in found.items() ^ self._known.items()}
        self._known = found
        return tuple(sorted(changed))

    def _look(self) -> dict[str, _State]:
        found = ((file, _state(file)) for file in self._files())
        return {file.relative_to(self._folder).as_posix(): state for file, state in found if state is not None}

    def _files(self) -> Iterator[Path]:
        yield from (self._folder / name for name in _FILES)
        for below in _FOLDERS:
            for folder, folders, names in os.walk(self._folder / below):
                folders[:] = (name for name in folders if not name.startswith("."))
                yield from (Path(folder, name) for name in names if not _is_aside(name))


def _state(file: Path) -> _State | None:
    try:
        found = file.stat()
    except OSError:  # there is no such file, or no longer
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _is_aside(name: str) -> bool:
    """Whether an editor has put the file there for itself."""
    return name.startswith((".", "#")) or name.endswith("~")
