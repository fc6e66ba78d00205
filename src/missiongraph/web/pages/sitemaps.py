"""The sitemap of all pages; beyond 5,000 pages an index of parts (https://www.sitemaps.org/protocol.html).

The protocol allows 50,000 addresses in a part. Ours have fewer, so that each is quickly written and can be cached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.sax.saxutils import escape

from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Arguments, Family, Member, Variant

#: First segments of paths that are left out, because every address there is a query, or of one statement.
CLOSED = ("sparql", "search", "history")

#: Addresses in a part. They take 11 MB at most; the protocol allows 50 MB.
PER_PART = 5000

#: Longest address, in characters. The protocol asks for fewer than 2,048.
_MOST_CHARACTERS = 2047

#: Most characters that one character becomes when encoded: four bytes with three each.
_MOST_WRITTEN = 12

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_WHOLE, _PARTS = Member("sitemap.xml", ""), "sitemap-part"

#: A member by its place: that of its family in the registry, and its own in the family. Both count from 0.
Place = tuple[int, int]

Families = Callable[[], Iterable[Family]]


def sitemap_families(registry: Families) -> tuple[Family, Family]:
    """The sitemap, and its parts if it is an index.

    :param registry: returns all families; it is called on each request
    """

    def families() -> list[Family]:
        return [family for family in registry() if family.name not in ("sitemap.xml", _PARTS)]

    def whole(site: Site, member: Member, variant: Variant) -> bytes:
        parts = _starts(site, families())
        if len(parts) == 1:
            return _document(site, "urlset", "url", _addresses(site, families(), 1))
        named = (site.root + _part(number).address() for number in range(1, len(parts) + 1))
        return _document(site, "sitemapindex", "sitemap", named)

    def part(site: Site, member: Member, variant: Variant) -> bytes:
        return _document(site, "urlset", "url", _addresses(site, families(), member.number))

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
            name=_PARTS,
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


def _starts(site: Site, families: Iterable[Family]) -> list[Place]:
    """Where each part begins. A family of known size has parts of its own; the others share parts."""
    if not site.sitemap_parts:
        starts: list[Place] = []
        total, room = 0, 0
        for number, family in enumerate(families):
            if family.size is not None:
                size, room = family.size(site), 0
                starts += [(number, offset) for offset in range(0, size, PER_PART)]
                total += size
                continue
            for place, _ in _pages(site, number, family, 0):
                if room == 0:
                    starts.append(place)
                    room = PER_PART
                room, total = room - 1, total + 1
        site.sitemap_parts[:] = starts if total > PER_PART else [(0, 0)]  # at once: two threads may do so
    return site.sitemap_parts


def _addresses(site: Site, families: Iterable[Family], number: int) -> Iterator[str]:
    """The addresses of part *number*, escaped for XML."""
    starts = [*_starts(site, families), None]
    start, end = starts[number - 1 : number + 1]
    for position, family in enumerate(families):
        if start is None or position < start[0]:
            continue
        for place, member in _pages(site, position, family, start[1] if position == start[0] else 0):
            if end is not None and place >= end:
                return
            if _fits(site, member):
                yield escape(site.root + member.address())


def _fits(site: Site, member: Member) -> bool:
    longest = len(member.path) + len(member.query) + sum(len(text) for one in member.arguments for text in one)
    return len(site.root) + _MOST_WRITTEN * longest <= _MOST_CHARACTERS or (
        len(escape(site.root + member.address())) <= _MOST_CHARACTERS
    )


def _pages(site: Site, number: int, family: Family, start: int) -> Iterator[tuple[Place, Member]]:
    """The members with a page of the family at place *number*, from place *start* on."""
    for place, member in enumerate(family.members_from(site, start), start):
        is_page = any(variant.is_page for variant in family.variants(site, member))
        if is_page and member.path.partition("/")[0] not in CLOSED:
            yield (number, place), member


def _document(site: Site, root: str, item: str, addresses: Iterable[str]) -> bytes:
    modified = site.build.manifest["modified"]
    lastmod = f"<lastmod>{modified}</lastmod>" if modified else ""
    items = "".join(f"<{item}><loc>{address}</loc>{lastmod}</{item}>\n" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">\n{items}</{root}>\n'.encode()
