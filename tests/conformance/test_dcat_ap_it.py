"""The Italian catalogue against the rules of the former national validator: each row of a rule is a violation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import DCTERMS, OWL, RDF, XSD, Graph
from rdflib.query import ResultRow

from missiongraph.build import Build
from tests.conformance.manifest import SUITES, suite

pytestmark = pytest.mark.conformance

#: Prefixes that some rules use undeclared (the suite's README).
PREFIXES = {"owl": OWL, "rdf": RDF, "xsd": XSD}

#: Warnings that stay: number of the rule, why.
UNKNOWN = {
    41: "the contact has no address for mail, and DCAT-AP_IT knows no contact without one",
    203: "for the same reason there is no organisation to write to",
}

RULES = sorted((SUITES / "dcat-ap-it" / "rules").glob("*.rq")) if SUITES else []


def broken(catalogue: Graph) -> Iterator[tuple[str, int, str]]:
    """Severity, number and message of each row of each rule."""
    for rule in RULES:
        for row in catalogue.query(rule.read_text("utf-8"), initNs=PREFIXES):
            assert isinstance(row, ResultRow)
            yield str(row.Rule_Severity), int(str(row.Rule_ID)), str(row.Message)


def catalogue(build: Build) -> Graph:
    suite("dcat-ap-it")
    return Graph().parse(build.folder / "metadata" / "catalog-dcat-ap-it.nt")


def test_the_suite_is_whole() -> None:
    suite("dcat-ap-it")
    assert len(RULES) == 122


@pytest.mark.parametrize("build", ["shipped_build", "released_build"])
def test_no_rule_finds_an_error_and_each_warning_is_explained(build: str, request: pytest.FixtureRequest) -> None:
    found = set(broken(catalogue(request.getfixturevalue(build))))
    assert {item for item in found if item[0] == "error"} == set()
    assert {number for _, number, _ in found} == set(UNKNOWN)


def test_the_rules_do_find_what_is_wrong(shipped_build: Build) -> None:
    graph = catalogue(shipped_build)
    graph.remove((None, DCTERMS.modified, None))
    assert {31, 179} <= {number for _, number, _ in broken(graph)}
