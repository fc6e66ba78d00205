"""SARIF 2.1.0 reports, from which code hosts show results beside the lines of files.

GitHub takes 25,000 results of a run and keeps the 5,000 gravest. It matches results of two runs by rule and
fingerprint, and wants a place for each.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from missiongraph import __version__
from missiongraph.errors import Place
from missiongraph.publication.settings import FILE_NAME
from missiongraph.validation.checks.portal_metadata import SOURCE as PORTAL
from missiongraph.validation.report import SEVERITIES, Report, Result, Severity
from missiongraph.validation.reporting.plain_text import ReportOptions, because
from missiongraph.validation.reporting.result_sentences import own_or_sentence, sentence
from missiongraph.validation.term_names import TermNames

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

#: How many results of a run GitHub accepts.
MOST = 25_000

_LEVELS: dict[Severity, str] = {"violation": "error", "warning": "warning", "info": "note"}


def as_sarif(report: Report, names: TermNames, options: ReportOptions) -> str:
    """One run with a rule for each constraint of a shape. Paths of files are relative to the current folder."""
    shown = [result for result in report.results if options.portal or result.source != PORTAL]
    kept = sorted(shown, key=lambda result: SEVERITIES.index(result.severity))[:MOST]
    rules: dict[str, int] = {}
    stated: list[dict[str, Any]] = []
    results = []
    for result in kept:
        rule = _rule_id(result, names)
        if rule not in rules:
            rules[rule] = len(rules)
            stated.append(_rule(rule, result, names))
        results.append({"ruleId": rule, "ruleIndex": rules[rule], **_result(result, names, rule)})
    run = {
        "tool": {"driver": {"name": "missiongraph", "version": __version__, "rules": stated}},
        "invocations": [{"executionSuccessful": True, **_left_out(len(shown) - len(kept))}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _left_out(number: int) -> dict[str, Any]:
    if not number:
        return {}
    text = f"{number} results are left out: code hosts take {MOST} of a run"
    return {"toolExecutionNotifications": [{"level": "warning", "message": {"text": text}}]}


def _rule_id(result: Result, names: TermNames) -> str:
    """The id of the rule, the same in each run: a shape without IRI is named by file and path, because lines move."""
    named = result.source
    if result.shape_place and result.source == str(result.shape_place):
        named = f"{result.shape_place.file} {names.path(result)}".strip()
    component = (result.component or "").rpartition("#")[2].removesuffix("ConstraintComponent")
    return f"{named} {component}".strip()


def _rule(rule: str, result: Result, names: TermNames) -> dict[str, Any]:
    component = (result.component or "").rpartition("#")[2].removesuffix("ConstraintComponent")
    name = names.shape(result)
    return {
        "id": rule,
        "shortDescription": {"text": f"{name}: {component}" if component else name},
        "fullDescription": {"text": result.message((names.language,)) or f"{name}: {component}"},
        "defaultConfiguration": {"level": _LEVELS[result.severity]},
        "properties": {"tags": ["SHACL"] if result.component else ["missiongraph"]},
    }


def _result(result: Result, names: TermNames, rule: str) -> dict[str, Any]:
    text = own_or_sentence(names, result)
    more = [sentence(names, result)] if result.messages else []
    lines = [line for line in chain([text], more, because(names, result, "")) if line]
    entry: dict[str, Any] = {
        "level": _LEVELS[result.severity],
        "message": {"text": "\n".join(lines)},
        "locations": [_location(result.place or Place(FILE_NAME, 1), names)],
        "partialFingerprints": {"primaryLocationLineHash": f"{_fingerprint(result, rule)}:1"},
    }
    if related := list(_related(result, names)):
        entry["relatedLocations"] = related
    return entry


def _fingerprint(result: Result, rule: str) -> str:
    parts = [rule, *(str(part) if part is not None else "" for part in (result.path, result.graph))]
    parts += map(_stable, (result.focus, result.value))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _stable(term: object) -> str:
    """A term as text that is the same in each run, which labels of blank nodes are not."""
    text = str(term) if term is not None else ""
    return "_:" if text.startswith("_:") else text


def _related(result: Result, names: TermNames) -> Iterator[dict[str, Any]]:
    """The place of the shape, and the places of inner results that decided."""
    if result.shape_place:
        yield {"id": 0, **_location(result.shape_place, names), "message": {"text": names.shape(result)}}
    for number, detail in enumerate(result.details, 1):
        if detail.place:
            yield {
                "id": number,
                **_location(detail.place, names),
                "message": {"text": own_or_sentence(names, detail)},
            }


def _location(place: Place, names: TermNames) -> dict[str, Any]:
    region = {"startLine": place.line or 1, **({"startColumn": place.column} if place.column else {})}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(place, names)}, "region": region}}


def _uri(place: Place, names: TermNames) -> str:
    """The file relative to the current folder, which is the checkout where a code host runs this."""
    folder, here = names.dataset.publication.folder.resolve(), Path.cwd()
    file = folder / place.file
    known = file.relative_to(here) if file.is_relative_to(here) else Path(place.file)
    return quote(known.as_posix())
