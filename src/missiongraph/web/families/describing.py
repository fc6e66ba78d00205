"""Documents that stand beside the dataset: catalogue, VoID, ontology, shapes, JSON-LD context."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.serialisation.formats import (
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
    reading_order,
    serialise,
    used_prefixes,
)
from missiongraph.serialisation.jsonld import Writer, dump
from missiongraph.settings import pick
from missiongraph.vocab import DCAT, DCTERMS, FOAF, RDF, VCARD
from missiongraph.vocab import VOID as VOID_TERMS
from missiongraph.web.about import DATA
from missiongraph.web.families import entity
from missiongraph.web.families.shapes import shape_sections
from missiongraph.web.frame import frame
from missiongraph.web.reader import Reader
from missiongraph.web.registry import Arguments, Family, Member, Variant, data_variants, page_variants
from missiongraph.web.site import Site
from missiongraph.web.views import Fact, FactsPage, Group, Link, Section, Value
from missiongraph.web.wording import message

_DATA = data_variants((TURTLE, JSON_LD, N_TRIPLES, RDF_XML))

_SHAPES = "shapes"
_QUALITY = "quality"

#: What a page of descriptions begins with.
_FIRST = (DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution)

#: What these documents call their things by.
_NAMES = (DCTERMS["title"], FOAF["name"], VCARD.fn)

#: What a partition without a name is called after.
_PART_OF = (VOID_TERMS["class"], VOID_TERMS.property)

#: Statement names of a build by address, with title and lead of the page.
_DOCUMENTS = {
    "catalog": ("catalog", message("Catalogue"), message("What can be had here, as data portals read it.")),
    ".well-known/void": (
        "void",
        message("VoID"),
        message("Size, vocabularies and addresses of the dataset, for machines that look for them."),
    ),
    "ontology": ("ontology", message("Ontology"), message("The terms that this publication declares itself.")),
    _SHAPES: ("shapes", message("Shapes"), message("What a valid description looks like, as SHACL states it.")),
}


def statements_in(site: Site, name: str, form: Format) -> bytes:
    """One of the descriptions of the build in *form*."""
    triples = sorted(site.build.statements(name), key=reading_order)
    if form == JSON_LD:
        return dump(Writer(site.build.context).document(triples))
    return serialise(triples, form.rdf_format, used_prefixes(triples, site.build.prefixes))


def _family(address: str) -> Family:
    name, title, lead = _DOCUMENTS[address]

    def find(site: Site, key: str, arguments: Arguments) -> Member | None:
        return next(members(site), None)

    def members(site: Site) -> Iterator[Member]:
        if site.build.statements(name):
            yield Member(address, site.base + address)

    def described(site: Site, member: Member) -> bool:  # by the dataset itself, as an ontology is
        return site.build.index.find(member.iri) is not None

    def variants(site: Site, member: Member) -> tuple[Variant, ...]:
        return (*page_variants(site), *(DATA if described(site, member) else _DATA))

    def render(site: Site, member: Member, variant: Variant) -> bytes:
        if described(site, member) and variant.format in (None, TRIG):
            return entity.render(site, member, variant)
        if variant.format is not None:
            return statements_in(site, name, variant.format)
        return _page(site, member, variant, title, lead, site.build.statements(name)).encode()

    return Family(name, f"/{address}", lead, find, variants, render, members)


def _page(site: Site, member: Member, variant: Variant, title: str, lead: str, triples: list[Triple]) -> str:
    """A page with a section for each resource that the document describes; parts of the document have its anchors."""
    reader = Reader(site, variant)
    reader.learn([t for triple in triples for t in (triple.subject, triple.predicate, triple.object)])
    by_subject: dict[NamedNode | BlankNode, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(triples, key=reading_order):
        if isinstance(triple.subject, NamedNode | BlankNode):
            by_subject[triple.subject][triple.predicate].append(triple.object)
    heading = reader.say(title)
    ranked = sorted(by_subject.items(), key=lambda item: _by_rank(item[1]))
    named = ((s, found) for s, found in ranked if isinstance(s, NamedNode))
    sections = tuple(_section(reader, member, s, found) for s, found in named)
    view = FactsPage(
        title=heading,
        lead=reader.say(lead),
        iri=member.iri,
        sections=shape_sections(reader, triples) if member.path == _SHAPES else sections,
        formats=tuple(Link(v.title, "/" + member.address(v.extension)) for v in _DATA),
    )
    surround = frame(
        reader, member, heading, description=reader.say(lead), data=_DATA, breadcrumb=(Link(heading, current=True),)
    )
    return site.renderer.render("facts.html", view, surround)


def _by_rank(found: dict[NamedNode, list[object]]) -> int:
    kinds = found.get(RDF.type, [])
    return next((rank for rank, kind in enumerate(_FIRST) if kind in kinds), len(_FIRST))


def _section(reader: Reader, member: Member, subject: NamedNode, found: dict[NamedNode, list[object]]) -> Section:
    facts = tuple(
        Fact(reader.property_name(predicate), _values(reader, member, terms, predicate))
        for predicate, terms in sorted(found.items(), key=lambda item: (item[0] != RDF.type, str(item[0])))
    )
    document, _, fragment = subject.value.partition("#")
    anchor = (
        fragment if fragment and document == member.iri else "about-" + re.sub(r"[^A-Za-z0-9]+", "-", subject.value)
    )
    name = reader.label(subject)[0]
    of_what = next((t for p in _PART_OF for t in found.get(p, ()) if isinstance(t, NamedNode)), None)
    title = reader.label(of_what)[0] if of_what is not None and name == reader.short(subject) else name
    stated = {t.language or "": t.value for p in _NAMES for t in found.get(p, ()) if isinstance(t, Literal)}
    title = pick(stated, (reader.language,)) or title
    return Section(anchor, title, (Group("", facts),), iri=subject.value)


def _values(reader: Reader, member: Member, terms: list[object], predicate: NamedNode) -> tuple[Value, ...]:
    values = []
    for term in terms:
        if isinstance(term, NamedNode) and term.value.startswith(f"{member.iri}#"):
            values.append(Value(reader.label(term)[0], "entity", "#" + term.value.partition("#")[2]))
        elif isinstance(term, NamedNode) and term.value.startswith(f"{reader.site.base}{_QUALITY}"):
            address = reader.href(term.value.removeprefix(reader.site.base))
            values.append(Value(reader.label(term)[0], "entity", address))
        elif not isinstance(term, BlankNode):
            values += reader.values([term], predicate)  # type: ignore[list-item]  # a term of a parsed triple
    return tuple(values)


def _context(site: Site, member: Member, variant: Variant) -> bytes:
    return (site.build.folder / "context.jsonld").read_bytes()


_CONTEXT = Member("context.jsonld", "")

CATALOGUE, VOID, ONTOLOGY, SHAPES = (_family(address) for address in _DOCUMENTS)
CONTEXT = Family(
    name="context",
    pattern="/context.jsonld",
    summary="The JSON-LD context of answers and dumps",
    find=lambda site, key, arguments: _CONTEXT,
    variants=lambda site, member: (Variant("application/ld+json", "", "JSON-LD", aliases=("application/json",)),),
    render=_context,
    members=lambda site: iter((_CONTEXT,)),
)
