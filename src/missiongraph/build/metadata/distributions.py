"""Describes the dumps as distributions: content, media type, size, checksum (DCAT 3, section 6.8)."""

from __future__ import annotations

import datetime

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.build.files.dumps import Dump
from missiongraph.build.metadata.described_publication import Metadata, Statements, day_literal, texts
from missiongraph.publication.settings import LocalText, pick
from missiongraph.vocab import DCAT, DCATAP, DCTERMS, EU_AUTHORITY, MEDIA_TYPES, RDF, RDFS, SKOS, SPDX, XSD

_STABLE = f"{EU_AUTHORITY}planned-availability/STABLE"

#: Titles of dumps by their content; ``%s`` is the name of the class of a table.
_HOLDS: dict[str, LocalText] = {
    "default": {"en": "accepted statements", "it": "enunciati accolti"},
    "named": {"en": "all graphs", "it": "tutti i grafi"},
    "part": {"en": "the graphs of this dataset", "it": "i grafi di questo insieme di dati"},
    "table": {"en": "table “%s”", "it": "tabella «%s»"},
    "links": {"en": "table of links", "it": "tabella dei collegamenti"},
    "tables": {"en": "description of the tables", "it": "descrizione delle tabelle"},
    "places": {"en": "places on the map", "it": "luoghi sulla carta"},
}
_LONG: dict[str, LocalText] = {
    "default": {
        "en": "Every accepted statement of the publication, each once, without its evidence.",
        "it": "Ogni enunciato accolto della pubblicazione, una volta sola, senza le prove.",
    },
    "named": {
        "en": "Every graph of the publication under its name: claims with their evidence, alternatives included.",
        "it": "Ogni grafo della pubblicazione con il suo nome: affermazioni con le prove, comprese le alternative.",
    },
    "part": {
        "en": "The graphs that make up this dataset, each under its name.",
        "it": "I grafi di cui si compone questo insieme di dati, ciascuno con il suo nome.",
    },
    "table": {
        "en": "One row for each thing of this class, one column for each property with single values.",
        "it": "Una riga per ogni cosa di questa classe, una colonna per ogni proprietà a valore singolo.",
    },
    "links": {
        "en": "What the things in the tables are linked to by properties with several values.",
        "it": "A che cosa le cose nelle tabelle sono collegate da proprietà con più valori.",
    },
    "tables": {
        "en": "What the columns of the CSV tables mean, as CSV on the Web metadata.",
        "it": "Che cosa significano le colonne delle tabelle CSV, come metadati CSV on the Web.",
    },
    "places": {
        "en": "The things with coordinates as points, with their names.",
        "it": "Le cose con coordinate come punti, con i loro nomi.",
    },
}


def distribution(
    metadata: Metadata, dataset: NamedNode, dump: Dump, modified: datetime.date | None, folder: str = ""
) -> Statements:
    """The statements about the distribution of *dataset* that is the file *dump*.

    :param modified: the date of its data
    :param folder: the folder of the file below ``dumps/``, with a slash at the end
    """
    node = NamedNode(f"{metadata.settings.base}catalog#{folder}{dump.name}")
    address = NamedNode(f"{metadata.root}dumps/{folder}{dump.name}")
    yield Triple(dataset, DCAT.distribution, node)
    yield Triple(node, RDF.type, DCAT.Distribution)
    yield from texts(node, DCTERMS["title"], _title(metadata, dump))
    yield from texts(node, DCTERMS.description, metadata.spoken(_LONG[dump.content]))
    yield Triple(node, DCAT.accessURL, address)
    yield Triple(node, DCAT.downloadURL, address)
    yield from _media_type(metadata, node, DCAT.mediaType, dump.media_type)
    if dump.compression:
        yield from _media_type(metadata, node, DCAT.compressFormat, f"application/{dump.compression}")
    file_type = NamedNode(f"{EU_AUTHORITY}file-type/{dump.file_type}")
    yield Triple(node, DCTERMS["format"], file_type)
    yield from metadata.typed(file_type, DCTERMS.MediaTypeOrExtent)
    yield Triple(file_type, SKOS.inScheme, NamedNode(f"{EU_AUTHORITY}file-type"))
    yield Triple(node, DCAT.byteSize, Literal(str(dump.bytes), datatype=XSD.nonNegativeInteger))
    yield from metadata.licence(node)
    yield from metadata.in_languages(node)
    yield from metadata.concept(node, DCATAP.availability, _STABLE)
    if modified:
        yield Triple(node, DCTERMS.modified, day_literal(modified))
    yield from _checksum(node, dump)


def _title(metadata: Metadata, dump: Dump) -> LocalText:
    """The title of a dump in the languages of pages."""
    packed = f" ({dump.compression})" if dump.compression else ""

    def title(language: str, holds: str) -> str:
        return f"{dump.format}{packed}: {holds.replace('%s', pick(dump.subject, (language,)))}"

    return {language: title(language, holds) for language, holds in metadata.spoken(_HOLDS[dump.content]).items()}


def _media_type(metadata: Metadata, node: NamedNode, link: NamedNode, name: str) -> Statements:
    media_type = MEDIA_TYPES[name]
    yield Triple(node, link, media_type)
    yield from metadata.typed(media_type, DCTERMS.MediaType)
    yield Triple(media_type, RDFS.label, Literal(name))


def _checksum(node: NamedNode, dump: Dump) -> Statements:
    checksum = NamedNode(f"{node.value}-checksum")
    yield Triple(node, SPDX.checksum, checksum)
    yield Triple(checksum, RDF.type, SPDX.Checksum)
    yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield Triple(SPDX.checksumAlgorithm_sha256, RDF.type, SPDX.ChecksumAlgorithm)
    yield Triple(SPDX.checksumAlgorithm_sha256, RDFS.label, Literal("SHA-256"))
    yield Triple(checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary))
