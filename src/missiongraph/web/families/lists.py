"""Lists of things, page by page: those of a class, or all that name a resource by one property."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from missiongraph.describe import Labels
from missiongraph.engine.protocol import rows
from missiongraph.vocab import DESCRIPTION_PROPERTIES, RDF
from missiongraph.web.frame import class_list, frame, list_of
from missiongraph.web.reader import Reader
from missiongraph.web.registry import IRI_SCHEMA, Arguments, BadParameter, Family, Member, Variant, page_variants
from missiongraph.web.site import Site
from missiongraph.web.views import Entry, Link, ListPage
from missiongraph.web.views.entity import Paging

PER_PAGE = 50
_MOST_PAGES = 100_000
_PAGE = "^([1-9][0-9]{0,4}|100000)$"

#: More things than this come in the order of the store: to sort them all would take as long as there are many.
_MOST_SORTED = 20_000


def _find(site: Site, key: str, arguments: Arguments) -> Member | None:
    return _page(site, RDF.type, _iri(arguments, "class"), arguments)


def _find_naming(site: Site, key: str, arguments: Arguments) -> Member | None:
    return _page(site, _iri(arguments, "property"), _iri(arguments, "value"), arguments)


def _page(site: Site, predicate: NamedNode, value: NamedNode, arguments: Arguments) -> Member | None:
    page = arguments.get("page", "1")
    if not re.fullmatch(_PAGE, page):
        raise BadParameter("page", f"“{page}” is not a number from 1 to {_MOST_PAGES}")
    pages = -(-_count(site, predicate, value) // PER_PAGE)
    return list_of(predicate, value, int(page)) if int(page) <= pages else None


def _iri(arguments: Arguments, name: str) -> NamedNode:
    iri = arguments.get(name, "")
    try:
        return NamedNode(iri)
    except ValueError:
        raise BadParameter(name, f"“{iri}” is not an absolute IRI") from None


def _property(member: Member) -> NamedNode:
    """What the things of the list have the value by."""
    return NamedNode(dict(member.arguments).get("property", RDF.type.value))


def _count(site: Site, predicate: NamedNode, value: NamedNode) -> int:
    if (predicate, value) in (lists := site.lists):
        return len(lists[predicate, value])
    text = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s {predicate} {value} FILTER(isIRI(?s)) }}"
    return int(getattr(next(rows(site.engine, text))["n"], "value", 0))


def _members(site: Site) -> Iterator[Member]:
    """The lists of classes; those of other properties are as many as pairs of things, and found only."""
    text = "SELECT DISTINCT ?class WHERE { ?s a ?class FILTER(isIRI(?class) && isIRI(?s)) } ORDER BY ?class"
    for row in rows(site.engine, text):
        kind = row["class"]
        if isinstance(kind, NamedNode):
            for page in range(-(-_count(site, RDF.type, kind) // PER_PAGE)):
                yield class_list(kind.value, page + 1)


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    reader, predicate, value = Reader(site, variant), _property(member), NamedNode(member.iri)
    total = _count(site, predicate, value)
    things = _things(site, predicate, value, total, member.number)
    reader.learn([predicate, value, *things])
    described = _descriptions(reader, things)
    title, heading, lead = _words(reader, predicate, value)
    view = ListPage(
        title=title,
        iri=value.value,
        total=total,
        entries=tuple(Entry(reader.link(thing), description=described.get(thing)) for thing in things),
        paging=_paging(reader, predicate, value, member.number, -(-total // PER_PAGE)),
    )
    if member.number > 1:
        heading += f" ({member.number})"
    trail = Link(title, current=True)
    crumbs = (trail,) if predicate == RDF.type else (reader.link(value), trail)
    surround = frame(reader, member, heading, description=lead, breadcrumb=crumbs)
    return site.renderer.render("list.html", view, surround).encode()


def _things(site: Site, predicate: NamedNode, value: NamedNode, total: int, number: int) -> list[NamedNode]:
    """The things on page *number*, in order of IRI where they can be sorted, which is done once for all pages."""
    text = f"SELECT DISTINCT ?s WHERE {{ ?s {predicate} {value} FILTER(isIRI(?s)) }}"
    offset = (number - 1) * PER_PAGE
    if total > _MOST_SORTED:
        return _subjects(site, f"{text} LIMIT {PER_PAGE} OFFSET {offset}")
    lists = site.lists
    if (predicate, value) not in lists:  # sorted here, for the engine takes twenty times as long
        lists[predicate, value] = tuple(sorted(_subjects(site, text), key=lambda thing: thing.value))
    return list(lists[predicate, value][offset : offset + PER_PAGE])


def _subjects(site: Site, text: str) -> list[NamedNode]:
    return [thing for row in rows(site.engine, text) if isinstance(thing := row["s"], NamedNode)]


def _words(reader: Reader, predicate: NamedNode, value: NamedNode) -> tuple[str, str, str]:
    """Title, title of the window, and a sentence; two classes may have one name, so the window's has the IRI too."""
    if predicate == RDF.type:
        title = reader.plural(value)
        heading = f"{title} ({reader.short(value)})"
        return title, heading, reader.say("All things of the class %(name)s in this publication.", name=heading)
    named, by = reader.label(value)[0], reader.property_name(predicate)
    title = f"{by}: {named}"
    lead = reader.say("All things that name %(name)s as “%(property)s” in this publication.", name=named, property=by)
    return title, f"{title} ({reader.short(predicate)}, {reader.short(value)})", lead


def _descriptions(reader: Reader, things: list[NamedNode]) -> dict[NamedNode, str]:
    labels = Labels(reader.site.engine, things, DESCRIPTION_PROPERTIES)
    return {thing: found[0] for thing in things if (found := labels.of(thing, reader.language))}


def _paging(reader: Reader, predicate: NamedNode, value: NamedNode, number: int, of: int) -> Paging | None:
    if of <= 1:
        return None
    return Paging(
        number,
        of,
        previous=reader.href(list_of(predicate, value, number - 1).address()) if number > 1 else None,
        next=reader.href(list_of(predicate, value, number + 1).address()) if number < of else None,
    )


def _naming(site: Site) -> Member | None:
    """The list of what names some resource."""
    links = f"?s ?p ?o FILTER(isIRI(?s) && isIRI(?o) && ?p != {RDF.type})"
    for row in rows(site.engine, f"SELECT ?p ?o WHERE {{ {links} }} LIMIT 1"):
        if isinstance(row["p"], NamedNode) and isinstance(row["o"], NamedNode):
            return list_of(row["p"], row["o"])
    return None


_PAGES = {"page": "Page of the list, from 1"}, {"page": {"type": "string", "pattern": _PAGE}}

LISTS = Family(
    name="list",
    pattern="/list",
    summary="The things of a class",
    find=_find,
    members=_members,
    variants=lambda site, member: page_variants(site),
    render=_render,
    parameters={"class": "IRI of the class"} | _PAGES[0],
    required=("class",),
    schemas={"class": IRI_SCHEMA} | _PAGES[1],
)

NAMING = Family(
    name="naming",
    pattern="/naming",
    summary="The things that name a resource by a property",
    find=_find_naming,
    example=_naming,
    variants=lambda site, member: page_variants(site),
    render=_render,
    parameters={
        "property": "IRI of the property that the things have",
        "value": "IRI of the resource that is its value",
    }
    | _PAGES[0],
    required=("property", "value"),
    schemas={"property": IRI_SCHEMA, "value": IRI_SCHEMA} | _PAGES[1],
)
