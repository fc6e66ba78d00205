"""The links and forms on a page of a list: other pages, other orders, filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.web.content.layout.page_frame import list_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.list_selection import Selection, Wanted, text_of
from missiongraph.web.http.registry import Member
from missiongraph.web.rendering.view_models import Choice, Column, Link
from missiongraph.web.rendering.view_models.lists import Facet, LongPaging

PER_PAGE = 50

Order = Literal["ascending", "descending"]
ASCENDING: Final = "ascending"
DESCENDING: Final = "descending"


class ListLinks:
    """The links and forms of one page of a list."""

    def __init__(self, reader: Reader, member: Member, wanted: Wanted) -> None:
        self._reader, self._member, self._wanted = reader, member, wanted
        self._value = NamedNode(member.iri)
        self._chosen = tuple(a for a in member.arguments if a[0] in ("filter", "sort", "order"))
        self.is_a_choice = bool(self._chosen)

    @property
    def first(self) -> Member:
        """The first page of the list with the same filters and order."""
        return list_of(self._wanted.predicate, self._value, 1, self._chosen)

    def href(self, number: int = 1, chosen: Sequence[tuple[str, str]] | None = None) -> str:
        """The link to page *number*.

        :param chosen: other filters and another order than now
        """
        chosen = self._chosen if chosen is None else chosen
        return self._reader.href(list_of(self._wanted.predicate, self._value, number, chosen).address())

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """The hidden fields of the form that filters. The form that leads to a page has `order` and `filters`, too."""
        named = tuple(a for a in self._member.arguments if a[0] in ("class", "property", "value"))
        return (*named, *((("lang", self._reader.language),) if self._reader.explicit else ()))

    @property
    def order(self) -> tuple[tuple[str, str], ...]:
        """The query parameters of the order."""
        return tuple(a for a in self._chosen if a[0] != "filter")

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """The query parameters of the filters."""
        return tuple(a for a in self._chosen if a[0] == "filter")

    def columns(self, properties: Sequence[NamedNode]) -> tuple[Column, ...]:
        """The column headings. Each links to the list sorted by it, or in reverse if it is sorted so already."""
        return tuple(self._column(one) for one in (None, *properties))

    def _column(self, by: NamedNode | None) -> Column:
        reader, wanted = self._reader, self._wanted
        name = reader.say("Name") if by is None else reader.property_name(by)
        if reader.site.static:
            return Column(name, order=ASCENDING if by is None else None)
        sorted_so = wanted.sort == by
        sort = () if by is None else (("sort", by.value),)
        descending = (("order", DESCENDING),) if sorted_so and not wanted.descending else ()
        order: Order | None = (DESCENDING if wanted.descending else ASCENDING) if sorted_so else None
        return Column(name, self.href(chosen=(*self.filters, *sort, *descending)), order)

    def letters(self, found: Selection) -> tuple[Link, ...]:
        """Each initial, with a link to the page where it begins."""
        if len(found.things) <= PER_PAGE:
            return ()
        pages = {letter: place // PER_PAGE + 1 for letter, place in found.letters.items()}
        return tuple(
            Link(letter, self.href(number), current=number == self._member.number) for letter, number in pages.items()
        )

    def facets(self, found: Selection, terms: dict[int, Term]) -> tuple[Facet, ...]:
        """The facets, with links that add or remove each value."""
        reader, chosen, facets = self._reader, {line for _, line in self.filters}, []
        for number, counts in found.facets.items():
            if isinstance(predicate := terms[number], NamedNode):
                choices = tuple(
                    Choice(line, f"{reader.value(terms[v], predicate).text} ({n})", line in chosen)
                    for v, n in counts.items()
                    if (line := f"{predicate.value} {text_of(terms[v])}")
                )
                facets.append(Facet(reader.property_name(predicate), choices))
        return tuple(facets)

    def chosen(self, found: Selection, terms: dict[int, Term]) -> Iterator[str]:
        """The filters and the order in words, so that each page has a title of its own."""
        for predicate, text in self._wanted.filters:
            named = (t for t in terms.values() if text_of(t) == text)
            yield f"{self._reader.property_name(predicate)}: {next((self._reader.label(t)[0] for t in named), text)}"
        if self._wanted.sort is not None:
            yield self._reader.property_name(self._wanted.sort)
        if self._wanted.descending:
            yield "↓"

    def paging(self, of: int) -> LongPaging | None:
        """The links to other pages; ``None`` if there is only one."""
        number = self._member.number
        paging = LongPaging.at(number, of, self.href)
        return paging and replace(
            paging,
            first=self.href() if number > 2 else None,
            last=self.href(of) if number < of - 1 else None,
            jump=() if self._reader.site.static else (*self.hidden, *self._chosen),
        )
