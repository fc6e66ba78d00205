"""Documents in blocks: however many there are, they hold what the plain way finds, in every format."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryTriples, RdfFormat, Triple, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.graph import document_blocks as documents
from missiongraph.graph import incoming as incoming_module
from missiongraph.graph.document_blocks import document, quad_blocks, triple_blocks
from missiongraph.graph.incoming import MOST_INCOMING, has_more_incoming, incoming_of
from missiongraph.rdf.formats import JSON_LD, QUAD_FORMATS, TRIPLE_FORMATS, Format
from missiongraph.rdf.jsonld_context import derive_context
from missiongraph.rdf.streamed_documents import serialise_blocks
from missiongraph.vocab import LABEL_PROPERTIES, RDF, RDFS, SKOS

BASE = "https://example.org/"
HUB, PART = NamedNode(f"{BASE}hub"), NamedNode(f"{BASE}hub#part")
THINGS = [HUB, PART, *(NamedNode(f"{BASE}thing/{number}") for number in range(6))]
GRAPHS = [NamedNode(f"{BASE}graph/{number}") for number in range(3)]
LINKS = [NamedNode(f"{BASE}link"), NamedNode(f"{BASE}also")]
PREFIXES = {"ex": BASE, "rdfs": str(RDFS), "skos": str(SKOS)}
LABELS = st.builds(Literal, st.text("aé\n", min_size=1, max_size=3), language=st.sampled_from(["en", "it"]))


def quads() -> st.SearchStrategy[Quad]:
    graphs = st.sampled_from(GRAPHS)
    nodes = st.sampled_from([*THINGS, *THINGS, BlankNode("x"), BlankNode("y")])
    links = st.builds(Quad, nodes, st.sampled_from(LINKS), nodes, graphs)
    labels = st.builds(Quad, st.sampled_from(THINGS), st.sampled_from([RDFS.label, SKOS.prefLabel]), LABELS, graphs)
    return links | labels


def plain(stated: list[Triple], everywhere: list[Quad]) -> set[Triple]:
    """The triples of the document about the hub and its part, as CONTRACT says it, found by looking at all of them."""
    own = {t for t in stated if t.subject in (HUB, PART)}
    if not own:
        own = {q.triple for q in everywhere if q.subject in (HUB, PART)}
    while (
        more := {t for t in stated if isinstance(t.subject, BlankNode) and t.subject in {o.object for o in own}} - own
    ):
        own |= more
    own |= {t for t in stated if t.object == HUB and isinstance(t.subject, NamedNode)}
    named = {term for t in own for term in (t.subject, t.object) if isinstance(term, NamedNode)}

    def labels(thing: NamedNode, among: Iterator[Triple]) -> set[Triple]:
        return {t for t in among if t.subject == thing and t.predicate in LABEL_PROPERTIES}

    return own.union(*(labels(thing, iter(stated)) or labels(thing, (q.triple for q in everywhere)) for thing in named))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@settings(max_examples=60)
@given(st.lists(quads(), min_size=1, max_size=40), st.integers(1, 6), st.sampled_from([*TRIPLE_FORMATS, *QUAD_FORMATS]))
def test_blocks_of_any_size_hold_what_a_document_holds(stated: list[Quad], size: int, form: Format) -> None:
    stated.append(Quad(HUB, RDF.type, NamedNode(f"{BASE}Hub"), GRAPHS[0]))
    accepted = list(dict.fromkeys(quad.triple for quad in stated if quad.graph_name != GRAPHS[2]))
    engine = EmbeddedEngine.of(accepted, stated)
    expected = plain(accepted, stated)
    context = derive_context(accepted, PREFIXES)
    with patch.object(documents, "BLOCK", size), patch.object(documents, "_NAMES", size):
        triples = list(triple_blocks(engine, HUB, [PART]))
        in_graphs = list(quad_blocks(engine, HUB, [PART]))
        blocks: list[list[Triple | Quad]] = [[*block] for block in (in_graphs if form.holds_graphs else triples)]
        text = b"".join(serialise_blocks(iter(blocks), form, PREFIXES, context, HUB))
    assert {triple for block in triples for triple in block} == expected
    assert sum(map(len, triples)) == len(expected)
    found = {quad for block in in_graphs for quad in block}
    assert found == {quad for quad in stated if quad.triple in expected} and sum(map(len, in_graphs)) == len(found)
    assert read(text, form) == {masked(quad) for block in blocks for quad in block}


def crowd(*links: tuple[NamedNode, int]) -> EmbeddedEngine:
    """A hub that things name by *links*, each so many times, and that says one thing itself."""
    stated = [
        Quad(NamedNode(f"{BASE}{number}"), link, HUB, GRAPHS[number % 2])
        for link, times in links
        for number in range(times)
    ]
    stated.append(Quad(HUB, RDFS.label, Literal("hub"), GRAPHS[0]))
    return EmbeddedEngine.of([quad.triple for quad in stated], stated)


def test_a_document_holds_all_that_names_the_thing_up_to_its_bound_and_no_link_then() -> None:
    found = document(crowd((LINKS[0], MOST_INCOMING)), HUB, [], BASE)
    assert sum(triple.object == HUB for triple in found.triples) == MOST_INCOMING
    assert sum(quad.object == HUB for quad in found.quads) == MOST_INCOMING
    assert not any(triple.predicate == RDFS.seeAlso for triple in (*found.triples, *(q.triple for q in found.quads)))


def test_of_more_each_property_has_its_share_and_a_query_gives_the_rest() -> None:
    engine = crowd((LINKS[0], 3 * MOST_INCOMING), (LINKS[1], 3))
    found = document(engine, HUB, [], BASE)
    incoming = {triple for triple in found.triples if triple.object == HUB}
    assert len(incoming) == MOST_INCOMING == sum(quad.object == HUB for quad in found.quads)
    assert sum(triple.predicate == LINKS[1] for triple in incoming) == 3
    (link,) = (triple for triple in found.triples if triple.predicate == RDFS.seeAlso)
    assert Quad(*link) in found.quads and isinstance(link.object, NamedNode)
    address = urlsplit(link.object.value)
    assert (address.scheme, address.netloc, address.path) == ("https", "example.org", "/sparql")
    whole = engine.query(parse_qs(address.query)["query"][0])
    assert isinstance(whole, QueryTriples)
    rest = set(whole)
    assert incoming < rest and len(rest) == 3 * MOST_INCOMING + 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(1, 40))
def test_shares_fill_the_bound_and_favour_what_is_rare(times: list[int], most: int) -> None:
    links = [NamedNode(f"{BASE}by/{number}") for number in range(len(times))]
    engine = crowd(*zip(links, times, strict=True))
    with patch.object(incoming_module, "MOST_INCOMING", most):
        found, more = incoming_of(engine, HUB)
        assert more == has_more_incoming(engine, HUB) == (sum(times) > most)
    assert len(found) == len(set(found)) == min(sum(times), most)
    shown = Counter(triple.predicate for triple in found)
    largest = max(shown.values(), default=0)
    for link, count in zip(links, times, strict=True):
        assert shown[link] == count or shown[link] >= largest - 1  # nothing is cut below what another still has


def read(text: bytes, form: Format) -> set[str]:
    """What another parser finds; JSON-LD, and blank nodes, whose labels do not outlast a format, by RDFLib."""
    if form == JSON_LD:
        lines = rdflib.Graph().parse(data=text, format="json-ld").serialize(format="nt11").encode()
        return {masked(quad) for quad in parse(lines, RdfFormat.N_TRIPLES)}
    return {masked(quad) for quad in parse(text, form.rdf_format)}


def masked(statement: Quad | Triple) -> str:
    graph = "" if isinstance(statement, Triple) or not isinstance(statement.graph_name, NamedNode) else "g"
    terms = (statement.subject, statement.predicate, statement.object)
    words = " ".join("_" if isinstance(term, BlankNode) else str(term) for term in terms)
    return f"{words} {statement.graph_name if graph and isinstance(statement, Quad) else ''}"


def hub(size: int) -> EmbeddedEngine:
    things = [NamedNode(f"{BASE}thing/{number:05}") for number in range(size)]
    links = [Quad(HUB, LINKS[0], thing, GRAPHS[0]) for thing in things]
    names = [Quad(thing, RDFS.label, Literal("a name"), GRAPHS[0]) for thing in things]
    stated = [*links, *names]
    return EmbeddedEngine.of([quad.triple for quad in stated], stated)


def test_the_first_block_of_a_hub_waits_for_no_label() -> None:
    engine = hub(documents.BLOCK)
    with patch.object(EmbeddedEngine, "query", autospec=True, side_effect=EmbeddedEngine.query) as query:
        first = next(triple_blocks(engine, HUB, []))
    assert len(first) == documents.BLOCK
    assert not any("label" in call.args[1] for call in query.call_args_list)


def test_the_labels_of_a_hub_take_few_questions() -> None:
    engine = hub(3 * documents.BLOCK)
    with patch.object(EmbeddedEngine, "query", autospec=True, side_effect=EmbeddedEngine.query) as query:
        assert sum(map(len, triple_blocks(engine, HUB, []))) == 6 * documents.BLOCK
    assert query.call_count < 20 and max(len(call.args[1]) for call in query.call_args_list) < 1000


def test_the_triples_of_a_graph_are_found_without_its_content() -> None:
    engine = EmbeddedEngine.of([], [Quad(HUB, LINKS[0], thing, GRAPHS[0]) for thing in THINGS])
    with patch.object(EmbeddedEngine, "query", autospec=True, side_effect=EmbeddedEngine.query) as query:
        list(triple_blocks(engine, GRAPHS[0], []))
    assert not any(f"GRAPH {GRAPHS[0]}" in call.args[1] for call in query.call_args_list)


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_a_long_document_in_json_ld_is_an_object_of_its_thing(blocks: int) -> None:
    """Also where an IRI begins with a name of the context, which must mean nothing then ("ex:hub")."""
    thing = NamedNode("ex:hub")
    statements = [Triple(thing, LINKS[0], THINGS[0]), Triple(THINGS[0], RDFS.label, Literal("a", language="en"))]
    statements.append(Triple(THINGS[1], RDFS.label, Literal("b", language="en")))
    given = [statements[:1], statements[1:2], statements[2:]] if blocks == 3 else [statements[:2], statements[2:]]
    given = [statements] if blocks == 1 else given
    context = {"ex": BASE, "link": {"@id": LINKS[0].value, "@type": "@id"}, "id": "@id"}
    text = b"".join(serialise_blocks(iter(given), JSON_LD, {}, context, thing))
    found = json.loads(text)
    assert found["id"] == "ex:hub"
    assert found["link"] == THINGS[0].value if blocks == 3 else found["link"]["id"] == THINGS[0].value
    assert {quad.triple for quad in parse(text, RdfFormat.JSON_LD)} == set(statements)
