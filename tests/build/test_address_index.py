"""The path index: which resource lives at which path."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from missiongraph.build import Build
from missiongraph.build.address_index import PathIndex, write_index
from missiongraph.errors import BuildError
from missiongraph.publication.addresses import DESCRIBED, GRAPH, NAMED
from missiongraph.vocab import RDFS

BASE = "https://example.org/"


def iri(path: str) -> NamedNode:
    return NamedNode(path if "://" in path else BASE + path)


@pytest.fixture
def index(tmp_path: Path) -> PathIndex:
    see, graph = RDFS.seeAlso, iri("graph")
    quads = [
        Quad(iri("a"), see, iri("b"), graph),
        Quad(iri("a#part"), see, Literal("x"), graph),
        Quad(iri("only#fragment"), iri("vocabulary#term"), iri("https://other.example/object"), graph),
        Quad(iri("https://other.example/subject"), see, iri("a"), iri("https://other.example/graph")),
        Quad(iri("citt%C3%A0/x%20y"), see, BlankNode(), graph),
        Quad(BlankNode(), see, iri("graph"), graph),
    ]
    write_index(tmp_path / "index.sqlite", BASE, quads)
    return PathIndex(tmp_path / "index.sqlite")


def kind(index: PathIndex, path: str) -> str | None:
    found = index.find(iri(path).value)
    return found.kind if found and found.iri == iri(path).value else None


def test_everything_under_the_base_is_found_as_what_it_is(index: PathIndex) -> None:
    assert (kind(index, "a"), kind(index, "b"), kind(index, "graph")) == (DESCRIBED, NAMED, GRAPH)
    assert kind(index, "vocabulary#term") == NAMED


def test_outside_of_it_subjects_and_graphs_are_found_and_mere_objects_are_not(index: PathIndex) -> None:
    assert kind(index, "https://other.example/subject") == DESCRIBED
    assert kind(index, "https://other.example/graph") == GRAPH
    assert index.find("https://other.example/object") is None
    assert index.find(RDFS.seeAlso.value) is None


def test_only_what_is_under_the_base_has_a_path(index: PathIndex) -> None:
    outside = index.find("https://other.example/subject")
    assert outside is not None and outside.path is None
    inside = index.find(BASE + "a")
    assert inside is not None and inside.path == "a"


@pytest.mark.parametrize("path", ["citt%C3%A0/x%20y", "citt%c3%a0/x%20y", "città/x%20y", "ci%74t%C3%A0/x%20y"])
def test_what_clients_change_on_the_way_is_found(index: PathIndex, path: str) -> None:
    found = index.at(path)
    assert found is not None and found.iri == BASE + "citt%C3%A0/x%20y"


def test_a_document_stands_for_its_fragments(index: PathIndex) -> None:
    at = index.at("only")
    assert at is not None and (at.iri, at.document) == (BASE + "only#fragment", BASE + "only")
    assert [member.iri for member in index.members(BASE + "a")] == [BASE + "a", BASE + "a#part"]
    found = index.find(BASE + "a#unheard-of")
    assert found is not None and found.iri == BASE + "a"


def test_each_document_is_listed_once_in_order(index: PathIndex) -> None:
    documents = [resource.document for resource in index.documents()]
    assert documents == sorted(set(documents))
    assert documents.count(BASE + "a") == 1
    assert len(documents) == 8


def test_what_is_not_there_is_not_found(index: PathIndex) -> None:
    assert index.at("nowhere") is None
    assert index.find(BASE + "nowhere") is None
    assert index.members(BASE + "nowhere") == ()


def test_bytes_that_are_no_text_harm_nobody(index: PathIndex) -> None:
    assert index.at("%FF") is None


def test_a_missing_index_is_told_with_advice(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"cannot open the index .*build again"):
        PathIndex(tmp_path / "index.sqlite")


def test_every_iri_of_the_base_in_the_dumps_is_indexed(beer_build: Build) -> None:
    base = beer_build.settings.base
    text = (beer_build.folder / "dumps" / f"{beer_build.settings.stem}.nq").read_text("utf-8")
    iris = {word.strip("<>") for word in text.split() if word.startswith(f"<{base}")}
    assert len(iris) > 8
    assert {found for found in iris if kind(beer_build.index, found) is None} == set()
