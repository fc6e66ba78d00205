"""The report formats by their names: text, SHACL report in Turtle, JSON, JUnit XML, SARIF."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any
from xml.etree import ElementTree

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from missiongraph.errors import Place
from missiongraph.rdf.format_limits import in_xml
from missiongraph.rdf.formats import serialise, used_prefixes
from missiongraph.validation.report import Report, Result, Severity, Term
from missiongraph.validation.reporting.plain_text import ReportOptions, as_block, as_text
from missiongraph.validation.reporting.result_sentences import own_or_sentence, sentence
from missiongraph.validation.reporting.sarif import as_sarif
from missiongraph.validation.shacl.paths import (
    AlternativePath,
    InversePath,
    Path,
    PredicatePath,
    RepeatedPath,
    SequencePath,
    parse_path,
)
from missiongraph.validation.term_names import TermNames
from missiongraph.vocab import DCTERMS, RDF, SH

_SHACL_SEVERITY: dict[Severity, NamedNode] = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}

#: Languages that sentences are available in.
LANGUAGES = ("en", "it")


def as_json(report: Report, names: TermNames, options: ReportOptions) -> str:
    """JSON: an object with ``conforms`` and ``results``; terms are in N-Triples syntax."""
    results = [_as_object(result, names) for result in report.results]
    return json.dumps({"conforms": report.conforms, "results": results}, ensure_ascii=False, indent=2) + "\n"


def _as_object(result: Result, names: TermNames) -> dict[str, Any]:
    own = dict(result.messages)
    ours = _sentences(result, names)
    return {
        "severity": result.severity,
        "messages": own or ours,
        "sentence": ours,
        "source": result.source,
        "shape": names.shape(result),
        "component": result.component,
        "focus": _n3(result.focus),
        "path": result.path,
        "value": _n3(result.value),
        "graph": _n3(result.graph),
        **_place(result.place),
        "shapePlace": _place(result.shape_place) if result.shape_place else None,
        "details": [_as_object(detail, names) for detail in result.details],
    }


def _place(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"file": None, "line": None, "column": None}
    return {"file": place.file, "line": place.line, "column": place.column}


def _sentences(result: Result, names: TermNames) -> dict[str, str]:
    """The sentences of the result by language."""
    sentences = ((language, sentence(names.in_language(language), result)) for language in LANGUAGES)
    return {language: text for language, text in sentences if text}


def as_turtle(report: Report, names: TermNames, options: ReportOptions) -> str:
    """A SHACL validation report in Turtle (SHACL, section 3.6)."""
    triples = list(_report_triples(report, names))
    prefixes = used_prefixes(triples, {**names.dataset.prefixes, "sh": str(SH)})
    return serialise(triples, RdfFormat.TURTLE, prefixes).decode()


def as_junit(report: Report, names: TermNames, options: ReportOptions) -> str:
    """JUnit XML: a failure for each violation; without any, one test case that passes."""
    failures = report.count("violation")
    suite = ElementTree.Element("testsuite", name="missiongraph validate", failures=str(failures))
    for result in report.results:
        name = f"{names.name_of(result.focus) if result.focus else ''} {names.path(result)}".strip()
        case = ElementTree.SubElement(
            suite, "testcase", classname=names.shape(result), name=name or names.shape(result)
        )
        if result.place:
            case.set("file", result.place.file)
            case.set("line", str(result.place.line or 1))
        text = own_or_sentence(names, result)
        if result.severity == "violation":
            failure = ElementTree.SubElement(case, "failure", message=text)
            failure.text = as_block(result, names)
        else:
            ElementTree.SubElement(case, "system-out").text = f"{result.severity}: {text}"
    if not report.results:
        ElementTree.SubElement(suite, "testcase", classname="missiongraph", name="conforms")
    suite.set("tests", str(len(suite)))
    return in_xml(ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)) + "\n"


#: The reports by their names for ``--format``.
FORMATS: dict[str, Callable[[Report, TermNames, ReportOptions], str]] = {
    "text": as_text,
    "turtle": as_turtle,
    "json": as_json,
    "junit": as_junit,
    "sarif": as_sarif,
}


def _n3(term: Term | None) -> str | None:
    return None if term is None else str(term)


def _report_triples(report: Report, names: TermNames) -> Iterator[Triple]:
    root = BlankNode("report")
    yield Triple(root, RDF.type, SH.ValidationReport)
    yield Triple(root, SH.conforms, Literal(report.conforms))
    numbers = count()
    for result in report.results:
        yield from _result_triples(root, SH["result"], result, names, numbers)


def _result_triples(
    above: BlankNode, link: NamedNode, result: Result, names: TermNames, numbers: count[int]
) -> Iterator[Triple]:
    node = BlankNode(f"result{next(numbers)}")
    yield Triple(above, link, node)
    yield Triple(node, RDF.type, SH.ValidationResult)
    yield Triple(node, SH.resultSeverity, _SHACL_SEVERITY[result.severity])
    for language, text in result.messages or _sentences(result, names).items():
        yield Triple(node, SH.resultMessage, Literal(text, language=language) if language else Literal(text))
    if result.focus is not None:
        yield Triple(node, SH.focusNode, result.focus)
    if path := parse_path(result.path or ""):
        yield from _path_triples(node, SH.resultPath, path, numbers)
    if result.value is not None:
        yield Triple(node, SH["value"], result.value)
    if result.component:
        yield Triple(node, SH.sourceConstraintComponent, NamedNode(result.component))
    shape = names.shape_term(result.source)
    if isinstance(shape, BlankNode):  # named by its place: the parser's labels change with each run
        shape = BlankNode(re.sub(r"\W", "-", result.source))
    if shape is not None:
        yield Triple(node, SH.sourceShape, shape)
    if not isinstance(shape, NamedNode):  # a rule, another check, a shape without IRI; SHACL has no term for them
        yield Triple(node, DCTERMS.source, Literal(result.source))
    for detail in result.details:
        yield from _result_triples(node, SH.detail, detail, names, numbers)


_REPEATED = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}


def _path_triples(node: BlankNode, link: NamedNode, path: Path, numbers: count[int]) -> Iterator[Triple]:
    """*path* as SHACL writes it (SHACL, section 2.3.1)."""
    match path:
        case PredicatePath(iri):
            yield Triple(node, link, NamedNode(iri))
        case InversePath(inner):
            yield from _path_of_one(node, link, SH.inversePath, inner, numbers)
        case RepeatedPath(inner, sign):
            yield from _path_of_one(node, link, _REPEATED[sign], inner, numbers)
        case SequencePath(paths):
            yield from _path_of_several(node, link, paths, numbers)
        case AlternativePath(paths):
            either = BlankNode(f"path{next(numbers)}")
            yield Triple(node, link, either)
            yield from _path_of_several(either, SH.alternativePath, paths, numbers)


def _path_of_one(
    node: BlankNode, link: NamedNode, kind: NamedNode, path: Path, numbers: count[int]
) -> Iterator[Triple]:
    inner = BlankNode(f"path{next(numbers)}")
    yield Triple(node, link, inner)
    yield from _path_triples(inner, kind, path, numbers)


def _path_of_several(node: BlankNode, link: NamedNode, paths: Sequence[Path], numbers: count[int]) -> Iterator[Triple]:
    """An RDF list of *paths*."""
    cells = [BlankNode(f"path{next(numbers)}") for _ in paths]
    yield Triple(node, link, cells[0])
    rests: list[BlankNode | NamedNode] = [*cells[1:], RDF.nil]
    for cell, path, rest in zip(cells, paths, rests, strict=True):
        yield from _path_triples(cell, RDF.first, path, numbers)
        yield Triple(cell, RDF.rest, rest)
