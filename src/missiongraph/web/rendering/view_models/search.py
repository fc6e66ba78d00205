"""Pages on which things are found: search, and the small previews that other programs show."""

from __future__ import annotations

from dataclasses import dataclass

from missiongraph.drawings.links import Link
from missiongraph.web.rendering.view_models.entity import Paging


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found.

    `also` are its other names; `why` says what matched, where the name itself does not show it.
    """

    link: Link
    kicker: str | None = None
    description: str | None = None
    also: tuple[str, ...] = ()
    why: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found for some words: the `hits` of one page, of `total`.

    `understood` says how the words were read; `near` are ways on where nothing was found.
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
    """A thing in a few lines."""

    title: str
    kinds: tuple[str, ...]
    description: str
    iri: str
    href: str
