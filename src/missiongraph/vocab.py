"""Namespaces and terms that the code must know. All other terms come from the publication."""

from __future__ import annotations

from functools import cache
from typing import Final

from pyoxigraph import NamedNode


@cache
def _term(iri: str) -> NamedNode:
    return NamedNode(iri)


class Namespace(str):
    """A namespace IRI. Its attributes and items are its terms: ``RDFS.label``, ``DCAT["Dataset"]``."""

    def __getitem__(self, name: object) -> NamedNode:  # type: ignore[override]  # str indexes by position, we by name
        return _term(f"{self!s}{name}")

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        self.__dict__[name] = term = self[name]  # for the next time: inner loops ask hundreds of thousands of times
        return term


MG: Final = Namespace("https://w3id.org/missiongraph/ontology#")
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
ORG: Final = Namespace("http://www.w3.org/ns/org#")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
VOID: Final = Namespace("http://rdfs.org/ns/void#")
VANN: Final = Namespace("http://purl.org/vocab/vann/")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
OA: Final = Namespace("http://www.w3.org/ns/oa#")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
DASH: Final = Namespace("http://datashapes.org/dash#")
EARL: Final = Namespace("http://www.w3.org/ns/earl#")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
CSVW: Final = Namespace("http://www.w3.org/ns/csvw#")
DQV: Final = Namespace("http://www.w3.org/ns/dqv#")
NP: Final = Namespace("http://www.nanopub.org/nschema#")
GEO: Final = Namespace("http://www.opengis.net/ont/geosparql#")
GEOF: Final = Namespace("http://www.opengis.net/def/function/geosparql/")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
DCATAPIT: Final = Namespace("http://dati.gov.it/onto/dcatapit#")
WGS84: Final = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
# http, not https: see docs/decisions/0028-schema-org-by-http.md; RDFLib's own SDO constant is the other spelling
SCHEMA: Final = Namespace("http://schema.org/")

#: The tables of the EU's Publications Office, and the registry of media types.
EU_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES: Final = Namespace("http://www.iana.org/assignments/media-types/")

#: EU authority codes of languages by their tags.
EU_LANGUAGES: Final = {
    "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST", "fi": "FIN",
    "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV", "mt": "MLT", "nl": "NLD",
    "pl": "POL", "pt": "POR", "ro": "RON", "sk": "SLK", "sl": "SLV", "sv": "SWE",
}  # fmt: skip

#: Properties that name a thing, in order of preference.
LABEL_PROPERTIES: Final = (
    RDFS.label,
    SKOS.prefLabel,
    SCHEMA["name"],
    DCTERMS["title"],
    FOAF["name"],
    Namespace("http://purl.org/dc/elements/1.1/")["title"],
    Namespace("https://schema.org/")["name"],
)

#: Properties that describe a thing in a sentence, in order of preference.
DESCRIPTION_PROPERTIES: Final = (
    DCTERMS.description,
    SCHEMA.description,
    SKOS.definition,
    RDFS.comment,
    Namespace("http://purl.org/dc/elements/1.1/").description,
    Namespace("https://schema.org/").description,
)

#: Properties of alternative names.
ALTERNATIVE_PROPERTIES: Final = (
    SKOS.altLabel,
    SKOS.hiddenLabel,
    SCHEMA.alternateName,
    SCHEMA.legalName,
    DCTERMS.alternative,
    FOAF.nick,
    Namespace("https://schema.org/").alternateName,
)

#: Properties whose values are identifiers of a thing; their subproperties have such values too.
CODE_PROPERTIES: Final = (DCTERMS.identifier, SKOS.notation, SCHEMA.identifier)

#: Links to the same or a similar thing elsewhere, the closest first.
LINK_PROPERTIES: Final = (
    OWL.sameAs,
    SKOS.exactMatch,
    SCHEMA.sameAs,
    Namespace("https://schema.org/").sameAs,
    SKOS.closeMatch,
    SKOS.narrowMatch,
    SKOS.broadMatch,
    SKOS.relatedMatch,
    RDFS.seeAlso,
)

#: Links from a thing to a place or whole that it is part of.
WITHIN_PROPERTIES: Final = (SCHEMA.containedInPlace, DCTERMS.spatial, DCTERMS.isPartOf, GEO.sfWithin)

#: Classes of the terms that a vocabulary declares.
TERM_CLASSES: Final = (
    RDFS.Class,
    RDFS.Datatype,
    RDF.Property,
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.Ontology,
)

#: Classes of metadata: they say how the data is made, not what it is about.
SCAFFOLDING: Final = (
    *TERM_CLASSES,
    SH.NodeShape,
    MG.EvidenceGraph,
    MG.ReferenceGraph,
    MG.MetadataGraph,
    MG.InferredGraph,
    SH.SPARQLRule,
)

#: Prefixes bound wherever a publication does not bind the same name or namespace itself.
PREFIXES: Final = {
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "dcat": DCAT,
    "foaf": FOAF,
    "vcard": VCARD,
    "void": VOID,
    "vann": VANN,
    "adms": ADMS,
    "dcatap": DCATAP,
    "dcatapit": DCATAPIT,
    "spdx": SPDX,
    "prov": PROV,
    "oa": OA,
    "sh": SH,
    "earl": EARL,
    "sd": SD,
    "dqv": DQV,
    "csvw": CSVW,
    "geo": GEO,
    "schema": SCHEMA,
    "mg": MG,
}


def local_name(iri: NamedNode) -> str:
    """The part of *iri* after its last hash or slash.

    >>> local_name(NamedNode("http://www.w3.org/ns/shacl#path"))
    'path'
    """
    return iri.value.rstrip("/#").rpartition("#")[2].rpartition("/")[2]
