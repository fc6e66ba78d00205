"""Which files of a folder belong to a publication, and which folder is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from missiongraph.errors import SettingsError
from missiongraph.publication.source_folder import Publication, find_publication, packaged_folder
from tests.conftest import ROOT, PublicationMaker


def opened(make: PublicationMaker, *paths: str) -> Publication:
    return Publication.open(make(dict.fromkeys(paths, "")))


def paths(publication: Publication, files: tuple[Path, ...]) -> list[str]:
    return [publication.path_of(file) for file in files]


def test_files_are_read_by_ending_in_any_depth_and_in_stable_order(make_publication: PublicationMaker) -> None:
    expected = ["a/z.trig", "a.ttl", "b.NT", "c.nq", "d.rdf", "e.owl", "f/g/h.jsonld"]
    publication = opened(make_publication, *(f"data/{name}" for name in reversed(expected)))
    assert paths(publication, publication.data_files) == sorted(f"data/{name}" for name in expected)


def test_other_files_and_hidden_ones_are_ignored(make_publication: PublicationMaker) -> None:
    ignored = ("data/notes.md", "data/table.csv", "data/a.ttl.bak", "data/.hidden.ttl", "data/.git/b.ttl", "other.ttl")
    publication = opened(make_publication, "data/a.ttl", *ignored)
    assert paths(publication, publication.data_files) == ["data/a.ttl"]


def test_a_folder_named_like_a_file_is_no_file(make_publication: PublicationMaker) -> None:
    publication = opened(make_publication, "data/folder.ttl/a.nt")
    assert paths(publication, publication.data_files) == ["data/folder.ttl/a.nt"]


def test_a_publication_in_a_hidden_folder_has_files(make_publication: PublicationMaker, tmp_path: Path) -> None:
    hidden = make_publication({"data/a.ttl": ""}).rename(tmp_path / ".hidden")
    assert len(Publication.open(hidden).data_files) == 1


def test_each_folder_has_its_part(make_publication: PublicationMaker) -> None:
    publication = opened(
        make_publication,
        "data/a.ttl",
        "ontology/o.ttl",
        "shapes/s.ttl",
        "queries/q.rq",
        "queries/more/p.rq",
        "queries/rules/r.rq",
        "queries/views/v.rq",
        "queries/readme.txt",
    )
    assert paths(publication, publication.ontology_files) == ["ontology/o.ttl"]
    assert paths(publication, publication.shape_files) == ["shapes/s.ttl"]
    assert paths(publication, publication.question_files) == ["queries/more/p.rq", "queries/q.rq"]
    assert paths(publication, publication.rule_files) == ["queries/rules/r.rq"]
    assert paths(publication, publication.view_files) == ["queries/views/v.rq"]


def test_a_context_is_the_publications_own_where_it_brings_one(make_publication: PublicationMaker) -> None:
    publication = opened(make_publication, "data/a.ttl")
    assert publication.context_file is None
    file = publication.folder / "context.jsonld"
    file.write_text("{}")
    assert publication.context_file == file


def test_triples_without_graph_stand_in_a_graph_named_after_their_file(make_publication: PublicationMaker) -> None:
    publication = opened(make_publication, "data/a b/città.ttl")
    graph = publication.graph_of(publication.data_files[0])
    assert graph.value == "https://example.org/id/graph/file/data/a%20b/citt%C3%A0.ttl"


def test_a_file_from_elsewhere_keeps_its_path(make_publication: PublicationMaker, tmp_path: Path) -> None:
    publication = opened(make_publication, "data/a.ttl")
    assert publication.path_of(tmp_path / "x.ttl") == (tmp_path / "x.ttl").as_posix()


def test_a_missing_folder_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no folder .*--publication DIR"):
        Publication.open(tmp_path / "nowhere")


def test_a_folder_without_rdf_says_what_is_read(make_publication: PublicationMaker) -> None:
    with pytest.raises(SettingsError, match=r"no RDF file in .*\.ttl \.trig"):
        opened(make_publication, "data/notes.md")


def test_the_folder_named_is_taken(make_publication: PublicationMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    folder = make_publication({"data/a.ttl": ""})
    assert find_publication(folder).folder == folder


def test_else_the_current_folder(make_publication: PublicationMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_publication({"data/a.ttl": ""}))
    assert find_publication(None).settings.title == {"": "Test"}


def test_else_the_packaged_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_publication(None).folder == packaged_folder()
    assert find_publication(None).settings.name == "missiongraph"
