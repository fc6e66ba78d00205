"""Graphs as what they are to a reader: claims with the words they rest on, records, or neither."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.evidence.claim_graphs import Graph, Selector, facts_by_digest, read_graphs
from missiongraph.vocab import MG
from tests.terms import iri

TRIG = """\
@base <https://example.org/> . @prefix ex: <> . @prefix mg: <https://w3id.org/missiongraph/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix lang: <http://publications.europa.eu/resource/authority/language/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:claim { ex:ale ex:price 3, 4 }
ex:same { ex:ale ex:price 3 ; ex:colour "amber" }
ex:about {
    ex:claim a mg:EvidenceGraph ; mg:rank mg:accepted ; mg:basis mg:interpreted ; mg:modality mg:planned ;
        prov:wasDerivedFrom <claim#passage> .
    <claim#passage> oa:hasSelector <claim#quote> ; prov:wasQuotedFrom ex:card ; mg:passageDigest "d1" .
    <claim#quote> oa:exact "at 3 or 4" ; oa:prefix "an ale" ; oa:suffix "euros" .
    ex:same a mg:EvidenceGraph ; prov:wasDerivedFrom <same#passage> .
    <same#passage> prov:wasQuotedFrom ex:card ; mg:passageDigest "d1" .
    ex:card skos:notation "CARD" ; dcterms:publisher ex:pub ; dcterms:issued "2024-05-01"^^xsd:date ;
        dcterms:language lang:ITA ; mg:independenceGroup "pub" .
    ex:record a mg:ReferenceGraph ; dcterms:source ex:register ; dcterms:created "2024-06-01"^^xsd:date .
    ex:meta a mg:MetadataGraph .
}
"""


QUADS = list(parse(TRIG, RdfFormat.TRIG))
ENGINE = EmbeddedEngine.of([quad.triple for quad in QUADS], QUADS)


def graph(name: str) -> Graph:
    return read_graphs(ENGINE, [iri(name)])[iri(name)]


def test_a_claim_has_the_words_it_rests_on() -> None:
    claim = graph("claim")
    assert (claim.kind, claim.rank, claim.basis, claim.planned) == ("evidence", MG.accepted, MG.interpreted, True)
    assert claim.selectors == (
        Selector(iri("claim#passage"), iri("card"), "at 3 or 4", prefix="an ale", suffix="euros", digest="d1"),
    )


def test_its_source_is_described_once() -> None:
    (source,) = graph("claim").sources
    assert (source.iri, source.mark, source.publisher) == (iri("card"), "CARD", iri("pub"))
    assert (source.language, source.origin) == ("it", "pub")
    assert source.date is not None and source.date.value == "2024-05-01"


def test_a_record_has_a_source_and_no_words() -> None:
    record = graph("record")
    assert (record.kind, record.selectors) == ("reference", ())
    assert [source.iri for source in record.sources] == [iri("register")]
    assert record.date is not None and record.date.value == "2024-06-01"


def test_only_claims_and_records_speak() -> None:
    kinds = {name: graph(name).kind for name in ("claim", "record", "meta", "nowhere")}
    assert kinds == {"claim": "evidence", "record": "reference", "meta": "metadata", "nowhere": "plain"}
    assert [name for name in kinds if graph(name).speaks] == ["claim", "record"]


def test_a_passage_without_words_given_is_still_a_passage() -> None:
    (passage,) = graph("same").selectors
    assert (passage.exact, passage.source) == ("", iri("card"))


def test_statements_are_counted_once_for_each_passage_of_the_same_digest() -> None:
    assert facts_by_digest(ENGINE, ["d1", "d2"]) == {"d1": 3}
    assert facts_by_digest(ENGINE, []) == {}
