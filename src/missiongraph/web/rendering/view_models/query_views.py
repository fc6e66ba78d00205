"""View models of query views: their own pages, and their parts on the home page and on pages of things."""

from __future__ import annotations

from dataclasses import dataclass

from missiongraph.drawings.charts import BarChart, LineChart
from missiongraph.drawings.linked_texts import Link
from missiongraph.drawings.maps import Map
from missiongraph.drawings.networks import Network
from missiongraph.drawings.role_diagrams import Ladder
from missiongraph.drawings.timelines import Timeline
from missiongraph.web.rendering.view_models.parts import Evidence, Value
from missiongraph.web.rendering.view_models.sparql_page import Choice

Drawing = BarChart | LineChart | Map | Network | Timeline | Ladder


@dataclass(frozen=True, slots=True)
class Filter:
    """A select box that narrows the rows. Its first choice stands for all rows."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a table: the values of each column, and its margin notes."""

    cells: tuple[tuple[Value, ...], ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a query view as a table. The first column is what a row is about."""

    columns: tuple[str, ...]
    rows: tuple[ListedRow, ...]

    @property
    def has_evidence(self) -> bool:
        """Whether any row has a note."""
        return any(row.evidence for row in self.rows)


@dataclass(frozen=True, slots=True)
class ThingPart:
    """The part of a query view on the page of a thing; `href` is the address of the view.

    `whole` says that it shows all rows of the view, because the thing is one of the few that the view is about.
    """

    title: str
    href: str
    listing: Listing
    drawing: Drawing | None = None
    caption: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ViewPage:
    """The page of a query view: its rows as a drawing and as a table.

    `narrowed` says that filters left out some rows; `chosen` are the things that the reader chose in them.
    """

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
    """A sentence of a story: texts and values in turn, and the notes that it rests on."""

    pieces: tuple[tuple[Value, ...], ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of the home page: a story in sentences, or a drawing with its caption. `more` leads to the query view."""

    title: str
    href: str | None = None
    lead: str | None = None
    sentences: tuple[Sentence, ...] = ()
    drawing: Drawing | None = None
    caption: str | None = None
    more: Link | None = None
