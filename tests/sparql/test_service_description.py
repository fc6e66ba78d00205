"""The service description says what the endpoint offers, with true counts (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Triple
from rdflib import Graph

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.engine.protocol import Term, rows
from missiongraph.rdf.formats import JSON_LD, TRIPLE_FORMATS
from missiongraph.sparql.results import GRAPH_FORMATS, write_graph
from missiongraph.sparql.service_description import Measured, service_description
from missiongraph.sparql.supported_functions import CALLS
from missiongraph.vocab import GEOF, PREFIXES, RDF, RDFS, SD, VOID

E = "http://e.example/"
ENDPOINT, DATASET = NamedNode(f"{E}sparql"), NamedNode(f"{E}dataset")
GRAPHS = [NamedNode(f"{E}g{number}") for number in range(2)]
MADE = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]
QUADS = [Quad(NamedNode(f"{E}s"), NamedNode(f"{E}p"), Literal(value), GRAPHS[graph]) for value, graph in MADE]
ENGINE = EmbeddedEngine.of({q.triple for q in QUADS}, QUADS)
FOUND = set(service_description(Measured.of(ENGINE), ENDPOINT.value, DATASET))


def objects(subject: object, predicate: NamedNode, found: Iterable[Triple] = ()) -> list[object]:
    return [t.object for t in found or FOUND if t.subject == subject and t.predicate == predicate]


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
    assert listed(FOUND) == {GRAPHS[0]: Literal(3), GRAPHS[1]: Literal(2)}


def test_no_feature_is_claimed_that_is_not_there() -> None:
    assert objects(ENDPOINT, SD.feature) == []


def test_every_function_that_is_named_answers_and_no_other_does() -> None:
    named = objects(ENDPOINT, SD.extensionFunction)
    assert {GEOF.distance, GEOF.sfWithin, GEOF.area, GEOF.asGeoJSON} <= set(named)
    assert len(named) == len(set(named))
    for function, arguments in CALLS.items():
        text = f"SELECT ?x WHERE {{ BIND({function}({arguments}) AS ?x) }}"
        if function in named:
            assert next(rows(ENGINE, text))["x"] is not None
        else:
            with pytest.raises(RuntimeError, match="not supported"):
                list(rows(ENGINE, text))


def listed(found: Iterable[Triple]) -> dict[object, object]:
    """Named graphs with their sizes, as a description lists them."""
    one: dict[tuple[object, NamedNode], Term] = {(t.subject, t.predicate): t.object for t in found}
    nodes = [t.object for t in found if (t.subject, t.predicate) == (DATASET, SD.namedGraph)]
    return {one[node, SD.name]: one[one[node, SD.graph], VOID.triples] for node in nodes}


def of_graphs(count: int, name: str) -> tuple[EmbeddedEngine, list[Triple]]:
    quads = [Quad(ENDPOINT, RDF.type, Literal(n), NamedNode(f"{E}{name}{n}")) for n in range(count)]
    engine = EmbeddedEngine.of({q.triple for q in quads}, quads)
    return engine, service_description(Measured.of(engine), ENDPOINT.value, DATASET, more=[f"{E}catalog"])


@pytest.mark.parametrize(
    ("count", "name", "least"),
    [(0, "g", 0), (25, "g", 25), (60, "g", 25), (101, "g", 25), (2000, "g", 25), (20, "long/" * 400, 1)],
)
def test_it_weighs_at_most_40_kilobytes_in_every_format(count: int, name: str, least: int) -> None:
    _, triples = of_graphs(count, name)
    prefixes = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
    for form in GRAPH_FORMATS:
        assert len(write_graph(triples, form, prefixes)) <= 40_000, form.name
    found = len(listed(triples))
    assert least <= found <= count
    says = [one.value for one in objects(DATASET, RDFS.comment, triples) if isinstance(one, Literal)]
    assert [text.partition(" named")[0] for text in says] == ([f"{found} of {count}"] if found < count else [])


def test_what_is_not_listed_is_linked() -> None:
    engine, triples = of_graphs(2000, "g")
    more = [getattr(one, "value", "") for one in objects(DATASET, RDFS.seeAlso, triples)]
    assert f"{E}catalog" in more
    (query,) = [parse_qs(urlsplit(one).query)["query"][0] for one in more if one.startswith(f"{E}sparql?")]
    answer = engine.query(query)
    assert isinstance(answer, QueryTriples)
    graphs = listed(list(answer))
    assert len(graphs) == 2000
    assert set(graphs.values()) == {Literal(1)}


def test_another_reader_finds_the_same_in_it() -> None:
    _, triples = of_graphs(2, "g")
    for form in TRIPLE_FORMATS:
        if form != JSON_LD:  # RDFLib's reader of it is tried elsewhere
            assert len(Graph().parse(data=write_graph(triples, form, {}), format=form.media_type)) == len(triples)
