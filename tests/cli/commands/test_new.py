"""``missiongraph new``: what it writes is a publication from its first minute, or it writes nothing."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.errors import NotCreated
from missiongraph.publication.settings import FILE_NAME, read_settings
from missiongraph.publication.starter import write_new_publication
from missiongraph.rdf.format_limits import NO_XML
from tests.conftest import missiongraph

BASE = "https://data.town.example/libraries/"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication as the command writes it in a pipe, with what no option says."""
    folder = tmp_path_factory.mktemp("new") / "our-libraries"
    run = missiongraph("new", str(folder), "--base", BASE, "--languages", "it,en")
    assert run.returncode == 0, run.stderr
    assert sorted(run.stdout.split()) == sorted(str(file) for file in folder.rglob("*") if file.is_file())
    return folder


def test_it_is_called_as_its_folder_and_speaks_the_languages_that_were_asked_for(written: Path) -> None:
    settings = read_settings(written / FILE_NAME)
    assert (settings.title, settings.base, settings.languages) == ({"": "Our libraries"}, BASE, ("it", "en"))


def test_its_own_tests_pass_and_fail_when_a_fact_is_wrong(written: Path) -> None:
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(written / "tests")]
    assert subprocess.run(tests, check=False, cwd=written, capture_output=True).returncode == 0
    table = written / "data" / "libraries" / "libraries.csv"
    before = table.read_text("utf-8")
    try:
        table.write_text(before.replace(",120,", ",-120,"), "utf-8")
        failed = subprocess.run(tests, check=False, cwd=written, capture_output=True, text=True)
    finally:
        table.write_text(before, "utf-8")
    assert failed.returncode == 1
    assert "1 failed, 1 passed" in failed.stdout


def test_nothing_that_portals_do_not_ask_for_is_left_to_repair(written: Path) -> None:
    report = missiongraph("validate", "--all", "--publication", str(written)).stdout
    assert report.startswith("info: portals would like")
    assert "0 violations, 0 warnings, 11 infos" in report


def test_on_a_terminal_it_asks_for_three_things_and_again_after_a_bad_answer(tmp_path: Path) -> None:
    process, terminal = pty.fork()
    if process == 0:  # the child, on a terminal of its own
        os.chdir(tmp_path)
        os.execv(sys.executable, [sys.executable, "-m", "missiongraph", "new", "books"])
    os.write(terminal, b"Books\nno base\nhttps://books.example/\nit, de\n")
    said = b""
    while block := _read(terminal):
        said += block
    _, status = os.waitpid(process, 0)
    assert status == 0, said
    assert "“no base” must be an http(s) IRI that ends in a slash" in said.decode()
    settings = read_settings(tmp_path / "books" / FILE_NAME)
    assert settings.title == {"": "Books"}
    assert (settings.base, settings.languages) == ("https://books.example/", ("it", "de"))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--base", "data.example.org", "must be an http(s) IRI that ends in a slash"),
        ("--base", "https://data.example.org/vocab#", "must end in a slash"),
        ("--base", 'https://data.example.org/"/', "is not an absolute IRI"),
        ("--languages", "english language", "is not a language tag"),
        ("--languages", " , ", "name one language at least"),
        ("--title", "  ", "at least one letter"),
        ("--title", "a\x01b", "U+0001"),
    ],
)
def test_a_bad_option_is_named_and_writes_nothing(tmp_path: Path, option: str, value: str, said: str) -> None:
    run = missiongraph("new", str(tmp_path / "x"), option, value)
    assert run.returncode == 2
    assert said in run.stderr
    assert f"Invalid value for {option}" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    run = missiongraph("new", str(tmp_path))
    assert run.returncode == 2
    assert run.stderr == f"missiongraph: {tmp_path} holds something already (name a folder that is empty or new)\n"
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert "missiongraph.toml" in write_new_publication(tmp_path, "T", BASE, ["en"])


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotCreated, match="cannot write"):
        write_new_publication(tmp_path / "file" / "x", "T", BASE, ["en"])


@given(title=st.text(min_size=1).filter(lambda text: text.strip() and not NO_XML.search(text)))
def test_any_title_comes_back(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    folder = tmp_path_factory.mktemp("title") / "x"
    write_new_publication(folder, title, BASE, ["en"])
    assert read_settings(folder / FILE_NAME).title == {"": title}
