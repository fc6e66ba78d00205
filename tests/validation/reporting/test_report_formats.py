"""A report as text, as a SHACL report, as JSON, as JUnit XML and as SARIF."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import rdflib
import rdflib.collection
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from pyoxigraph import Literal, NamedNode
from rdflib import RDF, SH

from missiongraph.errors import Place
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.checks.portal_metadata import check_portal
from missiongraph.validation.report import Report, Result
from missiongraph.validation.reporting.plain_text import FIRST, ReportOptions
from missiongraph.validation.reporting.report_formats import FORMATS
from missiongraph.validation.term_names import TermNames, short_iri
from missiongraph.vocab import DCTERMS
from missiongraph.vocab import SH as SHACL
from tests.conftest import PublicationMaker

PREFIX = "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
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
    shape_place=Place("shapes/s.ttl", 2, 1),
    parameters=((SHACL.datatype.value, NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),),
)
DOUBTFUL = Result("warning", (("", "Odd."),), "queries/rules/odd.rq", None)
INNER = replace(BAD, messages=(), source="shapes/s.ttl:2:9", shape_place=Place("shapes/s.ttl", 2, 9), graph=None)
NESTED = replace(BAD, path="<https://example.org/a>/^<https://example.org/b>", details=(INNER,), graph=None)
REPORT = Report((BAD, DOUBTFUL))
NOTHING = Report(())
SAYS = "ex:ale, ex:price: “x” is of the datatype xsd:string, asked for is a decimal number (xsd:decimal)"


@pytest.fixture
def names(make_publication: PublicationMaker) -> TermNames:
    files = {"data/a.ttl": PREFIX, "shapes/s.ttl": PREFIX + "ex:Shape-price a sh:PropertyShape ; sh:path ex:price ."}
    return TermNames(read_dataset(Publication.open(make_publication(files))))


def told(form: str, report: Report, names: TermNames, options: ReportOptions | None = None) -> str:
    return FORMATS[form](report, names, options or ReportOptions())


def test_only_violations_make_a_report_not_conform() -> None:
    assert not REPORT.conforms
    assert Report((DOUBTFUL,)).conforms and NOTHING.conforms


def test_text_begins_each_result_with_its_place_and_words(names: TermNames) -> None:
    assert told("text", REPORT, names).splitlines() == [
        "data/a.ttl:3:4: violation: Too <dear> & dark.",
        f"  {SAYS}",
        "  in the graph ex:g",
        "  says ex:Shape-price",
        "warning: Odd.",
        "  says queries/rules/odd.rq",
        "does not conform: 1 violation, 1 warning, 0 infos",
    ]


def test_text_shows_what_decided_inside(names: TermNames) -> None:
    lines = told("text", Report((NESTED,)), names).splitlines()
    assert lines[2] == f"  – {SAYS} (data/a.ttl:3:4)"
    assert lines[3] == "  says ex:Shape-price"


def test_a_shape_that_leads_back_to_itself_is_named_once(names: TermNames) -> None:
    circle = replace(INNER, details=(INNER,))
    text = told("text", Report((replace(BAD, details=(circle,)),)), names)
    assert text.count("and so on: shape at shapes/s.ttl:2, on ex:price refers to itself") == 1


def test_many_results_of_one_shape_are_folded_unless_all_are_asked_for(names: TermNames) -> None:
    many = Report(tuple(replace(BAD, value=Literal(str(number))) for number in range(514)))
    text = told("text", many, names)
    assert text.count("violation: ") == FIRST
    assert f"and {514 - FIRST} more; missiongraph validate --all shows each" in text
    assert told("text", many, names, ReportOptions(every=True)).count("violation: ") == 514
    assert "514 violations" in text
    assert len(json.loads(told("json", many, names))["results"]) == 514


def test_settings_that_portals_would_like_are_one_line_unless_explained(names: TermNames) -> None:
    portal = Report(tuple(check_portal(names.dataset)))
    lines = told("text", portal, names).splitlines()
    assert len(lines) == 2 and "11 settings" in lines[0] and "licence" in lines[0] and "--portal" in lines[0]
    explained = told("text", portal, names, ReportOptions(portal=True))
    assert explained.count("missiongraph.toml: info: ") == 11


def test_colours_and_a_summary_are_for_terminals(names: TermNames) -> None:
    assert "\x1b[" not in told("text", REPORT, names)
    shown = told("text", REPORT, names, ReportOptions(terminal=True))
    assert "\x1b[" in shown and "By shape" in shown and "ex:Shape-price (Datatype)" in shown


def test_json_has_every_part_with_terms_in_n_triples(names: TermNames) -> None:
    document = json.loads(told("json", REPORT, names))
    assert document["conforms"] is False
    italian = "ex:ale, ex:price: «x» è del tipo xsd:string, è richiesto un numero decimale (xsd:decimal)"
    assert document["results"][0] == {
        "severity": "violation",
        "messages": {"en": "Too <dear> & dark.", "it": "Troppo cara."},
        "sentence": {"en": SAYS, "it": italian},
        "source": "https://example.org/Shape-price",
        "shape": "ex:Shape-price",
        "component": SHACL.DatatypeConstraintComponent.value,
        "focus": "<https://example.org/ale>",
        "path": "<https://example.org/price>",
        "value": '"x"',
        "graph": "<https://example.org/g>",
        "file": "data/a.ttl",
        "line": 3,
        "column": 4,
        "shapePlace": {"file": "shapes/s.ttl", "line": 2, "column": 1},
        "details": [],
    }
    assert json.loads(told("json", NOTHING, names)) == {"conforms": True, "results": []}


def test_turtle_is_a_shacl_report(names: TermNames) -> None:
    graph = rdflib.Graph().parse(data=told("turtle", REPORT, names), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == rdflib.Literal(False)
    assert len(set(graph.objects(report, SH.result))) == 2
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


def test_turtle_has_paths_and_details_as_shacl_writes_them(names: TermNames) -> None:
    """SHACL, sections 2.3.1 and 3.6.2.6."""
    graph = rdflib.Graph().parse(data=told("turtle", Report((NESTED,)), names), format="turtle")
    ex = rdflib.Namespace("https://example.org/")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    result = graph.value(report, SH.result)
    assert result is not None
    path = graph.value(result, SH.resultPath)
    assert path is not None
    first, second = rdflib.collection.Collection(graph, path)
    assert first == ex.a and graph.value(second, SH.inversePath) == ex.b
    detail = graph.value(result, SH.detail)
    assert detail is not None and graph.value(detail, SH.focusNode) == ex.ale
    assert graph.value(detail, SH.resultMessage, any=True) is not None


def test_turtle_is_the_same_in_each_run(make_publication: PublicationMaker) -> None:
    shapes = PREFIX + "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
    folder = make_publication({"data/a.ttl": PREFIX + "ex:a ex:q 1 .", "shapes/s.ttl": shapes})
    texts = set()
    for _ in range(2):
        dataset = read_dataset(Publication.open(folder))
        report = validate(dataset)
        texts.add(told("turtle", report, TermNames.of(dataset, report.results)))
    assert len(texts) == 1 and "sh:sourceShape" in texts.pop()


def test_junit_fails_for_each_violation_and_passes_for_the_rest(names: TermNames) -> None:
    suite = ElementTree.fromstring(told("junit", REPORT, names))
    assert (suite.tag, suite.get("tests"), suite.get("failures")) == ("testsuite", "2", "1")
    failed, passed = suite.findall("testcase")
    failure = failed.find("failure")
    assert failure is not None and failure.get("message") == "Too <dear> & dark."
    assert "data/a.ttl:3:4" in (failure.text or "")
    assert passed.find("failure") is None and passed.findtext("system-out") == "warning: Odd."


def test_junit_is_xml_whatever_a_value_holds(names: TermNames) -> None:
    odd = replace(BAD, messages=(("en", "Not \x01\ufffe."),), value=Literal("a\x00b"))
    suite = ElementTree.fromstring(told("junit", Report((odd,)), names))
    failure = suite.find("testcase/failure")
    assert failure is not None and failure.get("message") == "Not \\u0001\\uFFFE."


def test_junit_of_nothing_is_one_passed_case(names: TermNames) -> None:
    suite = ElementTree.fromstring(told("junit", NOTHING, names))
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


def test_sarif_names_rules_lines_and_levels(names: TermNames, monkeypatch: pytest.MonkeyPatch) -> None:
    """SARIF 2.1.0; rules and fingerprints are the same in each run, for code hosts match results by them."""
    monkeypatch.chdir(names.dataset.publication.folder.parent)
    document = json.loads(told("sarif", Report((DOUBTFUL, NESTED)), names))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["https://example.org/Shape-price Datatype", "queries/rules/odd.rq"]
    bad, doubtful = run["results"]
    assert [bad["level"], doubtful["level"]] == ["error", "warning"]
    assert rules[bad["ruleIndex"]]["id"] == bad["ruleId"]
    place = bad["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "publication/data/a.ttl"  # as seen from the current folder
    assert place["region"] == {"startLine": 3, "startColumn": 4}
    assert SAYS in bad["message"]["text"] and bad["message"]["text"].startswith("Too <dear> & dark.")
    assert [one["id"] for one in bad["relatedLocations"]] == [0, 1]
    assert doubtful["locations"]  # GitHub wants one of each
    assert (
        bad["partialFingerprints"]
        == json.loads(told("sarif", Report((NESTED,)), names))["runs"][0]["results"][0]["partialFingerprints"]
    )


def test_sarif_calls_a_shape_without_a_name_by_file_and_path_not_by_line(names: TermNames) -> None:
    moved = replace(INNER, source="shapes/s.ttl:7:9", shape_place=Place("shapes/s.ttl", 7, 9))
    ids = [json.loads(told("sarif", Report((r,)), names))["runs"][0]["results"][0]["ruleId"] for r in (INNER, moved)]
    assert ids == ["shapes/s.ttl ex:price Datatype"] * 2


def test_sarif_keeps_within_what_code_hosts_take(names: TermNames, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("missiongraph.validation.reporting.sarif.MOST", 1)
    (run,) = json.loads(told("sarif", REPORT, names))["runs"]
    assert [result["level"] for result in run["results"]] == ["error"]  # the gravest stay
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"].startswith("1 result")


def test_every_format_ends_with_a_line_break(names: TermNames) -> None:
    for form in FORMATS:
        assert all(told(form, report, names).endswith("\n") for report in (REPORT, NOTHING, Report((NESTED,))))


def test_an_iri_is_shortened_only_to_a_name_that_can_be_read() -> None:
    prefixes = {"ex": "https://example.org/"}
    assert short_iri(NamedNode("https://example.org/a-b_c"), prefixes) == "ex:a-b_c"
    assert short_iri(NamedNode("https://example.org/a/b"), prefixes) == "https://example.org/a/b"


@pytest.mark.parametrize("report", [REPORT, NOTHING, Report((NESTED, INNER))], ids=["some", "none", "nested"])
def test_sarif_keeps_to_its_schema(names: TermNames, report: Report) -> None:
    """The models are made from the OASIS schema of SARIF 2.1.0, and forbid what it does not name."""
    Sarif.model_validate_json(told("sarif", report, names))
