"""Files that are saved are noticed once they are at rest, and nothing else is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from missiongraph.web.serving.file_watching import SavedFiles
from tests.conftest import PublicationMaker

FILES = {"data/a.ttl": "", "data/deep/b.ttl": "", "shapes/s.ttl": "", "queries/rules/r.rq": "", "context.jsonld": "{}"}


def replaced(file: Path) -> None:
    """Save as many editors do: a new file takes the place of the old one, here with its time and size."""
    old = file.stat()
    new = file.with_name(".new")
    new.write_bytes(file.read_bytes())
    os.utime(new, ns=(old.st_atime_ns, old.st_mtime_ns))
    new.replace(file)


@pytest.mark.parametrize("path", [*FILES, "missiongraph.toml"])
@pytest.mark.parametrize(
    "save", [lambda file: file.write_text("# more"), replaced, Path.unlink], ids=["written", "replaced", "removed"]
)
def test_what_was_saved_is_named_once_it_is_at_rest(
    make_publication: PublicationMaker, path: str, save: Callable[[Path], object]
) -> None:
    folder = make_publication(FILES)
    saved = SavedFiles(folder)
    save(folder / path)
    assert saved.changed() == ()  # it may still be written
    assert saved.changed() == (path,)
    assert saved.changed() == ()


@pytest.mark.parametrize("path", ["data/new.ttl", "ontology/o.ttl", "data/more/t.csv", "releases/1.0/release.json"])
def test_what_was_added_is_named_in_folders_that_are_new_too(make_publication: PublicationMaker, path: str) -> None:
    folder = make_publication(FILES)
    saved = SavedFiles(folder)
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text("")
    saved.changed()
    assert saved.changed() == (path,)


def test_nothing_is_named_while_a_file_grows(make_publication: PublicationMaker) -> None:
    folder = make_publication(FILES)
    saved = SavedFiles(folder)
    for number in range(5):
        (folder / "data/a.ttl").write_text("#" * (number + 1))
        assert saved.changed() == ()
    assert saved.changed() == ("data/a.ttl",)


def test_what_is_taken_back_before_it_was_named_is_no_change(make_publication: PublicationMaker) -> None:
    folder = make_publication(FILES)
    saved = SavedFiles(folder)
    (folder / "data/c.ttl").write_text("")
    assert saved.changed() == ()
    (folder / "data/c.ttl").unlink()
    assert (saved.changed(), saved.changed()) == ((), ())


@pytest.mark.parametrize("path", ["data/.a.ttl.swp", "data/a.ttl~", "data/#a.ttl#", "data/.git/x.ttl", "notes.txt"])
def test_files_that_editors_keep_for_themselves_are_none_of_the_publication(
    make_publication: PublicationMaker, path: str
) -> None:
    folder = make_publication(FILES)
    saved = SavedFiles(folder)
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text("")
    assert (saved.changed(), saved.changed()) == ((), ())
