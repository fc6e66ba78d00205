"""A request of the SPARQL 1.1 Protocol is read in its three forms, and refused for what it says wrongly."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from missiongraph.engine.protocol import QueryDataset
from missiongraph.sparql.request import DIRECT, FORM, ProtocolError, SparqlRequest, read_request

ASK = "ASK { }"
GRAPHS = {"default-graph-uri": ["http://e.example/1", "http://e.example/2"], "named-graph-uri": ["http://e.example/3"]}
DATASET = QueryDataset(
    (NamedNode("http://e.example/1"), NamedNode("http://e.example/2")), (NamedNode("http://e.example/3"),)
)

QUERIES = st.text(st.characters(exclude_categories=["Cs"]))


def get(**parameters: object) -> SparqlRequest:
    return read_request("GET", urlencode(parameters, doseq=True).encode(), "", "", b"")


def post(content: str | bytes, media_type: str, charset: str = "", query_string: str = "") -> SparqlRequest:
    return read_request(
        "POST", query_string.encode(), media_type, charset, content.encode() if isinstance(content, str) else content
    )


@given(QUERIES)
def test_the_three_forms_carry_the_same_query(query: str) -> None:
    in_address = read_request("GET", urlencode({"query": query}).encode(), "", "", b"")
    in_form = post(urlencode({"query": query}), FORM)
    as_body = post(query, DIRECT)
    assert in_address == in_form == as_body == SparqlRequest(query)


def test_graphs_are_named_in_any_of_them() -> None:
    asked = SparqlRequest(ASK, DATASET)
    assert get(query=ASK, **GRAPHS) == asked
    assert post(urlencode({"query": ASK, **GRAPHS}, doseq=True), FORM) == asked
    assert post(ASK, DIRECT, query_string=urlencode(GRAPHS, doseq=True)) == asked


def test_without_a_query_a_get_asks_for_the_service_itself() -> None:
    assert get().query is None


@pytest.mark.parametrize("name", ["format", "output"])
def test_a_format_may_be_asked_for_by_either_name(name: str) -> None:
    assert get(query=ASK, **{name: "csv"}).format == "csv"


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (400, {"query": [ASK, ASK]}),
        (400, {"query": ASK, "update": "CLEAR ALL"}),
        (400, {"query": ASK, "default-graph-uri": "no-iri"}),
        (400, {"query": ASK, "named-graph-uri": ""}),
        (400, {"query": ASK, "format": ["csv", "json"]}),
        (400, {f"p{number}": "" for number in range(2500)}),
    ],
)
def test_parameters_that_cannot_be_are_refused(status: int, what: dict[str, object]) -> None:
    with pytest.raises(ProtocolError) as in_address:
        get(**what)
    with pytest.raises(ProtocolError) as in_form:
        post(urlencode(what, doseq=True), FORM)
    assert in_address.value.status == in_form.value.status == status


@pytest.mark.parametrize(
    ("status", "content", "media_type", "charset", "query_string"),
    [
        (400, ASK, DIRECT, "", "query=ASK%7B%7D"),
        (400, b"ASK { ?s ?p '\xff' }", DIRECT, "", ""),
        (400, b"query=%ff", FORM, "", ""),
        (400, "", FORM, "", ""),
        (400, "CLEAR ALL", DIRECT, "", "update=1"),
        (413, b"#" * 4_000_001, DIRECT, "", ""),
        (415, ASK, DIRECT, "utf-16", ""),
        (415, ASK, "text/plain", "", ""),
        (415, ASK, "", "", ""),
        (415, "CLEAR ALL", "application/sparql-update", "", ""),
    ],
)
def test_bodies_that_cannot_be_are_refused(
    status: int, content: str | bytes, media_type: str, charset: str, query_string: str
) -> None:
    with pytest.raises(ProtocolError) as refused:
        post(content, media_type, charset, query_string)
    assert refused.value.status == status
    assert str(refused.value)


@given(st.binary(max_size=200), st.sampled_from([FORM, DIRECT, "", "x"]), st.binary(max_size=50))
def test_anything_is_read_or_refused(content: bytes, media_type: str, query_string: bytes) -> None:
    try:
        read_request("POST", query_string, media_type, "", content)
    except ProtocolError as error:
        assert 400 <= error.status < 500
