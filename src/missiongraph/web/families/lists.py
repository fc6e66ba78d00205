"""Lists of the things of a class, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from missiongraph.describe import Labels
from missiongraph.engine.protocol import rows
from missiongraph.vocab import DESCRIPTION_PROPERTIES
from missiongraph.web.frame import class_list, frame
from missiongraph.web.reader import Reader
from missiongraph.web.registry import IRI_SCHEMA, Arguments, BadParameter, Family, Member, Variant, page_variants
from missiongraph.web.site import Site
from missiongraph.web.views import Entry, Link, ListPage
from missiongraph.web.views.entity import Paging

PER_PAGE = 50
_MOST_PAGES = 100_000
_PAGE = "^([1-9][0-9]{0,4}|100000)$"


def _find(site: Site, key: str, arguments: Arguments) -> Member | None:
    iri, page = arguments.get("class", ""), arguments.get("page", "1")
    try:
        NamedNode(iri)
    except ValueError:
        raise BadParameter("class", f"“{iri}” is not an absolute IRI") from None
    if not re.fullmatch(_PAGE, page):
        raise BadParameter("page", f"“{page}” is not a number from 1 to {_MOST_PAGES}")
    pages = -(-_count(site, NamedNode(iri)) // PER_PAGE)
    return class_list(iri, int(page)) if int(page) <= pages else None


def _count(site: Site, kind: NamedNode) -> int:
    text = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a {kind} FILTER(isIRI(?s)) }}"
    return int(getattr(next(rows(site.engine, text))["n"], "value", 0))


def _members(site: Site) -> Iterator[Member]:
    text = "SELECT DISTINCT ?class WHERE { ?s a ?class FILTER(isIRI(?class) && isIRI(?s)) } ORDER BY ?class"
    for row in rows(site.engine, text):
        kind = row["class"]
        if isinstance(kind, NamedNode):
            for page in range(-(-_count(site, kind) // PER_PAGE)):
                yield class_list(kind.value, page + 1)


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    reader, kind = Reader(site, variant), NamedNode(member.iri)
    total = _count(site, kind)
    offset = (member.number - 1) * PER_PAGE
    text = f"SELECT DISTINCT ?s WHERE {{ ?s a {kind} FILTER(isIRI(?s)) }} ORDER BY ?s LIMIT {PER_PAGE} OFFSET {offset}"
    things = [row["s"] for row in rows(site.engine, text)]
    reader.learn([kind, *things])
    described = _descriptions(reader, [t for t in things if isinstance(t, NamedNode)])
    title = reader.plural(kind)
    view = ListPage(
        title=title,
        iri=kind.value,
        total=total,
        entries=tuple(Entry(reader.link(t), description=described.get(t)) for t in things if isinstance(t, NamedNode)),
        paging=_paging(reader, kind.value, member.number, -(-total // PER_PAGE)),
    )
    number = "" if member.number == 1 else f", {member.number}"
    heading = f"{title} ({reader.short(kind)}{number})"  # two classes may have one name
    lead = reader.say("All things of the class %(name)s in this publication.", name=heading)
    surround = frame(reader, member, heading, description=lead, breadcrumb=(Link(title, current=True),))
    return site.renderer.render("list.html", view, surround).encode()


def _descriptions(reader: Reader, things: list[NamedNode]) -> dict[NamedNode, str]:
    labels = Labels(reader.site.engine, things, DESCRIPTION_PROPERTIES)
    return {thing: found[0] for thing in things if (found := labels.of(thing, reader.language))}


def _paging(reader: Reader, iri: str, number: int, of: int) -> Paging | None:
    if of <= 1:
        return None
    return Paging(
        number,
        of,
        previous=reader.href(class_list(iri, number - 1).address()) if number > 1 else None,
        next=reader.href(class_list(iri, number + 1).address()) if number < of else None,
    )


LISTS = Family(
    name="list",
    pattern="/list",
    summary="The things of a class",
    find=_find,
    members=_members,
    variants=lambda site, member: page_variants(site),
    render=_render,
    parameters={"class": "IRI of a class", "page": "Page of the list, from 1"},
    required=("class",),
    schemas={"class": IRI_SCHEMA, "page": {"type": "string", "pattern": _PAGE}},
)
