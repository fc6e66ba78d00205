"""View models of pages about one resource: an entity, or the named graph of a claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from missiongraph.drawings.evidence_strips_and_neighbourhoods import Neighbourhood, Strip
from missiongraph.drawings.linked_texts import Link, safe_href
from missiongraph.drawings.maps import Map
from missiongraph.web.rendering.view_models.parts import Check, Evidence, Fact, Group, Section, Value
from missiongraph.web.rendering.view_models.query_views import ThingPart


@dataclass(frozen=True, slots=True)
class Paging:
    """Page `number` of `of` pages of a long list, with the addresses of the pages before and after."""

    number: int
    of: int
    previous: str | None = None
    next: str | None = None

    @classmethod
    def at(cls, number: int, of: int, address: Callable[[int], str]) -> Self | None:
        """Page *number* of *of*, each at its *address*; none where there is but one."""
        if of <= 1:
            return None
        return cls(
            number,
            of,
            previous=address(number - 1) if number > 1 else None,
            next=address(number + 1) if number < of else None,
        )


@dataclass(frozen=True, slots=True)
class Incoming:
    """Things that have this one as the value of one property.

    `things` are some of `total`; `paging` leads through the rest, or `all_href` to a page with all of them.
    """

    label: str
    things: tuple[Link, ...]
    total: int
    href: str | None = None
    hint: str | None = None
    all_href: str | None = None
    paging: Paging | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "href", safe_href(self.href))
        object.__setattr__(self, "all_href", safe_href(self.all_href))


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of the table "Sources of this page".

    `checks` are the distinct results of its last checks; `record` says that the source is a register, not a page.
    """

    id: str
    mark: str
    source: Link
    publisher: str | None
    date: str | None
    facts: int
    checks: tuple[Check, ...]
    record: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A deprecated or retired thing: since when it is so, and what replaces it."""

    since: str | None = None
    replacements: tuple[Link, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EntityPage:
    """The page of a resource: name, facts in groups, incoming links, links elsewhere, sources.

    `kicker` has the types, and `place` continues it ("City in …"). `views` are rows of query views about the resource.
    `strip` and `sources` are computed by `missiongraph.web.rendering.view_models.derived_from_facts`, `neighbourhood` by
    `missiongraph.drawings.evidence_strips_and_neighbourhoods`. `record` has facts that the page shows in another form already.
    `open_href` is the address that shows all margin notes open.
    """

    title: str
    iri: str
    kicker: tuple[Link, ...] = ()
    place: Link | None = None
    title_lang: str | None = None
    description: Value | None = None
    groups: tuple[Group, ...] = ()
    record: tuple[Group, ...] = ()
    views: tuple[ThingPart, ...] = ()
    sections: tuple[Section, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    neighbourhood: Neighbourhood | None = None
    elsewhere: tuple[Fact, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    strip: Strip | None = None
    locator: Map | None = None
    open_href: str | None = None
    formats: tuple[Link, ...] = ()
    citation: str | None = None
    lost: Lost | None = None
    withdrawn: Withdrawn | None = None
    remark: str | None = None

    @property
    def drawn(self) -> bool:
        """Whether any query view is drawn on the page."""
        return any(part.drawing for part in self.views)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a named graph. `marks` are the marks of other sources that state the same."""

    subject: Link
    property: Link
    value: Value
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """What would lose support without this source: `facts` lose a note, and `bare` of them have no other."""

    facts: int
    bare: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The page of a named graph: its words as heading, its statements, its checks, and what depends on it.

    `title` is the label of the graph. It is the heading only if the graph quotes no words.
    """

    title: str
    iri: str
    quotes: tuple[Evidence, ...] = ()
    kicker: tuple[Link, ...] = ()
    description: Value | None = None
    statements: tuple[Statement, ...] = ()
    total: int | None = None
    paging: Paging | None = None
    checks: tuple[Check, ...] = ()
    lost: Lost | None = None
    groups: tuple[Group, ...] = ()
    sections: tuple[Section, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    formats: tuple[Link, ...] = ()
    citation: str | None = None

    @property
    def count(self) -> int:
        """The number of statements in the graph."""
        return self.total if self.total is not None else len(self.statements)
