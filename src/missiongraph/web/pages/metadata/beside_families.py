"""Documents that stand beside the dataset: catalogue, VoID, ontology, shapes, JSON-LD context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import Triple

from missiongraph.rdf.formats import JSON_LD, Format, reading_order, serialise, used_prefixes
from missiongraph.rdf.jsonld_writer import Writer, dump
from missiongraph.translation import message
from missiongraph.web.content.layout.paging import PARAMETERS, SCHEMAS, Sections, pages, wanted
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import (
    DATA,
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
from missiongraph.web.pages.metadata.beside_page import described_page, made_of
from missiongraph.web.pages.metadata.catalogue import catalogue_sections
from missiongraph.web.pages.metadata.shapes import shape_sections
from missiongraph.web.pages.resources import documents

_SHAPES, _CATALOGUE = "shapes", "catalog"

#: Profiles of the catalogue, and the statements of a build that follow them; the first where none is asked for.
_PROFILES = {"dcat-ap": _CATALOGUE, "dcat-ap-it": "catalog-dcat-ap-it"}

#: Pages that are no list of things.
_SECTIONS = {_SHAPES: shape_sections, _CATALOGUE: catalogue_sections}

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


def statements_in(site: Site, name: str, form: Format, more: Iterable[Triple] = ()) -> bytes:
    """One of the descriptions of the build in *form*, with *more* statements."""
    triples = sorted(dict.fromkeys((*site.build.statements(name), *more)), key=reading_order)
    if form == JSON_LD:
        return dump(Writer(site.build.context).document(triples))
    return serialise(triples, form.rdf_format, used_prefixes(triples, site.build.prefixes))


def _family(address: str) -> Family:
    name, title, lead = _DOCUMENTS[address]
    profiles = _PROFILES if address == _CATALOGUE else {}

    def find(site: Site, key: str, arguments: Arguments) -> Member | None:
        profile = arguments.get("profile") if profiles else None
        if profile is not None and profile not in profiles:
            raise BadParameter("profile", f"“{profile}” is none of {', '.join(profiles)}")
        asked_for = profiles.get(profile or "", name)
        number = wanted(arguments)
        found = (m for m in members(site) if m.number == number)
        return next((m for m in found if profiles.get(_profile(m), name) == asked_for), None)

    def pages_of(site: Site) -> Iterator[Member]:
        if site.build.statements(name):
            yield Member(address, site.base + address)
            for profile, of_profile in profiles.items():
                if of_profile != name:
                    yield Member(address, site.base + address, (("profile", profile),))

    def members(site: Site) -> Iterator[Member]:
        for one in pages_of(site):
            yield from [one] if described(site, one) else pages(site, one, sections_of(site, one))

    def sections_of(site: Site, member: Member) -> Sections:
        statements = site.build.statements(profiles.get(_profile(member), name))
        return made_of(member, statements, _SECTIONS.get(name))

    def described(site: Site, member: Member) -> bool:  # by the dataset itself, as an ontology is
        return site.build.index.find(member.iri) is not None

    def variants(site: Site, member: Member) -> tuple[Variant, ...]:
        return (*page_variants(site), *(() if member.number > 1 else DATA))

    def render(site: Site, member: Member, variant: Variant) -> Body:
        if described(site, member) and variant.format is None:
            return documents.render(site, member, variant)
        if described(site, member) and variant.format is not None and variant.format.holds_graphs:
            quads = documents.quads_about(site, member, site.build.statements(name))
            return serialise(quads, variant.format.rdf_format, used_prefixes(quads, site.build.prefixes))
        if variant.format is not None:
            own = documents.statements_about(site, member) if described(site, member) else ()
            return statements_in(site, profiles.get(_profile(member), name), variant.format, own)
        statements = site.build.statements(profiles.get(_profile(member), name))
        return described_page(site, member, variant, (title, lead), statements, _SECTIONS.get(name)).encode()

    def links(site: Site, member: Member) -> tuple[WebLink, ...]:
        if described(site, member):
            return documents.links(site, member)
        others = (
            WebLink("alternate", f"/{other.address(v.extension)}", v.media_type)
            for other in pages_of(site)
            for v in DATA
            if _profile(other) != _profile(member)
        )
        return (WebLink("cite-as", member.iri), *others, *licence_of(site))

    asked = {"profile": "The catalogue as a profile reads it"} if profiles else {}
    known: dict[str, Mapping[str, Any]] = {"profile": {"type": "string", "enum": list(profiles)}} if profiles else {}
    return Family(
        name,
        f"/{address}",
        lead,
        find,
        variants,
        render,
        members,
        {**asked, **PARAMETERS},
        schemas={**known, **SCHEMAS},
        links=links,
    )


def _profile(member: Member) -> str:
    return dict(member.arguments).get("profile", "")


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
