"""A publication moves to another base as a whole, or not at all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Quad, QuerySolutions

from missiongraph.build import build_publication
from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import MissiongraphError, RebaseRefused
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.query_files import read_questions
from missiongraph.publication.rebase import moved_quad, rebase
from missiongraph.publication.releases import read_releases, release, statements_of
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from tests.conftest import ROOT, PublicationMaker, contents, missiongraph

NEW = "https://data.example.org/"
OURS = "https://w3id.org/missiongraph/"
OTHERS = Path(__file__).parents[1] / "publications"
PARTS = ("missiongraph.toml", "data", "ontology", "shapes", "queries", "context.jsonld")


def moved(folder: Path, base: str = NEW) -> Dataset:
    rebase(Publication.open(folder), base, dry_run=False)
    return read_dataset(Publication.open(folder))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped publication under another base."""
    folder = tmp_path_factory.mktemp("rebased") / "ours"
    folder.mkdir()
    for part in PARTS:
        source = ROOT / part
        shutil.copytree(source, folder / part) if source.is_dir() else shutil.copy(source, folder / part)
    release(read_dataset(Publication.open(folder)), "0.9.0", date(2026, 1, 1))
    rebase(Publication.open(folder), NEW, dry_run=False)
    return folder


def to_new(text: str) -> str:
    """An IRI, or a text that holds some, as a rule does: terms of the ontology stay."""
    return re.sub(rf"{re.escape(OURS)}(?!ontology(?:[#/]|$))", NEW, text)


def as_moved(quads: tuple[Quad, ...], move: Callable[[str], str]) -> set[Quad]:
    return {moved_quad(quad, move) for quad in quads}


def test_the_shipped_publication_says_the_same_under_another_base(ours: Path, shipped_dataset: Dataset) -> None:
    dataset = read_dataset(Publication.open(ours))
    assert set(dataset.quads) == as_moved(shipped_dataset.quads, to_new)
    assert len(dataset.default_graph) == len(shipped_dataset.default_graph)
    assert dataset.publication.settings.base == NEW


def test_nothing_of_the_old_base_is_left_but_the_terms_of_the_ontology(ours: Path) -> None:
    for name, content in contents(ours).items():
        if not name.endswith(".gz"):
            rest = content.decode().replace(f"{OURS}ontology", "")
            assert OURS not in rest, name


def test_it_still_conforms_and_answers_its_questions(
    ours: Path, shipped: Publication, shipped_dataset: Dataset
) -> None:
    dataset = read_dataset(Publication.open(ours))
    assert validate(dataset, lambda step: None).conforms
    before = EmbeddedEngine.of(shipped_dataset.default_graph, shipped_dataset.quads, base=OURS)
    after = EmbeddedEngine.of(dataset.default_graph, dataset.quads, base=NEW)
    questions = zip(
        read_questions(shipped, shipped.question_files),
        read_questions(dataset.publication, dataset.publication.question_files),
        strict=True,
    )
    asked = 0
    for old, new in questions:
        for one, other in ((old.text, new.text), (old.expected_query, new.expected_query)):
            if one is not None and other is not None:
                first, second = before.query(one), after.query(other)
                if isinstance(first, QuerySolutions) and isinstance(second, QuerySolutions):
                    rows = sorted(
                        str(
                            [
                                re.sub(r"<([^>]*)>", lambda iri: f"<{to_new(iri[1])}>", str(row[v]))
                                for v in first.variables
                            ]
                        )
                        for row in first
                    )
                    assert rows == sorted(str([str(row[v]) for v in second.variables]) for row in second)
                    asked += len(rows)
    assert asked > 100


def test_its_release_moves_with_it(ours: Path, shipped_dataset: Dataset) -> None:
    publication = Publication.open(ours)
    (kept,) = read_releases(publication)
    assert set(statements_of(publication, kept)) == as_moved(shipped_dataset.quads, to_new)


@pytest.mark.sweep
def test_it_can_be_built_and_moved_back(ours: Path, tmp_path: Path) -> None:
    back = shutil.copytree(ours, tmp_path / "back")
    build = build_publication(read_dataset(Publication.open(back)), tmp_path / "out")
    assert build.changes("0.9.0", "now").added == ()
    rebase(Publication.open(back), OURS, dry_run=False)
    after = contents(back)
    for part in ("missiongraph.toml", "context.jsonld"):
        assert after[part] == (ROOT / part).read_bytes()
    for file in (ROOT / "data").rglob("*.trig"):
        assert after[file.relative_to(ROOT).as_posix()] == file.read_bytes()


@pytest.mark.parametrize("name", ["beer", "odd"])
def test_other_publications_move_too(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(OTHERS / name, tmp_path / name)
    before = read_dataset(Publication.open(folder))
    base = before.publication.settings.base
    after = moved(folder)
    assert (len(after.quads), len(after.default_graph)) == (len(before.quads), len(before.default_graph))
    assert not any(base.encode() in content for content in contents(folder).values())


def test_a_dry_run_says_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    folder = shutil.copytree(OTHERS / "beer", tmp_path / "beer")
    before = contents(folder)
    done = missiongraph("rebase", "--base", NEW, "--dry-run", "--publication", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "missiongraph.toml: 1\ndata/outside.nt: 1\ndata/styles.ttl: 1\n3 files would change\n"
    assert contents(folder) == before
    assert missiongraph("rebase", "--base", NEW, "--publication", folder).stdout.endswith("3 files changed\n")
    again = missiongraph("rebase", "--base", NEW, "--publication", folder)
    assert (again.returncode, again.stderr) == (2, f"missiongraph: the base is {NEW} already\n")


def test_text_is_kept_as_it_was_written(make_publication: PublicationMaker) -> None:
    text = '# of <https://example.org/>\r\n@base   <https://example.org/> .\n<a>\t<b>  "x" ; # end\n <c> <d#e> .'
    folder = make_publication({"data/a.ttl": text})
    moved(folder)
    assert (folder / "data/a.ttl").read_bytes().decode() == text.replace("https://example.org/", NEW)


def test_terms_of_our_ontology_are_spelled_out_where_they_were_relative(make_publication: PublicationMaker) -> None:
    folder = make_publication(
        {
            "missiongraph.toml": f'title = "T"\nbase = "{OURS}"\n',
            "data/a.ttl": f"@base <{OURS}> .\n<id/a/b> a <ontology#City> ; <ontology#x> <ontology> , <ontology-of> .",
        }
    )
    moved(folder)
    assert (folder / "data/a.ttl").read_text().splitlines()[1] == (
        f"<id/a/b> a <{OURS}ontology#City> ; <{OURS}ontology#x> <{OURS}ontology> , <ontology-of> ."
    )


TAKEN = {"data/a.ttl": f"<https://example.org/a> <urn:p> <{NEW}b> ."}
ESCAPED = {"data/a.ttl": "<urn:s> <urn:p> <https://ex\\u0061mple.org/a> ."}
ESCAPED_JSON = {"data/a.jsonld": '{"@id": "https:\\/\\/example.org/a", "urn:p": "x"}'}
SHORTER_PREFIX = {"data/a.ttl": "@prefix e: <https:> .\ne:\\/\\/example.org\\/z <urn:p> 1 ."}
QUERY = {"data/a.ttl": "<urn:s> <urn:p> 1 .", "queries/q.rq": "BASE <https:>\nASK { <//example.org/y> ?p ?o }"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (TAKEN, "data/a.ttl:1:34: names something under"),
        (ESCAPED, "data/a.ttl: cannot be rewritten as text"),
        (ESCAPED_JSON, "data/a.jsonld: cannot be rewritten as text"),
        (SHORTER_PREFIX, "data/a.ttl: cannot be rewritten as text"),
        (QUERY, "queries/q.rq: cannot be rewritten as text"),
    ],
)
def test_what_cannot_be_told_apart_or_rewritten_stops_everything(
    make_publication: PublicationMaker, files: dict[str, str], message: str
) -> None:
    folder = make_publication(files)
    before = contents(folder)
    with pytest.raises(RebaseRefused) as refused:
        rebase(Publication.open(folder), NEW, dry_run=False)
    assert message in str(refused.value)
    assert contents(folder) == before


NO_BASES = ["", "data.example.org", "https://data.example.org", "ftp://data.example.org/", "https://data example.org/"]


@pytest.mark.parametrize("base", NO_BASES)
def test_what_is_no_base_is_refused(make_publication: PublicationMaker, base: str) -> None:
    folder = make_publication({"data/a.ttl": "<urn:s> <urn:p> 1 ."})
    with pytest.raises(MissiongraphError):
        rebase(Publication.open(folder), base, dry_run=False)


def test_terms_of_two_ontologies_do_not_become_one(make_publication: PublicationMaker) -> None:
    folder = make_publication({"data/a.ttl": "<https://example.org/ontology#City> <urn:p> 1 ."})
    with pytest.raises(RebaseRefused, match=r"data/a\.ttl:1:2"):
        rebase(Publication.open(folder), OURS, dry_run=False)


@pytest.mark.parametrize("base", ["https://example.org/data/", "https://example.com/"])
def test_a_base_below_the_old_one_is_one_like_others(make_publication: PublicationMaker, base: str) -> None:
    folder = make_publication({"data/a.ttl": "<https://example.org/a> <urn:p> <https://example.org/b#c> ."})
    after = moved(folder, base)
    assert {quad.subject.value for quad in after.quads} == {f"{base}a"}  # type: ignore[union-attr]  # no triple term


def test_a_base_above_the_old_one_too(make_publication: PublicationMaker) -> None:
    toml = 'title = "T"\nbase = "https://example.org/data/"\n'
    folder = make_publication({"missiongraph.toml": toml, "data/a.ttl": "<https://example.org/data/a> <urn:p> 1 ."})
    assert {q.subject.value for q in moved(folder, "https://example.org/").quads} == {"https://example.org/a"}  # type: ignore[union-attr]
