"""Releases travel with the publication, never change, and are served as they were."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from missiongraph.errors import MissiongraphError, ReleaseRefused, UnreadableInput
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.releases import Release, is_version, read_releases, release, stated_version
from missiongraph.publication.settings import Settings
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import DCAT
from tests.conftest import BEER, build_of, missiongraph

DAY = date(2026, 11, 1)
NEW = '<http://other.example/brewer> <http://schema.org/slogan> "New" .\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(BEER, tmp_path / "beer")


def release_as(folder: Path, version: str) -> Path:
    return release(read_dataset(Publication.open(folder)), version, DAY)


def add(folder: Path, text: str = NEW) -> None:
    with (folder / "data" / "outside.nt").open("a") as file:
        file.write(text)


def test_a_release_is_its_canonical_statements_and_what_they_are(folder: Path) -> None:
    kept = release_as(folder, "1.0.0")
    content = gzip.decompress((kept / "dataset.nq.gz").read_bytes())
    record = json.loads((kept / "release.json").read_text())
    assert record == {
        "version": "1.0.0",
        "issued": "2026-11-01",
        "digest": hashlib.sha256(content).hexdigest(),
        "statements": len(content.splitlines()),
        "graphs": 2,
    }


def test_the_same_content_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(BEER, tmp_path / "other")
    for file in ("dataset.nq.gz", "release.json"):
        assert (release_as(folder, "1.0") / file).read_bytes() == (release_as(other, "1.0") / file).read_bytes()


def test_releasing_the_same_again_changes_nothing(folder: Path) -> None:
    before = {file: file.read_bytes() for file in release_as(folder, "1.0.0").iterdir()}
    release(read_dataset(Publication.open(folder)), "1.0.0", date(2027, 1, 1))
    assert {file: file.read_bytes() for file in before} == before


def test_a_version_is_never_given_to_other_content(folder: Path) -> None:
    release_as(folder, "1.0.0")
    add(folder)
    with pytest.raises(ReleaseRefused, match=r"1\.0\.0 was released with other content"):
        release_as(folder, "1.0.0")


@pytest.mark.parametrize("earlier", ["0.9", "1.9.9", "2.0.0-rc.1", "2.0", "2"])
def test_history_goes_forward(folder: Path, earlier: str) -> None:
    release_as(folder, "2.0.0")
    add(folder)
    with pytest.raises(MissiongraphError):
        release_as(folder, earlier)
    assert [one.version for one in read_releases(Publication.open(folder))] == ["2.0.0"]


@pytest.mark.parametrize(
    "name", ["", "now", "1", "v1.0", "1.0.0.0.0", "../1.0", "1.0/..", "1.0-", "1.0 ", "1.0\n", "١.٠"]
)
def test_what_is_no_version(name: str) -> None:
    assert not is_version(name)


def test_versions_are_ordered_as_semantic_versions() -> None:
    names = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.2", "1.10.0"]
    mixed = sorted(names)
    assert mixed != names
    assert sorted(mixed, key=lambda name: Release(name, "", "", 0, 0).order) == names


def test_its_dumps_stay_beside_the_new_ones(folder: Path, tmp_path: Path) -> None:
    first = build_of(folder, tmp_path / "out")
    release_as(folder, "1.0.0")
    add(folder)
    now = build_of(folder, tmp_path / "out")
    (kept,) = now.releases.values()
    assert {dump.name for dump in kept} == {dump.name for dump in first.dumps}
    for dump in kept:
        content = (now.folder / "dumps" / "1.0.0" / dump.name).read_bytes()
        assert content == (first.folder / "dumps" / dump.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == dump.sha256
    assert NEW.encode() not in (now.folder / "dumps" / "1.0.0" / "beers-of-the-world.nt").read_bytes()
    assert NEW.encode() in (now.folder / "dumps" / "beers-of-the-world.nt").read_bytes()


def test_a_release_that_was_touched_is_noticed(folder: Path, tmp_path: Path) -> None:
    file = release_as(folder, "1.0.0") / "dataset.nq.gz"
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(b"Ale", b"Pils")))
    with pytest.raises(UnreadableInput, match=r"releases/1\.0\.0/dataset\.nq\.gz: is not what was released"):
        build_of(folder, tmp_path / "out")
    file.write_bytes(b"nothing")
    with pytest.raises(UnreadableInput, match="cannot be read"):
        build_of(folder, tmp_path / "out")


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"version": "1.0.1"}', "\ud800"])
def test_a_record_that_is_none_is_named(folder: Path, record: str) -> None:
    (release_as(folder, "1.0.0") / "release.json").write_text(record, "utf-8", errors="surrogatepass")
    with pytest.raises(UnreadableInput, match=r"releases/1\.0\.0/release\.json"):
        read_releases(Publication.open(folder))


def test_the_catalogue_tells_versions(folder: Path, tmp_path: Path) -> None:
    release_as(folder, "1.0.0")
    add(folder)
    release_as(folder, "1.1.0")
    same = build_of(folder, tmp_path / "out")
    first, second = (NamedNode(f"http://beer.example/catalog#release-{v}") for v in ("1.0.0", "1.1.0"))
    dataset = NamedNode(same.manifest["dataset"])
    stated = {(t.subject, t.predicate, t.object) for t in same.statements("catalog")}
    assert (dataset, DCAT.version, Literal("1.1.0")) in stated
    assert {o for s, p, o in stated if (s, p) == (dataset, DCAT.hasVersion)} == {first, second}
    assert {o for s, p, o in stated if (s, p) == (dataset, DCAT.previousVersion)} == {first}
    assert (second, DCAT.previousVersion, first) in stated
    assert (first, DCAT.isVersionOf, dataset) in stated


def test_a_version_is_stated_only_where_it_is_true() -> None:
    settings = Settings.model_validate({"title": "T", "base": "http://e.org/", "version": "1.0"})
    releases = [Release("1.0", "2026-01-01", "a", 1, 1), Release("1.1", "2026-02-01", "b", 1, 1)]
    assert stated_version(settings, [], "a") == "1.0"
    assert stated_version(settings, releases, "b") == "1.1"
    assert stated_version(settings, releases, "c") is None
    assert stated_version(settings.model_copy(update={"version": "2.0"}), releases, "c") == "2.0"


def test_the_command_validates_before_it_releases(folder: Path) -> None:
    done = missiongraph("release", "1.0.0", "--publication", folder)
    assert (done.returncode, done.stdout) == (0, f"{folder}/releases/1.0.0\n")
    assert (
        json.loads((folder / "releases/1.0.0/release.json").read_text())["issued"] == "2024-05-01"
    )  # as the data says
    add(folder)
    again = missiongraph("release", "1.0.0", "--publication", folder)
    assert (again.returncode, again.stderr) == (
        1,
        "missiongraph: 1.0.0 was released with other content (choose a new version)\n",
    )
    bad = missiongraph("release", "latest", "--publication", folder)
    assert bad.returncode == 2
    (folder / "data" / "bad.ttl").write_text("no")
    assert missiongraph("release", "1.1.0", "--publication", folder).returncode == 2
    assert not (folder / "releases" / "1.1.0").exists()


def test_a_date_can_be_named(folder: Path) -> None:
    missiongraph("release", "1.0.0", "--date", "2025-12-31", "--publication", folder)
    assert json.loads((folder / "releases/1.0.0/release.json").read_text())["issued"] == "2025-12-31"


def test_kept_statements_are_canonical_n_quads(folder: Path) -> None:
    content = gzip.decompress((release_as(folder, "1.0.0") / "dataset.nq.gz").read_bytes())
    assert list(content.splitlines()) == sorted(content.splitlines())
    assert len(list(parse(content, RdfFormat.N_QUADS))) == 34
