"""View models of a list of things: rows with columns, facets, paging."""

from __future__ import annotations

from dataclasses import dataclass

from missiongraph.drawings.linked_texts import Link
from missiongraph.web.rendering.view_models.entity import Paging
from missiongraph.web.rendering.view_models.parts import Value
from missiongraph.web.rendering.view_models.sparql_page import Choice, Column

Arguments = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LongPaging(Paging):
    """A `Paging` with links to the first and last page.

    `jump` are the hidden fields of the form that leads to any page; ``None`` without such a form.
    """

    first: str | None = None
    last: str | None = None
    jump: Arguments = ()


@dataclass(frozen=True, slots=True)
class ListedThing:
    """A row of a list: the name of a thing, its description, and the values of each column."""

    link: Link
    description: str | None = None
    cells: tuple[tuple[Value, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A property that narrows a list: each value, with the number of things that have it."""

    label: str
    choices: tuple[Choice, ...]

    @property
    def is_chosen(self) -> bool:
        """Whether the list is narrowed by this property."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class ThingsPage:
    """A page of a list of things.

    `hidden` and `order` are hidden fields of its forms. The first of `columns` is the name.
    """

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
