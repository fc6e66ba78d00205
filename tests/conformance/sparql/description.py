"""Tests of the service description."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.conformance.manifest import SUITES
from tests.conformance.sparql.answers import GRAPHS
from tests.conformance.sparql.cases import Case
from tests.conformance.sparql.endpoint import Endpoint, media_type

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")


def check_description(case: Case, endpoint: Endpoint) -> None:
    """Run a test of the service description."""
    _CHECKS[case.name.rpartition("/")[2]](_description(endpoint), endpoint)


def _description(endpoint: Endpoint) -> Graph:
    response = endpoint.client.get(endpoint.path, headers={"Accept": ", ".join(GRAPHS)})
    assert response.status_code == 200, f"{response.status_code}: {response.text}"
    assert media_type(response) in GRAPHS, response.headers.get("content-type")
    return Graph().parse(data=response.content, format=media_type(response), publicID=endpoint.address)


def _returns_rdf(description: Graph, endpoint: Endpoint) -> None:
    assert len(description)


def _has_endpoint_triple(description: Graph, endpoint: Endpoint) -> None:
    assert (None, SD.endpoint, URIRef(endpoint.address)) in description


def _conforms_to_schema(description: Graph, endpoint: Endpoint) -> None:
    """Every term is declared, and subjects and objects are what the vocabulary says of them, where they say what.

    A subject must say that it is of the property's domain; an object must not be a literal where a class is due, and
    must be of the range where the description types it at all.
    """
    (service,) = description.subjects(RDF.type, SD.Service)
    assert description.value(service, SD.endpoint) is not None
    for subject, predicate, value in description:
        for term in (predicate, value):
            if str(term).startswith(str(SD)):
                assert (term, RDF.type, None) in _schema(), f"{term} is not declared"
        if not str(predicate).startswith(str(SD)):
            continue
        for domain in _schema().objects(predicate, RDFS.domain):
            assert _is_a(description, subject, domain), f"{subject} has {predicate} and is no {domain}"
        for target in _schema().objects(predicate, RDFS.range):
            assert not isinstance(value, Literal), f"{predicate} has the literal {value}"
            typed = (value, RDF.type, None) in description
            assert not typed or _is_a(description, value, target), f"{value} is {predicate} and no {target}"


def _is_a(description: Graph, node: Node, wanted: Node) -> bool:
    kinds = description.objects(node, RDF.type)
    return any(wanted in set(_schema().transitive_objects(kind, RDFS.subClassOf)) for kind in kinds)


@cache
def _schema() -> Graph:
    assert SUITES is not None
    return Graph().parse(Path(SUITES) / "vocabularies" / "sd.ttl", format="turtle")


_CHECKS: dict[str, Callable[[Graph, Endpoint], None]] = {
    "returns-rdf": _returns_rdf,
    "has-endpoint-triple": _has_endpoint_triple,
    "conforms-to-schema": _conforms_to_schema,
}
