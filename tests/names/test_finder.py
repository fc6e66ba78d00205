"""What is called so: the index of a build, with what is known of each thing beside its name."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.build import Build, build_publication
from missiongraph.errors import BuildError
from missiongraph.names.finder import Finder
from missiongraph.names.folding import words_of
from missiongraph.names.index import Kind, NameIndex, Role
from missiongraph.names.words_beside_names import Contexts
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication

BASE = "https://example.org/id/"

DATA = """
@prefix ex: <https://example.org/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@base <https://example.org/id/> .

<town/springfield> a ex:Town ; rdfs:label "Springfield"@en ; skos:altLabel "The Springs" ;
    skos:notation "SPR-7" ; ex:in <state/oregon> .
<town/salem> a ex:Town ; rdfs:label "Salem"@en ; ex:in <state/oregon> .
<state/oregon> a ex:State ; rdfs:label "Oregon"@en, "Orégon"@fr .
<council/springfield> a ex:Council ; rdfs:label "Town Council of Springfield"@en ; ex:governs <town/springfield> .
<council/salem> a ex:Council ; rdfs:label "Town Council of Salem"@en ; ex:governs <town/salem> .
<paper/news> a ex:Paper ; rdfs:label "Springfield News"@en ; ex:about <town/springfield> .
<paper/post> a ex:Paper ; rdfs:label "The Post"@en ; ex:about <town/salem> ;
    rdfs:comment "A paper that is read by anglers."@en .
ex:Town a owl:Class ; rdfs:label "Town"@en .
"""

Find = Callable[..., list[tuple[str, float, bool]]]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("towns")
    (folder / "data").mkdir()
    (folder / "data" / "towns.ttl").write_text(DATA, "utf-8")
    (folder / "missiongraph.toml").write_text('title = "Towns"\nbase = "https://example.org/"\n', "utf-8")
    return build_publication(read_dataset(Publication.open(folder)), folder / "out")


@pytest.fixture(scope="module")
def find(build: Build) -> Find:
    finder = Finder(build.names, Contexts(build.engine, {}))

    def found(text: str, kind: str = "") -> list[tuple[str, float, bool]]:
        types = [[f"https://example.org/ns#{kind}"] if kind else []]
        some = finder.find([text], roles=(Role.THING,), types=types)[0]
        return [(one.iri.removeprefix(BASE), round(one.likeness.score, 2), one.sure) for one in some]

    return found


@pytest.mark.parametrize("text", ["Springfield", "SPRINGFIELD", "springs the", "spr 7", "SPR-7"])
def test_a_thing_is_found_by_label_alternative_name_and_code(find: Find, text: str) -> None:
    assert find(text)[0][0] == "town/springfield"
    assert find(text)[0][2]


@pytest.mark.parametrize("text", ["Springfeild", "Sprngfield", "Springfield's"])
def test_a_misspelt_name_finds_it_too(find: Find, text: str) -> None:
    assert "town/springfield" in [iri for iri, _, _ in find(text)]


@pytest.mark.parametrize("text", ["Springfield, Oregon", "Town of Springfield", "SPRINGFIELD TOWN COUNCIL"])
def test_what_else_is_true_may_stand_beside_a_name(find: Find, text: str) -> None:
    town = next(one for one in find(text) if one[0] == "town/springfield")
    assert town[1:] == (0.98, True)


@pytest.mark.parametrize("text", ["Springfield, Ohio", "Springfield News", "Salem Post"])
def test_what_is_not_known_of_a_thing_may_not(find: Find, text: str) -> None:
    assert not any(sure for iri, _, sure in find(text) if iri.startswith("town/"))


def test_what_a_class_of_names_has_in_common_may_be_left_out_where_the_class_is_asked_for(find: Find) -> None:
    assert find("Salem", "Council")[0] == ("council/salem", 0.98, True)
    assert [iri for iri, _, sure in find("Salem") if sure] == ["town/salem"]


def test_a_name_of_nothing_finds_nothing(find: Find) -> None:
    assert find("Qqqq") == [] and find("") == [] and find("?!") == []


def test_each_text_is_answered_as_if_it_were_alone(build: Build) -> None:
    finder = Finder(build.names, Contexts(build.engine, {}))
    texts = ["Salem", "Springfield, Oregon", "Oregon", "Salem"]
    assert finder.find(texts) == [finder.find([text])[0] for text in texts]


def test_roles_tell_things_terms_and_descriptions_apart(build: Build) -> None:
    names = build.names
    assert [name.role for name in names.exact(words_of("Town"), 5)] == [Role.TERM]
    assert names.exact(words_of("Town"), 5, roles=(Role.THING,)) == []
    assert [name.kind for name in names.about(words_of("anglers"), 5)] == [Kind.DESCRIPTION]
    assert names.paths(words_of("town/salm"), 1)[0].iri == f"{BASE}town/salem"
    assert [name.text for name in names.beginning(words_of("the spr"), 5)] == ["The Springs"]


@given(st.text(max_size=60))
def test_nothing_that_can_be_written_is_too_much(build: Build, text: str) -> None:
    finder = Finder(build.names, Contexts(build.engine, {}))
    assert all(0 <= one.likeness.score <= 1 for one in finder.find([text])[0])
    words = words_of(text)
    for found in (build.names.beginning(words, 3), build.names.about(words, 3), build.names.paths(words, 3)):
        assert len(found) <= 3


def test_an_index_can_be_read_where_nothing_can_be_written(build: Build, tmp_path: Path) -> None:
    folder = build.folder / "store" / "names"
    modes: Mapping[Path, int] = {folder: stat.S_IMODE(folder.stat().st_mode)}
    folder.chmod(0o555)
    try:
        assert NameIndex(folder).exact(words_of("Salem"), 1)
    finally:
        folder.chmod(modes[folder])
    with pytest.raises(BuildError, match="build again"):
        NameIndex(tmp_path / "none")
