"""Lists of things, page by page: the things of a class, or those with some resource as value of one property.

Parameters filter and sort them. They change neither the name of the list nor where it is cut into pages.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Term, rows
from missiongraph.graph.statements_and_labels import Labels
from missiongraph.vocab import DESCRIPTION_PROPERTIES, RDF
from missiongraph.web.content.layout.page_frame import class_list, layout_of, list_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.list_links import ASCENDING, DESCENDING, PER_PAGE, ListLinks
from missiongraph.web.content.rows.list_selection import Selection, Wanted, select, text_of
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import (
    IRI_SCHEMA,
    Arguments,
    BadParameter,
    Body,
    Family,
    Member,
    Variant,
    page_variants,
)
from missiongraph.web.rendering.view_models import Link, Value
from missiongraph.web.rendering.view_models.lists import ListedThing, ThingsPage

_MOST_PAGES = 100_000
_PAGE = "^([1-9][0-9]{0,4}|100000)$"
_FILTER = "^$|^[A-Za-z][A-Za-z0-9+.-]*:[^ \n]* [^\n]+$"

_CSV = Variant("text/csv", "csv", "CSV")

#: Things in each block of a CSV; the separator of several values in one of its cells.
_BLOCK, _BETWEEN = 2_000, "\n"


def _find(site: Site, key: str, arguments: Arguments) -> Member | None:
    return _page(site, RDF.type, _iri(arguments, "class"), arguments)


def _find_naming(site: Site, key: str, arguments: Arguments) -> Member | None:
    return _page(site, _iri(arguments, "property"), _iri(arguments, "value"), arguments)


def _page(site: Site, predicate: NamedNode, value: NamedNode, arguments: Arguments) -> Member | None:
    page, order = arguments.get("page", "1"), arguments.get("order", ASCENDING)
    if not re.fullmatch(_PAGE, page):
        raise BadParameter("page", f"“{page}” is not a number from 1 to {_MOST_PAGES}")
    if order not in (ASCENDING, DESCENDING):
        raise BadParameter("order", f"“{order}” is neither {ASCENDING} nor {DESCENDING}")
    filters = tuple(sorted({line for line in arguments.get("filter", "").split("\n") if line}))
    for line in filters:
        if not re.fullmatch(_FILTER, line):
            raise BadParameter("filter", f"“{line}” is not the IRI of a property, a space and a value")
    sort = (("sort", _iri(arguments, "sort").value),) if "sort" in arguments else ()
    descending = (("order", order),) if order == DESCENDING else ()
    chosen = (*(("filter", line) for line in filters), *sort, *descending)
    member = list_of(predicate, value, int(page), chosen)
    return member if (member.number - 1) * PER_PAGE < _total(site, member) else None


def _iri(arguments: Arguments, name: str) -> NamedNode:
    iri = arguments.get(name, "")
    try:
        return NamedNode(iri)
    except ValueError:
        raise BadParameter(name, f"“{iri}” is not an absolute IRI") from None


def _wanted(member: Member) -> Wanted | None:
    """The request for the list of *member*; ``None`` if a filter names what cannot be a property."""
    asked = dict(member.arguments)
    try:
        filters = tuple(
            (NamedNode(line.partition(" ")[0]), line.partition(" ")[2])
            for name, line in member.arguments
            if name == "filter"
        )
    except ValueError:
        return None
    return Wanted(
        NamedNode(asked.get("property", RDF.type.value)),
        NamedNode(member.iri),
        filters,
        NamedNode(asked["sort"]) if "sort" in asked else None,
        "order" in asked,
    )


def _total(site: Site, member: Member) -> int:
    """The number of things on all pages."""
    wanted = _wanted(member)
    if wanted is None:
        return 0
    known = next((found for (one, _), found in list(site.lists.items()) if one == wanted), None)
    if known is None and not wanted.filters and wanted.sort is None:
        return len(site.build.lists.things(wanted.predicate, wanted.value))
    found = known or _selection(site, wanted, site.languages[0])
    return len(found.things) if found else 0


def _selection(site: Site, wanted: Wanted, language: str) -> Selection | None:
    key, lists = (wanted, language), site.lists
    if key not in lists:
        shown = (predicate for predicate, is_inverse in site.profile.names if not is_inverse)
        order = {predicate: place for place, predicate in enumerate(shown)}
        lists[key] = select(site.build.lists, wanted, language, order)
    kept: Selection | None = lists[key]
    return kept


def _members(site: Site) -> Iterator[Member]:
    """The lists of all classes. Lists by other properties are found, not enumerated, since there are too many."""
    text = "SELECT DISTINCT ?class WHERE { ?s a ?class FILTER(isIRI(?class) && isIRI(?s)) } ORDER BY ?class"
    for row in rows(site.engine, text):
        kind = row["class"]
        if isinstance(kind, NamedNode):
            for page in range(-(-len(site.build.lists.things(RDF.type, kind)) // PER_PAGE)):
                yield class_list(kind.value, page + 1)


def _render(site: Site, member: Member, variant: Variant) -> Body:
    wanted = _wanted(member)
    found = _selection(site, wanted, variant.language or site.languages[0]) if wanted else None
    if wanted is None or found is None:
        raise ValueError(f"no such list: {member.address()}")  # its address is on no page
    return _html(site, member, variant, wanted, found) if variant.is_page else _table(site, found)


def _html(site: Site, member: Member, variant: Variant, wanted: Wanted, found: Selection) -> bytes:
    reader, index, value = Reader(site, variant), site.build.lists, NamedNode(member.iri)
    total, start = len(found.things), (member.number - 1) * PER_PAGE
    numbers = found.things[start : start + PER_PAGE]
    stated = list(index.statements(numbers, found.columns)) if found.columns else []
    counted = {value for counts in found.facets.values() for value in counts}
    terms = index.terms({*numbers, *found.columns, *found.facets, *counted, *(v for _, _, v in stated)})
    reader.learn([wanted.predicate, value, *terms.values()])
    things = [thing for number in numbers if isinstance(thing := terms[number], NamedNode)]
    described = _descriptions(reader, things)
    title, heading, lead = _words(reader, wanted.predicate, value)
    page = ListLinks(reader, member, wanted)
    view = ThingsPage(
        title=title,
        iri=value.value,
        total=total,
        columns=page.columns([p for c in found.columns if isinstance(p := terms[c], NamedNode)]),
        entries=tuple(
            ListedThing(
                reader.link(thing),
                described.get(thing),
                tuple(_values(reader, terms, c, [v for t, p, v in stated if (t, p) == (n, c)]) for c in found.columns),
            )
            for n, thing in zip(numbers, things, strict=True)
        ),
        letters=page.letters(found),
        facets=() if site.static else page.facets(found, terms),
        paging=page.paging(-(-total // PER_PAGE)),
        action=f"/{member.path}",
        hidden=page.hidden,
        order=() if site.static else page.order,
        all_href=page.href(chosen=()) if wanted.filters else None,
        formats=() if site.static else (Link("CSV", "/" + page.first.address("csv")),),
    )
    heading = ", ".join((heading, *(page.chosen(found, terms)))) + (f" ({member.number})" if member.number > 1 else "")
    trail = Link(title, current=True)
    crumbs = (trail,) if wanted.predicate == RDF.type else (reader.link(value), trail)
    layout = layout_of(reader, member, heading, description=lead, breadcrumb=crumbs)
    if page.is_a_choice:
        layout = replace(layout, robots="noindex, nofollow")
    return site.renderer.render("list.html", view, layout).encode()


def _values(reader: Reader, terms: dict[int, Term], column: int, values: list[int]) -> tuple[Value, ...]:
    predicate = terms[column]
    return reader.values([terms[v] for v in values], predicate) if isinstance(predicate, NamedNode) else ()


def _words(reader: Reader, predicate: NamedNode, value: NamedNode) -> tuple[str, str, str]:
    """Heading, window title and lead. Two classes may have one name, so the window title has the IRI, too."""
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


def _table(site: Site, found: Selection) -> Iterator[bytes]:
    """The whole list as CSV: IRI, name in each language, and the columns, headed by the IRIs of their properties."""
    index, languages, things = site.build.lists, site.languages, iter(found.things)
    head = (text_of(term) for term in index.terms(found.columns).values())
    yield _lines([("iri", *(f"name@{language}" for language in languages), *head)])
    while some := list(islice(things, _BLOCK)):
        named = {tag: {t: text for t, _, _, text in index.names(some, tag)} for tag in languages}
        stated = list(index.statements(some, found.columns)) if found.columns else []
        terms = index.terms({*some, *(value for _, _, value in stated)})
        cells: dict[tuple[int, int], list[str]] = {}
        for thing, column, value in stated:
            cells.setdefault((thing, column), []).append(text_of(terms[value]))
        yield _lines(
            (
                text_of(terms[thing]),
                *(named[tag][thing] for tag in languages),
                *(_BETWEEN.join(cells.get((thing, column), ())) for column in found.columns),
            )
            for thing in some
        )


def _lines(lines: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


def _variants(site: Site, member: Member) -> tuple[Variant, ...]:
    return page_variants(site) if site.static else (*page_variants(site), _CSV)


def _naming(site: Site) -> Member | None:
    """A list of things by another property than ``rdf:type``, as an example."""
    links = f"?s ?p ?o FILTER(isIRI(?s) && isIRI(?o) && ?p != {RDF.type})"
    for row in rows(site.engine, f"SELECT ?p ?o WHERE {{ {links} }} LIMIT 1"):
        if isinstance(row["p"], NamedNode) and isinstance(row["o"], NamedNode):
            return list_of(row["p"], row["o"])
    return None


def _family(name: str, summary: str, find: Callable[[Site, str, Arguments], Member | None], **asked: str) -> Family:
    return Family(
        name=name,
        pattern=f"/{name}",
        summary=summary,
        find=find,
        members=_members if name == "list" else lambda site: iter(()),
        example=(lambda site: None) if name == "list" else _naming,
        variants=_variants,
        render=_render,
        parameters=asked
        | {
            "filter": "The IRI of a property, a space and a value (an IRI or a text): only things that have it. "
            "Several of one property are alternatives, those of different properties must all hold",
            "sort": "IRI of the property by whose values the things are sorted; by default their names",
            "order": "Which things come first; those without a value of the property come last in either",
            "page": "Page of the list, from 1",
        },
        required=tuple(asked),
        schemas=dict.fromkeys((*asked, "sort"), IRI_SCHEMA)
        | {
            "filter": {"type": "array", "items": {"type": "string", "pattern": _FILTER}},
            "order": {"type": "string", "enum": [ASCENDING, DESCENDING]},
            "page": {"type": "string", "pattern": _PAGE},
        },
        repeated=("filter",),
    )


LISTS = _family("list", "The things of a class", _find, **{"class": "IRI of the class"})
NAMING = _family(
    "naming",
    "The things that name a resource by a property",
    _find_naming,
    property="IRI of the property that the things have",
    value="IRI of the resource that is its value",
)
