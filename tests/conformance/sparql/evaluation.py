"""Tests of evaluation and of syntax, run over HTTP."""

from __future__ import annotations

import re

from tests.conformance.manifest import MF
from tests.conformance.sparql.answers import CSV, RESULTS, expected, read
from tests.conformance.sparql.cases import NEGATIVE, Case
from tests.conformance.sparql.comparison import Likeness, compare
from tests.conformance.sparql.data import EMPTY, dataset_clause
from tests.conformance.sparql.endpoint import Endpoint, media_type

_UNKNOWN_FUNCTION = re.compile(r"function <[^>]+> is not supported")


def evaluate(case: Case, endpoint: Endpoint) -> Likeness:
    """Run a test of evaluation: the answer in the format of the expected file, when that is one."""
    wanted, accept = expected(case.file(MF.result))
    response = endpoint.ask(_text(case), accept, *_dataset(case))
    assert response.status_code == 200, f"{response.status_code}: {response.text}"
    assert media_type(response) == accept, f"asked for {accept}, got {response.headers.get('content-type')}"
    if accept == CSV:
        assert b"\n" not in response.content.replace(b"\r\n", b""), "lines of CSV end in CRLF (RFC 4180)"
    actual = read(response.content, accept)
    lax = case.has(MF.resultCardinality, MF.LaxCardinality)
    likeness = compare(actual, wanted, lax=lax, typed=accept != CSV)
    assert likeness is not Likeness.NONE, f"\nexpected: {wanted}\nanswered: {actual}"
    return likeness


def check_syntax(case: Case, endpoint: Endpoint) -> Likeness:
    """Run a test of syntax: a query is answered over no data, what is none is refused with 400.

    A query that calls an extension function need only be parsed, as the suite says; so it was where the refusal
    complains of the function and not of the syntax.
    """
    accept = ", ".join((*RESULTS, "text/turtle"))
    response = endpoint.ask(_text(case), accept, (EMPTY,))
    wanted = 400 if case.kind in NEGATIVE else 200
    parsed = wanted == 200 and _UNKNOWN_FUNCTION.search(response.text)
    assert parsed or response.status_code == wanted, f"{response.status_code}: {response.text}"
    return Likeness.TERM


def _text(case: Case) -> str:
    """The query, with its file as base: the protocol has no way to state one."""
    return f"BASE <{case.query_file.as_uri()}> {case.query_file.read_text('utf-8')}"


def _dataset(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Default and named graphs for the protocol; none where the query names its dataset itself."""
    if any(dataset_clause(case.query_file)):
        return (), ()
    default, named = case.default_graphs, case.named_graphs
    return (default, named) if default or named else ((EMPTY,), ())
