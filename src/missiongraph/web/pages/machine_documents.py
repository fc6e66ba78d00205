"""Documents for machines about the site: robots.txt, sitemap, OpenAPI document, OpenSearch description."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from missiongraph import __version__
from missiongraph.web.context.site import Site
from missiongraph.web.http.openapi import describe_interface
from missiongraph.web.http.registry import Family, Member, Service, Variant
from missiongraph.web.pages.search import describe_search
from missiongraph.web.pages.sitemaps import sitemap_families

#: Rules of robots.txt. Robots may visit the query page, but no query. The first rule suits those without wildcards.
_DISALLOWED = ("sparql?query=", "sparql?*query=", "search", "*?*filter=", "*?*sort=", "*?*order=")


def text_families(
    families: Callable[[], Iterable[Family]], services: Callable[[], Iterable[Service]]
) -> tuple[Family, ...]:
    """The families of documents that loop over the registry.

    :param families: returns all families; it is called on each request
    :param services: likewise for services
    """

    def robots(site: Site) -> str:
        closed = "" if site.static else "".join(f"Disallow: /{path}\n" for path in _DISALLOWED)
        return f"User-agent: *\n{closed}Sitemap: {site.root}sitemap.xml\n"

    def openapi(site: Site) -> str:
        document = describe_interface(site, families(), () if site.static else services(), __version__)
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

    return (
        _text("opensearch.xml", "application/opensearchdescription+xml", "How to search here", describe_search),
        *sitemap_families(families),
        _text("robots.txt", "text/plain", "What robots may visit", robots),
        _text("openapi.json", "application/json", "This interface, as an OpenAPI document", openapi),
    )


def _text(name: str, media_type: str, summary: str, write: Callable[[Site], str]) -> Family:
    member = Member(name, "")
    return Family(
        name=name,
        pattern=f"/{name}",
        summary=summary,
        find=lambda site, key, arguments: member,
        members=lambda site: iter((member,)),
        variants=lambda site, member: (Variant(media_type, "", name),),
        render=lambda site, member, variant: write(site).encode(),
    )
