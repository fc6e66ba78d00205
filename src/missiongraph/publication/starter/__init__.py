"""Writes a small publication to begin with: the files of ``files/``, with a title, a base and languages put in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import mkdtemp

from missiongraph.errors import NotCreated, Problem, reason_of

#: Ends the name of a file of ``files/`` that is no file of this package, such as a test. It is left out in the copy.
_OF_THE_COPY = ".txt"


def write_new_publication(folder: Path, title: str, base: str, languages: Sequence[str]) -> list[str]:
    """Writes the starter publication to *folder*, which must be empty or missing; all of it or nothing.

    :param base: ends in a slash
    :param languages: of the pages, the default first
    :returns: the paths of the files, below *folder*
    :raises NotCreated: *folder* holds something, or cannot be written
    """
    values = {
        "__TITLE_AS_TOML__": json.dumps(title, ensure_ascii=False),
        "__TITLE__": " ".join(title.split()),
        "__BASE__": base,
        "__LANGUAGES__": ", ".join(json.dumps(language) for language in languages),
    }
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotCreated(Problem(f"{folder} holds something already", advice="name a folder that is empty or new"))
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            written = _copy(files(__name__) / "files", unfinished, values)
            unfinished.chmod(0o755)
            unfinished.replace(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise NotCreated(Problem(f"cannot write {folder}: {reason_of(error)}", advice="name another folder")) from None
    return sorted(str(path.relative_to(unfinished)) for path in written)


def _copy(source: Traversable, target: Path, values: dict[str, str]) -> list[Path]:
    written = []
    for entry in source.iterdir():
        if entry.is_dir():
            (target / entry.name).mkdir()
            written += _copy(entry, target / entry.name, values)
            continue
        text = entry.read_text("utf-8")
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        file = target / entry.name.removesuffix(_OF_THE_COPY)
        file.write_text(text, "utf-8")
        written.append(file)
    return written
