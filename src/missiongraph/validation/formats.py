"""A report for people and for machines: text, SHACL report in Turtle, JSON, JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from missiongraph.serialisation.carrying import in_xml
from missiongraph.serialisation.formats import serialise, used_prefixes
from missiongraph.validation.report import Report, Result, Severity, Term
from missiongraph.vocab import DCTERMS, RDF, SH

_SHACL_SEVERITY: dict[Severity, NamedNode] = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}


def as_text(report: Report, prefixes: dict[str, str]) -> str:
    """One block a result (severity, file, focus node, path, value, message), then a line that counts them."""
    lines: list[str] = []
    for result in report.results:
        lines.append(f"{result.severity}: {result.message()}")
        parts = {
            "file": result.place,
            "focus": shorten(result.focus, prefixes),
            "path": result.path and _short_iri(result.path, prefixes),
            "value": shorten(result.value, prefixes),
            "graph": shorten(result.graph, prefixes),
            "says": _short_iri(result.source, prefixes),
        }
        lines += [f"  {name:<6} {value}" for name, value in parts.items() if value]
    counts = {severity: report.count(severity) for severity in _SHACL_SEVERITY}
    total = ", ".join(f"{number} {severity}{'' if number == 1 else 's'}" for severity, number in counts.items())
    lines.append(f"{'conforms' if report.conforms else 'does not conform'}: {total}")
    return "\n".join(lines) + "\n"


def as_json(report: Report, prefixes: dict[str, str]) -> str:
    """An object with ``conforms`` and ``results``; terms in N-Triples notation."""
    results = [
        {
            "severity": result.severity,
            "messages": dict(result.messages),
            "source": result.source,
            "component": result.component,
            "focus": _n3(result.focus),
            "path": result.path,
            "value": _n3(result.value),
            "graph": _n3(result.graph),
            "file": result.place.file if result.place else None,
            "line": result.place.line if result.place else None,
            "column": result.place.column if result.place else None,
        }
        for result in report.results
    ]
    return json.dumps({"conforms": report.conforms, "results": results}, ensure_ascii=False, indent=2) + "\n"


def as_turtle(report: Report, prefixes: dict[str, str]) -> str:
    """A SHACL validation report (SHACL, section 3.6)."""
    triples = list(_report_triples(report))
    return serialise(triples, RdfFormat.TURTLE, used_prefixes(triples, {**prefixes, "sh": str(SH)})).decode()


def as_junit(report: Report, prefixes: dict[str, str]) -> str:
    """JUnit XML with a failure for each violation; a report without any holds one passed case."""
    failures = report.count("violation")
    suite = ElementTree.Element("testsuite", name="missiongraph validate", failures=str(failures))
    for result in report.results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=result.source,
            name=f"{shorten(result.focus, prefixes)} {result.path or ''}".strip(),
        )
        if result.severity == "violation":
            failure = ElementTree.SubElement(case, "failure", message=result.message())
            failure.text = as_text(Report((result,)), prefixes)
        else:
            ElementTree.SubElement(case, "system-out").text = f"{result.severity}: {result.message()}"
    if not report.results:
        ElementTree.SubElement(suite, "testcase", classname="missiongraph", name="conforms")
    suite.set("tests", str(len(suite)))
    return in_xml(ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)) + "\n"


#: Renderers by the name that ``--format`` takes.
FORMATS: dict[str, Callable[[Report, dict[str, str]], str]] = {
    "text": as_text,
    "turtle": as_turtle,
    "json": as_json,
    "junit": as_junit,
}


def shorten(term: Term | None, prefixes: dict[str, str]) -> str:
    """*term* with prefixes, for reading."""
    if term is None:
        return ""
    return _short_iri(term.value, prefixes) if isinstance(term, NamedNode) else str(term)


def _short_iri(iri: str, prefixes: dict[str, str]) -> str:
    inner = iri.strip("^<>")
    for prefix, namespace in prefixes.items():
        local = inner.removeprefix(namespace)
        if local != inner and local.replace("-", "").replace("_", "").isalnum():
            return ("^" if iri.startswith("^") else "") + f"{prefix}:{local}"
    return iri


def _n3(term: Term | None) -> str | None:
    return None if term is None else str(term)


def _report_triples(report: Report) -> Iterator[Triple]:
    root = BlankNode("report")
    yield Triple(root, RDF.type, SH.ValidationReport)
    yield Triple(root, SH.conforms, Literal(report.conforms))
    for number, result in enumerate(report.results):
        node = BlankNode(f"result{number}")
        yield Triple(root, SH["result"], node)
        yield Triple(node, RDF.type, SH.ValidationResult)
        yield Triple(node, SH.resultSeverity, _SHACL_SEVERITY[result.severity])
        for language, text in result.messages:
            yield Triple(node, SH.resultMessage, Literal(text, language=language) if language else Literal(text))
        if result.focus is not None:
            yield Triple(node, SH.focusNode, result.focus)
        if result.path and result.path.startswith("<"):
            yield Triple(node, SH.resultPath, NamedNode(result.path.strip("<>")))
        if result.value is not None:
            yield Triple(node, SH["value"], result.value)
        if result.component:
            yield Triple(node, SH.sourceConstraintComponent, NamedNode(result.component))
        yield from _source(node, result)


def _source(node: BlankNode, result: Result) -> Iterator[Triple]:
    if ":" in result.source:
        yield Triple(node, SH.sourceShape, NamedNode(result.source))
    else:  # a rule or check of ours; SHACL has no term for its name
        yield Triple(node, DCTERMS.source, Literal(result.source))
