"""View models of search results, and of the preview of a thing."""

from __future__ import annotations

from dataclasses import dataclass

from missiongraph.drawings.linked_texts import Link
from missiongraph.web.rendering.view_models.entity import Paging


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that the search found.

    `also` are its other names. `why` says which text matched, if the name does not show it.
    """

    link: Link
    kicker: str | None = None
    description: str | None = None
    also: tuple[str, ...] = ()
    why: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of search results: some of `total` hits.

    `understood` says how the search words were read. `near` are links for a search without hits.
    """

    query: str
    action: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    paging: Paging | None = None
    understood: str | None = None
    near: tuple[Link, ...] = ()
    data: Link | None = None
    forced_language: str | None = None


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A thing in a few lines, as other programs show it."""

    title: str
    kinds: tuple[str, ...]
    description: str
    iri: str
    href: str
