"""Named graphs as claims: their kind, rank and sources, and the quoted words that they rest on.

A claim of class ``mg:EvidenceGraph`` rests on words of a page (``prov:wasDerivedFrom`` a passage with an
``oa:TextQuoteSelector``). One of class ``mg:ReferenceGraph`` rests on a record.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.statements_and_labels import Properties, properties_of, values
from missiongraph.vocab import DCTERMS, EU_LANGUAGES, MG, OA, PROV, RDF, SCHEMA, SKOS

GraphKind = Literal["evidence", "reference", "metadata", "inferred", "plain"]

_KINDS: dict[NamedNode, GraphKind] = {
    MG.EvidenceGraph: "evidence",
    MG.ReferenceGraph: "reference",
    MG.MetadataGraph: "metadata",
    MG.InferredGraph: "inferred",
}


@dataclass(frozen=True)
class Source:
    """A document or register that claims are taken from.

    :ivar mark: its short mark (siglum) on pages, ``skos:notation``
    :ivar date: the date that is stated of it
    :ivar origin: its ``mg:independenceGroup``: sources of one origin count once
    :ivar language: a language tag
    """

    iri: NamedNode
    mark: str | None = None
    publisher: NamedNode | None = None
    date: RdfLiteral | None = None
    url: str | None = None
    origin: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Selector:
    """The words of a passage of a source, as a text quote selector (Web Annotation Data Model, section 4.2.4).

    :ivar iri: the passage (``oa:SpecificResource``) that has the selector
    :ivar exact: the quoted words; empty if the passage has none
    :ivar prefix: at most four words before them
    :ivar suffix: at most four words after them
    :ivar digest: ``mg:passageDigest``: the digest of the whole sentence, heading or list item
    :ivar reasons: ``mg:reason``, by language: why the passage has no words
    """

    iri: NamedNode
    source: NamedNode | None = None
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    digest: str | None = None
    reasons: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Graph:
    """A named graph as the metadata of the dataset describes it.

    :ivar planned: whether its modality is ``mg:planned``
    :ivar properties: all that the dataset states of the graph itself
    """

    iri: NamedNode
    kind: GraphKind = "plain"
    rank: NamedNode | None = None
    basis: NamedNode | None = None
    planned: bool = False
    selectors: tuple[Selector, ...] = ()
    sources: tuple[Source, ...] = ()
    date: RdfLiteral | None = None
    properties: Properties = field(default_factory=dict, compare=False)

    @property
    def speaks(self) -> bool:
        """Whether its statements are claims of a source, rather than metadata, inferences or terms."""
        return self.kind in ("evidence", "reference")


def read_graphs(
    engine: Engine, graphs: Iterable[NamedNode], known: MutableMapping[NamedNode, Source] | None = None
) -> dict[NamedNode, Graph]:
    """Read each of *graphs* with its selectors and sources.

    :param known: sources that were read before. New ones are added to it, because many graphs rest on few sources.
    """
    described = properties_of(engine, graphs)
    derived = {graph: _iris(properties, PROV.wasDerivedFrom) for graph, properties in described.items()}
    passages = properties_of(engine, (passage for found in derived.values() for passage in found))
    quotes = properties_of(
        engine, (quote for properties in passages.values() for quote in _iris(properties, OA.hasSelector))
    )
    selectors = {
        iri: _selector(iri, properties, quotes)
        for iri, properties in passages.items()
        if OA.hasSelector in properties or _is_quoted(properties)
    }
    sources_of = {
        graph: [
            *(selectors[iri].source if iri in selectors else iri for iri in derived[graph]),
            *_iris(properties, DCTERMS.source),
        ]
        for graph, properties in described.items()
    }
    sources = known if known is not None else {}
    sources.update(
        _sources(engine, (s for found in sources_of.values() for s in found if s is not None and s not in sources))
    )
    return {
        graph: Graph(
            iri=graph,
            kind=next((_KINDS[kind] for kind in _KINDS if kind in properties.get(RDF.type, ())), "plain"),
            rank=_iri(properties, MG.rank),
            basis=_iri(properties, MG.basis),
            planned=MG.planned in properties.get(MG.modality, ()),
            selectors=tuple(selectors[iri] for iri in derived[graph] if iri in selectors),
            sources=tuple(sources[s] for s in dict.fromkeys(sources_of[graph]) if s is not None and s in sources),
            date=_literal(properties, DCTERMS.date, DCTERMS.modified, DCTERMS.issued, DCTERMS.created),
            properties=properties,
        )
        for graph, properties in described.items()
    }


def words_of(engine: Engine, passages: Sequence[NamedNode]) -> dict[NamedNode, tuple[str, str | None]]:
    """The quoted words and the language of their source, for each of *passages* (or selectors) that quotes words."""
    if not passages:
        return {}
    source = f"^{OA.hasSelector}?/{PROV.wasQuotedFrom}"
    text = f"""SELECT ?p ?words (SAMPLE(?said) AS ?language) WHERE {{ VALUES ?p {{ {values(passages)} }}
        ?p {OA.hasSelector}?/{OA.exact} ?words OPTIONAL {{ ?p {source}/{SCHEMA.inLanguage} ?said }} }}
        GROUP BY ?p ?words"""
    found = {row["p"]: (_value(row["words"]), _value(row["language"]) or None) for row in rows(engine, text)}
    return {passage: words for passage, words in found.items() if isinstance(passage, NamedNode)}


def facts_by_digest(engine: Engine, digests: Sequence[str]) -> dict[str, int]:
    """How many statements rest on the passage of each digest."""
    if not digests:
        return {}
    given = " ".join(str(RdfLiteral(digest)) for digest in digests)
    text = f"""SELECT ?digest (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?digest ?s ?p ?o WHERE {{
        VALUES ?digest {{ {given} }} ?passage {MG.passageDigest} ?digest . ?g {PROV.wasDerivedFrom} ?passage .
        GRAPH ?g {{ ?s ?p ?o }} }} }} }} GROUP BY ?digest"""
    return {_value(row["digest"]): int(_value(row["n"])) for row in rows(engine, text)}


def _selector(passage: NamedNode, properties: Properties, quotes: dict[NamedNode, Properties]) -> Selector:
    quote = next((quotes[s] for s in _iris(properties, OA.hasSelector) if OA.exact in quotes.get(s, {})), {})
    return Selector(
        iri=passage,
        source=_iri(properties, PROV.wasQuotedFrom) or _iri(properties, OA.hasSource),
        exact=_text(quote, OA.exact),
        prefix=_text(quote, OA.prefix),
        suffix=_text(quote, OA.suffix),
        digest=_text(properties, MG.passageDigest) or None,
        reasons={t.language or "": t.value for t in properties.get(MG.reason, ()) if isinstance(t, RdfLiteral)},
    )


def _is_quoted(properties: Properties) -> bool:
    return PROV.wasQuotedFrom in properties or OA.hasSource in properties


def _sources(engine: Engine, iris: Iterable[NamedNode]) -> dict[NamedNode, Source]:
    return {
        iri: Source(
            iri=iri,
            mark=_text(properties, SKOS.notation) or None,
            publisher=_iri(properties, DCTERMS.publisher) or _iri(properties, SCHEMA.publisher),
            date=_literal(
                properties, DCTERMS.modified, SCHEMA.dateModified, DCTERMS.issued, SCHEMA.datePublished, DCTERMS.date
            ),
            url=next((_value(properties[p][0]) for p in (SCHEMA.url, DCTERMS.identifier) if properties.get(p)), None),
            language=_language(properties),
            origin=next((_value(term) for term in properties.get(MG.independenceGroup, ())), None),
        )
        for iri, properties in properties_of(engine, iris).items()
    }


def _language(properties: Properties) -> str | None:
    for term in (*properties.get(SCHEMA.inLanguage, ()), *properties.get(DCTERMS.language, ())):
        if isinstance(term, RdfLiteral):
            return term.value
        code = _value(term).rpartition("/")[2]
        if code in EU_LANGUAGES.values():
            return next(tag for tag, known in EU_LANGUAGES.items() if known == code)
    return None


def _iris(properties: Properties, *links: NamedNode) -> list[NamedNode]:
    return sorted((t for link in links for t in properties.get(link, ()) if isinstance(t, NamedNode)), key=str)


def _iri(properties: Properties, link: NamedNode) -> NamedNode | None:
    return next(iter(_iris(properties, link)), None)


def _literal(properties: Properties, *links: NamedNode) -> RdfLiteral | None:
    return next((term for link in links for term in properties.get(link, ()) if isinstance(term, RdfLiteral)), None)


def _text(properties: Properties, link: NamedNode) -> str:
    literal = _literal(properties, link)
    return literal.value if literal is not None else ""


def _value(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
