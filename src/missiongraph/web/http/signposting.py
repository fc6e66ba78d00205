"""Signposting: typed links of a page, as ``Link`` header and as link sets (RFC 8288, RFC 9264).

https://signposting.org/FAIR/ defines the relations. Header and link sets are both made from `links_of`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, quote

from missiongraph.publication.addresses import as_sent
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Family, Member, Variant, WebLink, keys_of

#: Characters that a URI may hold unencoded (RFC 3986), with the percent sign of octets encoded already.
_URI = "%/:?#[]@!$&'()*+,;=~-._"

_SETS = (
    Variant("application/linkset+json", "json", "JSON", aliases=("application/json",)),
    Variant("application/linkset", "txt", "Text", aliases=("text/plain",)),
)
_MOST_ADDRESS = 2000

#: Most bytes of the field ``Link``. Proxies such as nginx take 4,000 bytes of headers in all.
_MOST_BYTES = 3200
_BETWEEN = ", "


def links_of(site: Site, family: Family, member: Member) -> tuple[WebLink, ...]:
    """All links of a member: those of its family, its other forms, and the link sets if it has a page."""
    variants = family.variants(site, member)
    links = list(family.links(site, member))
    links += [
        WebLink("alternate", f"/{member.address(v.extension)}", v.media_type)
        for v in variants
        if v.extension and not v.is_page
    ]
    of = _linkset_of(member)
    if any(variant.is_page for variant in variants) and len(member.address()) <= _MOST_ADDRESS:
        links += [WebLink("linkset", f"/{of.address(v.extension)}", v.media_type) for v in _SETS]
    return tuple(dict.fromkeys(links))


def licence_of(site: Site) -> tuple[WebLink, ...]:
    """The link to the licence of the publication, if the settings state one."""
    return (WebLink("license", site.settings.licence),) if site.settings.licence else ()


def link_field(links: Iterable[WebLink]) -> str:
    """*links* as one ``Link`` field of at most ``_MOST_BYTES``; if they are too long, some are left out.

    Link sets are kept first, since they have all links. Items are left out first, since there may be many.
    """
    written = dict.fromkeys((link.relation, header(link)) for link in links)
    kept, room = set(), _MOST_BYTES
    for relation, text in sorted(written, key=lambda one: (one[0] == "item") - (one[0] == "linkset")):
        room -= len(text) + len(_BETWEEN)
        if room >= 0:
            kept.add((relation, text))
    return _BETWEEN.join(text for relation, text in written if (relation, text) in kept)


def header(link: WebLink) -> str:
    """*link* as a link-value of HTTP (RFC 8288). IRIs are encoded as URIs."""
    kind = f'; type="{link.media_type}"' if link.media_type else ""
    return f'<{quote(link.target, safe=_URI)}>; rel="{link.relation}"{kind}'


def linkset_family(families: Callable[[], Iterable[Family]]) -> Family:
    """The family of link sets, one for each page.

    :param families: returns all families; it is called on each request
    """

    def find(site: Site, key: str, arguments: Any) -> Member | None:
        found = _page_at(site, families(), arguments.get("of", ""))
        return _linkset_of(found[1]) if found else None

    def render(site: Site, member: Member, variant: Variant) -> bytes:
        address = dict(member.arguments).get("of", "")
        found = _page_at(site, families(), address)
        assert found is not None, address
        anchor = site.root + found[1].address()
        links = [link for link in links_of(site, *found) if link.relation != "linkset"]
        write = _as_json if variant.extension == "json" else _as_text
        return write(anchor, [link._replace(target=_absolute(site, link.target)) for link in links]).encode()

    return Family(
        name="linkset",
        pattern="/linkset",
        summary="The typed links of a page, as a link set (RFC 9264)",
        find=find,
        example=lambda site: _linkset_of(Member("", "")),
        variants=lambda site, member: _SETS,
        render=render,
        parameters={"of": "Address of a page below the root, with its query; the home page where it is missing"},
    )


def _linkset_of(member: Member) -> Member:
    address = member.address()
    return Member("linkset", "", (("of", address),) if address else ())


def _page_at(site: Site, families: Iterable[Family], address: str) -> tuple[Family, Member] | None:
    """The family and the member whose page is at *address*; ``None`` if there is none."""
    if len(address) > _MOST_ADDRESS:
        return None
    path, _, query = address.partition("?")
    arguments = dict(parse_qsl(query, keep_blank_values=True))
    for family in families:
        pattern = "".join(
            "(?P<key>.*)" if part.startswith("<") else re.escape(part)
            for part in re.split(r"(<[^>]+>)", family.pattern)
        )
        matched = re.fullmatch(pattern, f"/{path}")
        if matched and family.name != "linkset":
            for key in keys_of(family, as_sent(matched.groupdict().get("key", "")), as_sent(query)):
                member = family.find(site, key, arguments)
                if member is not None and any(variant.is_page for variant in family.variants(site, member)):
                    return family, member
    return None


def _absolute(site: Site, target: str) -> str:
    return quote(site.root + target[1:] if target.startswith("/") else target, safe=_URI)


def _as_json(anchor: str, links: Iterable[WebLink]) -> str:
    by_relation: dict[str, list[dict[str, str]]] = defaultdict(list)
    for link in links:
        kind = {"type": link.media_type} if link.media_type else {}
        by_relation[link.relation].append({"href": link.target, **kind})
    return json.dumps({"linkset": [{"anchor": anchor, **by_relation}]}, ensure_ascii=False, indent=1) + "\n"


def _as_text(anchor: str, links: Iterable[WebLink]) -> str:
    rows = (f'{header(link)}; anchor="{quote(anchor, safe=_URI)}"' for link in links)
    return ",\n".join(rows) + "\n"
