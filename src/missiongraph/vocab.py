"""Namespaces and terms that the code itself must know; everything else comes from the publication."""

from __future__ import annotations

from functools import cache
from typing import Final

from pyoxigraph import NamedNode


@cache
def _term(iri: str) -> NamedNode:
    return NamedNode(iri)


class Namespace(str):
    """A namespace IRI whose attributes and items are its terms: ``RDFS.label``, ``DCAT["Dataset"]``."""

    __slots__ = ()

    def __getitem__(self, name: object) -> NamedNode:  # type: ignore[override]  # str indexes by position, we by name
        return _term(f"{self!s}{name}")

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]


MG: Final = Namespace("https://w3id.org/missiongraph/ontology#")
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
VOID: Final = Namespace("http://rdfs.org/ns/void#")
VANN: Final = Namespace("http://purl.org/vocab/vann/")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
OA: Final = Namespace("http://www.w3.org/ns/oa#")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
EARL: Final = Namespace("http://www.w3.org/ns/earl#")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
GEO: Final = Namespace("http://www.opengis.net/ont/geosparql#")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
DCATAPIT: Final = Namespace("http://dati.gov.it/onto/dcatapit#")
CSVW: Final = Namespace("http://www.w3.org/ns/csvw#")
WGS84: Final = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
# http, not https: see ARCHITECTURE.md; RDFLib's own SDO constant is the other spelling
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

#: Properties that name a thing, best first.
LABEL_PROPERTIES: Final = (
    RDFS.label,
    SKOS.prefLabel,
    SCHEMA["name"],
    DCTERMS["title"],
    FOAF["name"],
    Namespace("http://purl.org/dc/elements/1.1/")["title"],
    Namespace("https://schema.org/")["name"],
)

#: Properties that describe a thing in a sentence, best first.
DESCRIPTION_PROPERTIES: Final = (
    DCTERMS.description,
    SCHEMA.description,
    SKOS.definition,
    RDFS.comment,
    Namespace("http://purl.org/dc/elements/1.1/").description,
    Namespace("https://schema.org/").description,
)

#: Properties whose values are the same or a like thing elsewhere, those of the same thing first.
ELSEWHERE: Final = (
    OWL.sameAs,
    SCHEMA.sameAs,
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
    RDFS.seeAlso,
)

#: Classes that say how the data is made rather than what it speaks of.
SCAFFOLDING: Final = (
    *(OWL[name] for name in ("Class", "ObjectProperty", "DatatypeProperty", "Ontology", "AnnotationProperty")),
    *(RDF.Property, RDFS.Class, SH.NodeShape, MG.EvidenceGraph, MG.ReferenceGraph, MG.MetadataGraph),
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
    "geo": GEO,
    "schema": SCHEMA,
    "mg": MG,
}
