"""Reports of a check: plain text, JSON, JUnit XML, EARL in Turtle."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import get_args
from xml.etree import ElementTree

from pyoxigraph import RdfFormat

from missiongraph.evidence.matching.closest_place import Difference
from missiongraph.evidence.records.record_check import assertions
from missiongraph.evidence.verdicts.check import Check, ClaimCheck, Finding
from missiongraph.evidence.verdicts.verdict import ACCUSING, VERDICTS, Verdict
from missiongraph.rdf.format_limits import in_xml
from missiongraph.rdf.formats import serialise, used_prefixes
from missiongraph.vocab import EARL, PREFIXES

_MEANING = {
    "figure": "figure differs",
    "date": "date differs",
    "name": "name differs",
    "direction": "says the reverse",
    "cell": "cell differs",
    "denial": "denied, hedged or approximated",
    "typing": "written otherwise",
    "words": "other words",
}


def as_text(check: Check) -> str:
    """Plain text: a block for each claim that is not supported, the gravest first, then a line of counts."""
    lines: list[str] = []
    for claim in sorted(check.claims, key=lambda c: (-VERDICTS.index(c.verdict), c.graph.iri.value)):
        if claim.verdict != "supported":
            lines += [f"{claim.verdict}: {claim.graph.iri.value}", *(f"  {line}" for line in _lines(claim))]
    counts = ", ".join(f"{check.count(v)} {v}" for v in get_args(Verdict))
    return "\n".join([*lines, f"{len(check.claims)} claim{'' if len(check.claims) == 1 else 's'}: {counts}"]) + "\n"


def as_json(check: Check) -> str:
    """JSON: an object with ``source``, ``page`` (name, digest), ``passes``, ``counts`` by verdict, and ``claims``."""
    report = {
        "source": check.source.value,
        "page": {"name": check.page.name, "digest": check.page.digest},
        "passes": check.passes,
        "counts": {verdict: check.count(verdict) for verdict in VERDICTS},
        "claims": [_claim(claim) for claim in check.claims],
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def as_junit(check: Check) -> str:
    """JUnit XML: a test case for each claim, which fails if the claim is contradicted or gone."""
    failures = sum(claim.verdict in ACCUSING for claim in check.claims)
    suite = ElementTree.Element(
        "testsuite", name="missiongraph evidence check", tests=str(len(check.claims)), failures=str(failures)
    )
    for claim in check.claims:
        case = ElementTree.SubElement(suite, "testcase", classname=check.source.value, name=claim.graph.iri.value)
        text = "\n".join(_lines(claim))
        if claim.verdict in ACCUSING:
            ElementTree.SubElement(case, "failure", message=claim.verdict).text = text
        elif claim.verdict != "supported":
            ElementTree.SubElement(case, "system-out").text = f"{claim.verdict}\n{text}"
    return in_xml(ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)) + "\n"


def as_earl(check: Check) -> str:
    """Turtle: assertions of the Evaluation and Report Language (EARL 1.0 Schema)."""
    triples = assertions(check, f"urn:missiongraph:check:{check.page.digest}")
    return serialise(triples, RdfFormat.TURTLE, used_prefixes(triples, {**PREFIXES, "earl": str(EARL)})).decode()


#: The reports by their names for ``--format``.
FORMATS: dict[str, Callable[[Check], str]] = {"text": as_text, "json": as_json, "junit": as_junit, "earl": as_earl}


def _lines(claim: ClaimCheck) -> list[str]:
    """What differs, with both sides, and the words that were looked for."""
    said = [f"{_MEANING[d.kind]}: {_both(d)}" for d in claim.reasons]
    for finding in claim.findings:
        if finding.verdict == "supported":
            continue
        said.append(f"words: {finding.selector.exact}")
        if finding.found and finding.found != finding.selector.exact:
            said.append(f"page:  {finding.found}")
        elif not finding.found:
            said.append("page:  not found at its place")
    return list(dict.fromkeys(said))


def _both(difference: Difference) -> str:
    stated, found = difference.stated or "nothing of the kind", difference.found or "nothing"
    return f"the claim has “{stated}”, the page “{found}”"


def _claim(claim: ClaimCheck) -> dict[str, object]:
    return {
        "claim": claim.graph.iri.value,
        "verdict": claim.verdict,
        "reasons": [_difference(d) for d in claim.reasons],
        "passages": [_finding(f) for f in claim.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "passage": finding.selector.iri.value,
        "verdict": finding.verdict,
        "words": finding.selector.exact,
        "found": finding.found or None,
        "differences": [_difference(d) for d in finding.differences],
    }


def _difference(difference: Difference) -> dict[str, str]:
    return {"kind": difference.kind, "stated": difference.stated, "found": difference.found}
