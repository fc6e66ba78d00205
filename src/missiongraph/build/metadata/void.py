"""Writes the VoID description of a build: counts, partitions, linksets, vocabularies, examples, dumps, endpoint."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence, Set
from typing import Any, TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.build.files.dumps import Dump
from missiongraph.build.metadata.described_publication import Metadata, Statements
from missiongraph.vocab import DCTERMS, FOAF, FORMATS, LINK_PROPERTIES, RDF, RDFS, VOID

_EXAMPLES = 5
_PARTITIONS = 200
_LINKSETS = 50

_Key = TypeVar("_Key", bound=Hashable)


def void(metadata: Metadata, dumps: Sequence[Dump]) -> Statements:
    """The statements of the VoID description of the default graph; a query can count again all that it counts."""
    dataset, settings = metadata.dataset, metadata.settings
    document = NamedNode(f"{settings.base}.well-known/void")
    yield Triple(document, RDF.type, VOID.DatasetDescription)
    yield Triple(document, FOAF.primaryTopic, dataset)
    yield Triple(dataset, RDF.type, VOID.Dataset)
    yield from metadata.texts(dataset, DCTERMS["title"], settings.title)
    yield from metadata.texts(dataset, DCTERMS.description, settings.description or settings.title)
    if settings.publisher:
        yield from metadata.agent(dataset, DCTERMS.publisher, settings.publisher, "publisher")
    if settings.licence:
        yield Triple(dataset, DCTERMS["license"], NamedNode(settings.licence))
    yield from metadata.date(dataset, DCTERMS.modified, metadata.modified)
    yield Triple(dataset, FOAF.homepage, NamedNode(metadata.root))
    yield Triple(dataset, VOID.uriSpace, Literal(settings.base))
    yield Triple(dataset, VOID.sparqlEndpoint, NamedNode(f"{metadata.root}sparql"))
    yield from (Triple(dataset, DCTERMS.subject, NamedNode(iri)) for iri in settings.subjects)
    for dump in dumps:
        if dump.content == "default":
            yield Triple(dataset, VOID.dataDump, NamedNode(f"{metadata.root}dumps/{dump.name}"))
            yield Triple(dataset, VOID.feature, FORMATS[dump.format.replace("-", "_").replace("/", "_")])
    yield from _parts(metadata, dumps)
    yield from _counts(metadata)
    yield from _linksets(metadata)


def _parts(metadata: Metadata, dumps: Sequence[Dump]) -> Statements:
    """The parts of the whole as subsets, with their dumps."""
    for part in metadata.datasets[1:]:
        yield Triple(metadata.dataset, VOID.subset, part)
        yield Triple(part, RDF.type, VOID.Dataset)
        yield from metadata.texts(part, DCTERMS["title"], {})
        yield from metadata.texts(part, DCTERMS.description, {})
        for dump in dumps:
            if dump.part_of == part.value:
                yield Triple(part, VOID.dataDump, NamedNode(f"{metadata.root}dumps/{dump.name}"))


def _counts(metadata: Metadata) -> Statements:
    dataset, triples = metadata.dataset, metadata.triples
    classes = Counter(t.object for t in triples if t.predicate == RDF.type and isinstance(t.object, NamedNode))
    properties = Counter(t.predicate for t in triples)
    subjects = {t.subject for t in triples}
    own = sorted(
        (s for s in subjects if isinstance(s, NamedNode) and s.value.startswith(metadata.settings.base)), key=str
    )
    counts = {
        "triples": len(triples),
        "distinctSubjects": len(subjects),
        "distinctObjects": len({t.object for t in triples}),
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
    yield from _partitions(metadata, classes, VOID.classPartition, VOID["class"], VOID.entities, "class")
    yield from _partitions(metadata, properties, VOID.propertyPartition, VOID.property, VOID.triples, "property")


def _partitions(
    metadata: Metadata, counts: Counter[NamedNode], link: NamedNode, term: NamedNode, number: NamedNode, kind: str
) -> Statements:
    for position, (iri, count) in enumerate(_ranked(counts, _PARTITIONS)):
        node = NamedNode(f"{metadata.settings.base}.well-known/void#{kind}-{position + 1}")
        yield Triple(metadata.dataset, link, node)
        yield Triple(node, RDF.type, VOID.Dataset)
        yield Triple(node, term, iri)
        yield Triple(node, number, Literal(count))


def _linksets(metadata: Metadata) -> Statements:
    """A linkset for each property that links to things elsewhere, and each namespace to which it links."""
    base = metadata.settings.base
    counts: Counter[tuple[NamedNode, str]] = Counter()
    linking = _linking(metadata.triples)
    for triple in metadata.triples:
        iri = triple.object.value if isinstance(triple.object, NamedNode) else ""
        if triple.predicate in linking and "://" in iri and not iri.startswith(base):
            counts[triple.predicate, _space(iri)] += 1
    targets = {space: position + 1 for position, space in enumerate(sorted({space for _, space in counts}))}
    for position, ((predicate, space), count) in enumerate(_ranked(counts, _LINKSETS)):
        node = NamedNode(f"{base}.well-known/void#linkset-{position + 1}")
        target = NamedNode(f"{base}.well-known/void#target-{targets[space]}")
        yield Triple(node, RDF.type, VOID.Linkset)
        yield Triple(metadata.dataset, VOID.subset, node)
        yield Triple(node, VOID.linkPredicate, predicate)
        yield Triple(node, VOID.subjectsTarget, metadata.dataset)
        yield Triple(node, VOID.objectsTarget, target)
        yield Triple(node, VOID.triples, Literal(count))
        yield Triple(target, RDF.type, VOID.Dataset)
        yield Triple(target, DCTERMS["title"], Literal(space))


def _linking(triples: Iterable[Triple]) -> Set[object]:
    """The well-known properties of links, and the properties that *triples* declare to refine them."""
    refining = defaultdict(list)
    for triple in triples:
        if triple.predicate == RDFS.subPropertyOf:
            refining[triple.object].append(triple.subject)
    found: set[object] = set()
    new: list[Any] = list(LINK_PROPERTIES)
    while new:
        one = new.pop()
        if one not in found:
            found.add(one)
            new.extend(refining[one])
    return found


def _space(iri: str) -> str:
    """The namespace of *iri*: all but what follows its last hash or slash.

    >>> _space("http://www.wikidata.org/entity/Q490")
    'http://www.wikidata.org/entity/'
    """
    return re.sub(r"(?<=[^:/][/#])[^/#]*/?$", "", iri)


def _ranked(counts: Counter[_Key], most: int) -> Iterable[tuple[_Key, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:most]
