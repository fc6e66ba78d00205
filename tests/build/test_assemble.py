"""Assembly: reproducible to the byte, and whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from missiongraph.build import Build, build_publication
from missiongraph.cli.valid_build import valid_build
from missiongraph.engine.protocol import rows
from missiongraph.errors import BuildError, InvalidPublication, OutOfBounds, UnreadableInput
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from tests.conftest import BEER, PublicationMaker, build_of, missiongraph
from tests.conftest import contents as every_file

EX = "@prefix ex: <https://example.org/> .\n"
SHAPE = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\nex:Shape a sh:NodeShape ."
FILES = {
    "data/a.ttl": EX + "ex:a ex:p [ ex:q 1 ] .",
    "data/b.trig": EX + "ex:g { ex:b ex:p 1, 2 }",
    "shapes/s.ttl": SHAPE,
    "queries/q.rq": "ASK {}",
}


def contents(build: Path) -> dict[str, bytes]:
    """Every file of a build outside of ``store/``."""
    return {path: content for path, content in every_file(build).items() if not path.startswith("store/")}


def everything_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_two_builds_are_byte_identical_wherever_and_however_they_are_made(tmp_path: Path, beer_build: Build) -> None:
    copy = tmp_path / "a copy, elsewhere"
    shutil.copytree(BEER, copy)
    for file in copy.rglob("*"):
        os.utime(file, (0, 0))
    environment = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}
    run = missiongraph("build", "--publication", copy, "--out", tmp_path / "out", **environment)
    assert run.returncode == 0, run.stderr
    folder = Path(run.stdout.strip())
    assert folder.name == beer_build.id
    assert contents(folder) == contents(beer_build.folder)


def test_a_build_is_a_folder_named_by_its_id_and_made_current(
    tmp_path: Path, make_publication: PublicationMaker
) -> None:
    built = build_of(make_publication(FILES), tmp_path / "out")
    assert built.folder == (tmp_path / "out" / built.id).resolve()
    assert (tmp_path / "out" / "current").readlink() == Path(built.id)
    assert everything_in(tmp_path / "out") == {built.id, "current"}
    assert Build.open(tmp_path / "out") == Build.open(built.folder) == built


def test_a_build_brings_all_that_it_was_made_from(tmp_path: Path, make_publication: PublicationMaker) -> None:
    built = build_of(make_publication(FILES), tmp_path / "out")
    shutil.rmtree(tmp_path / "publication")
    assert built.settings.title == {"": "Test"}
    assert [question.name for question in built.questions] == ["q"]
    assert len(built.statements("shapes")) == 1
    assert built.statements("ontology") == []
    assert built.prefixes["ex"] == "https://example.org/"
    assert len(list(rows(built.engine, "SELECT * { ?s ?p ?o }"))) == 4
    assert len(list(rows(built.engine, "SELECT * { GRAPH ?g { ?s ?p ?o } }"))) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"data/b.trig": EX + "ex:g { ex:b ex:p 1, 3 }"},
        {"data/b.trig": EX + "ex:h { ex:b ex:p 1, 2 }"},
        {"data/a.ttl": "@prefix other: <https://example.org/> .\nother:a other:p [ other:q 1 ] ."},
        {"data/b.trig": "", "ontology/b.trig": FILES["data/b.trig"]},
        {"missiongraph.toml": 'title = "Other"\nbase = "https://example.org/"\n'},
        {"shapes/s.ttl": SHAPE + "ex:Other a sh:NodeShape ."},
        {"queries/q.rq": "# order: 1\nASK {}"},
        {"queries/rules/r.rq": "SELECT * {}"},
        {"context.jsonld": '{"@context": {"ex": "https://example.org/"}}'},
    ],
    ids=["value", "graph", "prefix", "ontology", "settings", "shapes", "question", "rule", "context"],
)
def test_another_input_makes_another_build(
    tmp_path: Path, make_publication: PublicationMaker, change: Mapping[str, str]
) -> None:
    first = build_of(make_publication(FILES), tmp_path / "out")
    second = build_of(make_publication({**FILES, **change}), tmp_path / "out")
    assert first.id != second.id
    assert everything_in(tmp_path / "out") == {first.id, second.id, "current"}
    assert (tmp_path / "out" / "current").readlink() == Path(second.id)


@pytest.mark.parametrize(
    "files",
    [
        {"data/a.ttl": "# a comment\n@prefix ex: <https://example.org/> .\n\nex:a ex:p _:x .\n_:x ex:q 1 ."},
        {"data/b.trig": EX + "ex:g { ex:b ex:p 2 }\nex:g { ex:b ex:p 1 . ex:b ex:p 1 }"},
        {"data/b.trig": EX + "ex:g { ex:b ex:p 1 }", "data/0.trig": EX + "ex:g { ex:b ex:p 2 }"},
        {"missiongraph.toml": '# a comment\nbase = "https://example.org/"\ntitle = "Test"\n'},
        {"data/notes.md": "Not read."},
    ],
    ids=["comments and labels", "order", "division into files", "order of settings", "other files"],
)
def test_the_same_said_otherwise_is_the_same_build(
    tmp_path: Path, make_publication: PublicationMaker, files: Mapping[str, str]
) -> None:
    first = build_of(make_publication(FILES), tmp_path / "out")
    before = contents(first.folder)
    second = build_of(make_publication({**FILES, **files}), tmp_path / "other")
    assert second.id == first.id
    after = contents(second.folder)
    if "missiongraph.toml" not in files:  # it is copied as it is written
        assert after == before


def test_a_build_that_is_there_is_kept(tmp_path: Path, make_publication: PublicationMaker) -> None:
    folder = make_publication(FILES)
    first = build_of(folder, tmp_path / "out")
    inode = first.folder.stat().st_ino
    assert build_of(folder, tmp_path / "out").folder.stat().st_ino == inode


def test_going_back_makes_the_former_build_current(tmp_path: Path, make_publication: PublicationMaker) -> None:
    first = build_of(make_publication(FILES), tmp_path / "out")
    build_of(make_publication({"data/b.trig": ""}), tmp_path / "out")
    assert build_of(make_publication(FILES), tmp_path / "out").id == first.id
    assert Build.open(tmp_path / "out").id == first.id


def test_a_failed_build_leaves_everything_as_it_was(tmp_path: Path, make_publication: PublicationMaker) -> None:
    out = tmp_path / "out"
    first = build_of(make_publication(FILES), out)
    folder = make_publication({**FILES, "context.jsonld": '{\n"@context": '})
    with pytest.raises(UnreadableInput, match=r"context\.jsonld:2:\d+: is not a JSON-LD context"):
        build_of(folder, out)
    assert everything_in(out) == {first.id, "current"}
    assert Build.open(out).id == first.id


@pytest.mark.parametrize(
    "context", ['{"@context": {}}', "no JSON"], ids=["when all is written", "before what fails because of it"]
)
def test_what_is_not_valid_after_all_leaves_everything_as_it_was(
    tmp_path: Path, make_publication: PublicationMaker, context: str
) -> None:
    def decide() -> None:
        raise InvalidPublication("not valid")

    dataset = read_dataset(Publication.open(make_publication({**FILES, "context.jsonld": context})))
    with pytest.raises(InvalidPublication):
        build_publication(dataset, tmp_path / "new" / "out", decide=decide)
    assert not (tmp_path / "new").exists()


def test_blank_nodes_that_cannot_be_told_apart_in_time_end_the_build(
    tmp_path: Path, make_publication: PublicationMaker
) -> None:
    clique = "\n".join(f"_:b{a} <https://example.org/p> _:b{b} ." for a in range(12) for b in range(12) if a != b)
    settings = 'title = "T"\nbase = "https://example.org/"\nlimits.canonicalisation-seconds = 1\n'
    folder = make_publication({"missiongraph.toml": settings, "data/a.nt": clique})
    with pytest.raises(OutOfBounds):
        build_of(folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("out", ["file", "file/below", "/proc/missiongraph"])
def test_an_output_that_cannot_be_written_is_told(tmp_path: Path, make_publication: PublicationMaker, out: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BuildError, match=r"cannot write to .*choose another --out"):
        valid_build(make_publication(FILES), tmp_path / out, lambda step: None)
    assert (tmp_path / "file").read_text() == "in the way"


def test_remains_of_something_that_was_no_build_are_replaced(
    tmp_path: Path, make_publication: PublicationMaker
) -> None:
    built = build_of(make_publication(FILES), tmp_path / "out")
    (built.folder / "build.json").unlink()
    (built.folder / "remains").write_text("")
    again = build_of(make_publication(FILES), tmp_path / "out")
    assert again.id == built.id
    assert not (again.folder / "remains").exists()


def test_a_killed_build_leaves_the_one_before_current_and_whole(
    tmp_path: Path, make_publication: PublicationMaker
) -> None:
    out = tmp_path / "out"
    first = build_of(make_publication(FILES), out)
    many = EX + "\n".join(f"ex:s{n} ex:p {n}, [ ex:q {n} ] ." for n in range(4000))
    folder = make_publication({**FILES, "data/many.ttl": many})
    command = [sys.executable, "-m", "missiongraph", "build", "--publication", str(folder), "--out", str(out)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while everything_in(out) == {first.id, "current"} and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL, "it was done before it could be killed"
    assert Build.open(out).id == first.id
    assert {name for name in everything_in(out) if not name.startswith(".")} == {first.id, "current"}
    second = build_of(folder, out)
    assert Build.open(out).id == second.id != first.id


def test_a_folder_without_a_build_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"there is no build in .*missiongraph build --out"):
        Build.open(tmp_path)


def test_150_files_with_100_000_triples_build(tmp_path: Path, make_publication: PublicationMaker) -> None:
    """Such as people have: vocabularies at paths of their own, blank nodes, nothing but data."""

    def vocabulary(number: int) -> str:
        concepts = "\n".join(
            f"<c{n}> a skos:Concept ; skos:inScheme <> ; skos:broader <c{n // 3}> ; skos:notation {n} ;"
            f' skos:prefLabel "Concept {n}"@en, "Begriff {n}"@de ; skos:note [ dct:source "Card {n}" ] .'
            for n in range(84)
        )
        return (
            f"@base <https://example.org/vocabulary{number}/> .\n"
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
            f"<> a skos:ConceptScheme .\n{concepts}"
        )

    built = build_of(make_publication({f"data/{n}.ttl": vocabulary(n) for n in range(150)}), tmp_path / "out")
    expected = 150 * (1 + 84 * 8)
    assert built.manifest["counts"] == {"triples": expected, "quads": expected, "graphs": 150}
    assert expected > 100_000
    names = {dump.name for dump in built.dumps}
    assert len([name for name in names if name.startswith(("test.", "test-evidence."))]) == 21
    assert {"test-concept.csv", "test-concept.parquet", "csv-metadata.json"} <= names


def test_a_build_keeps_what_validation_found(make_publication: PublicationMaker, tmp_path: Path) -> None:
    dataset = read_dataset(Publication.open(make_publication({"data/a.ttl": EX + "ex:a ex:p 1 ."})))
    findings = {"violation": 0, "warning": 1, "info": 2}
    assert build_publication(dataset, tmp_path / "checked", decide=lambda: findings).findings == findings
    assert build_publication(dataset, tmp_path / "unchecked").findings is None
