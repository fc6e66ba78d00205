"""schema.org as embedded JSON-LD for search engines: what the data says of a resource in terms of schema.org.

A dataset is described as the DCAT catalogue describes it, because search engines for datasets read nothing else.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, nan
from typing import Any

from pyoxigraph import Literal, NamedNode

from missiongraph.build.metadata.licences import known_licence
from missiongraph.engine.protocol import Term
from missiongraph.graph.statements_and_labels import Properties, properties_of
from missiongraph.publication.settings import pick
from missiongraph.rdf.datatypes import is_lexical
from missiongraph.vocab import (
    DCAT,
    DCTERMS,
    FOAF,
    LABEL_PROPERTIES,
    LINK_PROPERTIES,
    ORG,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    XSD,
)
from missiongraph.web.content.facts.facts import Facts
from missiongraph.web.content.layout.term_writer import Reader

#: The schema.org class of a resource of which nothing more is known.
_FALLBACK = "Thing"

_SAME = LINK_PROPERTIES[:5]

#: The namespace of schema.org, with either scheme.
_SPACES = (str(SCHEMA), "https://schema.org/")

#: Properties that lead from a class to a schema.org class of its instances, or to one nearly so.
_UPWARDS = (RDFS.subClassOf, OWL.equivalentClass, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch)

#: schema.org classes of well-known classes whose vocabularies do not state them.
_SHARED = {
    DCAT.Catalog: "DataCatalog",
    DCAT.Dataset: "Dataset",
    FOAF.Agent: "Organization",
    FOAF.Document: "CreativeWork",
    FOAF.Group: "Organization",
    FOAF.Organization: "Organization",
    FOAF.Person: "Person",
    ORG.FormalOrganization: "Organization",
    ORG.Organization: "Organization",
    SKOS.Concept: "DefinedTerm",
    SKOS.ConceptScheme: "DefinedTermSet",
}

#: Most steps from a class to a schema.org class.
_FARTHEST = 5

_NUMBERS = {XSD.decimal, XSD.integer, XSD.double, XSD.float}


def structured_data(reader: Reader, iri: NamedNode, facts: Facts) -> str:
    """The JSON-LD of a resource. Its context maps terms to the http IRIs of schema.org that our data uses."""
    markup = dataset_markup(reader, iri.value)
    if markup is not None:
        return markup
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": iri.value,
        "@type": _type_of(reader, facts.types),
        "name": reader.label(iri)[0],
        "url": reader.site.root + (reader.site.address_of(iri) or ""),
    }
    description = facts.description()
    if description:
        document["description"] = description.text
    same = [s.object.value for s in facts.statements if s.predicate in _SAME and isinstance(s.object, NamedNode)]
    if same:
        document["sameAs"] = sorted(set(same))
    accepted: dict[NamedNode, list[Any]] = defaultdict(list)
    for statement in facts.statements:
        if statement.accepted:
            accepted[statement.predicate].append(statement.object)
    document |= {name: value for name, value in _said_in_schema_org(reader, accepted).items() if name not in document}
    if "geo" not in document and facts.geometry is not None and facts.geometry.kind == "Point":
        longitude, latitude = facts.geometry.coordinates[:2]
        document["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return _written(document)


def _type_of(reader: Reader, types: Iterable[Term]) -> Any:
    """The nearest schema.org class of *types*; several classes if they are equally near."""
    level = {one for one in types if isinstance(one, NamedNode)}
    seen: set[NamedNode] = set()
    shared: set[str] = set()
    for _ in range(_FARTHEST):
        if found := {name for one in level if (name := _schema_name(one))} or shared:
            return _one_or_all(sorted(found))
        shared = {_SHARED[one] for one in level if one in _SHARED}
        seen |= level
        above = properties_of(reader.site.engine, level)
        links = (value for said in above.values() for step in _UPWARDS for value in said.get(step, ()))
        level = {value for value in links if isinstance(value, NamedNode)} - seen
    return _FALLBACK


def _schema_name(iri: NamedNode) -> str | None:
    """The local name of *iri* if it is a term of schema.org."""
    return next((iri.value.removeprefix(space) for space in _SPACES if iri.value.startswith(space)), None)


def _said_in_schema_org(
    reader: Reader, said: Mapping[NamedNode, Sequence[Any]], *, deep: bool = True
) -> dict[str, Any]:
    """The properties of schema.org in *said*, with things as nested objects, since search engines follow no links."""
    named = {name: (p, values) for p, values in said.items() if (name := _schema_name(p)) and p not in _SAME}
    links = (
        {value for _, values in named.values() for value in values if isinstance(value, NamedNode)} if deep else set()
    )
    described = properties_of(reader.site.engine, sorted(links, key=str))
    written = {}
    for name, (_, values) in named.items():
        texts = [_plain(value) for value in values if isinstance(value, Literal) and not value.language]
        things = [_thing(reader, value, described[value]) for value in values if value in links]
        if texts or things:
            written[name] = _one_or_all([*texts, *things])
    return written


def _thing(reader: Reader, iri: NamedNode, said: Properties) -> dict[str, Any]:
    """A thing as a nested object."""
    if not said:
        return {"@id": iri.value}
    written = {"@type": _type_of(reader, said.get(RDF.type, ())), "@id": iri.value}
    if any(link in said for link in LABEL_PROPERTIES):
        written["name"] = reader.label(iri)[0]
    return written | {
        name: value for name, value in _said_in_schema_org(reader, said, deep=False).items() if name not in written
    }


def _plain(literal: Literal) -> Any:
    """*literal* as a JSON number if it is one, else its text."""
    number = (
        float(literal.value)
        if literal.datatype in _NUMBERS and is_lexical(literal.value, literal.datatype.value)
        else nan
    )
    if not isfinite(number):
        return literal.value
    return int(number) if number.is_integer() else number


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def dataset_markup(reader: Reader, iri: str) -> str | None:
    """A dataset of the catalogue as ``schema:Dataset``; ``None`` if the catalogue does not list it."""
    catalogue = _Catalogue(reader)
    if DCAT.Dataset not in catalogue.all(iri, RDF.type):
        return None
    licence, period = catalogue.first(iri, DCTERMS["license"]), catalogue.first(iri, DCTERMS.temporal)
    known = known_licence(licence) if licence else None
    days = [catalogue.first(period, term) or ".." for term in (DCAT.startDate, DCAT.endDate)] if period else []
    keywords = [t.value for t in catalogue.all(iri, DCAT.keyword) if t.language in (reader.language, None)]
    document = {
        "@context": "https://schema.org",
        "@id": iri,
        "@type": "Dataset",
        "name": catalogue.first(iri, DCTERMS["title"]),
        "description": catalogue.first(iri, DCTERMS.description),
        "url": reader.site.root + (reader.site.address_of(iri) or ""),
        "identifier": catalogue.first(iri, DCTERMS.identifier),
        "version": catalogue.first(iri, DCAT.version),
        "keywords": keywords,
        "license": known.page if known else licence,
        "isAccessibleForFree": True,
        "creator": catalogue.thing(iri, DCTERMS.creator, "Organization", FOAF["name"]),
        "publisher": catalogue.thing(iri, DCTERMS.publisher, "Organization", FOAF["name"]),
        "datePublished": catalogue.first(iri, DCTERMS.issued),
        "dateModified": catalogue.first(iri, DCTERMS.modified),
        "inLanguage": list(reader.site.languages),
        "spatialCoverage": catalogue.things(iri, DCTERMS.spatial, "Place", SKOS.prefLabel),
        "temporalCoverage": "/".join(days),
        "isPartOf": catalogue.thing(iri, DCTERMS.isPartOf, "Dataset", DCTERMS["title"]),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{reader.site.base}catalog"},
        "distribution": [
            catalogue.download(node.value) for node in sorted(catalogue.all(iri, DCAT.distribution), key=str)
        ],
    }
    return _written(_filled(document))


class _Catalogue:
    """The DCAT catalogue, for one reader."""

    def __init__(self, reader: Reader) -> None:
        self._language = reader.language
        self._things = reader.site.catalogue

    def all(self, thing: str, predicate: NamedNode) -> Sequence[Any]:
        """All values."""
        return self._things.get(thing, {}).get(predicate, ())

    def first(self, thing: str, predicate: NamedNode) -> str | None:
        """One value; of literals with language tags, the one in the reader's language."""
        values = self.all(thing, predicate)
        texts = {t.language or "": t.value for t in values if isinstance(t, Literal)}
        return pick(texts, (self._language,)) or next((str(t.value) for t in values), None)

    def thing(self, subject: str, link: NamedNode, kind: str, name: NamedNode) -> dict[str, Any] | None:
        """The thing that *link* leads to, as schema.org class *kind*, with its name and home page."""
        return next(iter(self.things(subject, link, kind, name)), None)

    def things(self, subject: str, link: NamedNode, kind: str, name: NamedNode) -> list[dict[str, Any]]:
        """All things that *link* leads to, each as in :meth:`thing`."""
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
