"""Plain text reports: place, severity and sentence of each result; results of one shape are folded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import click

from missiongraph.translation import message
from missiongraph.validation.checks.portal_metadata import SOURCE as PORTAL
from missiongraph.validation.report import SEVERITIES, Report, Result, Severity
from missiongraph.validation.reporting.result_sentences import own_or_sentence, sentence
from missiongraph.validation.term_names import TermNames

#: How many results of one shape and component are shown, unless :attr:`ReportOptions.every` is set.
FIRST = 3

_SEVERITIES: dict[Severity, str] = {
    "violation": message("violation"),
    "warning": message("warning"),
    "info": message("info"),
}
_COLOURS: dict[Severity, str] = {"violation": "red", "warning": "yellow", "info": "blue"}


@dataclass(frozen=True)
class ReportOptions:
    """What a report shows.

    :ivar every: every result, not only the first ones of a shape
    :ivar portal: every setting that portals ask for
    :ivar terminal: colours, and a summary by shape
    """

    every: bool = False
    portal: bool = False
    terminal: bool = False


_PLAIN = ReportOptions()


def as_text(report: Report, names: TermNames, options: ReportOptions = _PLAIN) -> str:
    """The results, the gravest first, then a line of counts."""
    paint: Callable[..., str] = click.style if options.terminal else lambda text, **_: text
    portal = [result for result in report.results if result.source == PORTAL]
    shown = [result for result in report.results if options.portal or result.source != PORTAL]
    lines: list[str] = []
    groups = _grouped(shown)
    for group in groups:
        whole = options.every or len(group) <= FIRST + 1 or group[0].source == PORTAL
        first = group if whole else group[:FIRST]
        for result in first:
            lines += _block(names, result, paint)
        if group[0].source != PORTAL:
            lines.append(paint(f"  {names.say('says')} {names.shape(group[0])}", dim=True))
        if more := len(group) - len(first):
            line = names.say("and %(number)s more; missiongraph validate --all shows each", number=more)
            lines.append(f"  {paint(line, bold=True)}")
    if portal and not options.portal:
        lines.append(_portal_line(names, portal))
    if options.terminal and len(shown) > 1:
        lines += ["", *_summary(names, groups, paint)]
    lines.append(_verdict(names, report, paint))
    return "\n".join(lines) + "\n"


def as_block(result: Result, names: TermNames) -> str:
    """One result alone."""
    lines = [*_block(names, result, lambda text, **_: text), f"  {names.say('says')} {names.shape(result)}"]
    return "\n".join(lines) + "\n"


def _grouped(results: Sequence[Result]) -> list[list[Result]]:
    """The results in groups of one severity, shape and component, each in the order of places."""
    groups: dict[tuple[int, str, str | None], list[Result]] = {}
    for result in sorted(results, key=_where):
        key = (SEVERITIES.index(result.severity), result.source, result.component)
        groups.setdefault(key, []).append(result)
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]


def _where(result: Result) -> tuple[str, int, int]:
    place = result.place
    return (place.file, place.line or sys.maxsize, place.column or 0) if place else ("", 0, 0)


def _block(names: TermNames, result: Result, paint: Callable[..., str]) -> Iterator[str]:
    severity = paint(f"{_severity(names, result.severity)}:", fg=_COLOURS[result.severity], bold=True)
    place = f"{result.place}: " if result.place else ""
    yield f"{place}{severity} {own_or_sentence(names, result)}"
    if result.messages and (ours := sentence(names, result)):
        yield f"  {ours}"
    elif result.component is None:
        yield from _parts(names, result)
    yield from because(names, result, "  ")
    if result.graph is not None:
        yield f"  {names.say('in the graph')} {names.name_of(result.graph)}"


def _parts(names: TermNames, result: Result) -> Iterator[str]:
    """Focus node, path and value of a result that no shape found."""
    parts = [names.name_of(result.focus)] if result.focus is not None else []
    parts += [names.path(result)] if result.path and "<" in result.path else [result.path] if result.path else []
    parts += [names.name_of(result.value)] if result.value is not None else []
    if parts:
        yield f"  {' · '.join(parts)}"


def because(names: TermNames, result: Result, indent: str, above: tuple[Result, ...] = ()) -> Iterator[str]:
    """The results of inner shapes that decided. A shape that leads back to itself is shown once."""
    for detail in dict.fromkeys(result.details):
        if detail.component is None or (detail.source, detail.focus) in {(r.source, r.focus) for r in (*above, result)}:
            line = names.say("and so on: %(shape)s refers to itself", shape=names.shape(detail))
            yield f"{indent}{line}"
            continue
        place = f" ({detail.place})" if detail.place else ""
        focus = f"{names.name_of(detail.focus)}: " if detail.messages and detail.focus is not None else ""
        yield f"{indent}– {focus}{own_or_sentence(names, detail)}{place}"
        yield from because(names, detail, f"{indent}  ", (*above, result))


def _portal_line(names: TermNames, portal: Sequence[Result]) -> str:
    paths = ", ".join(
        result.value.value for result in portal if result.value is not None and hasattr(result.value, "value")
    )
    return names.count(
        "info: portals would like %(num)s setting more: %(names)s (--portal explains it)",
        "info: portals would like %(num)s settings more: %(names)s (--portal explains each)",
        len(portal),
        names=paths,
    )


def _summary(names: TermNames, groups: Sequence[Sequence[Result]], paint: Callable[..., str]) -> Iterator[str]:
    yield paint(names.say("By shape"), bold=True)
    width = max(len(str(len(group))) for group in groups)
    for group in groups:
        severity = _severity(names, group[0].severity)
        component = (group[0].component or "").rpartition("#")[2].removesuffix("ConstraintComponent")
        name = f"{names.shape(group[0])}{f' ({component})' if component else ''}"
        yield f"  {len(group):>{width}} {paint(f'{severity:<10}', fg=_COLOURS[group[0].severity])} {name}"


def _severity(names: TermNames, severity: Severity) -> str:
    return names.say(_SEVERITIES[severity])


def _verdict(names: TermNames, report: Report, paint: Callable[..., str]) -> str:
    counts = [
        names.count("%(num)s violation", "%(num)s violations", report.count("violation")),
        names.count("%(num)s warning", "%(num)s warnings", report.count("warning")),
        names.count("%(num)s info", "%(num)s infos", report.count("info")),
    ]
    verdict = names.say("conforms") if report.conforms else names.say("does not conform")
    return f"{paint(verdict, fg='green' if report.conforms else 'red', bold=True)}: {', '.join(counts)}"
