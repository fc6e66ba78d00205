"""Metadata documents and their pages: catalogue, VoID, ontology, shapes; and the JSON-LD context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Triple

from missiongraph.rdf.formats import JSON_LD, Format, reading_order, serialise, used_prefixes
from missiongraph.rdf.jsonld_writer import Writer, dump
from missiongraph.translation import message
from missiongraph.web.content.layout.long_pages import PARAMETERS, SCHEMAS, Sections, page_number, pages
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
from missiongraph.web.pages.metadata.any_document_page import made_of, metadata_page
from missiongraph.web.pages.metadata.catalogue_page import catalogue_sections
from missiongraph.web.pages.metadata.shapes import shape_sections
from missiongraph.web.pages.resources import documents

_SHAPES, _CATALOGUE = "shapes", "catalog"

#: Profiles of the catalogue: name in the query parameter, name of its statements in a build. The first is the default.
_PROFILES = {"dcat-ap": _CATALOGUE, "dcat-ap-it": "catalog-dcat-ap-it"}

#: Makers of sections, for documents whose page is not a section for each thing.
_SECTIONS = {_SHAPES: shape_sections, _CATALOGUE: catalogue_sections}

#: The documents: address, name of its statements in a build, title and lead of its page.
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
    """The statements *name* of the build and *more*, serialised in *form*."""
    triples = sorted(dict.fromkeys((*site.build.statements(name), *more)), key=reading_order)
    if form == JSON_LD:
        return dump(Writer(site.build.context).document(triples))
    return serialise(triples, form.rdf_format, used_prefixes(triples, site.build.prefixes))


@dataclass(frozen=True)
class _MetadataDocument:
    """A metadata document.

    :ivar name: of its statements in a build
    :ivar profiles: names of the statements that follow a profile, by the profile's name in the query parameter
    """

    address: str
    name: str
    title: str
    lead: str
    profiles: Mapping[str, str]

    def family(self) -> Family:
        asked = {"profile": "The catalogue as a profile reads it"} if self.profiles else {}
        known: dict[str, Mapping[str, Any]] = (
            {"profile": {"type": "string", "enum": list(self.profiles)}} if self.profiles else {}
        )
        return Family(
            self.name,
            f"/{self.address}",
            self.lead,
            self._find,
            self._variants,
            self._render,
            self._members,
            {**asked, **PARAMETERS},
            schemas={**known, **SCHEMAS},
            links=self._links,
        )

    def _find(self, site: Site, key: str, arguments: Arguments) -> Member | None:
        profile = arguments.get("profile") if self.profiles else None
        if profile is not None and profile not in self.profiles:
            raise BadParameter("profile", f"“{profile}” is none of {', '.join(self.profiles)}")
        asked_for = self.profiles.get(profile or "", self.name)
        number = page_number(arguments)
        found = (m for m in self._members(site) if m.number == number)
        return next((m for m in found if self._statements_of(m) == asked_for), None)

    def _statements_of(self, member: Member) -> str:
        """The name of the statements of *member* in the build."""
        return self.profiles.get(_profile(member), self.name)

    def _first_pages(self, site: Site) -> Iterator[Member]:
        if site.build.statements(self.name):
            yield Member(self.address, site.base + self.address)
            for profile, of_profile in self.profiles.items():
                if of_profile != self.name:
                    yield Member(self.address, site.base + self.address, (("profile", profile),))

    def _members(self, site: Site) -> Iterator[Member]:
        for one in self._first_pages(site):
            yield from [one] if _described(site, one) else pages(site, one, self._sections_of(site, one))

    def _sections_of(self, site: Site, member: Member) -> Sections:
        statements = site.build.statements(self._statements_of(member))
        return made_of(member, statements, _SECTIONS.get(self.name))

    def _variants(self, site: Site, member: Member) -> tuple[Variant, ...]:
        return (*page_variants(site), *(() if member.number > 1 else DATA))

    def _render(self, site: Site, member: Member, variant: Variant) -> Body:
        described, form = _described(site, member), variant.format
        if form is None and described:
            return documents.render(site, member, variant)
        if form is None:
            statements = site.build.statements(self._statements_of(member))
            lead = (self.title, self.lead)
            return metadata_page(site, member, variant, lead, statements, _SECTIONS.get(self.name)).encode()
        if described and form.holds_graphs:
            quads = documents.quads_about(site, member, site.build.statements(self.name))
            return serialise(quads, form.rdf_format, used_prefixes(quads, site.build.prefixes))
        own = documents.statements_about(site, member) if described else ()
        return statements_in(site, self._statements_of(member), form, own)

    def _links(self, site: Site, member: Member) -> tuple[WebLink, ...]:
        if _described(site, member):
            return documents.links(site, member)
        others = (
            WebLink("alternate", f"/{other.address(v.extension)}", v.media_type)
            for other in self._first_pages(site)
            for v in DATA
            if _profile(other) != _profile(member)
        )
        return (WebLink("cite-as", member.iri), *others, *licence_of(site))


def _described(site: Site, member: Member) -> bool:
    """Whether the dataset itself describes the document, as it does an ontology in its data."""
    return site.build.index.find(member.iri) is not None


def _profile(member: Member) -> str:
    return dict(member.arguments).get("profile", "")


def _context(site: Site, member: Member, variant: Variant) -> bytes:
    return (site.build.folder / "context.jsonld").read_bytes()


_CONTEXT = Member("context.jsonld", "")

CATALOGUE, VOID, ONTOLOGY, SHAPES = (
    _MetadataDocument(address, *about, _PROFILES if address == _CATALOGUE else {}).family()
    for address, about in _DOCUMENTS.items()
)
CONTEXT = Family(
    name="context",
    pattern="/context.jsonld",
    summary="The JSON-LD context of answers and dumps",
    find=lambda site, key, arguments: _CONTEXT,
    variants=lambda site, member: (Variant("application/ld+json", "", "JSON-LD", aliases=("application/json",)),),
    render=_context,
    members=lambda site: iter((_CONTEXT,)),
)
