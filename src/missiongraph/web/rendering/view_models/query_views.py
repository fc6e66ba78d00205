"""Pages that a query declares, and the parts of the home page that queries tell."""

from __future__ import annotations

from dataclasses import dataclass

from missiongraph.drawings.charts import BarChart, LineChart
from missiongraph.drawings.links import Link
from missiongraph.drawings.maps import Map
from missiongraph.drawings.networks import Network
from missiongraph.drawings.shared_roles import Ladder
from missiongraph.drawings.timelines import Timeline
from missiongraph.web.rendering.view_models.parts import Evidence, Value
from missiongraph.web.rendering.view_models.sparql_page import Choice

Drawing = BarChart | LineChart | Map | Network | Timeline | Ladder


@dataclass(frozen=True, slots=True)
class Filter:
    """A select box that narrows the rows; its first choice is all of them."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row: the values of each column, and what it rests on."""

    cells: tuple[tuple[Value, ...], ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a view as a table for people; the first column says what a row is about."""

    columns: tuple[str, ...]
    rows: tuple[ListedRow, ...]

    @property
    def has_evidence(self) -> bool:
        """Whether any row has a note."""
        return any(row.evidence for row in self.rows)


@dataclass(frozen=True, slots=True)
class ThingPart:
    """What a view shows of a thing on the page of that thing; `href` leads to the view.

    `whole`: all that the view shows, as the thing is one of the few that it is about.
    """

    title: str
    href: str
    listing: Listing
    drawing: Drawing | None = None
    caption: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ViewPage:
    """Rows as a drawing and as a table; `narrowed` says that filters left some out, `chosen` are their things."""

    title: str
    action: str
    listing: Listing
    lead: str | None = None
    drawing: Drawing | None = None
    caption: str | None = None
    filters: tuple[Filter, ...] = ()
    narrowed: bool = False
    chosen: tuple[Link, ...] = ()
    formats: tuple[Link, ...] = ()
    query: Link | None = None
    forced_language: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of texts and values in turn, and the notes that it rests on."""

    pieces: tuple[tuple[Value, ...], ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of the home page: a story in sentences, or a drawing with its caption; `more` leads to the whole."""

    title: str
    href: str | None = None
    lead: str | None = None
    sentences: tuple[Sentence, ...] = ()
    drawing: Drawing | None = None
    caption: str | None = None
    more: Link | None = None
