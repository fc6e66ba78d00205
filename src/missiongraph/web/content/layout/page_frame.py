"""The layout of a member's page: links to languages and formats, navigation, breadcrumb, footer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from pyoxigraph import NamedNode

from missiongraph.publication.query_files import Question
from missiongraph.publication.settings import pick
from missiongraph.vocab import RDF
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Member, Variant, page_variants
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Alternate, Edition, LanguageLink, Link, PageLayout, SharedLayout

#: The Atom feed of releases, which every page links.
FEED, FEED_TYPE = "changes.atom", "application/atom+xml"

#: Path of the page that evaluates queries in the browser.
LOCAL_QUERY = "sparql/local"

#: Most classes in the navigation. The home page has all classes of the settings.
_MOST_CLASSES = 2

_SHORTEST_DESCRIPTION = 20
_LONGEST_DESCRIPTION = 300
_DIGEST_SHOWN = 12


def layout_of(
    reader: Reader,
    member: Member,
    title: str | None,
    *,
    description: str | None = None,
    data: Sequence[Variant] = (),
    breadcrumb: Sequence[Link] = (),
    structured_data: str | None = None,
) -> PageLayout:
    """The layout of the page of *member*.

    :param title: of the page; ``None`` leaves it to the template
    :param description: the meta description, completed if it is short
    :param data: the variants of *member* in other formats
    :param breadcrumb: the pages above this one, and the page itself
    :param structured_data: JSON-LD as text
    """
    site, language = reader.site, reader.language
    key = (language, reader.explicit)
    if key not in site.shared_layouts:
        site.shared_layouts[key] = _shared_layout(reader)
    around = site.shared_layouts[key]
    own, above = (member.address(), member.path), [link.href for link in breadcrumb]
    return PageLayout(
        site_name=site.title(language),
        brand=site.settings.name or None,
        evidence_open=reader.opened,
        search_href=None if site.static else "/search",  # an export cannot answer searches
        search_hint=around.search_hint,
        forced_language=language if reader.explicit else None,
        language=language,
        home_href=reader.href(""),
        description=_description(reader, title, description),
        canonical=site.root + (member.address(lang=language) if site.static else member.address()),
        languages=tuple(_language_link(member, code, language) for code in site.languages),
        navigation=tuple(
            Link(text, href, current=address in own, above=href in above) for text, address, href in around.sections
        ),
        breadcrumb=tuple(breadcrumb),
        alternates=_alternates(reader, member, data),
        everything=around.everything,
        machines=around.machines,
        edition=around.edition,
        title=title,
        og_type="article" if structured_data and breadcrumb else "website",
        structured_data=structured_data,
        robots="nofollow" if reader.explicit and not site.static else None,  # each link keeps the language
    )


def _shared_layout(reader: Reader) -> SharedLayout:
    site, language = reader.site, reader.language
    return SharedLayout(
        sections=_sections(reader),
        everything=(
            Link(reader.say("Catalogue"), reader.href("catalog")),
            Link(reader.say("Downloads"), reader.href("dumps/")),
            Link(reader.say("Quality"), reader.href("quality")),
            Link(reader.say("Changes"), reader.href("changes")),
            *(
                Link(pick(view.title, (language,)) or view.name, reader.href(view_page(view).address()))
                for view in site.build.views
                if view.is_page
            ),
        ),
        machines=(
            *((Link(reader.say("Ontology"), reader.href("ontology")),) if site.build.statements("ontology") else ()),
            *((Link(reader.say("Shapes"), reader.href("shapes")),) if site.build.statements("shapes") else ()),
            Link(reader.say("SPARQL service"), reader.href("sparql")),
            Link(reader.say("Ask in your browser"), reader.href(LOCAL_QUERY)),
            Link("VoID", reader.href(".well-known/void")),
            Link("OpenAPI", "/openapi.json"),
        ),
        edition=_edition(site, language),
        search_hint=_search_hint(reader),
    )


def _description(reader: Reader, title: str | None, description: str | None) -> str:
    text, site_title = " ".join((description or "").split()), reader.site.title(reader.language)
    if title and title != site_title and title.casefold() not in text.casefold() and len(text) >= _SHORTEST_DESCRIPTION:
        text = f"{title}: {text}"  # several things may have the same description
    if len(text) < _SHORTEST_DESCRIPTION:
        text = f"{title or ''} · {site_title}. {text}".strip()
    if len(text) < _SHORTEST_DESCRIPTION:
        text += " " + reader.say("Linked data with the words it rests on.")
    return text if len(text) <= _LONGEST_DESCRIPTION else text[: _LONGEST_DESCRIPTION - 1].rstrip() + "…"


def _language_link(member: Member, code: str, current: str) -> LanguageLink:
    return LanguageLink(code, _name_of(code), "/" + member.address(lang=code), code == current)


@lru_cache
def _name_of(code: str) -> str:
    """The name of a language in that language."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name() or code
    except (UnknownLocaleError, ValueError):
        name = code
    return name[:1].upper() + name[1:]


def _alternates(reader: Reader, member: Member, data: Sequence[Variant]) -> tuple[Alternate, ...]:
    site = reader.site
    languages = [Alternate(site.root + member.address(lang=v.language or ""), v.language) for v in page_variants(site)]
    formats = [
        Alternate("/" + member.address(v.extension), type=v.media_type, title=v.title) for v in data if v.extension
    ]
    feed = Alternate(f"/{FEED}", type=FEED_TYPE, title=reader.say("Changes"))
    own = [other for other in formats if other.href != feed.href]
    return (*languages, Alternate(site.root + member.address(), "x-default"), *own, feed)


def _search_hint(reader: Reader) -> str:
    """The placeholder of the search box: the plural names of the first classes in the settings."""
    classes = [NamedNode(iri) for iri in reader.site.settings.home.classes[:_MOST_CLASSES]]
    return f"{', '.join(map(reader.class_name, classes))}…" if classes else ""


def _sections(reader: Reader) -> tuple[tuple[str, str, str], ...]:
    """The navigation: first classes, query views with a place in it, pages of every site. Text, address, link."""
    classes = [NamedNode(iri) for iri in reader.site.settings.home.classes[:_MOST_CLASSES]]
    reader.learn(classes)
    sections = [(reader.plural(iri), listing_page(reader.site, iri).address()) for iri in classes]
    sections += [
        (pick(view.menu, (reader.language,)), view_page(view).address())
        for view in reader.site.build.views
        if view.menu
    ]
    sections += [(reader.say("Ask"), "sparql"), (reader.say("Download"), "dumps/")]
    return tuple((text, address, reader.href(address)) for text, address in sections)


def view_page(view: Question, chosen: Mapping[str, str] | None = None) -> Member:
    """The member for the page of a query view, filtered by the *chosen* values of variables."""
    return Member(f"views/{view.name}", "", tuple((chosen or {}).items()))


def statement_history(thing: NamedNode, predicate: NamedNode) -> Member:
    """The member for the history of the statements with *thing* as subject and *predicate*."""
    return Member("history", "", (("subject", thing.value), ("property", predicate.value)))


def class_list(iri: str, number: int = 1) -> Member:
    """The member for page *number* of the list of things of a class."""
    return list_of(RDF.type, NamedNode(iri), number)


def listing_page(site: Site, kind: NamedNode) -> Member:
    """The page that lists the things of a class: a query view if one is for that, else the list of the class."""
    views = (view for view in site.build.views if view.lists == kind.value and view.is_page)
    view = next(views, None)
    return view_page(view) if view else class_list(kind.value)


def things_of(reader: Reader, kind: NamedNode) -> str:
    """The address of that page, in the reader's language."""
    return reader.href(listing_page(reader.site, kind).address())


def list_of(predicate: NamedNode, value: NamedNode, number: int = 1, chosen: Sequence[tuple[str, str]] = ()) -> Member:
    """The member for page *number* of the list of things with *value* as *predicate*.

    :param chosen: further query parameters of the list
    """
    more = (*chosen, *((("page", str(number)),) if number > 1 else ()))
    if predicate == RDF.type:
        return Member("list", value.value, (("class", value.value), *more), number)
    return Member("naming", value.value, (("property", predicate.value), ("value", value.value), *more), number)


def _edition(site: Site, language: str) -> Edition:
    modified = site.build.manifest["modified"]
    licence = site.settings.licence
    return Edition(
        date=formatting.format_date(datetime.date.fromisoformat(modified).isoformat(), language) if modified else None,
        digest=site.build.manifest["digest"][:_DIGEST_SHOWN],
        licence=Link(licence_name(licence), licence) if licence else None,
        sources=site.source_count or None,
    )


def licence_name(iri: str) -> str:
    """The name of a licence, taken from its IRI: "CC BY 4.0"."""
    parts = [part for part in iri.rstrip("/").split("/") if part]
    if "creativecommons.org" in iri and len(parts) > 1 and parts[-1][0].isdigit():
        return f"CC {parts[-2].upper()} {parts[-1]}"
    return parts[-1].replace("CC_BY_4_0", "CC BY 4.0").replace("_", " ")


def all_of(reader: Reader, pattern: str) -> str:
    """The address of a query for every ``?thing`` of *pattern*, up to the rows of one page."""
    query = f"SELECT ?thing WHERE {{ {pattern} }} ORDER BY ?thing LIMIT 1000"
    return reader.href(Member("sparql", "", (("query", query),)).address())
