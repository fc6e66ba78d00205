"""What a build says of itself: a DCAT catalogue and a VoID description, made from settings, data and dumps.

They stand beside the dataset and not in it, since they hold the checksums of its dumps.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.build.dumps import Dump
from missiongraph.quality import measurements
from missiongraph.settings import Agent, LocalText, Settings
from missiongraph.vocab import DCAT, DCTERMS, EU_LANGUAGES, FOAF, PROV, RDF, SPDX, VCARD, VOID, XSD, Namespace

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES = Namespace("http://www.iana.org/assignments/media-types/")
_FILE_TYPES = Namespace(f"{_AUTHORITY}file-type/")
_FORMAT_IRIS = Namespace("http://www.w3.org/ns/formats/")
_EXAMPLES = 5
_PARTITIONS = 200

Statements = Iterator[Triple]


def dataset_iri(settings: Settings, default_graph: Sequence[Triple]) -> NamedNode:
    """The dataset that the publication itself describes as the whole, else a part of the catalogue's document.

    Of several, the one that the others name as what they are part of, else the first by name.
    """
    kind, dataset, part_of, has_part = RDF.type, DCAT.Dataset, DCTERMS.isPartOf, DCTERMS.hasPart
    described = {t.subject for t in default_graph if t.predicate == kind and t.object == dataset}
    own = {s for s in described if isinstance(s, NamedNode) and s.value.startswith(settings.base)}
    wholes = [t.object for t in default_graph if t.predicate == part_of and t.subject in own and t.object in own]
    wholes += [t.subject for t in default_graph if t.predicate == has_part and t.subject in own]
    named = sorted((w for w in wholes or own if isinstance(w, NamedNode)), key=str)
    return named[0] if named else NamedNode(f"{settings.base}catalog#dataset")


class Metadata:
    """Describes one dataset; every method yields statements and nothing is read but what the constructor takes."""

    def __init__(
        self,
        settings: Settings,
        default_graph: Sequence[Triple],
        languages: Sequence[str],
        modified: datetime.date | None,
        measures: Mapping[NamedNode, Literal] = MappingProxyType({}),
    ) -> None:
        """:param modified: the date of the publication, where anything states one

        :param measures: of the quality of the dataset, by metric
        """
        self.settings = settings
        self._triples = default_graph
        self._languages = languages
        self._modified = modified
        self._measures = measures
        self._root = settings.public_url or settings.base
        self.dataset = dataset_iri(settings, default_graph)

    def catalogue(self, dumps: Sequence[Dump]) -> Statements:
        """The catalogue, its dataset, a distribution for each of *dumps*, and the SPARQL service (DCAT 3)."""
        settings = self.settings
        catalogue, service = NamedNode(f"{settings.base}catalog"), NamedNode(f"{settings.base}catalog#sparql")
        yield Triple(catalogue, RDF.type, DCAT.Catalog)
        yield from self._terms(catalogue)
        yield Triple(catalogue, DCAT.dataset, self.dataset)
        yield Triple(catalogue, DCAT.service, service)
        yield Triple(catalogue, FOAF.homepage, NamedNode(self._root))
        yield from self._dataset(dumps)
        yield from self.quality()
        yield Triple(service, RDF.type, DCAT.DataService)
        yield from _texts(service, DCTERMS["title"], {"en": "SPARQL endpoint", "it": "Endpoint SPARQL"})
        yield Triple(service, DCAT.endpointURL, NamedNode(f"{self._root}sparql"))
        yield Triple(service, DCAT.endpointDescription, NamedNode(f"{self._root}sparql"))
        yield Triple(service, DCAT.servesDataset, self.dataset)
        yield Triple(service, DCTERMS.conformsTo, NamedNode("https://www.w3.org/TR/sparql11-protocol/"))

    def quality(self) -> Statements:
        """The measures of the dataset's quality (DQV)."""
        return measurements(self.dataset, f"{self.settings.base}quality", self._measures)

    def _dataset(self, dumps: Sequence[Dump]) -> Statements:
        dataset, settings = self.dataset, self.settings
        yield Triple(dataset, RDF.type, DCAT.Dataset)
        yield from self._terms(dataset)
        yield Triple(dataset, DCTERMS.identifier, Literal(dataset.value))
        yield Triple(dataset, DCAT.landingPage, NamedNode(self._root))
        for theme in settings.themes:
            yield Triple(dataset, DCAT.theme, NamedNode(theme))
        if settings.frequency:
            yield Triple(dataset, DCTERMS.accrualPeriodicity, NamedNode(settings.frequency))
        if settings.spatial:
            yield Triple(dataset, DCTERMS.spatial, NamedNode(settings.spatial))
        if settings.version:
            yield Triple(dataset, DCAT.version, Literal(settings.version))
        yield from self._temporal()
        if settings.contact:
            yield from self._contact(settings.contact)
        yield Triple(dataset, DCTERMS.accessRights, NamedNode(f"{_AUTHORITY}access-right/PUBLIC"))
        for dump in dumps:
            yield from self._distribution(dump)

    def _distribution(self, dump: Dump) -> Statements:
        node = NamedNode(f"{self.settings.base}catalog#{dump.name}")
        checksum = NamedNode(f"{node.value}-checksum")
        address = NamedNode(f"{self._root}dumps/{dump.name}")
        packed = " (gzip)" if dump.compression else ""
        holds = {"default": ("accepted statements", "enunciati accolti"), "named": ("all graphs", "tutti i grafi")}
        english, italian = holds[dump.content]
        yield Triple(self.dataset, DCAT.distribution, node)
        yield Triple(node, RDF.type, DCAT.Distribution)
        titles = {"en": f"{dump.format}{packed}: {english}", "it": f"{dump.format}{packed}: {italian}"}
        yield from _texts(node, DCTERMS["title"], titles)
        yield Triple(node, DCAT.accessURL, address)
        yield Triple(node, DCAT.downloadURL, address)
        yield Triple(node, DCAT.mediaType, _MEDIA_TYPES[dump.media_type])
        yield Triple(node, DCTERMS["format"], _FILE_TYPES[dump.file_type])
        if dump.compression:
            yield Triple(node, DCAT.compressFormat, _MEDIA_TYPES[f"application/{dump.compression}"])
        yield Triple(node, DCAT.byteSize, Literal(str(dump.bytes), datatype=XSD.nonNegativeInteger))
        if self.settings.licence:
            yield Triple(node, DCTERMS["license"], NamedNode(self.settings.licence))
        yield Triple(node, SPDX.checksum, checksum)
        yield Triple(checksum, RDF.type, SPDX.Checksum)
        yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        yield Triple(checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary))

    def void(self, dumps: Sequence[Dump]) -> Statements:
        """VoID: counts of the default graph, partitions by class and property, dumps and endpoint."""
        dataset, base = self.dataset, self.settings.base
        document = NamedNode(f"{base}.well-known/void")
        yield Triple(document, RDF.type, VOID.DatasetDescription)
        yield Triple(document, FOAF.primaryTopic, dataset)
        yield Triple(dataset, RDF.type, VOID.Dataset)
        yield from self._terms(dataset)
        yield Triple(dataset, FOAF.homepage, NamedNode(self._root))
        yield Triple(dataset, VOID.uriSpace, Literal(base))
        yield Triple(dataset, VOID.sparqlEndpoint, NamedNode(f"{self._root}sparql"))
        for dump in dumps:
            if dump.content == "default":
                yield Triple(dataset, VOID.dataDump, NamedNode(f"{self._root}dumps/{dump.name}"))
                yield Triple(dataset, VOID.feature, _FORMAT_IRIS[dump.format.replace("-", "_").replace("/", "_")])
        yield from self._counts()

    def _counts(self) -> Statements:
        dataset = self.dataset
        classes = Counter(
            t.object for t in self._triples if t.predicate == RDF.type and isinstance(t.object, NamedNode)
        )
        properties = Counter(t.predicate for t in self._triples)
        subjects = {t.subject for t in self._triples}
        own = sorted(
            (s for s in subjects if isinstance(s, NamedNode) and s.value.startswith(self.settings.base)), key=str
        )
        counts = {
            "triples": len(self._triples),
            "distinctSubjects": len(subjects),
            "distinctObjects": len({t.object for t in self._triples}),
            "entities": len(own),
            "classes": len(classes),
            "properties": len(properties),
        }
        for name, number in counts.items():
            yield Triple(dataset, VOID[name], Literal(number))
        for example in own[:: max(1, len(own) // _EXAMPLES)][:_EXAMPLES]:
            yield Triple(dataset, VOID.exampleResource, example)
        namespaces = {re.sub(r"[^/#:]*$", "", term.value) for term in (*properties, *classes)}
        for namespace in sorted(namespaces):
            yield Triple(dataset, VOID.vocabulary, NamedNode(namespace))
        yield from self._partitions(classes, VOID.classPartition, VOID["class"], VOID.entities, "class")
        yield from self._partitions(properties, VOID.propertyPartition, VOID.property, VOID.triples, "property")

    def _partitions(
        self, counts: Counter[NamedNode], link: NamedNode, term: NamedNode, number: NamedNode, kind: str
    ) -> Statements:
        for position, (iri, count) in enumerate(sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))):
            if position == _PARTITIONS:
                return
            node = NamedNode(f"{self.settings.base}.well-known/void#{kind}-{position + 1}")
            yield Triple(self.dataset, link, node)
            yield Triple(node, RDF.type, VOID.Dataset)
            yield Triple(node, term, iri)
            yield Triple(node, number, Literal(count))

    def _terms(self, subject: NamedNode) -> Statements:
        """What the catalogue and the dataset have in common."""
        settings = self.settings
        yield from _texts(subject, DCTERMS["title"], settings.title)
        yield from _texts(subject, DCTERMS.description, settings.description or settings.title)
        if settings.publisher:
            yield from self._agent(subject, DCTERMS.publisher, settings.publisher, "publisher")
        if settings.rights_holder:
            yield from self._agent(subject, DCTERMS.rightsHolder, settings.rights_holder, "rights-holder")
        if settings.licence:
            yield Triple(subject, DCTERMS["license"], NamedNode(settings.licence))
        if self._modified:
            yield Triple(subject, DCTERMS.modified, Literal(self._modified.isoformat(), datatype=XSD.date))
        for language in self._languages:
            if language in EU_LANGUAGES:
                yield Triple(subject, DCTERMS.language, NamedNode(f"{_AUTHORITY}language/{EU_LANGUAGES[language]}"))

    def _agent(self, subject: NamedNode, link: NamedNode, agent: Agent, part: str) -> Statements:
        node = NamedNode(agent.iri or f"{self.settings.base}catalog#{part}")
        yield Triple(subject, link, node)
        yield Triple(node, RDF.type, FOAF.Agent)
        yield from _texts(node, FOAF["name"], agent.name)
        if agent.type:
            yield Triple(node, DCTERMS.type, NamedNode(agent.type))
        if agent.identifier:
            yield Triple(node, DCTERMS.identifier, Literal(agent.identifier))
        if agent.homepage:
            yield Triple(node, FOAF.homepage, NamedNode(agent.homepage))

    def _contact(self, agent: Agent) -> Statements:
        node = NamedNode(f"{self.settings.base}catalog#contact")
        yield Triple(self.dataset, DCAT.contactPoint, node)
        yield Triple(node, RDF.type, VCARD.Kind)
        yield from _texts(node, VCARD.fn, agent.name)
        if agent.email:
            yield Triple(node, VCARD.hasEmail, NamedNode(f"mailto:{agent.email}"))
        if agent.homepage:
            yield Triple(node, VCARD.hasURL, NamedNode(agent.homepage))

    def _temporal(self) -> Statements:
        period = self.settings.temporal
        if period is None:
            return
        node = NamedNode(f"{self.settings.base}catalog#period")
        yield Triple(self.dataset, DCTERMS.temporal, node)
        yield Triple(node, RDF.type, DCTERMS.PeriodOfTime)
        for term, day in ((DCAT.startDate, period.start), (DCAT.endDate, period.end)):
            if day:
                yield Triple(node, term, Literal(day.isoformat(), datatype=XSD.date))


def date_of(settings: Settings, default_graph: Sequence[Triple]) -> datetime.date | None:
    """The date of the data: the setting, else the newest that the data states of anything."""
    stated = (DCTERMS.modified, DCTERMS.issued, PROV.generatedAtTime)
    return settings.modified or newest_date(default_graph, stated)


def newest_date(default_graph: Sequence[Triple], dated: Sequence[NamedNode]) -> datetime.date | None:
    """The newest well-formed date that any of the properties *dated* has."""
    days = []
    for triple in default_graph:
        if triple.predicate in dated and isinstance(triple.object, Literal):
            try:
                days.append(datetime.date.fromisoformat(triple.object.value[:10]))
            except ValueError:
                continue
    return max(days, default=None)


def _texts(subject: NamedNode, link: NamedNode, text: LocalText) -> Statements:
    for language, value in text.items():
        yield Triple(subject, link, Literal(value, language=language) if language else Literal(value))
