"""Our endpoint against the W3C SPARQL suites, over HTTP; ``report.py`` counts what these tests hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import URIRef

from tests.conformance.manifest import MF, parameters
from tests.conformance.sparql.cases import Case, cases
from tests.conformance.sparql.data import build
from tests.conformance.sparql.endpoint import Endpoint, ours
from tests.conformance.sparql.exceptions import EXCEPTIONS
from tests.conformance.sparql.run import run

pytestmark = pytest.mark.conformance

APPROVAL = URIRef("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#approval")


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with ours(build(cases(), tmp_path_factory.mktemp("suites"))) as endpoint:
        yield endpoint


@pytest.mark.parametrize("case", parameters([*cases()], EXCEPTIONS))
def test_w3c(case: Case, endpoint: Endpoint) -> None:
    run(case, endpoint)


def test_exceptions_are_of_the_suite_and_of_their_kind() -> None:
    listed = {case.name: case for case in cases()}
    for name, reason in EXCEPTIONS.items() if listed else ():
        case = listed[name]
        if reason.startswith("inapplicable:"):
            assert list(case.manifest.objects(case.iri, MF.requires)), name
        if reason.startswith("proposed:"):
            approval = case.manifest.value(case.iri, APPROVAL)
            assert approval is not None and not str(approval).endswith("#Approved"), name
