"""``validate --explain``: which shapes looked at a node, by which target, and what each found; or why none did."""

from __future__ import annotations

import pytest

from missiongraph.errors import MissiongraphError
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.reporting.why_targeted import explain
from missiongraph.validation.term_names import TermNames
from tests.conftest import PublicationMaker

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/v#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @base <https://example.org/> .
"""
SHAPES = """ex:ByClass a sh:NodeShape ; sh:targetClass ex:Drink ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .
ex:ByNode a sh:NodeShape ; sh:targetNode <id/ale> .
ex:BySubjects a sh:NodeShape ; sh:targetSubjectsOf ex:price .
ex:ByObjects a sh:NodeShape ; sh:targetObjectsOf ex:price .
ex:Off a sh:NodeShape ; sh:targetClass ex:Drink ; sh:deactivated true .
ex:Brewery a sh:NodeShape ; sh:targetClass ex:Maker ; sh:property [ sh:path ex:brews ; sh:node ex:Brewed ] .
ex:Brewed a sh:NodeShape ; sh:property [ sh:path ex:batch ; sh:minCount 1 ] .
"""
DATA = """ex:Beer rdfs:subClassOf ex:Drink .
<id/ale> a ex:Beer ; ex:price 3 .
<id/maker> a ex:Maker ; ex:brews <id/stout> .
<id/stout> a ex:Bottle .
<id/lonely> a ex:Bottle .
"""


@pytest.fixture
def explained(make_publication: PublicationMaker) -> TermNames:
    files = {"data/a.ttl": PREFIXES + DATA, "shapes/s.ttl": PREFIXES + SHAPES}
    return TermNames(read_dataset(Publication.open(make_publication(files))))


def told(names: TermNames, node: str) -> str:
    report = validate(names.dataset)
    return explain(report, TermNames.of(names.dataset, report.results), node)


def test_each_target_that_holds_the_node_is_told_with_what_was_found(explained: TermNames) -> None:
    text = told(explained, "id/ale")
    assert text.startswith("id/ale (of the class ex:Beer; data/a.ttl:4:1)")
    assert "ex:ByClass (shapes/s.ttl:3:1)" in text
    assert "looks at all of the class ex:Drink (sh:targetClass), of which ex:Beer is a subclass" in text
    assert "id/ale has no value of ex:name, at least 1 is needed" in text
    assert "looks at it by name (sh:targetNode)" in text
    assert "looks at all that has ex:price (sh:targetSubjectsOf)" in text
    assert "is switched off (sh:deactivated)" in text
    assert text.count("found nothing to say") == 2  # ByNode and BySubjects; what is switched off says nothing
    assert "ByObjects" not in text


def test_a_shape_that_another_one_led_there_is_told(explained: TermNames) -> None:
    text = told(explained, "https://example.org/id/stout")
    assert "shapes/s.ttl:9:40" in text and "looked at it through" in text and "for id/maker" in text
    assert "as a value of ex:brews (sh:node)" in text
    assert "no shape looked at it" not in text


def test_what_no_shape_looks_at_is_told_with_the_reason(explained: TermNames) -> None:
    text = told(explained, "id/lonely")
    assert "no shape looked at it" in text
    assert "shapes look at the classes ex:Drink, ex:Maker; its own: ex:Bottle" in text


def test_a_node_may_be_given_as_iri_prefixed_name_or_path(explained: TermNames) -> None:
    texts = {told(explained, node) for node in ("https://example.org/v#Beer", "ex:Beer", "v#Beer", "/v#Beer")}
    assert len(texts) == 1


def test_a_node_that_the_data_does_not_know_is_refused(explained: TermNames) -> None:
    with pytest.raises(MissiongraphError, match="does not name id/nix"):
        told(explained, "id/nix")


def test_without_shapes_that_is_the_reason(make_publication: PublicationMaker) -> None:
    names = TermNames(read_dataset(Publication.open(make_publication({"data/a.ttl": PREFIXES + DATA}))))
    assert "shapes/ is empty" in told(names, "id/ale")
