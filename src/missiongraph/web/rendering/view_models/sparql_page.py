"""The query pages: their form, and what became of a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from missiongraph.drawings.charts import BarChart, LineChart
from missiongraph.drawings.links import Link
from missiongraph.drawings.maps import Map
from missiongraph.drawings.networks import Network
from missiongraph.drawings.timelines import Timeline
from missiongraph.web.rendering.view_models.parts import Evidence, Value

FIRST_QUESTIONS = 10
"""Questions that stand in the margin of the query page before the rest is folded away."""

ViewName = Literal["table", "chart", "timeline", "map", "graph", "raw"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result: its heading leads to the rows in its order; `order` says how they stand now."""

    name: str
    href: str | None = None
    order: Literal["ascending", "descending"] | None = None


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Rows of a result; None is an unbound variable. `evidence` holds the notes of each row, or nothing at all."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    evidence: tuple[tuple[Evidence, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """A way to look at the answer."""

    name: ViewName
    link: Link


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of a good query, in the one view that was asked for; `tabs` lead to the others that suit it.

    `total` counts the rows found (statements where `is_graph` is set), `shown` those that the view holds, and `more`
    leads to the rest; `truth` is the answer of an ASK.
    """

    tabs: tuple[Tab, ...] = ()
    downloads: tuple[Link, ...] = ()
    is_graph: bool = False
    total: int | None = None
    shown: int | None = None
    more: Link | None = None
    truth: bool | None = None
    table: ResultTable | None = None
    drawing: BarChart | LineChart | Map | Network | Timeline | None = None
    raw: str | None = None

    @property
    def cut(self) -> bool:
        """Whether the view holds less than was found."""
        return self.shown is not None and self.total is not None and self.shown < self.total


@dataclass(frozen=True, slots=True)
class QueryError:
    """Why a query was not answered; a syntax error names its line and parts it at the fault."""

    kind: Literal["syntax", "timeout", "refused", "busy"]
    message: str
    line: int | None = None
    column: int | None = None
    before: str = ""
    at: str = ""
    after: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a select box."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SparqlPage:
    """The query page: text, questions, and either an error or a result.

    `formats` fills the select box `format` of the form; `editor` is what the editor in the browser works with, as
    JSON, and None where its script was not built.
    """

    title: str
    action: str
    query: str = ""
    questions: tuple[Link, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    formats: tuple[Choice, ...] = ()
    error: QueryError | None = None
    result: Result | None = None
    limit_seconds: int | None = None
    limit_rows: int | None = None
    service: Link | None = None
    forced_language: str | None = None
    editor: str | None = None

    @property
    def first_questions(self) -> tuple[Link, ...]:
        """The questions that stand in the margin at once, the one that is asked among them."""
        first = self.questions[:FIRST_QUESTIONS]
        return first + tuple(question for question in self.questions[FIRST_QUESTIONS:] if question.current)

    @property
    def other_questions(self) -> tuple[Link, ...]:
        """The questions that are folded away."""
        return tuple(question for question in self.questions if question not in self.first_questions)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of statements that a page loads."""

    name: str
    href: str
    media_type: str


@dataclass(frozen=True, slots=True)
class BrowserSparqlPage(SparqlPage):
    """The query page that asks nobody: `sources` are loaded into it, if the `engine` is there."""

    lead: str = ""
    sources: tuple[Source, ...] = ()
    engine: bool = False
