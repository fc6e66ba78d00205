"""Embedded schema.org JSON-LD for search engines: what the data itself says of a resource in schema.org terms.

Datasets are told of as the catalogue describes them, since search engines for datasets read nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from missiongraph.build.metadata.licences import known_licence
from missiongraph.graph.describe import properties_of
from missiongraph.publication.settings import pick
from missiongraph.vocab import DCAT, DCTERMS, FOAF, LINK_PROPERTIES, RDF, SCHEMA, SKOS
from missiongraph.web.content.facts.facts import Facts
from missiongraph.web.content.layout.reader import Reader

#: Everything is at least this for a search engine.
_FALLBACK = "Thing"

_SAME = LINK_PROPERTIES[:5]


def structured_data(reader: Reader, iri: NamedNode, facts: Facts) -> str:
    """A JSON-LD object with ``"@context": "https://schema.org"``, whose terms expand to the http IRIs of our data."""
    markup = dataset_markup(reader, iri.value)
    if markup is not None:
        return markup
    types = [t.value.removeprefix(str(SCHEMA)) for t in facts.types if t.value.startswith(str(SCHEMA))]
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": iri.value,
        "@type": types[0] if types else _FALLBACK,
        "name": reader.label(iri)[0],
        "url": reader.site.root + (reader.site.address_of(iri) or ""),
    }
    description = facts.description()
    if description:
        document["description"] = description.text
    same = [s.object.value for s in facts.statements if s.predicate in _SAME and isinstance(s.object, NamedNode)]
    if same:
        document["sameAs"] = sorted(set(same))
    for statement in facts.statements:
        name = statement.predicate.value.removeprefix(str(SCHEMA))
        value = statement.object
        if not statement.accepted or name == statement.predicate.value or name in document:
            continue
        if isinstance(value, Literal) and not value.language:
            document[name] = value.value
        elif statement.predicate == SCHEMA.geo and isinstance(value, NamedNode):
            document[name] = _point(reader, value)
    if "geo" not in document and facts.geometry is not None and facts.geometry.kind == "Point":
        longitude, latitude = facts.geometry.coordinates[:2]
        document["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return _written(document)


def _point(reader: Reader, iri: NamedNode) -> dict[str, Any]:
    """A point with its coordinates, which search engines read only where they stand in the thing itself."""
    found = properties_of(reader.site.engine, [iri])[iri]
    numbers = {
        name: float(value.value)
        for name in ("latitude", "longitude")
        for value in found.get(SCHEMA[name], ())[:1]
        if isinstance(value, Literal)
    }
    return {"@type": "GeoCoordinates", "@id": iri.value, **numbers}


def dataset_markup(reader: Reader, iri: str) -> str | None:
    """A dataset of the catalogue as ``schema:Dataset``; ``None``: the catalogue does not list it."""
    told = _Catalogue(reader)
    if DCAT.Dataset not in told.all(iri, RDF.type):
        return None
    licence, period = told.first(iri, DCTERMS["license"]), told.first(iri, DCTERMS.temporal)
    known = known_licence(licence) if licence else None
    days = [told.first(period, term) or ".." for term in (DCAT.startDate, DCAT.endDate)] if period else []
    keywords = [t.value for t in told.all(iri, DCAT.keyword) if t.language in (reader.language, None)]
    document = {
        "@context": "https://schema.org",
        "@id": iri,
        "@type": "Dataset",
        "name": told.first(iri, DCTERMS["title"]),
        "description": told.first(iri, DCTERMS.description),
        "url": reader.site.root + (reader.site.address_of(iri) or ""),
        "identifier": told.first(iri, DCTERMS.identifier),
        "version": told.first(iri, DCAT.version),
        "keywords": keywords,
        "license": known.page if known else licence,
        "isAccessibleForFree": True,
        "creator": told.thing(iri, DCTERMS.creator, "Organization", FOAF["name"]),
        "publisher": told.thing(iri, DCTERMS.publisher, "Organization", FOAF["name"]),
        "datePublished": told.first(iri, DCTERMS.issued),
        "dateModified": told.first(iri, DCTERMS.modified),
        "inLanguage": list(reader.site.languages),
        "spatialCoverage": told.things(iri, DCTERMS.spatial, "Place", SKOS.prefLabel),
        "temporalCoverage": "/".join(days),
        "isPartOf": told.thing(iri, DCTERMS.isPartOf, "Dataset", DCTERMS["title"]),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{reader.site.base}catalog"},
        "distribution": [told.download(node.value) for node in sorted(told.all(iri, DCAT.distribution), key=str)],
    }
    return _written(_filled(document))


class _Catalogue:
    """What the catalogue says of each thing, for one reader."""

    def __init__(self, reader: Reader) -> None:
        self._language = reader.language
        self._things = reader.site.catalogue

    def all(self, thing: str, predicate: NamedNode) -> Sequence[Any]:
        """Every value."""
        return self._things.get(thing, {}).get(predicate, ())

    def first(self, thing: str, predicate: NamedNode) -> str | None:
        """One value: of texts the reader's."""
        values = self.all(thing, predicate)
        texts = {t.language or "": t.value for t in values if isinstance(t, Literal)}
        return pick(texts, (self._language,)) or next((str(t.value) for t in values), None)

    def thing(self, subject: str, link: NamedNode, kind: str, name: NamedNode) -> dict[str, Any] | None:
        """What *link* leads to, of schema.org's class *kind*, with its name and home page."""
        return next(iter(self.things(subject, link, kind, name)), None)

    def things(self, subject: str, link: NamedNode, kind: str, name: NamedNode) -> list[dict[str, Any]]:
        """All that *link* leads to, as :meth:`thing`."""
        found = sorted(term.value for term in self.all(subject, link))
        return [self._thing(at, kind, name) for at in found]

    def _thing(self, at: str, kind: str, name: NamedNode) -> dict[str, Any]:
        return _filled({"@type": kind, "@id": at, "name": self.first(at, name), "url": self.first(at, FOAF.homepage)})

    def download(self, distribution: str) -> dict[str, Any]:
        """A distribution as ``schema:DataDownload``."""
        media_type = (self.first(distribution, DCAT.mediaType) or "").partition("media-types/")[2]
        return _filled(
            {
                "@type": "DataDownload",
                "name": self.first(distribution, DCTERMS["title"]),
                "contentUrl": self.first(distribution, DCAT.downloadURL),
                "encodingFormat": media_type,
                "contentSize": self.first(distribution, DCAT.byteSize),
            }
        )


def _filled(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, "", [])}


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)
