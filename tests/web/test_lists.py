"""Lists and containers of RDF are shown as lists, their members linked, in whatever state they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from missiongraph.build import build_publication
from missiongraph.engine.protocol import Term
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import RDF
from missiongraph.web.content.facts import rdf_lists
from missiongraph.web.content.facts.rdf_lists import Members, list_at
from missiongraph.web.serving.application import create_app

DATA = """
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix d: <https://example.org/id/> . @prefix n: <https://example.org/ns#> . @prefix o: <https://example.org/o#> .
d:a rdfs:label "Bologna" . d:b rdfs:label "Prato" . d:c rdfs:label "Florence" .
d:line a skos:OrderedCollection ; skos:memberList ( d:b d:a d:c ) .
d:nested n:items ( d:c ( d:a ( "deep" ) ) () [ rdfs:label "nameless" ; n:price 3 ] ) .
d:empty n:items () .
d:several n:items ( d:a ), ( d:b ), d:c .
d:seq n:of [ a rdf:Seq ; rdf:_10 "ten" ; rdf:_2 d:a ; rdf:_1 d:b ] .
d:alt a rdf:Alt ; rdf:_10 "ten" ; rdf:_2 d:a ; rdf:_1 d:b .
d:one n:in [ n:in [ n:in ( d:a ) ] ] .
d:twofirst n:items _:twofirst . _:twofirst rdf:first d:a, d:b ; rdf:rest () .
d:nofirst n:items _:nofirst . _:nofirst rdf:rest ( d:a ) .
d:norest n:items _:norest . _:norest rdf:first d:a .
d:tworest n:items _:tworest . _:tworest rdf:first d:a ; rdf:rest ( d:b ), ( d:c ) .
d:literal n:items _:literal . _:literal rdf:first d:a ; rdf:rest "no list" .
d:elsewhere n:items _:elsewhere . _:elsewhere rdf:first d:a ; rdf:rest d:b .
d:ring n:items _:x . _:x rdf:first d:a ; rdf:rest _:y . _:y rdf:first d:b ; rdf:rest _:x .
d:itself n:items _:s . _:s rdf:first _:s ; rdf:rest () .
<https://example.org/o> a owl:Ontology . o:A a owl:Class ; rdfs:label "A" . o:B a owl:Class ; rdfs:label "B" .
o:AB a owl:Class ; rdfs:label "AB" ; owl:unionOf ( o:A o:B ) .
o:p a owl:ObjectProperty ; rdfs:label "p" ; rdfs:domain [ a owl:Class ; owl:intersectionOf ( o:B o:A ) ] .
"""
Show = Callable[..., str]


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    """The body of a page, or what answers in another format."""
    folder = tmp_path_factory.mktemp("lists")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text(
        'title = "Lists"\nbase = "https://example.org/"\nlanguages = ["en", "it"]\n'
    )
    many = {length: " ".join(f"d:m{number}" for number in range(length)) for length in (90, 500, 2500)}
    long = "\n".join(f"d:long{length} n:items ( {members} ) ." for length, members in many.items())
    (folder / "data" / "a.ttl").write_text(DATA + long)
    build = build_publication(read_dataset(Publication.open(folder)), tmp_path_factory.mktemp("builds"))
    client = create_app(build).test_client()

    def answer(path: str, accept: str = "text/html", language: str = "en") -> str:
        response = client.get(path, headers={"Accept": accept, "Accept-Language": language}, follow_redirects=True)
        assert response.status_code == 200
        return response.get_data(as_text=True)

    return answer


def items(text: str) -> list[str]:
    """What the lists of a page hold, with addresses; the level of nesting in front."""
    found, level = [], 0
    for tag, href, words in re.findall(r'(<ol class="seq"|</ol>)|href="([^"]*)"|<bdi>([^<]*)</bdi>', text):
        level += tag.startswith("<ol") - (tag == "</ol>")
        if level and (href or words):
            found.append(f"{level}{href or words}")
    return found


def test_an_ordered_collection_is_a_list_with_its_members_linked(show: Show) -> None:
    """SKOS, section 9."""
    assert items(show("/doc/line")) == ["1/doc/b", "1Prato", "1/doc/a", "1Bologna", "1/doc/c", "1Florence"]


def test_lists_in_lists_are_nested(show: Show) -> None:
    assert items(show("/doc/nested")) == [
        "1/doc/c", "1Florence", "2/doc/a", "2Bologna", "3deep", "1An empty list", "1Label: nameless; Price: 3",
    ]  # fmt: skip


def test_an_empty_list_is_said_to_be_one(show: Show) -> None:
    assert "An empty list" in show("/doc/empty") and "Una lista vuota" in show("/doc/empty", language="it")


def test_several_lists_stay_apart(show: Show) -> None:
    text = show("/doc/several")
    assert text.count('<ol class="seq"') == 2 and sorted(items(text)) == ["1/doc/a", "1/doc/b", "1Bologna", "1Prato"]


@pytest.mark.parametrize("name", ["seq", "alt"])
def test_the_members_of_a_container_stand_in_the_order_of_their_numbers(show: Show, name: str) -> None:
    """RDF Schema 1.1, section 5.1: the tenth after the second."""
    assert items(show(f"/doc/{name}")) == ["1/doc/b", "1Prato", "1/doc/a", "1Bologna", "1ten"]


def test_a_list_is_found_within_nodes_without_a_name(show: Show) -> None:
    assert items(show("/doc/one")) == ["1/doc/a", "1Bologna"]


def test_an_ontology_shows_the_classes_of_a_union_and_of_a_domain_without_a_name(show: Show) -> None:
    assert items(show("/o")) == ["1/o#A", "1A", "1/o#B", "1B", "1/o#B", "1B", "1/o#A", "1A"]
    assert "Intersection of" in show("/o")


@pytest.mark.parametrize(
    ("name", "members", "says"),
    [
        ("twofirst", ["Bologna", "Prato"], "a cell has several values of rdf:first"),
        ("nofirst", ["Bologna"], "a cell has no rdf:first"),
        ("norest", ["Bologna"], "it does not end with rdf:nil"),
        ("tworest", ["Bologna", "Florence", "Prato"], "a cell has several values of rdf:rest"),
        ("literal", ["Bologna"], "rdf:rest leads to something that is no list"),
        ("elsewhere", ["Bologna"], "rdf:rest leads to something that is no list"),
        ("ring", ["Bologna", "Prato"], "it leads back to itself"),
        ("itself", [], "it leads back to itself"),
    ],
)
def test_what_is_no_proper_list_is_shown_as_it_is_and_told(
    show: Show, name: str, members: list[str], says: str
) -> None:
    """RDF Schema 1.1, section 5.2: nothing forbids such data."""
    text = show(f"/doc/{name}")
    assert sorted(item[1:] for item in items(text) if "/doc/" not in item) == members
    assert f"This list is not well-formed: {says}." in text
    assert "Questa lista non è ben formata" in show(f"/doc/{name}", language="it")


@pytest.mark.parametrize(("length", "at_once", "on_the_page"), [(90, 9, 90), (500, 9, 200), (2500, 12, 12)])
def test_a_long_list_is_folded_and_a_longer_one_leads_to_all_of_it(
    show: Show, length: int, at_once: int, on_the_page: int
) -> None:
    text = show(f"/doc/long{length}")
    members = [item for item in items(text) if item.startswith("1/doc/")]
    assert members == [f"1/doc/m{number}" for number in range(on_the_page)]
    assert len(items(text.partition("<details")[0])) == 2 * at_once
    assert (f">all {length:,}</a>" in text) == (on_the_page < length)


def test_all_members_of_a_list_are_a_query_away_in_their_order(show: Show) -> None:
    href = re.search(r'class="all" href="([^"]*)"', show("/doc/long500"))
    assert href is not None
    lines = show(href[1].replace("&amp;", "&"), accept="text/csv").split()
    assert lines == ["position,member", *(f"{number + 1},https://example.org/id/m{number}" for number in range(500))]


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_the_documents_of_a_thing_hold_its_whole_list(show: Show, accept: str) -> None:
    form = RdfFormat.from_media_type(accept)
    assert form is not None
    triples = [quad.triple for quad in parse(show("/doc/long500", accept).encode(), form)]
    assert len({t.subject for t in triples if t.predicate == RDF.first}) == 500
    assert len({t.subject for t in triples if t.predicate == RDF.rest}) == 500


CELLS = [BlankNode(f"c{number}") for number in range(6)]
ENDS = st.sampled_from([*CELLS, RDF.nil, Literal("x"), NamedNode("https://example.org/x")])
SOME = st.lists(ENDS, min_size=1, max_size=3)
FOUND = st.fixed_dictionaries({}, optional={RDF.first: SOME, RDF.rest: SOME})
ANY: st.SearchStrategy[Any] = st.dictionaries(st.sampled_from(CELLS), FOUND)


@given(ANY, st.sampled_from(CELLS))
def test_every_list_comes_to_an_end_and_is_whole_unless_a_fault_is_told(
    cells: dict[Term, dict[NamedNode, list[Term]]], head: BlankNode
) -> None:
    found = list_at(head, cells)
    cell: Term = head
    members: list[Term] = []
    proper = True
    while proper and cell != RDF.nil and len(members) <= len(CELLS):
        firsts, rests = (cells.get(cell, {}).get(end, []) for end in (RDF.first, RDF.rest))
        proper = len(firsts) == len(rests) == 1
        if proper:
            members.append(firsts[0])
            cell = rests[0]
    proper = proper and cell == RDF.nil
    if proper and all(cells.get(member) is None or not cells[member] for member in members):
        assert found == Members(tuple(members))
    if not proper:
        assert found.faults


def test_lists_nested_without_end_are_cut() -> None:
    """Each holds the next, which none of them can hold again."""
    deep = [BlankNode() for _ in range(500)]
    ends: list[Term] = [*deep[1:], RDF.nil]
    cells: dict[Term, dict[NamedNode, list[Term]]] = {
        cell: {RDF.first: [end], RDF.rest: [RDF.nil]} for cell, end in zip(deep, ends, strict=True)
    }
    found = list_at(deep[0], cells)
    for _ in range(8):
        (inner,) = found.members
        assert isinstance(inner, Members)
        found = inner
    assert found.faults == (rdf_lists.DEEP,)
