"""View models of the query pages: the form, and the answer or the error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from missiongraph.drawings.charts import BarChart, LineChart
from missiongraph.drawings.linked_texts import Link
from missiongraph.drawings.maps import Map
from missiongraph.drawings.networks import Network
from missiongraph.drawings.timelines import Timeline
from missiongraph.web.rendering.view_models.parts import Evidence, Value

FIRST_QUESTIONS = 10
"""Questions that the query page shows unfolded in its margin."""

ViewName = Literal["table", "chart", "timeline", "map", "graph", "raw"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading is a link that sorts the rows by it; `order` is how they are sorted now."""

    name: str
    href: str | None = None
    order: Literal["ascending", "descending"] | None = None


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Rows of an answer; ``None`` is an unbound variable. `evidence` has the notes of each row, or is empty."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    evidence: tuple[tuple[Evidence, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the answer to choose."""

    name: ViewName
    link: Link


@dataclass(frozen=True, slots=True)
class Result:
    """An answer in the view that the reader asked for. `tabs` lead to the other views that suit it.

    `total` is the number of rows (of statements if `is_graph`), `shown` the number in this view; `more` leads to the
    rest. `truth` is the answer of an ASK query.
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
        """Whether the view shows fewer rows than the answer has."""
        return self.shown is not None and self.total is not None and self.shown < self.total


@dataclass(frozen=True, slots=True)
class QueryError:
    """Why a query was not answered. A syntax error has a line and splits it where the error is."""

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
    """The query page: query text, questions, and an answer or an error.

    `formats` are the options of the select box `format`. `editor` is the JSON for the editor in the browser; ``None``
    if
    its script is not installed.
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
        """The questions that are shown unfolded, among them the one in the form."""
        first = self.questions[:FIRST_QUESTIONS]
        return first + tuple(question for question in self.questions[FIRST_QUESTIONS:] if question.current)

    @property
    def other_questions(self) -> tuple[Link, ...]:
        """The questions that are folded away."""
        return tuple(question for question in self.questions if question not in self.first_questions)


@dataclass(frozen=True, slots=True)
class Source:
    """An RDF file that the page loads."""

    name: str
    href: str
    media_type: str


@dataclass(frozen=True, slots=True)
class BrowserSparqlPage(SparqlPage):
    """The query page that evaluates queries in the browser. It loads `sources` if `engine` is installed."""

    lead: str = ""
    sources: tuple[Source, ...] = ()
    engine: bool = False
