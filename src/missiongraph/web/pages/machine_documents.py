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
from missiongraph.web.rendering.kept_from_robots import DISALLOWED

#: What robots.txt says to those who read it. They may be writing a robot.
_TO_READERS = """\
# Everything here can be downloaded at once, in many formats. Please do that rather than visit each page:
#   {root}dumps/ (files)  {root}catalog (DCAT)  {root}.well-known/void (VoID)
# Not to be visited: what can be asked without end, and the same pages again in each language.
#
# Tutto si può scaricare in una volta, in molti formati: è meglio che visitare ogni pagina.
#   {root}dumps/ (file)  {root}catalog (DCAT)  {root}.well-known/void (VoID)
# Da non visitare: ciò che si può chiedere senza fine, e le stesse pagine in ogni lingua.
"""


def text_families(
    families: Callable[[], Iterable[Family]], services: Callable[[], Iterable[Service]]
) -> tuple[Family, ...]:
    """The families of documents that loop over the registry.

    :param families: returns all families; it is called on each request
    :param services: likewise for services
    """

    def robots(site: Site) -> str:
        sitemap = f"Sitemap: {site.root}sitemap.xml\n"
        if site.static:
            return f"User-agent: *\n{sitemap}"
        closed = "".join(f"Disallow: /{rule}\n" for rule in DISALLOWED)
        return f"{_TO_READERS.format(root=site.root)}\nUser-agent: *\n{closed}\n{sitemap}"

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
