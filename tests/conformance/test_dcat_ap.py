"""The catalogue against the shapes of DCAT-AP 3.0.1: generated from the specification, and the European validator's.

Nothing is added to the catalogue but what a validator brings itself: none of the data that it names is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyshacl import validate
from rdflib import RDF, SH, Graph, URIRef
from rdflib import Literal as RdfLiteral

from missiongraph.build import Build
from missiongraph.vocab import DCAT, DCTERMS, SPDX
from tests.conformance.manifest import suite

pytestmark = pytest.mark.conformance

GENERATED = ("shacl/dcat-ap-SHACL.ttl", "shacl/ranges.ttl")
PARTS = ("shapes", "range", "shapes_recommended", "mdr-vocabularies.shape", "deprecateduris")

#: What the shapes want and the specification, or the truth, does not allow: (shapes, focus ending, path, why).
CONTRADICTIONS = {
    ("mdr-vocabularies.shape", SPDX.algorithm.value): (
        "the shape wants algorithms under https://spdx.org/rdf/terms; the namespace that DCAT-AP names is http"
    ),
}
#: Warnings of the recommended shapes that stay, for what nothing states.
UNKNOWN = {
    ("shapes_recommended", DCTERMS.type.value): "the editors are of none of the kinds of publisher that ADMS lists",
    ("shapes_recommended", "http://www.w3.org/ns/dcat#bbox"): "no source that was taken over states Italy's extent",
    ("shapes_recommended", "http://www.w3.org/ns/dcat#centroid"): "nor its centre",
    ("mdr-vocabularies.shape", DCTERMS.publisher.value): "the editors are no corporate body of the EU's table",
}


def shapes(*names: str) -> Graph:
    """The shapes of several files, without references that lead nowhere: the suite's README asks for that."""
    graph = Graph()
    for name in names:
        graph.parse(suite("dcat-ap") / name)
    for subject, _, node in list(graph.triples((None, SH.property, None))):
        if (node, SH.path, None) not in graph:
            graph.remove((subject, SH.property, node))
    return graph


def results(catalogue: Graph, shape: Graph) -> Iterator[tuple[str, str, str]]:
    """Severity, path and focus of each result that is not a detail of another."""
    _, report, _ = validate(catalogue, shacl_graph=shape)
    assert isinstance(report, Graph)
    details = set(report.objects(None, SH.detail))
    for node in report.subjects(RDF.type, SH.ValidationResult):
        if node not in details:
            severity = str(report.value(node, SH.resultSeverity)).rpartition("#")[2]
            yield severity, str(report.value(node, SH.resultPath)), str(report.value(node, SH.focusNode))


@pytest.fixture(scope="module")
def catalogue(shipped_build: Build) -> Graph:
    return Graph().parse(shipped_build.folder / "metadata" / "catalog.nt")


def test_the_generated_shapes_find_nothing(catalogue: Graph) -> None:
    assert list(results(catalogue, shapes(*GENERATED))) == []


@pytest.mark.parametrize("name", PARTS)
def test_the_shapes_of_the_european_validator_find_nothing_that_could_be_avoided(catalogue: Graph, name: str) -> None:
    found = set(results(catalogue, shapes(f"shacl-parts/{name}.ttl")))
    violations = {(path, focus) for severity, path, focus in found if severity == "Violation"}
    warnings = {(path, focus) for severity, path, focus in found if severity != "Violation"}
    assert {item for item in violations if (name, item[0]) not in CONTRADICTIONS} == set()
    assert {item for item in warnings if (name, item[0]) not in UNKNOWN} == set()


def test_the_shapes_do_find_what_is_wrong(catalogue: Graph) -> None:
    node = next(catalogue.subjects(RDF.type, URIRef("http://www.w3.org/ns/dcat#Distribution")))
    broken = Graph() + catalogue
    broken.remove((node, URIRef("http://www.w3.org/ns/dcat#accessURL"), None))
    assert list(results(broken, shapes(*GENERATED)))


def test_others_lack_only_what_their_settings_lack(beer_build: Build) -> None:
    found = Graph().parse(beer_build.folder / "metadata" / "catalog.nt")
    violations = {path for severity, path, _ in results(found, shapes(*GENERATED)) if severity == "Violation"}
    assert violations <= {DCTERMS.publisher.value}


def test_released_versions_are_described_as_fully(released_build: Build) -> None:
    found = Graph().parse(released_build.folder / "metadata" / "catalog.nt")
    assert (None, URIRef(DCAT.version.value), RdfLiteral("0.9.0")) in found
    assert list(results(found, shapes(*GENERATED))) == []
