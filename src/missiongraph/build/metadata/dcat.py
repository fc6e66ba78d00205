"""Writes the catalogue of a build: DCAT 3 as DCAT-AP 3.0.1 says, with all recommended properties that are known.

Values are described as far as the ranges of the profile need it (class, scheme, name), so that a harvester can check
the catalogue without fetching anything else.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.build.files.dumps import Dump
from missiongraph.build.metadata.described_publication import Metadata, Statements, day_literal, texts
from missiongraph.build.metadata.distributions import distribution
from missiongraph.publication.own_services import INTERFACES, Interface
from missiongraph.publication.releases import Release
from missiongraph.publication.settings import Agent, LocalText, pick
from missiongraph.vocab import (
    DCAT,
    DCTERMS,
    EU_AUTHORITY,
    FOAF,
    PROV,
    RDF,
    RDFS,
    SKOS,
    VCARD,
)

_THEMES = NamedNode(f"{EU_AUTHORITY}data-theme")
_PUBLIC = NamedNode(f"{EU_AUTHORITY}access-right/PUBLIC")

_EDITION: LocalText = {
    "en": "The edition of {issued}: {statements} statements in {graphs} graphs, kept as they were released.",
    "it": "L’edizione del {issued}: {statements} asserzioni in {graphs} grafi, conservate come furono rilasciate.",
}
_VERSION: LocalText = {"en": "version {version}", "it": "versione {version}"}


@dataclass(frozen=True)
class EarlierVersion:
    """A release and its dumps.

    :ivar same: whether it has the statements of the present publication
    """

    release: Release
    dumps: Sequence[Dump] = ()
    same: bool = False


def catalogue(metadata: Metadata, dumps: Sequence[Dump], earlier: Sequence[EarlierVersion] = ()) -> Statements:
    """The statements of the catalogue: its datasets, a distribution for each of *dumps*, the services, the releases.

    :param earlier: the releases, the oldest first
    """
    settings, base = metadata.settings, metadata.settings.base
    node = NamedNode(f"{base}catalog")
    yield Triple(node, RDF.type, DCAT.Catalog)
    yield from texts(node, DCTERMS["title"], settings.title)
    yield from texts(node, DCTERMS.description, settings.description or settings.title)
    yield from _common(metadata, node)
    yield from metadata.document(node, FOAF.homepage, metadata.root)
    yield Triple(node, DCAT.themeTaxonomy, _THEMES)
    yield from metadata.typed(_THEMES, SKOS.ConceptScheme)
    yield from texts(_THEMES, DCTERMS["title"], metadata.spoken({"en": "Data theme", "it": "Tema dei dati"}))
    issued = _issued(metadata)
    if issued:
        yield Triple(node, DCTERMS.issued, day_literal(issued))
    if metadata.modified:
        yield Triple(node, DCTERMS.modified, day_literal(metadata.modified))
    for dataset in metadata.datasets:
        yield Triple(node, DCAT.dataset, dataset)
        yield from _dataset(metadata, dataset)
        for dump in dumps:
            if (dump.part_of or metadata.dataset.value) == dataset.value:
                yield from distribution(metadata, dataset, dump, metadata.modified)
    for interface in INTERFACES:
        yield from _service(metadata, node, interface)
    yield from _versions(metadata, earlier)
    yield from metadata.quality()


def _common(metadata: Metadata, subject: NamedNode) -> Statements:
    """The properties that the catalogue and its datasets have in common."""
    settings = metadata.settings
    if settings.publisher:
        yield from metadata.agent(subject, DCTERMS.publisher, settings.publisher, "publisher")
    if settings.rights_holder:
        yield from metadata.agent(subject, DCTERMS.rightsHolder, settings.rights_holder, "rights-holder")
    yield from metadata.licence(subject)
    yield from metadata.in_languages(subject)
    stated = [term for term in metadata.stated(subject, DCTERMS.spatial) if isinstance(term, NamedNode)]
    for place in stated or map(NamedNode, settings.spatial):
        yield Triple(subject, DCTERMS.spatial, place)
        yield from metadata.typed(place, DCTERMS.Location)
        yield from (Triple(place, SKOS.prefLabel, name) for name in metadata.names(place))
        if place.value.startswith(EU_AUTHORITY):
            yield Triple(place, SKOS.inScheme, NamedNode(place.value.rpartition("/")[0]))
        for extent in (DCAT.bbox, DCAT.centroid):
            yield from (Triple(place, extent, term) for term in metadata.stated(place, extent))


def _dataset(metadata: Metadata, dataset: NamedNode) -> Statements:
    settings, whole = metadata.settings, dataset == metadata.dataset
    yield Triple(dataset, RDF.type, DCAT.Dataset)
    yield from metadata.texts(dataset, DCTERMS["title"], settings.title)
    yield from metadata.texts(dataset, DCTERMS.description, settings.description or settings.title)
    yield from _of_edition(metadata, dataset, dataset)
    yield from metadata.document(dataset, DCAT.landingPage, metadata.root if whole else dataset.value)
    if settings.frequency:
        frequency = NamedNode(settings.frequency)
        yield from metadata.concept(dataset, DCTERMS.accrualPeriodicity, settings.frequency)
        yield from metadata.typed(frequency, DCTERMS.Frequency)
    for link in (DCTERMS.hasPart, DCTERMS.isPartOf):
        yield from (Triple(dataset, link, t) for t in metadata.stated(dataset, link) if t in metadata.datasets)
    versions = [term for term in metadata.stated(dataset, DCAT.version) if isinstance(term, Literal)]
    for version in versions[:1] or ([Literal(settings.version)] if settings.version else []):
        yield Triple(dataset, DCAT.version, version)
    yield from metadata.date(dataset, DCTERMS.issued, None)
    yield from metadata.date(dataset, DCTERMS.modified, metadata.modified)
    yield from _provenance(metadata, dataset)
    if metadata.has_shapes:
        shapes = NamedNode(f"{settings.base}shapes")
        title = metadata.spoken({"en": "Shapes of this publication", "it": "Forme di questa pubblicazione"})
        yield from _standard(metadata, dataset, shapes, title)


def _of_edition(metadata: Metadata, node: NamedNode, dataset: NamedNode) -> Statements:
    """The properties that *dataset* and its editions have in common, for *node*, which is one of them."""
    settings = metadata.settings
    yield from _common(metadata, node)
    yield Triple(node, DCTERMS.identifier, Literal(node.value))
    yield from _keywords(metadata, node, dataset)
    yield from _access_rights(metadata, node)
    for theme in settings.themes:
        yield from metadata.concept(node, DCAT.theme, theme)
    for subject in settings.subjects:
        yield from metadata.concept(node, DCTERMS.subject, subject)
    yield from _temporal(metadata, node)
    if settings.publisher:
        yield from metadata.agent(node, DCTERMS.creator, settings.publisher, "publisher")
    yield from _contact(metadata, node)


def _keywords(metadata: Metadata, node: NamedNode, dataset: NamedNode) -> Statements:
    stated = [term for term in metadata.stated(dataset, DCAT.keyword) if isinstance(term, Literal)]
    yield from (Triple(node, DCAT.keyword, keyword) for keyword in stated)
    for language, words in metadata.settings.keywords.items() if not stated else ():
        for word in words:
            yield from texts(node, DCAT.keyword, {language: word})


def _access_rights(metadata: Metadata, subject: NamedNode) -> Statements:
    yield Triple(subject, DCTERMS.accessRights, _PUBLIC)
    yield from metadata.typed(_PUBLIC, DCTERMS.RightsStatement)
    yield Triple(_PUBLIC, SKOS.inScheme, NamedNode(f"{EU_AUTHORITY}access-right"))
    yield from texts(_PUBLIC, SKOS.prefLabel, metadata.spoken({"en": "public", "it": "pubblico"}))


def _standard(metadata: Metadata, subject: NamedNode, standard: NamedNode, title: LocalText) -> Statements:
    yield Triple(subject, DCTERMS.conformsTo, standard)
    yield from metadata.typed(standard, DCTERMS.Standard)
    yield from texts(standard, DCTERMS["title"], title)


def _provenance(metadata: Metadata, dataset: NamedNode) -> Statements:
    """The provenance of the whole: how many sources its graphs name. Nothing for a part, or if there are no sources."""
    if dataset in metadata.datasets[1:]:
        return
    naming_sources = (PROV.wasQuotedFrom, DCTERMS.source)
    sources = {t.object for t in metadata.triples if t.predicate in naming_sources}
    if not sources:
        return
    node = NamedNode(f"{metadata.settings.base}catalog#provenance")
    yield Triple(dataset, DCTERMS.provenance, node)
    yield from metadata.typed(node, DCTERMS.ProvenanceStatement)
    number = len(sources)
    text = {
        "en": f"Taken from {number} sources; each graph names the source that its statements rest on.",
        "it": f"Tratto da {number} fonti; ciascun grafo nomina la fonte su cui poggiano i suoi enunciati.",
    }
    yield from texts(node, RDFS.label, metadata.spoken(text))


def _temporal(metadata: Metadata, dataset: NamedNode) -> Statements:
    period = metadata.settings.temporal
    if period is None:
        return
    node = NamedNode(f"{metadata.settings.base}catalog#period")
    yield Triple(dataset, DCTERMS.temporal, node)
    yield from metadata.typed(node, DCTERMS.PeriodOfTime)
    for term, day in ((DCAT.startDate, period.start), (DCAT.endDate, period.end)):
        if day:
            yield Triple(node, term, day_literal(day))


def _contact(metadata: Metadata, subject: NamedNode) -> Statements:
    agent: Agent | None = metadata.settings.contact
    if agent is None:
        return
    node = NamedNode(f"{metadata.settings.base}catalog#contact")
    yield Triple(subject, DCAT.contactPoint, node)
    yield from metadata.typed(node, VCARD.Kind, VCARD.Organization)
    yield from texts(node, VCARD.fn, agent.name)
    if agent.email:
        yield Triple(node, VCARD.hasEmail, NamedNode(f"mailto:{agent.email}"))
    if agent.homepage:
        yield Triple(node, VCARD.hasURL, NamedNode(agent.homepage))


def _service(metadata: Metadata, node: NamedNode, interface: Interface) -> Statements:
    settings = metadata.settings
    service = NamedNode(f"{settings.base}catalog#{interface.name}")
    address = NamedNode(f"{metadata.root}{interface.path}")
    yield Triple(node, DCAT.service, service)
    yield Triple(service, RDF.type, DCAT.DataService)
    yield from texts(service, DCTERMS["title"], metadata.spoken(interface.title))
    yield from texts(service, DCTERMS.description, metadata.spoken(interface.description))
    for language in metadata.spoken(interface.title):
        for word in interface.keywords[language]:
            yield from texts(service, DCAT.keyword, {language: word})
    yield Triple(service, DCAT.endpointURL, address)
    yield Triple(service, DCAT.endpointDescription, address)
    yield from metadata.typed(address, RDFS.Resource)
    yield from (Triple(service, DCAT.servesDataset, dataset) for dataset in metadata.datasets)
    yield from _standard(metadata, service, NamedNode(interface.standard), {"": interface.standard_title})
    yield from _access_rights(metadata, service)
    yield from metadata.licence(service)
    for theme in settings.themes:
        yield from metadata.concept(service, DCAT.theme, theme)
    if settings.publisher:
        yield from metadata.agent(service, DCTERMS.publisher, settings.publisher, "publisher")
    yield from _contact(metadata, service)


def _versions(metadata: Metadata, earlier: Sequence[EarlierVersion]) -> Statements:
    """The releases (DCAT 3, section 11), each as a dataset of its own with its files."""
    dataset = metadata.dataset
    nodes = [NamedNode(f"{metadata.settings.base}catalog#release-{one.release.version}") for one in earlier]
    before = [node for node, one in zip(nodes, earlier, strict=True) if not one.same]
    if before:
        yield Triple(dataset, DCAT.previousVersion, before[-1])
    for position, (node, one) in enumerate(zip(nodes, earlier, strict=True)):
        yield Triple(dataset, DCAT.hasVersion, node)
        yield Triple(node, DCAT.isVersionOf, dataset)
        if position:
            yield Triple(node, DCAT.previousVersion, nodes[position - 1])
        yield from _release(metadata, node, one)


def _release(metadata: Metadata, node: NamedNode, one: EarlierVersion) -> Statements:
    release, folder = one.release, f"{one.release.version}/"
    issued = datetime.date.fromisoformat(release.issued)
    yield Triple(node, RDF.type, DCAT.Dataset)
    named = [t.object for t in metadata.texts(metadata.dataset, DCTERMS["title"], metadata.settings.title)]
    names = {name.language or "": name.value for name in named if isinstance(name, Literal)}
    spoken = metadata.spoken(_VERSION).items()
    titles = {tag: f"{pick(names, (tag,))}, {text.format(version=release.version)}" for tag, text in spoken}
    yield from texts(node, DCTERMS["title"], titles)
    descriptions = metadata.spoken(_EDITION).items()
    yield from texts(node, DCTERMS.description, {tag: text.format(**asdict(release)) for tag, text in descriptions})
    yield from _of_edition(metadata, node, metadata.dataset)
    yield from metadata.document(node, DCAT.landingPage, f"{metadata.root}dumps/{folder}")
    yield Triple(node, DCAT.version, Literal(release.version))
    for link in (DCTERMS.issued, DCTERMS.modified):
        yield Triple(node, link, day_literal(issued))
    for dump in one.dumps:
        yield from distribution(metadata, node, dump, issued, folder)


def _issued(metadata: Metadata) -> datetime.date | None:
    """The earliest date of issue of the datasets."""
    dates = (t.object for d in metadata.datasets for t in metadata.date(d, DCTERMS.issued, None))
    return min((datetime.date.fromisoformat(d.value) for d in dates if isinstance(d, Literal)), default=None)
