"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Engine, rows
from missiongraph.publication.settings import Limits
from missiongraph.sparql.results import ANY_FORMATS
from missiongraph.sparql.supported_functions import functions_of
from missiongraph.vocab import FORMATS, RDF, RDFS, SD, VOID

#: Bytes of the description in N-Triples, the longest of its formats, up to which it lists named graphs.
_LISTED_BYTES = 36_000

#: How many graphs are counted; the description has room for fewer.
_LISTED_GRAPHS = 100

_FORMAT_NAMES = {
    "JSON": "SPARQL_Results_JSON",
    "XML": "SPARQL_Results_XML",
    "CSV": "SPARQL_Results_CSV",
    "TSV": "SPARQL_Results_TSV",
    "JSON-LD": "JSON-LD",
    "N-Triples": "N-Triples",
    "N-Quads": "N-Quads",
    "RDF/XML": "RDF_XML",
}


@dataclass(frozen=True)
class Measured:
    """Figures of an engine for the description.

    :ivar triples: how many the default graph has
    :ivar graphs: the first named graphs with their sizes
    :ivar graph_count: how many named graphs there are
    :ivar functions: the functions beside those of SPARQL
    """

    triples: int
    graphs: tuple[tuple[NamedNode, int], ...]
    graph_count: int
    functions: tuple[NamedNode, ...]

    @classmethod
    def of(cls, engine: Engine) -> Measured:
        """Measure *engine*."""
        found = rows(engine, f"SELECT ?g WHERE {{ GRAPH ?g {{}} }} ORDER BY ?g LIMIT {_LISTED_GRAPHS}")
        names = [row["g"] for row in found if isinstance(row["g"], NamedNode)]
        graphs = tuple((name, _count(engine, f"GRAPH {name} {{ ?s ?p ?o }}")) for name in names)
        return cls(_count(engine, "?s ?p ?o"), graphs, _count(engine, "GRAPH ?g {}"), tuple(functions_of(engine)))


def _count(engine: Engine, pattern: str) -> int:
    return int(getattr(next(rows(engine, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"))["n"], "value", 0))


def service_description(
    measured: Measured,
    endpoint: str,
    dataset: NamedNode,
    limits: Limits | None = None,
    allowed: Collection[str] = (),
    more: Iterable[str] = (),
) -> list[Triple]:
    """The description of the service at *endpoint*, which serves *dataset*.

    It lists the first named graphs. If there are more, a link leads to the query that describes them all.

    :param limits: limits of a query, which are described in words
    :param allowed: endpoints that ``SERVICE`` may reach
    :param more: documents that say more about the dataset
    """
    service = NamedNode(endpoint)
    head = [*_service(service, measured, limits, allowed), *_dataset(service, dataset, measured)]
    head += [Triple(dataset, RDFS.seeAlso, NamedNode(document)) for document in more]
    head.append(Triple(dataset, RDFS.seeAlso, NamedNode(_all_graphs(endpoint, dataset))))
    listed, size = 0, _size(head)
    for number, (name, triples) in enumerate(measured.graphs, start=1):
        graph = list(_graph(service, dataset, number, name, triples))
        size += _size(graph)
        if size > _LISTED_BYTES:
            break
        head += graph
        listed = number
    if listed < measured.graph_count:
        rest = f"{listed} of {measured.graph_count} named graphs are listed here; rdfs:seeAlso leads to all of them."
        head.append(Triple(dataset, RDFS.comment, Literal(rest, language="en")))
    return head


def _size(triples: Iterable[Triple]) -> int:
    return sum(len(str(triple).encode()) + 3 for triple in triples)


def _service(
    service: NamedNode, measured: Measured, limits: Limits | None, allowed: Collection[str]
) -> Iterator[Triple]:
    yield Triple(service, RDF.type, SD.Service)
    yield Triple(service, SD.endpoint, service)
    yield Triple(service, SD.supportedLanguage, SD.SPARQL11Query)
    if allowed:
        yield Triple(service, SD.feature, SD.BasicFederatedQuery)
    if limits is not None:
        yield Triple(service, RDFS.comment, Literal(_in_words(limits, allowed), language="en"))
    for form in ANY_FORMATS:
        yield Triple(service, SD.resultFormat, FORMATS[_FORMAT_NAMES.get(form.name, form.name)])
    for function in measured.functions:
        yield Triple(service, SD.extensionFunction, function)


def _in_words(limits: Limits, allowed: Collection[str]) -> str:
    """The limits of a query as a sentence; no vocabulary has terms for them."""
    reached = f"SERVICE reaches {', '.join(allowed)}; updates are refused."
    return (
        f"A query may take {limits.seconds:g} s of processor time and {limits.total_seconds:g} s in all, "
        f"{limits.memory_megabytes} MB of memory, and give {limits.result_megabytes} MB of results. "
        + (
            f"A network may use {network:g} s of it a minute. "
            if (network := limits.processor_seconds_per_minute)
            else ""
        )
        + (reached if allowed else "SERVICE and updates are refused.")
    )


def _dataset(service: NamedNode, dataset: NamedNode, measured: Measured) -> Iterator[Triple]:
    """The statements about the dataset and its default graph.

    ``sd:UnionDefaultGraph`` is not stated, because the default graph leaves out claims that were not accepted.
    """
    default = NamedNode(f"{service.value}#default-graph")
    yield Triple(service, SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, SD.defaultGraph, default)
    yield Triple(default, RDF.type, SD.Graph)
    yield Triple(default, VOID.triples, Literal(measured.triples))


def _graph(service: NamedNode, dataset: NamedNode, number: int, name: NamedNode, triples: int) -> Iterator[Triple]:
    node, graph = (NamedNode(f"{service.value}#{part}-{number}") for part in ("graph", "content"))
    yield Triple(dataset, SD.namedGraph, node)
    yield Triple(node, RDF.type, SD.NamedGraph)
    yield Triple(node, SD.name, name)
    yield Triple(node, SD.graph, graph)
    yield Triple(graph, RDF.type, SD.Graph)
    yield Triple(graph, VOID.triples, Literal(triples))


def _all_graphs(endpoint: str, dataset: NamedNode) -> str:
    """The address of the query that describes all named graphs as :func:`service_description` would."""
    text = (
        f"CONSTRUCT {{ {dataset} {SD.namedGraph} [ a {SD.NamedGraph} ; {SD.name} ?g ; "
        f"{SD.graph} [ a {SD.Graph} ; {VOID.triples} ?n ] ] }} "
        "WHERE { { SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g } }"
    )
    return f"{endpoint}?{urlencode({'query': text})}"
