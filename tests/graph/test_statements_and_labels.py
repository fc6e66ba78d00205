"""What the graph says of one resource: statements with their graphs, labels, documents."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.graph.document_blocks import Document, document
from missiongraph.graph.statements_and_labels import (
    Labels,
    count_inferred_naming,
    count_naming,
    description_of,
    properties_of,
    statements_about,
    statements_naming,
    subjects_naming,
)
from missiongraph.vocab import MG, RDF, RDFS, SD
from tests.terms import iri

TRIG = """\
@base <https://example.org/> . @prefix ex: <> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix mg: <https://w3id.org/missiongraph/ontology#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix oa: <http://www.w3.org/ns/oa#> . @prefix schema: <http://schema.org/> .
ex:g1 { ex:ale a ex:Beer ; ex:price 3 ; ex:style ex:bitter ; ex:note [ ex:source "card" ; ex:list ( 1 2 ) ] .
    <ale#part> ex:colour "amber" . ex:stout ex:style ex:bitter }
ex:g2 { ex:ale ex:price 3 ; ex:rating 5 }
ex:g3 { ex:ale ex:price 4 . ex:rumour ex:says "unsure" }
ex:names { ex:ale schema:name "Ale" ; rdfs:label "Ale"@en, "Birra chiara"@it ; rdfs:comment "Pale."@en .
    ex:bitter rdfs:label "Bitter"@en }
ex:g3 { ex:lager rdfs:label "Lager"@en }
ex:about { ex:g1 a mg:EvidenceGraph ; prov:wasDerivedFrom <g1#passage> .
    <g1#passage> oa:hasSelector <g1#quote> ; prov:wasQuotedFrom ex:card . <g1#quote> oa:exact "an ale at 3" .
    ex:card rdfs:label "The card"@en . ex:g3 mg:rank mg:alternative }
"""
QUADS = list(parse(TRIG, RdfFormat.TRIG))


ACCEPTED = list(dict.fromkeys(quad.triple for quad in QUADS if quad.graph_name != iri("g3")))
ENGINE = EmbeddedEngine.of(ACCEPTED, QUADS)


def describe(name: str, *parts: str) -> Document:
    return document(ENGINE, iri(name), [iri(part) for part in parts])


def test_statements_have_all_the_graphs_that_make_them_and_whether_they_are_accepted() -> None:
    prices = {
        str(s.object): ([graph.value[-2:] for graph in s.graphs], s.accepted)
        for s in statements_about(ENGINE, iri("ale"))
        if s.predicate == iri("price")
    }
    assert prices == {str(Literal(3)): (["g1", "g2"], True), str(Literal(4)): (["g3"], False)}


def test_what_names_a_resource_is_found_in_order_and_counted() -> None:
    found = statements_naming(ENGINE, iri("bitter"), iri("style"), most=10)
    assert [statement.subject for statement in found] == [iri("ale"), iri("stout")]
    assert len(statements_naming(ENGINE, iri("bitter"), iri("style"), most=1)) == 1
    assert count_naming(ENGINE, iri("bitter")) == {iri("style"): 2}
    assert subjects_naming(ENGINE, iri("bitter"), [iri("style")], 1) == {iri("style"): [iri("ale")]}


def test_what_only_rules_say_names_a_resource_is_counted_apart() -> None:
    near = [Quad(iri(name), iri("near"), iri("bitter"), iri("rule")) for name in ("ale", "stout", "lager")]
    kind = Quad(iri("rule"), RDF.type, MG.InferredGraph, iri("about"))
    blank = Quad(BlankNode("b"), iri("near"), iri("bitter"), iri("rule"))
    also_stated = Quad(iri("ale"), iri("style"), iri("bitter"), iri("rule"))
    added = [*near, kind, blank, also_stated]
    engine = EmbeddedEngine.of({*ACCEPTED, *(quad.triple for quad in added)}, [*QUADS, *added])
    assert count_inferred_naming(engine, iri("bitter")) == {iri("near"): 3, iri("style"): 1}
    assert count_naming(engine, iri("bitter")) == {iri("near"): 3, iri("style"): 2}
    assert count_inferred_naming(ENGINE, iri("bitter")) == {}


def test_properties_are_those_of_the_default_graph() -> None:
    found = properties_of(ENGINE, [iri("ale"), iri("nowhere"), iri("rumour")])
    assert found[iri("ale")][iri("price")] == [Literal(3)]
    assert not found[iri("nowhere")] and not found[iri("rumour")]


def test_a_label_is_the_best_in_the_language_of_the_reader() -> None:
    labels = Labels(ENGINE, [iri("ale"), iri("bitter"), iri("nowhere"), Literal("x")])
    assert labels.of(iri("ale"), "it") == ("Birra chiara", "it")
    assert labels.of(iri("ale"), "fr") == ("Ale", None)
    assert labels.of(iri("bitter"), "it") == ("Bitter", "en")
    assert labels.of(iri("nowhere"), "en") is None


def test_labels_are_asked_for_once_however_often_they_are_wanted() -> None:
    labels = Labels(ENGINE, [iri("ale")])
    with patch.object(EmbeddedEngine, "query", autospec=True, side_effect=EmbeddedEngine.query) as query:
        labels.add(ENGINE, [iri("ale")])
        assert query.call_count == 0
        labels.add(ENGINE, [iri("ale"), iri("bitter")])
        assert query.call_count > 0 and all("ale" not in call.args[1] for call in query.call_args_list)
    assert labels.of(iri("bitter"), "it") == ("Bitter", "en")


def test_who_asks_for_the_same_labels_meanwhile_has_them_whole_and_once() -> None:
    labels, asked = Labels(ENGINE, []), EmbeddedEngine.query

    def query(engine: EmbeddedEngine, text: str) -> object:
        if "GRAPH ?g" in text and not meanwhile:  # half of the work of the first is done
            meanwhile.append(True)
            labels.add(ENGINE, [iri("lager")])
            assert labels.of(iri("lager"), "en") == ("Lager", "en")
        return asked(engine, text)

    meanwhile: list[bool] = []
    with patch.object(EmbeddedEngine, "query", query):
        labels.add(ENGINE, [iri("lager")])
    assert meanwhile and len(labels.triples) == len(Labels(ENGINE, [iri("lager")]).triples)


def test_a_label_of_any_graph_serves_where_the_default_graph_has_none() -> None:
    assert Labels(ENGINE, [iri("lager")]).of(iri("lager"), "en") == ("Lager", "en")


def test_a_description_is_found_among_the_statements() -> None:
    assert description_of(statements_about(ENGINE, iri("ale")), "en") == ("Pale.", "en")
    assert description_of(statements_about(ENGINE, iri("stout")), "en") is None


def test_a_document_holds_what_is_accepted_with_parts_blank_nodes_and_labels() -> None:
    triples = describe("ale", "ale#part").triples
    assert Triple(iri("ale"), iri("price"), Literal(3)) in triples
    assert Triple(iri("ale"), iri("price"), Literal(4)) not in triples
    assert Triple(iri("ale#part"), iri("colour"), Literal("amber")) in triples
    assert Triple(iri("bitter"), RDFS.label, Literal("Bitter", language="en")) in triples
    blank = [triple for triple in triples if isinstance(triple.subject, BlankNode)]
    assert len(blank) == 6  # the note with its source and list, and the list's two cells
    assert len(triples) == len(set(triples))


def test_its_quads_are_the_same_statements_with_graphs_and_evidence() -> None:
    found = describe("ale", "ale#part")
    assert set(found.triples) <= {quad.triple for quad in found.quads}
    assert {q.graph_name for q in found.quads if q.triple == Triple(iri("ale"), iri("price"), Literal(3))} == {
        iri("g1"),
        iri("g2"),
    }
    assert Quad(iri("g1#quote"), NamedNode("http://www.w3.org/ns/oa#exact"), Literal("an ale at 3"), iri("about")) in (
        found.quads
    )
    assert all(quad in QUADS for quad in found.quads)


def test_the_document_of_a_graph_holds_its_content() -> None:
    quads = describe("g2").quads
    assert Quad(iri("ale"), iri("rating"), Literal(5), iri("g2")) in quads


def test_what_is_accepted_nowhere_is_described_by_what_other_graphs_say() -> None:
    assert Triple(iri("rumour"), iri("says"), Literal("unsure")) in describe("rumour").triples


def test_what_is_only_named_is_described_by_what_names_it() -> None:
    assert Triple(iri("ale"), RDF.type, iri("Beer")) in describe("Beer").triples
    assert Triple(iri("ale"), iri("rating"), Literal(5)) in describe("rating").triples


def test_a_graph_that_nothing_describes_is_still_a_graph() -> None:
    assert Triple(iri("names"), RDF.type, SD.NamedGraph) in describe("names").triples


def test_a_ring_of_blank_nodes_comes_to_an_end() -> None:
    ring = [Triple(iri("a"), iri("p"), BlankNode("x")), Triple(BlankNode("x"), iri("p"), BlankNode("y"))]
    ring.append(Triple(BlankNode("y"), iri("p"), BlankNode("x")))
    engine = EmbeddedEngine.of(ring, [Quad(t.subject, t.predicate, t.object, iri("g")) for t in ring])
    assert set(document(engine, iri("a"), []).triples) == set(ring)


def rdf_list(*members: NamedNode | BlankNode) -> tuple[BlankNode, list[Triple]]:
    """The head of a list and its statements."""
    cells = [BlankNode() for _ in members]
    rests: list[NamedNode | BlankNode] = [*cells[1:], RDF.nil]
    triples = [Triple(cell, RDF.first, member) for cell, member in zip(cells, members, strict=True)]
    return cells[0], [*triples, *(Triple(c, RDF.rest, r) for c, r in zip(cells, rests, strict=True))]


@pytest.mark.parametrize("rank", [None, MG.alternative])
def test_a_list_is_whole_in_a_document_however_long_it_is(rank: NamedNode | None) -> None:
    inner, of_inner = rdf_list(iri("x"), iri("y"))
    head, cells = rdf_list(*(iri(f"m{number}") for number in range(300)), inner)
    stated = [Triple(iri("line"), iri("stops"), head), *cells, *of_inner]
    quads = [Quad(t.subject, t.predicate, t.object, iri("g")) for t in stated]
    default = stated if rank is None else []
    engine = EmbeddedEngine.of(default, quads)
    found = document(engine, iri("line"), [])
    assert set(found.triples) == set(stated)
    assert set(found.quads) == set(quads)
