"""What surrounds every page: head, masthead, breadcrumb and footer."""

from __future__ import annotations

from dataclasses import dataclass

from missiongraph.drawings.links import Link


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in another language: `name` is written in that language."""

    code: str
    name: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Alternate:
    """A `<link rel=alternate>`: of another language (`hreflang`) or another format (`type`)."""

    href: str
    hreflang: str | None = None
    type: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """The footer's facts about the build: formatted date, short digest, licence, sources."""

    date: str | None = None
    digest: str | None = None
    licence: Link | None = None
    sources: int | None = None


@dataclass(frozen=True, slots=True)
class SharedLayout:
    """What stands around every page alike; *sections* of the navigation as text, address and link."""

    sections: tuple[tuple[str, str, str], ...]
    everything: tuple[Link, ...]
    machines: tuple[Link, ...]
    edition: Edition
    search_hint: str


@dataclass(frozen=True, slots=True)
class PageLayout:
    """Everything around the main part of a page.

    `brand` stands in the masthead in place of a long `site_name`;
    `description` is the meta description (20 characters or more); `title` overrides the page's own
    heading in `<title>`; `robots` is for pages that search engines should leave out;
    `search_href` shows the search box, with `search_query` in it, which keeps a `forced_language`;
    `evidence_open` draws every note open; `structured_data` is JSON-LD as text.
    """

    site_name: str
    language: str
    home_href: str
    description: str
    canonical: str | None = None
    languages: tuple[LanguageLink, ...] = ()
    navigation: tuple[Link, ...] = ()
    breadcrumb: tuple[Link, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    everything: tuple[Link, ...] = ()
    machines: tuple[Link, ...] = ()
    edition: Edition = Edition()
    title: str | None = None
    brand: str | None = None
    og_type: str = "website"
    search_href: str | None = None
    search_query: str = ""
    search_hint: str = ""
    forced_language: str | None = None
    evidence_open: bool = False
    structured_data: str | None = None
    robots: str | None = None

    @property
    def locale(self) -> str:
        """The language as Open Graph writes it: `en_GB`, `it_IT`, otherwise the bare code."""
        return {"en": "en_GB", "it": "it_IT"}.get(self.language, self.language.replace("-", "_"))
