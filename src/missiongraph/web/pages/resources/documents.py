"""Pages and RDF documents about the resources of the dataset: at ``doc/…``, at own paths, at ``resource?iri=``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import cast

from pyoxigraph import NamedNode, Quad, Triple

from missiongraph.build.address_index import Resource, Room
from missiongraph.drawings.country_outlines import coasts
from missiongraph.drawings.maps import Map, map_of
from missiongraph.engine.protocol import rows
from missiongraph.geometry import Geometry
from missiongraph.graph.document_blocks import BLOCK, in_their_graphs, quad_blocks, triple_blocks
from missiongraph.graph.incoming import address_of_incoming, has_more_incoming
from missiongraph.publication.addresses import BESIDE, GRAPH, OURS, page_of
from missiongraph.rdf.formats import JSON_LD, N_QUADS, TRIG, reading_order, serialise, used_prefixes
from missiongraph.rdf.jsonld_writer import Writer, dump
from missiongraph.rdf.streamed_documents import serialise_blocks
from missiongraph.vocab import MG
from missiongraph.web.content.facts.facts import Facts
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.view_content import parts_about
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import (
    DATA,
    IRI_SCHEMA,
    Arguments,
    BadParameter,
    Body,
    Family,
    Member,
    Variant,
    WebLink,
    page_variants,
)
from missiongraph.web.http.signposting import licence_of
from missiongraph.web.pages.resources.named_graph import graph_page
from missiongraph.web.pages.resources.nanopublications import nanopub_of
from missiongraph.web.pages.resources.shared_parts import Page, incoming_links, lost, sections_of, withdrawn
from missiongraph.web.pages.resources.vocabulary import has_terms, terms_page
from missiongraph.web.rendering.view_models import (
    EntityPage,
    Group,
    Incoming,
    Link,
    Neighbour,
    Neighbourhood,
    Strip,
    neighbourhood,
    sources_of,
    strip_of,
)

#: Width of the small map beside the title, in pixels.
_LOCATOR = 300

#: Most classes among the typed links of a thing.
_MOST_TYPES = 10


def thing(site: Site, key: str) -> Member | None:
    """The document about the resource ``id/{key}``.

    :param key: as the client sent it
    """
    return _at(site, f"id/{key}")


def _document(site: Site, key: str, arguments: Arguments) -> Member | None:
    """The document about ``id/{key}``; without one, the resource ``doc/{key}`` of the data itself."""
    return _at(site, f"id/{key}", f"doc/{key}")


def _own_path(site: Site, key: str, arguments: Arguments) -> Member | None:
    return _at(site, key)


def _at(site: Site, *paths: str) -> Member | None:
    found = site.build.index.at(*paths)
    return _member(site, found) if found else None


def _outside(site: Site, key: str, arguments: Arguments) -> Member | None:
    iri = arguments.get("iri", "")
    try:
        NamedNode(iri)
    except ValueError:
        raise BadParameter("iri", f"“{iri}” is not an absolute IRI") from None
    found = site.build.index.find(iri)
    return _member(site, found) if found else None


def _member(site: Site, found: Resource) -> Member:
    if found.path is None or found.kind == OURS:
        return Member("resource", found.document, (("iri", found.document),))
    path, _, query = page_of(found.path).partition("?")
    shadowed = found.document in site.build.index.shadowed
    return Member(path, found.document, query=query, shadowed=shadowed)


def _later(room: Room) -> Callable[[Site, int], Iterator[Member]]:
    """Lists the documents of *room* from a place on, without those that other families list."""

    def later(site: Site, start: int) -> Iterator[Member]:
        return (
            _member(site, found) for found in site.build.index.documents(room, start, _listed_elsewhere(site, room))
        )

    return later


def _size(room: Room) -> Callable[[Site], int]:
    return lambda site: site.build.index.count(room, _listed_elsewhere(site, room))


def _listed_elsewhere(site: Site, room: Room) -> list[str]:
    return [path for path in BESIDE if room == "own" and site.build.statements(path.rpartition("/")[2])]


def _variants(site: Site, member: Member) -> tuple[Variant, ...]:
    return (*page_variants(site), *DATA)


def render(site: Site, member: Member, variant: Variant) -> Body:
    """The page or the RDF document about the resource of *member*; a long document in blocks.

    :raises CannotCarry: if the format cannot express a statement; it is raised before anything is sent
    """
    if variant.format is None:
        return resource_page(site, member, variant)
    form, iri, parts = variant.format, NamedNode(member.iri), _parts(site, member)
    rest = _all_naming(site, iri, site.root)
    found: Iterator[Sequence[Triple | Quad]] = (
        iter(quad_blocks(site.engine, iri, parts, rest))
        if form.holds_graphs
        else triple_blocks(site.engine, iri, parts, rest)
    )
    first = next(found)
    if len(first) >= BLOCK:
        pieces = serialise_blocks(chain((first,), found), form, site.build.prefixes, site.build.context, iri)
        return chain((next(pieces),), pieces)  # an error in the first block is raised before anything is sent
    if form == JSON_LD:
        framed, _ = Writer(site.build.context).framed((s.triple if isinstance(s, Quad) else s for s in first), iri)
        return dump(framed)
    return serialise(first, form.rdf_format, used_prefixes(first, site.build.prefixes))


def statements_about(site: Site, member: Member) -> Iterable[Triple]:
    """The accepted statements about the resource of *member* and its hash IRIs."""
    about = " ".join(str(NamedNode(found.iri)) for found in site.build.index.members(member.iri))
    found = site.engine.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {about} }} ?s ?p ?o }}")
    return cast("Iterable[Triple]", found)


def quads_about(site: Site, member: Member, more: Iterable[Triple]) -> list[Quad]:
    """The same in their named graphs, with *more* statements in the graphs that state them."""
    own = list(chain.from_iterable(quad_blocks(site.engine, NamedNode(member.iri), _parts(site, member))))
    known = {quad.triple for quad in own}
    missing = (triple for triple in dict.fromkeys(more) if triple not in known)
    return sorted(dict.fromkeys((*own, *in_their_graphs(site.engine, missing))), key=reading_order)


def _parts(site: Site, member: Member) -> list[NamedNode]:
    return [NamedNode(r.iri) for r in site.build.index.members(member.iri) if r.iri != member.iri]


def resource_page(site: Site, member: Member, variant: Variant) -> bytes:
    """The page about the resource of *member*: of an entity, a named graph or a vocabulary."""
    parts = _parts(site, member)
    if has_terms(site.engine, parts):
        return terms_page(Page.of(Reader(site, variant), member, ()), parts).encode()
    page = Page.of(Reader(site, variant), member, parts)
    whole = [resource for resource in site.build.index.members(member.iri) if resource.iri == member.iri]
    if any(resource.kind == GRAPH for resource in whole) or MG.EvidenceGraph in page.facts.types:
        return graph_page(page).encode()
    return _entity_page(page).encode()


def _entity_page(page: Page) -> str:
    reader, facts = page.reader, page.facts
    versions, grouped = _versions(page), facts.groups()
    groups = versions or grouped
    elsewhere = facts.elsewhere()
    incoming = incoming_links(reader, page.iri, facts)
    description = facts.description()
    views = parts_about(reader, page.iri)
    view = EntityPage(
        title=page.title,
        iri=page.iri.value,
        title_lang=reader.label(page.iri)[1],
        kicker=page.kicker,
        description=description,
        groups=groups,
        record=grouped if versions else (),
        views=views,
        sections=sections_of(page),
        incoming=incoming,
        neighbourhood=None
        if versions or any(part.whole for part in views)
        else _drawing(page.title, incoming, grouped),
        elsewhere=elsewhere,
        sources=sources_of((*groups, *grouped, Group("", elsewhere)) if versions else (*groups, Group("", elsewhere))),
        strip=None if versions else _strip((*groups, Group("", elsewhere))),
        locator=_locator(page.title, facts.geometry),
        open_href=_open_href(reader, page.member),
        formats=page.formats,
        citation=page.citation,
        lost=lost(reader, page.iri),
        withdrawn=withdrawn(reader, facts),
    )
    return page.html("entity.html", view, description.text if description else None)


def _locator(title: str, geometry: Geometry | None) -> Map | None:
    """A map of the country around the resource, if its outline is known."""
    found = map_of([(Link(title, current=True), geometry)], coasts(), width=_LOCATOR) if geometry else None
    return found if found is not None and found.land else None


def _versions(page: Page) -> tuple[Group, ...]:
    """The versions that a disagreement ties together, for the page of the disagreement."""
    said = {s.predicate: s.object for s in page.facts.statements}
    subject, predicate = said.get(MG.aboutSubject), said.get(MG.aboutProperty)
    if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
        return ()
    reader = page.reader
    fact = Facts(reader, subject).disagreement_on(predicate)
    if fact is None:
        return ()
    about = reader.link(subject)
    return (Group(reader.say("What the sources say"), (replace(fact, label=about.text, href=about.href),)),)


def _strip(groups: tuple[Group, ...]) -> Strip | None:
    """The evidence strip, if most facts have a source. Pages that describe the publication itself need none."""
    facts = [fact for group in groups for fact in group.facts]
    bare = [fact for fact in facts if not fact.evidence and not fact.disagreement]
    return strip_of(groups) if 2 * len(bare) <= len(facts) else None


def _open_href(reader: Reader, member: Member) -> str:
    """The address of the page with all margin notes open, or closed again if they are open."""
    return reader.href(member.address() if reader.opened else member.address(evidence="open"))


def _drawing(title: str, incoming: tuple[Incoming, ...], groups: tuple[Group, ...]) -> Neighbourhood | None:
    facts = [fact for group in groups for fact in group.facts if not fact.distant]
    near = [(fact, Neighbour(v.text, fact.label)) for fact in facts for v in fact.values if v.kind == "entity"]
    left = [neighbour for fact, neighbour in near if fact.inverse]
    left += [Neighbour(link.text, row.label) for row in incoming for link in row.things]
    right = [neighbour for fact, neighbour in near if not fact.inverse]
    return neighbourhood(title, left, right)


def links(site: Site, member: Member) -> tuple[WebLink, ...]:
    """Signposting of a page: ``cite-as``, ``type``, ``describedby``; of a dataset also its files."""
    described = (WebLink("describedby", f"/{member.address(v.extension)}", v.media_type) for v in DATA[:1])
    text = f"SELECT DISTINCT ?type WHERE {{ {NamedNode(member.iri)} a ?type }} ORDER BY ?type LIMIT {_MOST_TYPES}"
    types = (row["type"] for row in rows(site.engine, text))
    typed = (WebLink("type", one.value) for one in types if isinstance(one, NamedNode))
    published = nanopub_of(site, NamedNode(member.iri))
    nanopublished = (WebLink("alternate", f"/{published.address()}", TRIG.media_type),) if published else ()
    crowded = has_more_incoming(site.engine, NamedNode(member.iri))
    where = _all_naming(site, NamedNode(member.iri), "/") if crowded else ""
    rest = (WebLink("related", where),) if where else ()
    return (WebLink("cite-as", member.iri), *described, *typed, *nanopublished, *rest, *_of_dataset(site, member))


def _all_naming(site: Site, iri: NamedNode, root: str) -> str:
    """Where all statements that name *iri* are had: by a query, or where files answer none, in the whole dataset."""
    if not site.static:
        return address_of_incoming(iri, root)
    whole = (d for d in site.build.dumps if d.media_type == N_QUADS.media_type and not d.part_of and not d.compression)
    return next((f"{root}dumps/{dump.name}" for dump in whole), "")


def _of_dataset(site: Site, member: Member) -> tuple[WebLink, ...]:
    """Links to the files of a dataset of the catalogue, and to its licence."""
    whole = site.build.manifest["dataset"]
    files = [d for d in site.build.dumps if (d.part_of or whole) == member.iri and not d.compression]
    items = (WebLink("item", f"/dumps/{d.name}", d.media_type) for d in files)
    return (*items, *licence_of(site)) if files else ()


DOCUMENTS = Family(
    name="document",
    pattern="/doc/<path:key>",
    summary="The document about a resource under id/, with the evidence for what it says",
    find=_document,
    members=lambda site: _later("things")(site, 0),
    later=_later("things"),
    size=_size("things"),
    variants=_variants,
    render=render,
    by_iri=True,
    links=links,
)
OWN_PATHS = Family(
    name="own-path",
    pattern="/<path:key>",
    summary="A resource that the data describes at its own path under the base",
    find=_own_path,
    members=lambda site: _later("own")(site, 0),
    later=_later("own"),
    size=_size("own"),
    variants=_variants,
    render=render,
    by_iri=True,
    links=links,
)
RESOURCES = Family(
    name="resource",
    pattern="/resource",
    summary="What the data says of a resource outside of the base",
    find=_outside,
    members=lambda site: _later("elsewhere")(site, 0),
    later=_later("elsewhere"),
    size=_size("elsewhere"),
    variants=_variants,
    render=render,
    parameters={"iri": "An absolute IRI that the data describes"},
    required=("iri",),
    schemas={"iri": IRI_SCHEMA},
    links=links,
)
