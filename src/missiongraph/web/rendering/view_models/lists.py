"""A list of many things: their names and columns, what narrows it, and where it is cut."""

from __future__ import annotations

from dataclasses import dataclass

from missiongraph.drawings.links import Link
from missiongraph.web.rendering.view_models.entity import Paging
from missiongraph.web.rendering.view_models.parts import Value
from missiongraph.web.rendering.view_models.sparql_page import Choice, Column

Arguments = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LongPaging(Paging):
    """The same with its ends; *jump* is what a form that leads to a page sends along, none without such a form."""

    first: str | None = None
    last: str | None = None
    jump: Arguments = ()


@dataclass(frozen=True, slots=True)
class ListedThing:
    """A thing: its name, what it is, and the values of each column."""

    link: Link
    description: str | None = None
    cells: tuple[tuple[Value, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A property that narrows a list: its values, each with how many things it leaves."""

    label: str
    choices: tuple[Choice, ...]

    @property
    def is_chosen(self) -> bool:
        """Whether the list is narrowed by it."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class ThingsPage:
    """A page of a list. `hidden` and `order` are what its forms send along, `columns` begin with the name."""

    title: str
    iri: str
    total: int
    columns: tuple[Column, ...]
    entries: tuple[ListedThing, ...]
    letters: tuple[Link, ...] = ()
    facets: tuple[Facet, ...] = ()
    paging: LongPaging | None = None
    action: str = ""
    hidden: Arguments = ()
    order: Arguments = ()
    all_href: str | None = None
    formats: tuple[Link, ...] = ()
