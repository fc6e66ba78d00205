"""Tests of the protocol: requests and what is expected of their responses, as ``ht:`` terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
from rdflib import Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.conformance.manifest import MF
from tests.conformance.sparql.answers import CSV, GRAPHS, RESULTS, read
from tests.conformance.sparql.cases import Case
from tests.conformance.sparql.endpoint import Endpoint, media_type

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")

_XML_AND_JSON = ("application/sparql-results+xml", "application/sparql-results+json")
_FORMATS = {"boolean": _XML_AND_JSON, "tabular": (*RESULTS, CSV), "RDF": tuple(GRAPHS)}


def check_protocol(case: Case, endpoint: Endpoint) -> None:
    """Send the requests of a test, each with the answer that the suite expects."""
    for request in _requests(case):
        response = _send(request, endpoint)
        statuses = {str(status)[-3:-2] for status in request.expected(MF.expectedStatus)}
        assert str(response.status_code)[0] in statuses, f"{response.status_code}: {response.text}"
        for form in request.expected(MF.expectedFormat):
            assert media_type(response) in _FORMATS[str(form)], response.headers.get("content-type")
            if media_type(response) != CSV:
                read(response.content, media_type(response))
        for truth in request.expected(MF.expectedBoolean):
            assert read(response.content, media_type(response)) is (str(truth) == "true"), response.text


def check_refusal(case: Case, endpoint: Endpoint) -> None:
    """Send the update of a test: it is refused with 4xx and words that say why, whatever the suite expects."""
    response = _send(next(_requests(case)), endpoint)
    assert response.is_client_error and response.status_code != 404, f"{response.status_code}: {response.text}"
    assert response.text.strip(), "the refusal says nothing"


@dataclass(frozen=True)
class _Request:
    case: Case
    node: Node

    def text(self, *path: URIRef) -> str | None:
        node: Node | None = self.node
        for predicate in path:
            node = self.case.manifest.value(node, predicate) if node is not None else None
        return None if node is None else str(node)

    def expected(self, predicate: URIRef) -> list[Node]:
        response = self.case.manifest.value(self.node, HT.resp)
        return list(self.case.manifest.objects(response, predicate))

    @property
    def headers(self) -> dict[str, str]:
        graph = self.case.manifest
        head = graph.value(self.node, HT.headers)
        return {
            str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
            for header in (Collection(graph, head) if head is not None else ())
        }

    @property
    def body(self) -> bytes | None:
        characters = self.text(HT.body, CNT.chars)
        encoding = self.text(HT.body, CNT.characterEncoding) or "UTF-8"
        return None if characters is None else characters.encode(encoding)


def _requests(case: Case) -> Iterator[_Request]:
    for node in Collection(case.manifest, case.value(MF.action, HT.requests)):
        yield _Request(case, node)


def _send(request: _Request, endpoint: Endpoint) -> httpx.Response:
    target = (request.text(HT.absolutePath) or "").removeprefix("/sparql/")
    method = request.text(HT.methodName) or "GET"
    return endpoint.client.request(method, f"{endpoint.path}{target}", content=request.body, headers=request.headers)
