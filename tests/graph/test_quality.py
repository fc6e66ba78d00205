"""What is measured of a dataset: a small one, whose answers can be counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pyoxigraph import Literal

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.graph.quality import Quality, losses, measurements
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import DQV, MG
from tests.conftest import PublicationMaker
from tests.terms import iri

PREFIXES = """@prefix ex: <https://example.org/> . @prefix mg: <https://w3id.org/missiongraph/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix earl: <http://www.w3.org/ns/earl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dqv: <http://www.w3.org/ns/dqv#> ."""


def claim(name: str, said: str, source: str, more: str = "") -> str:
    return f"""ex:{name} {{ {said} }} ex:{name} a mg:EvidenceGraph ; prov:wasDerivedFrom ex:{name}-p {more} .
        ex:{name}-p prov:wasQuotedFrom ex:{source} ; oa:hasSelector [ oa:exact "{name}" ] ."""


DATA = "\n".join(
    [
        PREFIXES,
        claim("a1", "ex:t ex:p 1 .", "agency"),
        claim("a2", "ex:t ex:p 1 .", "reprint"),  # of the same origin
        claim("a3", "ex:t ex:p 1 .", "town"),
        claim("b", "ex:t ex:q 2 .", "agency"),
        claim("c", "ex:t ex:r 3 .", "town", "; mg:rank mg:retired"),
        "ex:agency mg:independenceGroup ex:wire . ex:reprint mg:independenceGroup ex:wire .",
        "ex:codes { ex:t ex:code 4 . } ex:codes a mg:ReferenceGraph ; dcterms:source ex:list ;",
        '  dcterms:created "2026-01-05"^^xsd:date .',
        "ex:bare { ex:t ex:s 5 . } ex:bare a mg:ReferenceGraph .",
        "ex:d a mg:Disagreement . ex:t owl:sameAs <https://elsewhere.example/t>, ex:t2 .",
        *(
            f"""ex:check{day} {{ ex:check{day} mg:checkedSource ex:agency ; dcterms:created "2026-0{day}-01"^^xsd:date .
            [] earl:subject ex:agency ; earl:test ex:b ; earl:result [ mg:verdict mg:{verdict} ] .
            [] dqv:computedOn ex:agency ; dqv:isMeasurementOf mg:passageCoverage ; dqv:value {coverage} . }}"""
            for day, verdict, coverage in ((2, "supported", "0.5"), (3, "gone", "0.75"))
        ),
    ]
)


@pytest.fixture
def engine(make_publication: PublicationMaker) -> EmbeddedEngine:
    dataset = read_dataset(Publication.open(make_publication({"data/data.trig": DATA})))
    return EmbeddedEngine.of(dataset.default_graph, dataset.quads)


@pytest.fixture
def quality(engine: EmbeddedEngine) -> Quality:
    return Quality(engine, "https://example.org/")


def test_sources_of_one_origin_count_once_and_what_was_withdrawn_not_at_all(quality: Quality) -> None:
    assert quality.origins == {0: 1, 1: 2, 2: 1}
    assert (quality.facts, quality.corroborated) == (4, 1)


def test_the_last_check_counts(quality: Quality) -> None:
    assert quality.last_verdicts == {iri("b"): ("2026-03-01", MG.gone)}
    agency = next(s for s in quality.sources if s.iri == iri("agency"))
    assert (agency.checked, agency.coverage, dict(agency.verdicts)) == ("2026-03-01", Decimal("0.75"), {MG.gone: 1})


def test_a_source_that_was_never_checked_was_seen_when_it_was_read(quality: Quality) -> None:
    seen = {s.iri: s.seen for s in quality.sources}
    assert seen == {iri("agency"): "2026-03-01", iri("list"): "2026-01-05", iri("reprint"): None, iri("town"): None}


def test_links_lead_out_of_the_publication(quality: Quality) -> None:
    assert quality.links == {"elsewhere.example": 1}


def test_the_measures_are_shares_of_what_they_are_of(quality: Quality) -> None:
    found = {metric.value.partition("#")[2]: value.value for metric, value in quality.measures().items()}
    assert found == {
        "sourcedFacts": "0.75",
        "corroboratedFacts": "0.25",
        "singleSourceFacts": "2",
        "checkedClaims": "0.25",
        "standingClaims": "0",
        "oldestCheck": "2026-03-01",
        "disagreements": "1",
        "outgoingLinks": "1",
    }


def test_what_would_be_lost_with_a_source_can_be_listed(engine: EmbeddedEngine) -> None:
    lost = losses(engine)
    agency, records = lost[iri("agency")], lost[iri("list")]
    assert (agency.facts, agency.bare) == (2, 1)
    assert [row["p"] for row in engine.query(agency.query)] == [iri("q")]  # type: ignore[union-attr]
    assert (records.facts, records.bare) == (1, 1)
    assert iri("t") not in lost


def test_measurements_name_what_they_measure() -> None:
    dataset = iri("dataset")
    found = set(measurements(dataset, "https://example.org/quality", {MG.disagreements: Literal(2)}))
    node = next(t.object for t in found if t.predicate == DQV.hasQualityMeasurement)
    said = {t.predicate: t.object for t in found if t.subject == node}
    assert said[DQV.computedOn] == dataset and said[DQV.value] == Literal(2)


def test_every_metric_is_a_term_of_the_ontology(shipped_dataset: Dataset) -> None:
    engine = EmbeddedEngine.of(shipped_dataset.default_graph, shipped_dataset.quads)
    used = {*Quality(engine, shipped_dataset.publication.settings.base).measures(), MG.passageCoverage}
    declared = {q.subject for q in shipped_dataset.quads if q.object == DQV.Metric}
    assert used == declared


def test_nothing_is_measured_of_nothing(make_publication: PublicationMaker) -> None:
    dataset = read_dataset(Publication.open(make_publication({"data/a.ttl": "<urn:a> <urn:b> <urn:c> ."})))
    quality = Quality(EmbeddedEngine.of(dataset.default_graph, dataset.quads), "https://example.org/")
    assert quality.sources == ()
    assert set(quality.measures()) == {MG.singleSourceFacts, MG.disagreements, MG.outgoingLinks}
