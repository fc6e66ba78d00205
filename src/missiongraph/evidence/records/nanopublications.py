"""Evidence graphs as nanopublications (Nanopublication Guidelines) under trusty URIs.

The statements of the graph are the assertion. The passages and sources that it rests on are its provenance. The
publication info says who published it and when. All of this comes from the data, so a claim that has not changed keeps
its name. A nanopublication is not part of the dataset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import Dataset as Quads

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.errors import MissiongraphError, Problem
from missiongraph.evidence.claim_graphs import Graph, read_graphs
from missiongraph.evidence.records.trusty_uris import PENDING, artifact_code
from missiongraph.graph.document_blocks import outgoing_description
from missiongraph.graph.statements_and_labels import Properties, properties_of
from missiongraph.publication.settings import Settings
from missiongraph.rdf.formats import reading_order, serialise, used_prefixes
from missiongraph.vocab import (
    DCTERMS,
    LABEL_PROPERTIES,
    MG,
    NP,
    OA,
    PROV,
    RDF,
    SCHEMA,
    SKOS,
)

#: The path of nanopublications below the base.
NANOPUB_PATH = "nanopub/"

#: Binds ``?graph`` to the evidence graphs that can be published.
PUBLISHABLE = (
    f"?graph a {MG.EvidenceGraph} FILTER NOT EXISTS {{ ?graph {MG.rank} {MG.retired} }} "
    "FILTER EXISTS { GRAPH ?graph { ?s ?p ?o } }"
)

_OF_THE_CLAIM = (MG.basis, MG.modality, PROV.wasDerivedFrom, PROV.wasGeneratedBy, SKOS.editorialNote)
_OF_A_SOURCE = (
    RDF.type, *LABEL_PROPERTIES, DCTERMS.publisher, DCTERMS.creator, DCTERMS.language, DCTERMS.issued,
    DCTERMS.modified, DCTERMS.date, DCTERMS.identifier, SCHEMA.url, SCHEMA.dateModified, SCHEMA.datePublished,
    SCHEMA.inLanguage, MG.independenceGroup,
)  # fmt: skip
_DATES = (
    PROV.generatedAtTime, DCTERMS.created, DCTERMS.issued, DCTERMS.date, PROV.endedAtTime, PROV.startedAtTime
)  # fmt: skip


@dataclass(frozen=True)
class Nanopub:
    """A nanopublication.

    :ivar iri: its trusty URI
    :ivar graph: the evidence graph that it was made from
    :ivar quads: its quads, in four graphs: head, assertion, provenance, publication info
    """

    iri: NamedNode
    graph: NamedNode
    quads: tuple[Quad, ...]

    @property
    def code(self) -> str:
        """The artifact code at the end of its IRI."""
        return self.iri.value[-len(PENDING) :]

    @property
    def file_name(self) -> str:
        """A trusty file name: the last part of the graph's IRI, then the artifact code."""
        slug = re.sub(r"[^A-Za-z0-9]+", "-", self.graph.value.rstrip("/#").rpartition("/")[2]).strip("-")
        return f"{slug}.{self.code}.trig"

    def as_trig(self, prefixes: dict[str, str]) -> bytes:
        """The nanopublication in TriG, with the usual prefixes ``this:`` and ``sub:`` for its parts."""
        own = {"this": self.iri.value, "sub": f"{self.iri.value}#", "np": str(NP)}
        return serialise(self.quads, RdfFormat.TRIG, {**used_prefixes(self.quads, prefixes), **own})


def address_of(graph: NamedNode, base: str) -> str:
    """The path of the nanopublications of *graph*, relative to *base*; ``nanopub/`` if the graph is not below *base*.

    >>> address_of(NamedNode("https://example.org/id/evidence/a"), "https://example.org/")
    'nanopub/evidence/a'
    """
    inside = graph.value.removeprefix(base) if graph.value.startswith(base) and "#" not in graph.value else ""
    return NANOPUB_PATH + re.sub("^id/", "", inside)


def evidence_graphs(engine: Engine) -> list[NamedNode]:
    """The evidence graphs that can be published: they state something, and are not retired."""
    text = f"SELECT ?graph WHERE {{ {PUBLISHABLE} }} ORDER BY ?graph"
    return [row["graph"] for row in rows(engine, text) if isinstance(row["graph"], NamedNode)]


def nanopub(engine: Engine, iri: NamedNode, settings: Settings) -> Nanopub:
    """Make the nanopublication of the evidence graph *iri*.

    :raises MissiongraphError: *iri* is no evidence graph, is retired, or states nothing
    """
    graph = read_graphs(engine, [iri])[iri]
    assertion = _content(engine, iri)
    if graph.kind != "evidence" or not assertion:
        raise MissiongraphError(Problem(f"<{iri.value}> is no evidence graph with statements"))
    if graph.rank == MG.retired:
        raise MissiongraphError(Problem(f"<{iri.value}> was withdrawn", advice="take what replaces it"))
    address = address_of(iri, settings.base)
    own = NamedNode(f"{settings.base}{address}{'' if address.endswith('/') else '/'}{PENDING}")
    parts = {name: NamedNode(f"{own.value}#{name}") for name in ("Head", "assertion", "provenance", "pubinfo")}
    graphs = {
        "Head": _head(own, parts),
        "assertion": assertion,
        "provenance": _provenance(engine, graph, parts["assertion"]),
        "pubinfo": _publication_info(engine, graph, own, settings),
    }
    quads = [
        Quad(t.subject, t.predicate, t.object, parts[name])
        for name, found in graphs.items()
        for t in dict.fromkeys(found)
    ]
    return _sealed(own, iri, _named(quads, own))


def _head(own: NamedNode, parts: dict[str, NamedNode]) -> Iterator[Triple]:
    yield Triple(own, RDF.type, NP.Nanopublication)
    yield Triple(own, NP.hasAssertion, parts["assertion"])
    yield Triple(own, NP.hasProvenance, parts["provenance"])
    yield Triple(own, NP.hasPublicationInfo, parts["pubinfo"])


def _content(engine: Engine, iri: NamedNode) -> list[Triple]:
    text = f"SELECT ?s ?p ?o WHERE {{ GRAPH {iri} {{ ?s ?p ?o }} }}"
    return [Triple(row["s"], row["p"], row["o"]) for row in rows(engine, text)]


def _provenance(engine: Engine, graph: Graph, assertion: NamedNode) -> Iterator[Triple]:
    """The passages of the claim with their words and digests, its sources, and the activity that encoded it."""
    yield Triple(assertion, PROV.specializationOf, graph.iri)
    for link in _OF_THE_CLAIM:
        for value in graph.properties.get(link, ()):
            yield Triple(assertion, link, value)
    for source in graph.sources:
        yield Triple(assertion, PROV.hadPrimarySource, source.iri)
        yield from _some(engine, source.iri, _OF_A_SOURCE)
    passages = [selector.iri for selector in graph.selectors]
    selectors = [t for found in properties_of(engine, passages).values() for t in found.get(OA.hasSelector, ())]
    for resource in (*passages, *selectors, *graph.properties.get(PROV.wasGeneratedBy, ())):
        if isinstance(resource, NamedNode):
            described = outgoing_description(engine, [resource])
            yield from (t for t in described if t.subject == resource or isinstance(t.subject, BlankNode))


def _publication_info(engine: Engine, graph: Graph, own: NamedNode, settings: Settings) -> Iterator[Triple]:
    """Who published the claim, when, and under which licence. The date is that of the claim, not of an edition."""
    yield Triple(own, PROV.wasDerivedFrom, graph.iri)
    for link in LABEL_PROPERTIES:
        for value in graph.properties.get(link, ()):
            yield Triple(own, link, value)
    made = [t for t in graph.properties.get(PROV.wasGeneratedBy, ()) if isinstance(t, NamedNode)]
    said = [graph.properties, *properties_of(engine, made).values()]
    publisher = settings.publisher.iri if settings.publisher else None
    for creator in _first(said, DCTERMS.publisher, PROV.wasAssociatedWith) or _given(publisher):
        yield Triple(own, DCTERMS.creator, creator)
        if isinstance(creator, NamedNode):
            yield from _some(engine, creator, LABEL_PROPERTIES)
    for date in _first(said, *_DATES)[:1]:
        yield Triple(own, DCTERMS.created, date)
    for licence in _first(said, DCTERMS["license"]) or _given(settings.licence):
        yield Triple(own, DCTERMS["license"], licence)


def _some(engine: Engine, iri: NamedNode, links: Sequence[NamedNode]) -> Iterator[Triple]:
    found = properties_of(engine, [iri])[iri]
    terms = ((link, value) for link in links for value in found.get(link, ()))
    return (Triple(iri, link, value) for link, value in terms if not isinstance(value, BlankNode))


def _first(described: Sequence[Properties], *links: NamedNode) -> list[Term]:
    """The values of the first of *links* that has any."""
    return next((values for link in links if (values := [v for found in described for v in found.get(link, ())])), [])


def _given(iri: str | None) -> list[Term]:
    return [NamedNode(iri)] if iri else []


def _named(quads: Sequence[Quad], own: NamedNode) -> list[Quad]:
    """*quads* with IRIs for blank nodes, made from their canonical labels.

    Trusty URIs of module RA have no blank nodes.
    """
    canonical = Quads(quads)
    canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)

    def name(term: object) -> object:
        return NamedNode(f"{own.value}#_{term.value}") if isinstance(term, BlankNode) else term

    return [Quad(name(q.subject), q.predicate, name(q.object), q.graph_name) for q in canonical]  # type: ignore[arg-type]  # blank nodes become IRIs


def _sealed(own: NamedNode, graph: NamedNode, quads: Sequence[Quad]) -> Nanopub:
    """Put the artifact code of *quads* in the place that :data:`PENDING` keeps for it."""
    code = artifact_code(quads)

    def name(term: object) -> object:
        return NamedNode(term.value.replace(PENDING, code)) if isinstance(term, NamedNode) else term

    sealed = (Quad(*map(name, (q.subject, q.predicate, q.object, q.graph_name))) for q in quads)  # type: ignore[arg-type]  # kinds stay
    iri = NamedNode(own.value.replace(PENDING, code))
    return Nanopub(iri, graph, tuple(sorted(sealed, key=reading_order)))
