"""Graphs as what they are to a reader: claims with the words they rest on, records, or neither."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.describe import Properties, properties_of, values
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
    """What facts are taken from: its *mark* (siglum), publisher, date as stated, language and address."""

    iri: NamedNode
    mark: str | None = None
    publisher: NamedNode | None = None
    date: RdfLiteral | None = None
    url: str | None = None
    origin: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Passage:
    """Words of a source: *exact* with at most four words of context on either side.

    :ivar reasons: why there are no words, by language
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
    """A named graph as the dataset describes it."""

    iri: NamedNode
    kind: GraphKind = "plain"
    rank: NamedNode | None = None
    basis: NamedNode | None = None
    planned: bool = False
    passages: tuple[Passage, ...] = ()
    sources: tuple[Source, ...] = ()
    date: RdfLiteral | None = None
    properties: Properties = field(default_factory=dict, compare=False)

    @property
    def speaks(self) -> bool:
        """Whether its statements are facts of a source, rather than descriptions of graphs and terms."""
        return self.kind in ("evidence", "reference")


def read_graphs(
    engine: Engine, graphs: Iterable[NamedNode], known: MutableMapping[NamedNode, Source] | None = None
) -> dict[NamedNode, Graph]:
    """*graphs* with their passages and sources.

    :param known: sources that were read before, to which those read now are added: many graphs rest on a few
    """
    described = properties_of(engine, graphs)
    derived = {graph: _iris(found, PROV.wasDerivedFrom) for graph, found in described.items()}
    passages = properties_of(engine, (passage for found in derived.values() for passage in found))
    selectors = properties_of(engine, (s for found in passages.values() for s in _iris(found, OA.hasSelector)))
    read = {
        iri: _passage(iri, found, selectors)
        for iri, found in passages.items()
        if OA.hasSelector in found or _quotes(found)
    }
    named = {
        graph: [
            *(read[p].source if p in read else p for p in derived[graph]),
            *_iris(found, DCTERMS.source),
        ]
        for graph, found in described.items()
    }
    sources = known if known is not None else {}
    sources.update(
        _sources(engine, (s for found in named.values() for s in found if s is not None and s not in sources))
    )
    return {
        graph: Graph(
            iri=graph,
            kind=next((_KINDS[kind] for kind in _KINDS if kind in found.get(RDF.type, ())), "plain"),
            rank=_iri(found, MG.rank),
            basis=_iri(found, MG.basis),
            planned=MG.planned in found.get(MG.modality, ()),
            passages=tuple(read[passage] for passage in derived[graph] if passage in read),
            sources=tuple(sources[s] for s in dict.fromkeys(named[graph]) if s is not None and s in sources),
            date=_literal(found, DCTERMS.date, DCTERMS.modified, DCTERMS.issued, DCTERMS.created),
            properties=found,
        )
        for graph, found in described.items()
    }


def words_of(engine: Engine, passages: Sequence[NamedNode]) -> dict[NamedNode, tuple[str, str | None]]:
    """The quoted words of those of *passages*, or of selectors, that quote any, and the language of their source."""
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


def _passage(iri: NamedNode, found: Properties, selectors: dict[NamedNode, Properties]) -> Passage:
    quote = next((selectors[s] for s in _iris(found, OA.hasSelector) if OA.exact in selectors.get(s, {})), {})
    return Passage(
        iri=iri,
        source=_iri(found, PROV.wasQuotedFrom) or _iri(found, OA.hasSource),
        exact=_text(quote, OA.exact),
        prefix=_text(quote, OA.prefix),
        suffix=_text(quote, OA.suffix),
        digest=_text(found, MG.passageDigest) or None,
        reasons={t.language or "": t.value for t in found.get(MG.reason, ()) if isinstance(t, RdfLiteral)},
    )


def _quotes(found: Properties) -> bool:
    return PROV.wasQuotedFrom in found or OA.hasSource in found


def _sources(engine: Engine, iris: Iterable[NamedNode]) -> dict[NamedNode, Source]:
    return {
        iri: Source(
            iri=iri,
            mark=_text(found, SKOS.notation) or None,
            publisher=_iri(found, DCTERMS.publisher) or _iri(found, SCHEMA.publisher),
            date=_literal(
                found, DCTERMS.modified, SCHEMA.dateModified, DCTERMS.issued, SCHEMA.datePublished, DCTERMS.date
            ),
            url=next((_value(found[p][0]) for p in (SCHEMA.url, DCTERMS.identifier) if found.get(p)), None),
            language=_language(found),
            origin=next((_value(term) for term in found.get(MG.independenceGroup, ())), None),
        )
        for iri, found in properties_of(engine, iris).items()
    }


def _language(found: Properties) -> str | None:
    for term in (*found.get(SCHEMA.inLanguage, ()), *found.get(DCTERMS.language, ())):
        if isinstance(term, RdfLiteral):
            return term.value
        code = _value(term).rpartition("/")[2]
        if code in EU_LANGUAGES.values():
            return next(tag for tag, known in EU_LANGUAGES.items() if known == code)
    return None


def _iris(found: Properties, *links: NamedNode) -> list[NamedNode]:
    return sorted((t for link in links for t in found.get(link, ()) if isinstance(t, NamedNode)), key=str)


def _iri(found: Properties, link: NamedNode) -> NamedNode | None:
    return next(iter(_iris(found, link)), None)


def _literal(found: Properties, *links: NamedNode) -> RdfLiteral | None:
    return next((term for link in links for term in found.get(link, ()) if isinstance(term, RdfLiteral)), None)


def _text(found: Properties, link: NamedNode) -> str:
    literal = _literal(found, link)
    return literal.value if literal is not None else ""


def _value(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
