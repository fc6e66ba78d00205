"""Collects what descriptions of a publication share: its datasets, names, agents and dates, from settings and data.

``dcat.py`` and ``void.py`` write the descriptions. These are not part of the dataset, since they have the checksums of
its dumps.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from missiongraph.build.metadata.licences import known_licence
from missiongraph.graph.quality import measurements
from missiongraph.publication.settings import Agent, LocalText, Settings
from missiongraph.vocab import (
    DCAT,
    DCTERMS,
    EU_AUTHORITY,
    EU_LANGUAGES,
    FOAF,
    LABEL_PROPERTIES,
    MG,
    PROV,
    RDF,
    RDFS,
    SKOS,
    XSD,
)

Statements = Iterator[Triple]
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

#: Properties between a dataset and its parts, and between a graph and its dataset.
_PART_OF, _HAS_PART = DCTERMS.isPartOf, DCTERMS.hasPart


def own_datasets(settings: Settings, default_graph: Sequence[Triple]) -> tuple[NamedNode, ...]:
    """The datasets of which the publication consists, as its data describes them: the whole first, then its parts.

    The whole is the dataset under the base of which others are part. Datasets that are not connected to it belong to
    others, such as sources. If none has parts, the whole is the first by IRI; if the data describes no dataset, it is
    ``catalog#dataset``.
    """
    described = {t.subject for t in default_graph if t.predicate == RDF.type and t.object == DCAT.Dataset}
    own = {s for s in described if isinstance(s, NamedNode) and s.value.startswith(settings.base)}
    pairs: set[tuple[object, object]] = {(t.object, t.subject) for t in default_graph if t.predicate == _PART_OF}
    pairs |= {(t.subject, t.object) for t in default_graph if t.predicate == _HAS_PART}
    parts = {(whole, part) for whole, part in pairs if whole in own and part in own}
    wholes = {whole for whole, _ in parts} - {part for _, part in parts}
    whole = min((w for w in wholes or own if isinstance(w, NamedNode)), key=str, default=None)
    if whole is None:
        return (NamedNode(f"{settings.base}catalog#dataset"),)
    datasets: set[NamedNode] = set()
    more = {whole}
    while more:
        datasets |= more
        more = {part for one, part in parts if one in datasets and isinstance(part, NamedNode)} - datasets
    return (whole, *sorted(datasets - {whole}, key=str))


def parts_of(datasets: Sequence[NamedNode], quads: Sequence[Quad]) -> dict[NamedNode, list[Quad]]:
    """The statements of each dataset but the first one, which is the whole.

    A graph belongs to a dataset if it is stated to be part of it (``dct:isPartOf``). So does an evidence graph that
    such a graph describes.
    """
    evidence = [(q.subject, q.graph_name) for q in quads if q.predicate == RDF.type and q.object == MG.EvidenceGraph]
    statements: dict[NamedNode, list[Quad]] = {}
    for dataset in datasets[1:]:
        graphs = {quad.subject for quad in quads if quad.predicate == _PART_OF and quad.object == dataset}
        graphs |= {graph for graph, described_in in evidence if described_in in graphs}
        inside = [quad for quad in quads if quad.graph_name in graphs]
        if inside:
            statements[dataset] = inside
    return statements


class Metadata:
    """What settings and data state of a publication, as statements for its descriptions."""

    def __init__(
        self,
        settings: Settings,
        default_graph: Sequence[Triple],
        languages: Sequence[str],
        modified: datetime.date | None,
        measures: Mapping[NamedNode, Literal] = MappingProxyType({}),
        *,
        has_shapes: bool = False,
    ) -> None:
        """:param languages: the languages of pages

        :param modified: the date of the data, if anything states one; see :func:`date_of`
        :param measures: the measures of the dataset's quality, by metric
        :param has_shapes: whether the publication has shapes
        """
        self._measures = measures
        self.has_shapes = has_shapes
        self.settings = settings
        self.triples = default_graph
        self.languages = languages
        self.modified = modified
        self.root = settings.public_url or settings.base
        self.datasets = own_datasets(settings, default_graph)
        self.dataset = self.datasets[0]
        self._stated: dict[object, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        named = {*self.datasets, *(NamedNode(iri) for iri in self._named_in_settings())}
        for triple in default_graph:
            if triple.subject in named:
                self._stated[triple.subject][triple.predicate].append(triple.object)

    def _named_in_settings(self) -> Iterator[str]:
        settings = self.settings
        agents = (settings.publisher, settings.rights_holder, settings.contact)
        single = (settings.licence, settings.frequency, *(a.iri for a in agents if a is not None))
        several = (*settings.spatial, *settings.themes, *settings.subjects)
        yield from (iri for iri in (*single, *several) if iri is not None)
        yield from (f"{EU_AUTHORITY}language/{EU_LANGUAGES[tag]}" for tag in self.languages if tag in EU_LANGUAGES)

    def quality(self) -> Statements:
        """The measures of the dataset's quality (DQV), as statements."""
        return measurements(self.dataset, f"{self.settings.base}quality", self._measures)

    def stated(self, subject: NamedNode, predicate: NamedNode) -> list[Term]:
        """The values that the data states of a dataset, or of a thing that the settings name."""
        return self._stated[subject][predicate] if subject in self._stated else []

    def texts(self, subject: NamedNode, predicate: NamedNode, otherwise: LocalText) -> Statements:
        """The texts that the data states, else *otherwise*."""
        stated = [t for t in self.stated(subject, predicate) if isinstance(t, Literal)]
        yield from (Triple(subject, predicate, literal) for literal in stated)
        if not stated:
            yield from texts(subject, predicate, otherwise)

    def names(self, iri: NamedNode) -> list[Literal]:
        """The labels that the data has for a thing which the settings name, else the last part of its IRI."""
        for predicate in LABEL_PROPERTIES:
            stated = [t for t in self.stated(iri, predicate) if isinstance(t, Literal)]
            if stated:
                return stated
        return [Literal(iri.value.rstrip("/#").replace("#", "/").rpartition("/")[2])]

    def concept(self, subject: NamedNode, link: NamedNode, iri: str) -> Statements:
        """*iri* as a value of *link*, and its description as a concept with class, scheme and names."""
        concept = NamedNode(iri)
        yield Triple(subject, link, concept)
        yield from self.typed(concept, SKOS.Concept)
        scheme = NamedNode(iri.rpartition("/")[0])
        if iri.startswith(EU_AUTHORITY):
            yield Triple(concept, SKOS.inScheme, scheme)
        yield from (Triple(concept, SKOS.prefLabel, name) for name in self.names(concept))

    def typed(self, iri: NamedNode, *kinds: NamedNode) -> Statements:
        """The classes of *iri*; portals need them of every value."""
        yield from (Triple(iri, RDF.type, kind) for kind in kinds)

    def document(self, subject: NamedNode, link: NamedNode, address: str) -> Statements:
        """The page at *address* as a value of *link*."""
        yield Triple(subject, link, NamedNode(address))
        yield from self.typed(NamedNode(address), FOAF.Document)

    def in_languages(self, subject: NamedNode) -> Statements:
        """The languages of pages as values of ``dct:language``, from the EU's authority table."""
        for tag in self.languages:
            if tag in EU_LANGUAGES:
                language = NamedNode(f"{EU_AUTHORITY}language/{EU_LANGUAGES[tag]}")
                yield Triple(subject, DCTERMS.language, language)
                yield from self.typed(language, DCTERMS.LinguisticSystem)
                yield Triple(language, SKOS.inScheme, NamedNode(f"{EU_AUTHORITY}language"))
                yield from (Triple(language, SKOS.prefLabel, name) for name in self.names(language))

    def agent(self, subject: NamedNode, link: NamedNode, agent: Agent, part: str) -> Statements:
        """*agent* as a value of *link*, with its description; *part* is the fragment of its IRI if it has none."""
        node = NamedNode(agent.iri or f"{self.settings.base}catalog#{part}")
        yield Triple(subject, link, node)
        yield from self.typed(node, FOAF.Agent)
        yield from texts(node, FOAF["name"], agent.name)
        if agent.type:
            yield from self.concept(node, DCTERMS.type, agent.type)
        if agent.identifier:
            yield Triple(node, DCTERMS.identifier, Literal(agent.identifier))
        if agent.homepage:
            yield from self.document(node, FOAF.homepage, agent.homepage)

    def date(self, subject: NamedNode, predicate: NamedNode, otherwise: datetime.date | None) -> Statements:
        """The newest date that the data states of *subject*, else *otherwise*, as a value of *predicate*."""
        stated = [Triple(subject, predicate, term) for term in self.stated(subject, predicate)]
        day = newest_date(stated, (predicate,)) or otherwise
        if day:
            yield Triple(subject, predicate, day_literal(day))

    def licence(self, subject: NamedNode) -> Statements:
        """The licence of *subject* with its description, if the settings name one."""
        iri = self.settings.licence
        if not iri:
            return
        licence = NamedNode(iri)
        yield Triple(subject, DCTERMS["license"], licence)
        yield from self.typed(licence, DCTERMS.LicenseDocument)
        yield from (Triple(licence, RDFS.label, name) for name in self.names(licence))
        known = known_licence(iri)
        if known:
            yield from self.concept(licence, DCTERMS.type, known.type)
            yield Triple(NamedNode(known.type), SKOS.inScheme, NamedNode("http://purl.org/adms/licencetype/1.0"))

    def spoken(self, text: LocalText) -> LocalText:
        """*text* in the languages of pages; in English if it has none of them."""
        return {tag: value for tag, value in text.items() if tag in self.languages} or {"en": text["en"]}


def texts(subject: NamedNode, link: NamedNode, text: LocalText) -> Statements:
    """*text* as values of *link*, one for each of its languages."""
    for language, value in text.items():
        yield Triple(subject, link, Literal(value, language=language) if language else Literal(value))


def day_literal(day: datetime.date) -> Literal:
    """*day* as ``xsd:date``."""
    return Literal(day.isoformat(), datatype=XSD.date)


def date_of(settings: Settings, default_graph: Sequence[Triple]) -> datetime.date | None:
    """The date of the data: that of the settings, else the newest that the data states of anything."""
    stated = (DCTERMS.modified, DCTERMS.issued, PROV.generatedAtTime)
    return settings.modified or newest_date(default_graph, stated)


def newest_date(default_graph: Sequence[Triple], dated: Sequence[NamedNode]) -> datetime.date | None:
    """The newest well-formed date among the values of the properties *dated*; ``None`` if there is none."""
    return max(_dates(default_graph, dated), default=None)


def _dates(triples: Sequence[Triple], dated: Sequence[NamedNode]) -> Iterator[datetime.date]:
    for triple in triples:
        if triple.predicate in dated and isinstance(triple.object, Literal):
            try:
                yield datetime.date.fromisoformat(triple.object.value[:10])
            except ValueError:
                continue
