"""A word that names a kind of thing makes no match sure, and takes none from the thing of that very name.

The kind-words are those of the data, in both languages: what the classes are called, and what the names of one class
have in common. Nothing here or in the code lists them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.build import build_publication
from missiongraph.dataset import read_dataset
from missiongraph.names.folding import key_of, words_of
from missiongraph.publication import Publication
from missiongraph.reconciliation.queries import Condition, Query
from missiongraph.web.site import Site
from tests.reconciliation import province
from tests.reconciliation.province import BASE, KINDS, NS, SHARED, THINGS, Thing

#: Ways to publish the province: the class that guesses begin with, and whether places name what they have.
WAYS = [("Library", False), ("Municipality", True), ("", False)]

Ask = Callable[..., list[Thing | None]]
BY_IRI = {one.iri: one for one in THINGS}


def words_in(things: Iterable[Thing]) -> set[str]:
    return {word for one in things for name in one.names for word in words_of(name)}


def is_called(one: Thing, text: str) -> bool:
    return key_of(words_of(text)) in {key_of(words_of(name)) for name in one.names}


_PLACES = words_in(one for one in THINGS if one.kind == "Municipality")
_OF = {kind: words_in(one for one in THINGS if one.kind == kind) - _PLACES for kind in KINDS}
_OF = {kind: words | {w for name in KINDS[kind] for w in words_of(name)} for kind, words in _OF.items()}
_HOW_MANY = Counter(word for words in _OF.values() for word in words)

#: The words that belong to one kind alone, and all that kinds have.
TELLING = {kind: {word for word in words if _HOW_MANY[word] == 1} for kind, words in _OF.items()}
KIND_WORDS = sorted(_HOW_MANY)

BEARERS = Counter(key for one in THINGS for key in {key_of(words_of(name)) for name in one.names})
UNIQUE = [(one, name) for one in THINGS for name in one.names if BEARERS[key_of(words_of(name))] == 1]


def named_in(text: str) -> set[str]:
    """The kinds that a text names."""
    return {kind for kind, words in TELLING.items() if words & set(words_of(text))}


def asking(folder: Path, main: str, turtle: str) -> Ask:
    """What a client would take without asking, for texts of any class or of one."""
    (folder / "data").mkdir()
    (folder / "data" / "province.ttl").write_text(turtle, "utf-8")
    (folder / "missiongraph.toml").write_text(province.settings(main), "utf-8")
    site = Site(build_publication(read_dataset(Publication.open(folder)), folder / "out"))

    def found(texts: Iterable[str], kind: str = "", *conditions: Condition) -> list[Thing | None]:
        queries = [Query(text, (f"{NS}{kind}",) if kind else (), conditions=conditions) for text in texts]
        answers = site.reconciliation.match(queries, ["it", "de"])
        return [BY_IRI[one[0]["id"]] if one and one[0]["match"] else None for one in answers]

    return found


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: f"{way[0] or 'none'}-{'has' if way[1] else 'at'}")
def sure(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The whole province, published in one of the ways."""
    main, inverse = request.param
    return asking(tmp_path_factory.mktemp("province"), main, province.turtle(inverse=inverse))


@pytest.mark.parametrize("written", [str, str.upper])
@pytest.mark.parametrize("typed", [False, True])
def test_a_name_that_one_thing_alone_bears_is_sure(sure: Ask, typed: bool, written: Callable[[str], str]) -> None:
    for kind in KINDS:
        mine = [(one, name) for one, name in UNIQUE if one.kind == kind]
        found = sure((written(name) for _, name in mine), kind if typed else "")
        assert [name for (one, name), what in zip(mine, found, strict=True) if what != one] == []


def test_a_name_that_several_bear_is_not(sure: Ask) -> None:
    texts = [SHARED, SHARED.lower(), *(name for one in THINGS for name in one.names if (one, name) not in UNIQUE)]
    for kind in ("", *KINDS):
        for text, found in zip(texts, sure(texts, kind), strict=True):
            bearers = [one for one in THINGS if kind in ("", one.kind) and (is_called(one, text) or text == SHARED)]
            assert found is None or bearers == [found], (text, kind, found)


def test_what_several_bear_is_made_sure_by_a_property(sure: Ask, request: pytest.FixtureRequest) -> None:
    prop = f"^{NS}has" if "has" in request.node.name else f"{NS}at"
    where = Condition(prop, (f"{BASE}id/municipality/3",))
    assert sure([SHARED], "Library", where) == [BY_IRI[f"{BASE}id/library/0-3"]]


@pytest.mark.parametrize("kind", ["", "Municipality"])
def test_no_municipality_is_meant_by_its_name_beside_a_word_of_another_kind(sure: Ask, kind: str) -> None:
    places = [name for one in THINGS[:30:4] for name in one.names]
    others = sorted(word for other, words in TELLING.items() if other != "Municipality" for word in words)
    texts = [
        form.format(word, name) for form in ("{} {}", "{1}, {0}", "{} di {}") for word in others for name in places
    ]
    found = zip(texts, sure(texts, kind), strict=True)
    assert [text for text, what in found if what is not None and what.kind == "Municipality"] == []


def test_what_is_true_of_a_place_still_stands_beside_its_name(sure: Ask) -> None:
    texts = {"Comune di Brunico": 3, "Gemeinde Bruneck": 3, "Vipiteno, Südtirol": 8, "Vipiteno (Bolzano)": 8}
    expected = [BY_IRI[f"{BASE}id/municipality/{number}"] for number in texts.values()]
    for kind in ("", "Municipality"):
        assert sure(texts, kind) == expected


@pytest.mark.parametrize("typed", [False, True])
def test_a_name_without_what_its_kind_has_in_common_is_sure_if_nobody_else_can_be_meant(sure: Ask, typed: bool) -> None:
    texts = {
        "Biblioteca Civica Bressanone": "library/0-2",
        "BIBLIOTECA CIVICA - BRESSANONE": "library/0-2",
        "Museo civico Bolzano": "museum/0-0",
        "Scuola media Bolzano": "school/1-0",
    }
    for text, iri in texts.items():
        kind = BY_IRI[f"{BASE}id/{iri}"].kind
        assert sure([text], kind if typed else "") == [BY_IRI[f"{BASE}id/{iri}"]], text
    assert sure(["Scuola media Merano"], "School" if typed else "") == [None]  # there is none


def test_words_of_a_kind_alone_mean_no_thing(sure: Ask) -> None:
    texts = [*KIND_WORDS, *(word for both in KINDS.values() for word in both), "Museo civico", "Biblioteca di"]
    for kind in ("", *KINDS):
        assert set(sure(texts, kind)) == {None}


def test_what_a_newcomer_wrote_is_no_municipality(sure: Ask) -> None:
    for kind in ("", "Library", "Municipality"):
        for found in sure(["Biblioteca Brunico", "biblioteca di Merano", "Bibliothek Sterzing"], kind):
            assert found is None or found.kind == "Library"


@pytest.mark.parametrize("main", ["Municipality", "Library"])
def test_the_only_library_of_a_town_is_not_the_town(tmp_path: Path, main: str) -> None:
    sure = asking(tmp_path, main, province.turtle(alone=True))
    texts = ["Biblioteca Brunico", "biblioteca di Merano", "Bibliothek Sterzing", "Biblioteca Civica Bressanone"]
    for kind in ("", "Library", "Municipality"):
        assert {found.kind for found in sure(texts, kind) if found is not None} <= {"Library"}
    assert sure(texts[-1:]) == [BY_IRI[f"{BASE}id/library/0-2"]]


@settings(max_examples=200)  # a busy machine is no fault
@given(st.sampled_from(THINGS), st.data())
def test_adding_or_dropping_a_kind_word_never_changes_the_kind(sure: Ask, one: Thing, data: st.DataObject) -> None:
    """Unless what comes of it is the name of something else; a class that is asked for is named too."""
    words = list(words_of(data.draw(st.sampled_from(one.names))))
    dropped = data.draw(st.lists(st.sampled_from([word for word in words if word in KIND_WORDS] or words), max_size=2))
    added = data.draw(st.lists(st.sampled_from(KIND_WORDS), max_size=2))
    text = " ".join([*added, *(word for word in words if word not in dropped)])
    bare = " ".join(word for word in words_of(text) if word != "di")  # names no kind: "of"
    for kind in ("", *KINDS):
        (found,) = sure([text], kind)
        if found is not None and not is_called(found, text) and not is_called(found, bare):
            assert {found.kind} == (named_in(text) or {kind or one.kind}), (text, kind)
