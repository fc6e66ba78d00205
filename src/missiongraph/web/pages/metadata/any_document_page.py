"""The page of a metadata document: a section for each thing that the document describes.

A thing has the name that the document gives it, else the name from the dataset.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Term
from missiongraph.graph.statements_and_labels import Properties
from missiongraph.publication.settings import pick
from missiongraph.rdf.formats import reading_order
from missiongraph.vocab import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, SPDX, VCARD, VOID, local_name
from missiongraph.web.content.facts.schema_org import dataset_markup
from missiongraph.web.content.layout.long_pages import page_of, paged, split
from missiongraph.web.content.layout.page_frame import layout_of
from missiongraph.web.content.layout.term_writer import Reader, upper_first
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import DATA, Member, Variant
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Fact, FactsPage, Group, Link, Section, Value

#: Classes whose things come first. Things of other classes have a section only if they are parts of the document.
_FIRST = (DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution, VOID.DatasetDescription, VOID.Dataset)

#: The properties that name things in these documents, the best first.
_NAMES = (DCTERMS["title"], FOAF["name"], VCARD.fn, SKOS.prefLabel, RDFS.label, SPDX.checksumValue)

#: The properties whose value names a partition without a name.
_PART_OF = (VOID["class"], VOID.property, VOID.linkPredicate)

#: Most values of one property on a page. The other formats have all.
_MOST_VALUES = 60

#: The page of the quality measures.
_QUALITY = "quality"

_Sections = Callable[[Reader, Member, list[Triple]], tuple[Section, ...]]


def metadata_page(
    site: Site,
    member: Member,
    variant: Variant,
    words: tuple[str, str],
    triples: list[Triple],
    sections: _Sections | None = None,
) -> str:
    """The page of a document with *triples*. Sections of its parts have their fragments as ids.

    :param words: title and lead, in English
    :param sections: makes the sections; by default one for each thing
    """
    reader = Reader(site, variant)
    heading, lead = map(reader.say, words)
    whole = paged(member, 1)
    shown, turning = page_of(reader, member, made_of(member, triples, sections))
    view = FactsPage(
        title=heading,
        lead=lead,
        iri=member.iri,
        sections=shown,
        paging=turning,
        formats=tuple(Link(v.title, "/" + whole.address(v.extension)) for v in DATA),
        profiles=_profiles(member),
    )
    layout = layout_of(
        reader,
        member,
        heading if member == whole else f"{heading} ({member.number})",
        description=lead,
        data=DATA if member == whole else (),
        breadcrumb=(Link(heading, current=True),),
        structured_data=dataset_markup(reader, site.build.manifest["dataset"]) if member.path == "catalog" else None,
    )
    return site.renderer.render("facts.html", view, layout)


def made_of(
    member: Member, triples: list[Triple], sections: _Sections | None
) -> Callable[[Reader], tuple[Section, ...]]:
    """A function that makes the sections of a document for a reader, who learns its terms."""

    def make(reader: Reader) -> tuple[Section, ...]:
        reader.learn([t for triple in triples for t in (triple.subject, triple.predicate, triple.object)])
        return split((sections or _section_each)(reader, member, triples))

    return make


def _section_each(reader: Reader, member: Member, triples: Sequence[Triple]) -> tuple[Section, ...]:
    return Document(reader, member, triples).sections()


def _profiles(member: Member) -> tuple[Link, ...]:
    """Links to the catalogue in each profile."""
    if member.path != "catalog":
        return ()
    italian = Member("catalog", member.iri, (("profile", "dcat-ap-it"),))
    whole = Member("catalog", member.iri)
    known, current = (("DCAT-AP", whole), ("DCAT-AP_IT", italian)), paged(member, 1).arguments
    return tuple(Link(name, f"/{one.address()}", current=one.arguments == current) for name, one in known)


class Document:
    """The statements of a document by subject, for one reader."""

    def __init__(self, reader: Reader, member: Member, triples: Sequence[Triple]) -> None:
        self._reader, self._member = reader, member
        self.things: dict[NamedNode, Properties] = defaultdict(lambda: defaultdict(list))
        for triple in sorted(triples, key=reading_order):
            if isinstance(triple.subject, NamedNode):
                self.things[triple.subject][triple.predicate].append(triple.object)

    def sections(self) -> tuple[Section, ...]:
        """A section for each thing, by class. A thing outside the document needs one of the classes that come first."""
        ranked = sorted(self.things.items(), key=lambda item: (self._rank(item[1]), *self._place(item[0])))
        return tuple(
            self._section(thing, found)
            for thing, found in ranked
            if self._rank(found) < len(_FIRST) or self._is_part(thing) or thing.value == self._member.iri
        )

    def _rank(self, found: Properties) -> int:
        kinds = found.get(RDF.type, [])
        return next((rank for rank, kind in enumerate(_FIRST) if kind in kinds), len(_FIRST))

    def _place(self, thing: NamedNode) -> tuple[bool, list[tuple[int, str]]]:
        """The sort key: things before parts of the document, numbered parts by number."""
        pieces = re.split(r"(\d+)", thing.value)
        return self._is_part(thing), [(int(piece), "") if piece.isdigit() else (0, piece) for piece in pieces]

    def _is_part(self, thing: NamedNode) -> bool:
        return thing.value.startswith(f"{self._member.iri}#")

    def _section(self, thing: NamedNode, found: Properties) -> Section:
        facts = tuple(
            Fact(
                self._reader.property_name(predicate),
                self.values(terms[:_MOST_VALUES], predicate),
                total=len(terms),
                all_href=f"/{paged(self._member, 1).address('ttl')}" if len(terms) > _MOST_VALUES else None,
            )
            for predicate, terms in sorted(found.items(), key=lambda item: (item[0] != RDF.type, str(item[0])))
        )
        fragment = thing.value.partition("#")[2]
        anchor = fragment if self._is_part(thing) else "about-" + re.sub(r"[^A-Za-z0-9]+", "-", thing.value)
        return Section(anchor, self.title(thing), (Group("", facts),), iri=thing.value)

    def title(self, thing: NamedNode) -> str:
        """The name of *thing* in the document, else of the term that a VoID partition is by, else in the dataset."""
        found = self.things[thing]
        if SPDX.checksumValue in found:
            return f"{self.kind(SPDX.Checksum)}: {thing.value.partition('#')[2].removesuffix('-checksum')}"
        of_what = next((t for p in _PART_OF for t in found.get(p, ()) if isinstance(t, NamedNode)), None)
        return self._name(thing) or (self._term(of_what) if of_what else self._reader.label(thing)[0])

    def _name(self, thing: NamedNode) -> str:
        """The name of a thing in the document; empty if it has none."""
        for predicate in _NAMES if thing in self.things else ():
            names = {t.language or "": t.value for t in self.things[thing].get(predicate, ()) if isinstance(t, Literal)}
            if names:
                return pick(names, (self._reader.language,))
        return ""

    def kind(self, kind: NamedNode) -> str:
        """The name of a class: from the dataset, else its local name in words."""
        name = self._reader.label(kind)[0]
        if name != self._reader.short(kind):
            return upper_first(name)
        return upper_first(self._reader.say(formatting.humanise(local_name(kind))))

    def _term(self, term: NamedNode) -> str:
        """The name of a class or property, with its prefixed name."""
        short = self._reader.short(term)
        name = self.kind(term) if local_name(term)[:1].isupper() else self._reader.property_name(term)
        return f"{name} ({short})"

    def values(self, terms: Sequence[Term], predicate: NamedNode) -> tuple[Value, ...]:
        """*terms* as values, with their names in the document."""
        values: list[Value] = []
        rest: list[Literal | NamedNode] = []
        for term in terms:
            if isinstance(term, Literal):
                rest.append(term)
            elif isinstance(term, NamedNode) and predicate == RDF.type:
                values.append(Value(self.kind(term), "text"))
            elif isinstance(term, NamedNode) and self._is_part(term):
                values.append(
                    Value(self._name(term) or self._reader.label(term)[0], "entity", f"#{term.value.partition('#')[2]}")
                )
            elif isinstance(term, NamedNode) and term.value.startswith(f"{self._reader.site.base}{_QUALITY}#"):
                address = term.value.removeprefix(self._reader.site.base)
                values.append(Value(self._reader.label(term)[0], "entity", self._reader.href(address)))
            elif isinstance(term, NamedNode) and (name := self._name(term)):
                value = self._reader.value(term, predicate)
                values.append(Value(name, value.kind, value.href))
            elif isinstance(term, NamedNode):
                rest.append(term)
        return (*values, *self._reader.values(rest, predicate))
