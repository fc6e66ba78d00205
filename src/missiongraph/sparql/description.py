"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Engine, rows
from missiongraph.settings import Limits
from missiongraph.sparql.results import ANY_FORMATS
from missiongraph.vocab import FORMATS, RDF, RDFS, SD, VOID

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


def _in_words(limits: Limits, allowed: Collection[str]) -> str:
    """The limits of a query; no vocabulary has terms for them."""
    reached = f"SERVICE reaches {', '.join(allowed)}; updates are refused."
    return (
        f"A query may take {limits.seconds:g} s of processor time and {limits.total_seconds:g} s in all, "
        f"{limits.memory_megabytes} MB of memory, and give {limits.result_megabytes} MB of results. "
        + (f"A client may ask {limits.queries_per_minute} queries a minute. " if limits.queries_per_minute else "")
        + (reached if allowed else "SERVICE and updates are refused.")
    )


def service_description(
    engine: Engine,
    endpoint: str,
    dataset: NamedNode,
    limits: Limits | None = None,
    allowed: Collection[str] = (),
) -> Iterator[Triple]:
    """Statements about the service at *endpoint*, which serves *dataset* and reaches the *allowed* endpoints.

    The default graph is no union of all named graphs (claims that were not accepted are left out), so
    ``sd:UnionDefaultGraph`` is not stated.
    """
    service, default = NamedNode(endpoint), NamedNode(f"{endpoint}#default-graph")
    yield Triple(service, RDF.type, SD.Service)
    yield Triple(service, SD.endpoint, service)
    yield Triple(service, SD.supportedLanguage, SD.SPARQL11Query)
    if allowed:
        yield Triple(service, SD.feature, SD.BasicFederatedQuery)
    if limits is not None:
        yield Triple(service, RDFS.comment, Literal(_in_words(limits, allowed), language="en"))
    for form in ANY_FORMATS:
        yield Triple(service, SD.resultFormat, FORMATS[_FORMAT_NAMES.get(form.name, form.name)])
    yield Triple(service, SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, SD.defaultGraph, default)
    yield Triple(default, RDF.type, SD.Graph)
    counted = next(rows(engine, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"))["n"]
    yield Triple(default, VOID.triples, Literal(int(getattr(counted, "value", 0))))
    text = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    for number, row in enumerate(rows(engine, text), start=1):
        node, graph = NamedNode(f"{endpoint}#graph-{number}"), NamedNode(f"{endpoint}#content-{number}")
        if isinstance(row["g"], NamedNode):
            yield Triple(dataset, SD.namedGraph, node)
            yield Triple(node, RDF.type, SD.NamedGraph)
            yield Triple(node, SD.name, row["g"])
            yield Triple(node, SD.graph, graph)
            yield Triple(graph, RDF.type, SD.Graph)
            yield Triple(graph, VOID.triples, Literal(int(getattr(row["n"], "value", 0))))
