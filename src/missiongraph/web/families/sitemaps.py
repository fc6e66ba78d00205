"""The sitemap: all pages for search engines, in parts where there are many (https://www.sitemaps.org/protocol.html).

A part has far fewer addresses than the 50,000 that are allowed, so that each is written at once and kept as any page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape

from missiongraph.web.registry import Arguments, Family, Member, Variant
from missiongraph.web.site import Site

#: Where robots have no business: every address there is a question of its own.
CLOSED = ("sparql", "search")

#: Addresses of a part; so many fill no more than 11 MB, of 50 that are allowed.
PER_PART = 5000

#: Characters of an address that a sitemap takes, one less than the protocol's bound.
_MOST_CHARACTERS = 2047

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_WHOLE = Member("sitemap.xml", "")

Families = Callable[[], Iterable[Family]]


def sitemap_families(families: Families) -> tuple[Family, Family]:
    """The sitemap, and the parts that it names where it is an index; *families* are asked when a request comes."""

    def whole(site: Site, member: Member, variant: Variant) -> bytes:
        parts = _starts(site, families())
        if len(parts) <= 1:
            return _document(site, "urlset", "url", _addresses(site, families(), (0, 0)))
        named = (site.root + _part(number).address() for number in range(1, len(parts) + 1))
        return _document(site, "sitemapindex", "sitemap", named)

    def part(site: Site, member: Member, variant: Variant) -> bytes:
        start = _starts(site, families())[member.number - 1]
        return _document(site, "urlset", "url", _addresses(site, families(), start))

    def members(site: Site) -> Iterator[Member]:
        parts = len(_starts(site, families()))
        return map(_part, range(1, parts + 1) if parts > 1 else ())

    def find(site: Site, key: str, arguments: Arguments) -> Member | None:
        return next((member for member in members(site) if member.path == f"sitemap-{key}.xml"), None)

    form = (Variant("application/xml", "", "Sitemap"),)
    return (
        Family(
            name="sitemap.xml",
            pattern="/sitemap.xml",
            summary="All pages, for search engines",
            find=lambda site, key, arguments: _WHOLE,
            members=lambda site: iter((_WHOLE,)),
            variants=lambda site, member: form,
            render=whole,
        ),
        Family(
            name="sitemap-part",
            pattern="/sitemap-<key>.xml",
            summary="A part of the pages, for search engines",
            find=find,
            members=members,
            variants=lambda site, member: form,
            render=part,
        ),
    )


def _part(number: int) -> Member:
    return Member(f"sitemap-{number}.xml", "", number=number)


def _starts(site: Site, families: Iterable[Family]) -> list[tuple[int, int]]:
    """Where each part begins: the place of a family, and of one of its members; found once."""
    if not site.sitemap_parts:
        pages = (place for place, member in _pages(site, families, (0, 0)) if _fits(site, member))
        site.sitemap_parts.extend(islice(pages, 0, None, PER_PART))
    return site.sitemap_parts


def _addresses(site: Site, families: Iterable[Family], start: tuple[int, int]) -> Iterator[str]:
    pages = (member for _, member in _pages(site, families, start) if _fits(site, member))
    return (escape(site.root + member.address()) for member in islice(pages, PER_PART))


def _fits(site: Site, member: Member) -> bool:
    return len(site.root) + 6 * len(member.path) < _MOST_CHARACTERS or (  # an ampersand becomes five characters
        len(escape(site.root + member.address())) <= _MOST_CHARACTERS
    )


def _pages(site: Site, families: Iterable[Family], start: tuple[int, int]) -> Iterator[tuple[tuple[int, int], Member]]:
    """The members that have a page, each with its place, from *start* on."""
    for number, family in enumerate(families):
        if number < start[0]:
            continue
        first = start[1] if number == start[0] else 0
        for place, member in enumerate(family.members_from(site, first), first):
            is_page = any(variant.is_page for variant in family.variants(site, member))
            if is_page and member.path.partition("/")[0] not in CLOSED:
                yield (number, place), member


def _document(site: Site, root: str, item: str, addresses: Iterable[str]) -> bytes:
    modified = site.build.manifest["modified"]
    lastmod = f"<lastmod>{modified}</lastmod>" if modified else ""
    items = "".join(f"<{item}><loc>{address}</loc>{lastmod}</{item}>\n" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">\n{items}</{root}>\n'.encode()
