"""View models of the layout of every page: head, masthead, breadcrumb and footer."""

from __future__ import annotations

from dataclasses import dataclass

from missiongraph.drawings.linked_texts import Link


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A link to the same page in another language; `name` is in that language."""

    code: str
    name: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Alternate:
    """A `<link rel=alternate>` to another language (`hreflang`) or another format (`type`)."""

    href: str
    hreflang: str | None = None
    type: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """What the footer says of the build: date, short digest, licence, number of sources."""

    date: str | None = None
    digest: str | None = None
    licence: Link | None = None
    sources: int | None = None


@dataclass(frozen=True, slots=True)
class SharedLayout:
    """The part of the layout that all pages of a language share.

    `sections` are the items of the navigation: text, address below the root, link.
    """

    sections: tuple[tuple[str, str, str], ...]
    everything: tuple[Link, ...]
    machines: tuple[Link, ...]
    edition: Edition
    search_hint: str


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The layout of a page: everything around its main part.

    `brand` replaces a long `site_name` in the masthead. `description` is the meta description (20 characters or more).
    `title` replaces the heading in `<title>`. `robots` is for pages that search engines should not index,
    or whose links they should not follow. `search_href` shows the search box, with `search_query` in it; the form keeps
    a `forced_language`. `evidence_open` shows every margin note open. `structured_data` is JSON-LD as text.
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
        """The language as Open Graph writes it: `en_GB`, `it_IT`, else the tag itself."""
        return {"en": "en_GB", "it": "it_IT"}.get(self.language, self.language.replace("-", "_"))
