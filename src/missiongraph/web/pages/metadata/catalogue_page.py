"""The page of the DCAT catalogue: what all datasets share, each dataset with its files, and the data services."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Term
from missiongraph.vocab import DCAT, DCTERMS, FOAF, RDF, RDFS
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.http.registry import Member
from missiongraph.web.pages.metadata.any_document_page import Document
from missiongraph.web.pages.metadata.downloads import file_rows
from missiongraph.web.rendering.view_models import Fact, Group, Section, Value

#: The properties on the page, in order. The other formats have all.
_SHOWN = (
    DCTERMS.publisher,
    DCTERMS.creator,
    DCTERMS.rightsHolder,
    DCAT.contactPoint,
    DCTERMS["license"],
    DCTERMS.accessRights,
    DCTERMS.language,
    DCTERMS.issued,
    DCTERMS.modified,
    DCAT.version,
    DCTERMS.accrualPeriodicity,
    DCTERMS.temporal,
    DCTERMS.spatial,
    DCAT.theme,
    DCAT.keyword,
    DCAT.endpointURL,
    DCTERMS.conformsTo,
    DCTERMS.provenance,
    FOAF.homepage,
)

#: Properties of which only the first is shown if their values are equal.
_PARTIES = (DCTERMS.publisher, DCTERMS.creator, DCTERMS.rightsHolder)

_Said = dict[NamedNode, tuple[Term, ...]]


def catalogue_sections(reader: Reader, member: Member, triples: Sequence[Triple]) -> tuple[Section, ...]:
    """The catalogue itself, its datasets (first the one with all others as parts), its data services."""
    return _Catalogue(reader, member, triples).sections()


class _Catalogue:
    def __init__(self, reader: Reader, member: Member, triples: Sequence[Triple]) -> None:
        self._reader, self._member = reader, member
        self._document = Document(reader, member, triples)
        self._whole = NamedNode(reader.site.build.manifest["dataset"])

    def sections(self) -> tuple[Section, ...]:
        """As `catalogue_sections`."""
        datasets, services = self._of_kind(DCAT.Dataset), self._of_kind(DCAT.DataService)
        said = {thing: self._said(thing) for thing in (*datasets, *services)}
        own = self._said(NamedNode(self._member.iri))
        shared = {p: terms for p, terms in self._shared([said[d] for d in datasets]).items() if p not in own}
        common = {**own, **shared}
        datasets.sort(
            key=lambda dataset: (dataset != self._whole, self._reader.sort_key(self._document.title(dataset)))
        )
        about = Section(
            "about",
            self._reader.say("About it"),
            self._groups(common, {}),
            lead=self._lead(NamedNode(self._member.iri)),
        )
        return (about, *(self._section(thing, said[thing], common) for thing in (*datasets, *services)))

    def _of_kind(self, kind: NamedNode) -> list[NamedNode]:
        return [thing for thing, found in self._document.things.items() if kind in found.get(RDF.type, ())]

    def _said(self, thing: NamedNode) -> _Said:
        """The properties of *thing* that the page shows, with literals in the reader's language if there are some."""
        found = self._document.things.get(thing, {})
        said = {predicate: self._own(found[predicate]) for predicate in _SHOWN if found.get(predicate)}
        parties = [said.get(predicate) for predicate in _PARTIES]
        return {p: t for p, t in said.items() if p not in _PARTIES or parties.index(t) == _PARTIES.index(p)}

    def _own(self, terms: Sequence[Term]) -> tuple[Term, ...]:
        own = [t for t in terms if isinstance(t, Literal) and (t.language or "").split("-")[0] == self._reader.language]
        return tuple(own or terms)

    def _shared(self, all_said: Sequence[_Said]) -> _Said:
        """The properties and values that all datasets share."""
        first = all_said[0] if all_said else {}
        return {p: terms for p, terms in first.items() if all(said.get(p) == terms for said in all_said)}

    def _section(self, thing: NamedNode, said: _Said, common: _Said) -> Section:
        site, fragment = self._reader.site, thing.value.partition("#")[2]
        of_it = [dump for dump in site.build.dumps if NamedNode(dump.part_of or self._whole.value) == thing]
        address = site.address_of(thing)
        return Section(
            id=fragment or "about-" + re.sub(r"[^A-Za-z0-9]+", "-", thing.value),
            title=self._document.title(thing),
            kicker=self._document.kind(DCAT.DataService if fragment else DCAT.Dataset),
            groups=self._groups(said, common),
            iri=thing.value,
            href=self._reader.href(address) if address and not fragment else None,
            lead=self._lead(thing),
            files=file_rows(self._reader, of_it),
        )

    def _lead(self, thing: NamedNode) -> Value | None:
        texts = self._own(self._document.things.get(thing, {}).get(DCTERMS.description, ()))
        return self._reader.value(texts[0]) if texts else None

    def _groups(self, said: _Said, common: _Said) -> tuple[Group, ...]:
        """The facts of *said* that are not in *common*."""
        facts = tuple(
            Fact(
                self._reader.property_name(predicate),
                self._values(predicate, said[predicate]),
                id=self._anchor(said[predicate]),
            )
            for predicate in _SHOWN
            if predicate in said and said[predicate] != common.get(predicate)
        )
        return (Group("", facts),) if facts else ()

    def _values(self, predicate: NamedNode, terms: Sequence[Term]) -> tuple[Value, ...]:
        if predicate == DCTERMS.temporal:
            return tuple(map(self._period, terms))
        if predicate == DCTERMS.provenance:
            texts = [self._document.things.get(t, {}).get(RDFS.label, ()) for t in terms if isinstance(t, NamedNode)]
            return tuple(self._reader.value(text) for found in texts for text in self._own(found)[:1])
        values = self._document.values(terms, predicate)
        if predicate == DCAT.keyword:
            return (Value(", ".join(value.text for value in values)),)
        return tuple(Value(v.text) if (v.href or "").startswith("#") else v for v in values)  # with a section here

    def _period(self, term: Term) -> Value:
        found = self._document.things.get(term, {}) if isinstance(term, NamedNode) else {}
        days = [found.get(end, [None])[0] for end in (DCAT.startDate, DCAT.endDate)]
        return Value(" – ".join(self._reader.value(day).text if day is not None else "…" for day in days))

    def _anchor(self, terms: Sequence[Term]) -> str | None:
        """The fragment of the part of the document that is the value of a fact."""
        start = f"{self._member.iri}#"
        parts = (t.value.removeprefix(start) for t in terms if isinstance(t, NamedNode) and t.value.startswith(start))
        return next(parts, None)
