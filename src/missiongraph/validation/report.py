"""The report of a validation: results, whichever check found them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from pyoxigraph import BlankNode, NamedNode, Triple
from pyoxigraph import Literal as RdfLiteral

from missiongraph.errors import Place

Severity = Literal["violation", "warning", "info"]
#: The severities, the gravest first.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

Term = NamedNode | BlankNode | RdfLiteral | Triple


@dataclass(frozen=True)
class Result:
    """A validation result (SHACL, section 3.6.2), of a shape or of another check.

    :ivar messages: language tag (empty: none) and text, as the shape or rule states them (``sh:message``)
    :ivar source: IRI of the shape, or path of the rule
    :ivar focus: the focus node
    :ivar path: the property path, in SPARQL syntax with whole IRIs
    :ivar component: IRI of the constraint component (SHACL, section 3.4.2); ``None``: no shape found it
    :ivar place: where the statement stands
    :ivar graph: the graph under validation; ``None``: the default graph
    :ivar shape_place: where the shape is declared
    :ivar parameters: IRI and value of each parameter that the shape states for *component*
    :ivar details: results of inner shapes that decided (``sh:detail``; SHACL, section 3.6.2.6)
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
        """The message in the first of *languages* that has one, else in English, else any."""
        texts = dict(self.messages)
        return next((texts[lang] for lang in (*languages, "en", "") if lang in texts), next(iter(texts.values()), ""))


@dataclass(frozen=True)
class Report:
    """All results, in the order in which they were found."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is no violation. Warnings and infos do not count."""
        return not self.count("violation")

    @property
    def counts(self) -> dict[str, int]:
        """The number of results of each severity."""
        return {severity: self.count(severity) for severity in SEVERITIES}

    def count(self, severity: Severity) -> int:
        """The number of results of *severity*."""
        return sum(result.severity == severity for result in self.results)
