"""Pages about one thing of the data: an entity, or the evidence for a claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from missiongraph.drawings.links import Link, safe_href
from missiongraph.drawings.maps import Map
from missiongraph.drawings.small_drawings import Neighbourhood, Strip
from missiongraph.web.rendering.view_models.parts import Check, Evidence, Fact, Group, Section, Value
from missiongraph.web.rendering.view_models.query_views import ThingPart


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a long list is cut: page `number` of `of`, with the addresses of its neighbours."""

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
    """Things that name this one by one property: some of `total`, with paging or a page of all."""

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
    """A row of "Sources of this page". `verdicts` are the distinct results of its last checks."""

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
    """A thing that an edition took back: since when, and what took its place."""

    since: str | None = None
    replacements: tuple[Link, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EntityPage:
    """One thing: who it is, its facts in groups, who names it, where else it is, on what it rests.

    `kicker` holds the types, `place` continues it ("City in …"); `described` may be folded. `views`
    are the rows of query views that name it, `strip` and `sources` come from
    `missiongraph.web.rendering.view_models.evidence_strip`, `neighbourhood` from
    `missiongraph.drawings.small_drawings`.
    `record` holds facts that the page has told in another form; `open_href` is the address with all evidence open.
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
        """Whether a view draws something on the page."""
        return any(part.drawing for part in self.views)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an evidence graph; `marks` are the other sources that say the same."""

    subject: Link
    property: Link
    value: Value
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """What would be lost with the page: facts that lose words, and those with no others left."""

    facts: int
    bare: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The evidence for a claim: its words as headline, what they say, checks, what would be lost.

    `title` is the label of the graph; it is the heading only where nothing is quoted.
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
        """How many statements rest on these words."""
        return self.total if self.total is not None else len(self.statements)
