"""The report of a validation, independent of what found a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from pyoxigraph import BlankNode, NamedNode, Triple
from pyoxigraph import Literal as RdfLiteral

from missiongraph.errors import Place

Severity = Literal["violation", "warning", "info"]
#: Gravest first.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

Term = NamedNode | BlankNode | RdfLiteral | Triple


@dataclass(frozen=True)
class Result:
    """One thing that validation has to say.

    :ivar messages: language (empty: none) and text of what the shape or rule itself says (``sh:message``)
    :ivar source: IRI of the shape, or path of the rule, that says it
    :ivar component: constraint component (SHACL, section 3.4.2), where a shape says it
    :ivar graph: the graph under validation, where it was not the default graph
    :ivar shape_place: where the shape is declared
    :ivar parameters: IRI and value of each constraint parameter that the shape states for *component*
    :ivar details: results of the shapes inside that decided (``sh:detail``; SHACL, section 3.6.2.6)
    """

    severity: Severity
    messages: tuple[tuple[str, str], ...]
    source: str
    focus: Term | None = None
    path: str | None = None
    value: Term | None = None
    component: str | None = None
    place: Place | None = None
    graph: NamedNode | None = None
    shape_place: Place | None = None
    parameters: tuple[tuple[str, Term], ...] = ()
    details: tuple[Result, ...] = ()

    def message(self, languages: Sequence[str] = ("en",)) -> str:
        """The message in the first of *languages* that it has."""
        texts = dict(self.messages)
        return next((texts[lang] for lang in (*languages, "en", "") if lang in texts), next(iter(texts.values()), ""))


@dataclass(frozen=True)
class Report:
    """All results, in the order in which they were found."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing is a violation; warnings and informations do not count."""
        return not self.count("violation")

    @property
    def counts(self) -> dict[str, int]:
        """How many results are of each severity."""
        return {severity: self.count(severity) for severity in SEVERITIES}

    def count(self, severity: Severity) -> int:
        """How many results are of *severity*."""
        return sum(result.severity == severity for result in self.results)
