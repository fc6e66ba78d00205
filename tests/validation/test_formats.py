"""A report as text, as a SHACL report, as JSON and as JUnit XML."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib import RDF, SH

from missiongraph.errors import Place
from missiongraph.validation.formats import FORMATS, as_json, as_junit, as_text, as_turtle, shorten
from missiongraph.validation.report import Report, Result
from missiongraph.vocab import DCTERMS
from missiongraph.vocab import SH as SHACL

PREFIXES = {"ex": "https://example.org/"}
BAD = Result(
    "violation",
    (("en", "Too <dear> & dark."), ("it", "Troppo cara.")),
    "https://example.org/Shape-price",
    NamedNode("https://example.org/ale"),
    "<https://example.org/price>",
    Literal("x"),
    SHACL.DatatypeConstraintComponent.value,
    Place("data/a.ttl", 3, 4),
    NamedNode("https://example.org/g"),
)
DOUBTFUL = Result("warning", (("", "Odd."),), "queries/rules/odd.rq", None)
REPORT = Report((BAD, DOUBTFUL))
NOTHING = Report(())


def test_only_violations_make_a_report_not_conform() -> None:
    assert not REPORT.conforms
    assert Report((DOUBTFUL,)).conforms and NOTHING.conforms


def test_text_is_a_block_for_each_result_and_a_line_that_counts() -> None:
    assert as_text(REPORT, PREFIXES).splitlines() == [
        "violation: Too <dear> & dark.",
        "  file   data/a.ttl:3:4",
        "  focus  ex:ale",
        "  path   ex:price",
        '  value  "x"',
        "  graph  ex:g",
        "  says   ex:Shape-price",
        "warning: Odd.",
        "  says   queries/rules/odd.rq",
        "does not conform: 1 violation, 1 warning, 0 infos",
    ]


def test_json_has_every_part_with_terms_in_n_triples() -> None:
    document = json.loads(as_json(REPORT, PREFIXES))
    assert document["conforms"] is False
    assert document["results"][0] == {
        "severity": "violation",
        "messages": {"en": "Too <dear> & dark.", "it": "Troppo cara."},
        "source": "https://example.org/Shape-price",
        "component": SHACL.DatatypeConstraintComponent.value,
        "focus": "<https://example.org/ale>",
        "path": "<https://example.org/price>",
        "value": '"x"',
        "graph": "<https://example.org/g>",
        "file": "data/a.ttl",
        "line": 3,
        "column": 4,
    }
    assert json.loads(as_json(NOTHING, {})) == {"conforms": True, "results": []}


def test_turtle_is_a_shacl_report() -> None:
    graph = rdflib.Graph().parse(data=as_turtle(REPORT, PREFIXES), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == rdflib.Literal(False)
    results = set(graph.objects(report, SH.result))
    assert len(results) == 2
    (shape_result,) = graph.subjects(SH.resultSeverity, SH.Violation)
    ex = rdflib.Namespace("https://example.org/")
    assert graph.value(shape_result, SH.focusNode) == ex.ale
    assert graph.value(shape_result, SH.resultPath) == ex.price
    assert graph.value(shape_result, SH.value) == rdflib.Literal("x")
    assert graph.value(shape_result, SH.sourceShape) == ex["Shape-price"]
    assert graph.value(shape_result, SH.sourceConstraintComponent) == SH.DatatypeConstraintComponent
    assert {str(text) for text in graph.objects(shape_result, SH.resultMessage)} == {
        "Too <dear> & dark.",
        "Troppo cara.",
    }
    (rule_result,) = graph.subjects(SH.resultSeverity, SH.Warning)
    assert graph.value(rule_result, rdflib.URIRef(DCTERMS.source.value)) == rdflib.Literal("queries/rules/odd.rq")


def test_junit_fails_for_each_violation_and_passes_for_the_rest() -> None:
    suite = ElementTree.fromstring(as_junit(REPORT, PREFIXES))
    assert (suite.tag, suite.get("tests"), suite.get("failures")) == ("testsuite", "2", "1")
    failed, passed = suite.findall("testcase")
    failure = failed.find("failure")
    assert failure is not None and failure.get("message") == "Too <dear> & dark."
    assert "data/a.ttl:3:4" in (failure.text or "")
    assert passed.find("failure") is None and passed.findtext("system-out") == "warning: Odd."


def test_junit_is_xml_whatever_a_value_holds() -> None:
    odd = replace(BAD, messages=(("en", "Not \x01\ufffe."),), value=Literal("a\x00b"))
    suite = ElementTree.fromstring(as_junit(Report((odd,)), PREFIXES))
    failure = suite.find("testcase/failure")
    assert failure is not None and failure.get("message") == "Not \\u0001\\uFFFE."


def test_junit_of_nothing_is_one_passed_case() -> None:
    suite = ElementTree.fromstring(as_junit(NOTHING, {}))
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


def test_every_format_ends_with_a_line_break() -> None:
    assert all(render(report, PREFIXES).endswith("\n") for render in FORMATS.values() for report in (REPORT, NOTHING))


def test_an_iri_is_shortened_only_to_a_name_that_can_be_read() -> None:
    assert shorten(NamedNode("https://example.org/a-b_c"), PREFIXES) == "ex:a-b_c"
    assert shorten(NamedNode("https://example.org/a/b"), PREFIXES) == "https://example.org/a/b"
    assert shorten(None, PREFIXES) == ""
