"""The service description says what the endpoint offers, with true counts (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.sparql.description import service_description
from missiongraph.vocab import RDF, SD, VOID

E = "http://e.example/"
ENDPOINT, DATASET = NamedNode(f"{E}sparql"), NamedNode(f"{E}dataset")
GRAPHS = [NamedNode(f"{E}g{number}") for number in range(2)]
MADE = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]
QUADS = [Quad(NamedNode(f"{E}s"), NamedNode(f"{E}p"), Literal(value), GRAPHS[graph]) for value, graph in MADE]
FOUND = set(service_description(EmbeddedEngine.of({q.triple for q in QUADS}, QUADS), ENDPOINT.value, DATASET))


def objects(subject: object, predicate: NamedNode) -> list[object]:
    return [t.object for t in FOUND if t.subject == subject and t.predicate == predicate]


def test_the_endpoint_is_a_service_for_queries() -> None:
    assert objects(ENDPOINT, RDF.type) == [SD.Service]
    assert objects(ENDPOINT, SD.endpoint) == [ENDPOINT]
    assert objects(ENDPOINT, SD.supportedLanguage) == [SD.SPARQL11Query]


def test_its_formats_are_names_of_the_w3c() -> None:
    space = "http://www.w3.org/ns/formats/"
    names = {str(getattr(o, "value", "")).removeprefix(space) for o in objects(ENDPOINT, SD.resultFormat)}
    results = {f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")}
    assert names == results | {"Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG", "N-Quads"}


def test_the_default_graph_is_counted_with_each_triple_once() -> None:
    assert objects(ENDPOINT, SD.defaultDataset) == [DATASET]
    (default,) = objects(DATASET, SD.defaultGraph)
    assert objects(default, VOID.triples) == [Literal(3)]


def test_each_named_graph_is_listed_with_its_size() -> None:
    listed = {
        objects(node, SD.name)[0]: objects(objects(node, SD.graph)[0], VOID.triples)[0]
        for node in objects(DATASET, SD.namedGraph)
    }
    assert listed == {GRAPHS[0]: Literal(3), GRAPHS[1]: Literal(2)}


def test_no_feature_is_claimed_that_is_not_there() -> None:
    assert objects(ENDPOINT, SD.feature) == []
