"""Measures the quality of a dataset: the origins of its facts, the verdicts of checks, disagreements, links.

Sources of one ``mg:independenceGroup`` count as one origin. A fact is a statement of an evidence or reference graph
that is not retired. All is measured with queries, so that a build and its pages cannot differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.statements_and_labels import values
from missiongraph.vocab import DCTERMS, DQV, EARL, MG, OA, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, XSD

#: Properties that link a thing to the same or a similar thing elsewhere.
LINKS = (
    OWL.sameAs, SCHEMA.sameAs, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch,
    RDFS.seeAlso,
)  # fmt: skip

_QUOTED = f"{PROV.wasDerivedFrom}/({PROV.wasQuotedFrom}|{OA.hasSource})"
_EVIDENCE = f"?graph a {MG.EvidenceGraph} ; {_QUOTED} ?source ."
_RECORDS = f"?graph a {MG.ReferenceGraph} ; {DCTERMS.source} ?source ."
_STANDING = f"FILTER NOT EXISTS {{ ?graph {MG.rank} {MG.retired} }}"
_ORIGIN = f"OPTIONAL {{ ?source {MG.independenceGroup} ?group }} BIND(COALESCE(?group, ?source) AS ?origin)"
#: Binds each fact (?s ?p ?o) with its graph and the origin of a source of it; a graph without sources has no ?origin.
_FACTS = f"""{{ SELECT DISTINCT ?graph ?origin WHERE {{
    {{ {_EVIDENCE} {_ORIGIN} }} UNION {{ {_RECORDS} {_ORIGIN} }} UNION
    {{ VALUES ?kind {{ {MG.EvidenceGraph} {MG.ReferenceGraph} }} ?graph a ?kind
       FILTER NOT EXISTS {{ ?graph {_QUOTED} ?any }} FILTER NOT EXISTS {{ ?graph {DCTERMS.source} ?any }} }}
    {_STANDING} }} }} GRAPH ?graph {{ ?s ?p ?o }}"""
#: A query that lists the facts with one origin only.
OF_ONE_ORIGIN = f"""SELECT ?s ?p ?o (SAMPLE(?origin) AS ?onlyOrigin)
WHERE {{
  {_FACTS}
}}
GROUP BY ?s ?p ?o
HAVING(COUNT(DISTINCT ?origin) = 1)
ORDER BY ?s ?p ?o
"""
#: Verdicts of checks that found the words.
FOUND = frozenset((MG.supported, MG.moved, MG.changed))


@dataclass(frozen=True)
class SourceQuality:
    """The facts that rest on a source, and its checks. Days are written as in ISO 8601.

    :ivar facts: the number of statements that rest on its words or, if it is quoted nowhere, on its records
    :ivar sole: the number of those that rest on no other source
    :ivar checked: the day of its last recorded check
    :ivar read: the newest day on which a graph that rests on it was made
    :ivar coverage: the share of its passages that claims rested on that day, from 0 to 1
    :ivar verdicts: the number of claims by verdict of that check
    """

    iri: NamedNode
    facts: int
    sole: int
    checked: str | None = None
    read: str | None = None
    coverage: Decimal | None = None
    verdicts: Mapping[NamedNode, int] = field(default_factory=dict)

    @property
    def seen(self) -> str | None:
        """The later one of *checked* and *read*."""
        return max(filter(None, (self.checked, self.read)), default=None)


class Quality:
    """The measures of the dataset of *engine*; each is computed when it is first needed."""

    def __init__(self, engine: Engine, base: str) -> None:
        """:param base: things with IRIs under it are the publication's own"""
        self._engine, self._base = engine, base

    @cached_property
    def origins(self) -> dict[int, int]:
        """The number of facts by their number of origins."""
        text = f"""SELECT ?origins (COUNT(*) AS ?n) WHERE {{ {{
            SELECT ?s ?p ?o (COUNT(DISTINCT ?origin) AS ?origins) WHERE {{ {_FACTS} }} GROUP BY ?s ?p ?o
            }} }} GROUP BY ?origins"""
        return {_number(row["origins"]): _number(row["n"]) for row in rows(self._engine, text)}

    @property
    def facts(self) -> int:
        """The number of facts."""
        return sum(self.origins.values())

    @property
    def corroborated(self) -> int:
        """The number of facts with several origins."""
        return sum(count for origins, count in self.origins.items() if origins > 1)

    @cached_property
    def claims(self) -> int:
        """The number of claims that quote words."""
        text = f"""SELECT (COUNT(DISTINCT ?graph) AS ?n) WHERE {{
            ?graph a {MG.EvidenceGraph} ; {PROV.wasDerivedFrom}/{OA.hasSelector}/{OA.exact} ?words {_STANDING} }}"""
        return next(_number(row["n"]) for row in rows(self._engine, text))

    @cached_property
    def last_verdicts(self) -> dict[NamedNode, tuple[str, NamedNode]]:
        """The day and the verdict of the last check of each graph that was checked."""
        text = f"""SELECT ?graph ?day ?verdict WHERE {{
            ?check {DCTERMS.created} ?day . GRAPH ?check {{ ?a {EARL.test} ?graph ; {EARL["result"]} ?r .
            ?r {MG.verdict} ?verdict }} {_STANDING} }}"""
        last: dict[NamedNode, tuple[str, NamedNode]] = {}
        for row in sorted(rows(self._engine, text), key=lambda row: _text(row["day"])):
            graph, verdict = row["graph"], row["verdict"]
            if isinstance(graph, NamedNode) and isinstance(verdict, NamedNode):
                last[graph] = _text(row["day"])[:10], verdict
        return last

    @property
    def failing(self) -> dict[NamedNode, tuple[str, NamedNode]]:
        """The last verdicts of those graphs whose words the last check did not find."""
        return {graph: last for graph, last in self.last_verdicts.items() if last[1] not in FOUND}

    @cached_property
    def disagreements(self) -> dict[NamedNode, bool]:
        """The disagreements, each with whether one of its claims is accepted."""
        text = f"""SELECT ?d (EXISTS {{ ?d {MG.acceptedClaim} ?any }} AS ?settled) WHERE {{ ?d a {MG.Disagreement} }}"""
        is_settled = {row["d"]: _text(row["settled"]) == "true" for row in rows(self._engine, text)}
        return {d: is_settled[d] for d in sorted(is_settled, key=str) if isinstance(d, NamedNode)}

    @cached_property
    def links(self) -> dict[str, int]:
        """The number of links to things elsewhere by host, the most frequent host first."""
        text = f"""SELECT ?o WHERE {{ VALUES ?p {{ {values(LINKS)} }} ?s ?p ?o
            FILTER(isIRI(?o) && STRSTARTS(STR(?s), {Literal(self._base)}) && !STRSTARTS(STR(?o), {Literal(self._base)}))
            FILTER NOT EXISTS {{ ?s {RDFS.isDefinedBy} ?vocabulary }} }}"""
        hosts = Counter(urlsplit(_text(row["o"])).hostname or "" for row in rows(self._engine, text))
        return {host: hosts[host] for host in sorted(hosts, key=lambda host: (-hosts[host], host))}

    @cached_property
    def losses(self) -> dict[NamedNode, Loss]:
        """The facts that would be lost with each source; see :func:`losses`."""
        return losses(self._engine)

    @cached_property
    def sources(self) -> tuple[SourceQuality, ...]:
        """All sources, that with the most facts first."""
        named = f"SELECT DISTINCT ?source WHERE {{ {{ {_EVIDENCE} }} UNION {{ {_RECORDS} }} {_STANDING} }}"
        iris = [row["source"] for row in rows(self._engine, named)]
        read = (self._source(iri) for iri in iris if isinstance(iri, NamedNode))
        return tuple(sorted(read, key=lambda s: (-s.facts, s.iri.value)))

    def _source(self, iri: NamedNode) -> SourceQuality:
        lost = self.losses.get(iri)
        return SourceQuality(
            iri,
            facts=lost.facts if lost else 0,
            sole=lost.bare if lost else 0,
            checked=self._checked.get(iri),
            read=self._read.get(iri),
            coverage=self._coverage.get(iri),
            verdicts=self._verdicts(iri),
        )

    @cached_property
    def _checked(self) -> dict[NamedNode, str]:
        text = f"SELECT ?source ?day WHERE {{ ?check {MG.checkedSource} ?source ; {DCTERMS.created} ?day }}"
        return self._newest(text)

    @cached_property
    def _read(self) -> dict[NamedNode, str]:
        text = f"""SELECT ?source ?day WHERE {{ {{ {_EVIDENCE} }} UNION {{ {_RECORDS} }}
            {{ ?graph {DCTERMS.created} ?day }} UNION {{ ?graph {PROV.generatedAtTime} ?day }} UNION
            {{ ?graph {PROV.wasGeneratedBy}/{PROV.endedAtTime} ?day }} }}"""
        return self._newest(text)

    @cached_property
    def _coverage(self) -> dict[NamedNode, Decimal]:
        text = f"""SELECT ?source ?day ?value WHERE {{ ?check {MG.checkedSource} ?source ; {DCTERMS.created} ?day .
            GRAPH ?check {{ ?m {DQV.computedOn} ?source ; {DQV.isMeasurementOf} {MG.passageCoverage} ;
            {DQV.value} ?value }} }}"""
        return {
            row["source"]: Decimal(_text(row["value"]))
            for row in rows(self._engine, text)
            if isinstance(row["source"], NamedNode) and _text(row["day"])[:10] == self._checked.get(row["source"])
        }

    def _newest(self, text: str) -> dict[NamedNode, str]:
        newest: dict[NamedNode, str] = {}
        for row in rows(self._engine, text):
            source, day = row["source"], _text(row["day"])[:10]
            if isinstance(source, NamedNode):
                newest[source] = max(day, newest.get(source, day))
        return newest

    def _verdicts(self, source: NamedNode) -> dict[NamedNode, int]:
        day = self._checked.get(source)
        if day is None:
            return {}
        text = f"""SELECT ?verdict (COUNT(*) AS ?n) WHERE {{ ?check {MG.checkedSource} {source} ;
            {DCTERMS.created} ?day . FILTER(STRSTARTS(STR(?day), {Literal(day)})) GRAPH ?check {{
            ?a {EARL.subject} {source} ; {EARL["result"]}/{MG.verdict} ?verdict }} }} GROUP BY ?verdict"""
        counts = {row["verdict"]: _number(row["n"]) for row in rows(self._engine, text)}
        return {verdict: number for verdict, number in counts.items() if isinstance(verdict, NamedNode)}

    def measures(self) -> dict[NamedNode, Literal]:
        """The value of each metric, without those that have nothing to measure."""
        last = self.last_verdicts
        standing = len(last) - len(self.failing)
        bare = self.origins.get(0, 0)
        values: dict[NamedNode, Literal | None] = {
            MG.sourcedFacts: _share(self.facts - bare, self.facts),
            MG.corroboratedFacts: _share(self.corroborated, self.facts),
            MG.singleSourceFacts: Literal(self.origins.get(1, 0)),
            MG.checkedClaims: _share(len(last), max(self.claims, len(last))),
            MG.standingClaims: _share(standing, len(last)),
            MG.oldestCheck: _day(min((day for day, _ in last.values()), default=None)),
            MG.disagreements: Literal(len(self.disagreements)),
            MG.outgoingLinks: Literal(sum(self.links.values())),
        }
        return {metric: value for metric, value in values.items() if value is not None}


@dataclass(frozen=True)
class Loss:
    """What would be lost with a source.

    :ivar facts: the number of facts that rest on it
    :ivar bare: the number of those that rest on no other source
    :ivar query: a query that lists the *bare* ones
    """

    facts: int
    bare: int
    query: str


def losses(engine: Engine) -> dict[NamedNode, Loss]:
    """What would be lost with each source: facts by its words or, if it is quoted nowhere, by its records."""
    lost: dict[NamedNode, Loss] = {}
    for pattern in (_RECORDS, _EVIDENCE):
        carried = f"""{{ SELECT DISTINCT ?graph ?source WHERE {{ {pattern} {_STANDING} }} }}
  GRAPH ?graph {{ ?s ?p ?o }}"""
        alone = "GROUP BY ?s ?p ?o\nHAVING(COUNT(DISTINCT ?source) = 1"
        facts = f"SELECT DISTINCT ?s ?p ?o ?source WHERE {{ {carried} }}"
        bare = f"SELECT (SAMPLE(?source) AS ?sole) WHERE {{ {carried} }} {alone})"
        counted = f"SELECT ?source (COUNT(*) AS ?n) WHERE {{ {{ {facts} }} }} GROUP BY ?source"
        sole = f"SELECT ?sole (COUNT(*) AS ?n) WHERE {{ {{ {bare} }} }} GROUP BY ?sole"
        alone_with = {row["sole"]: _number(row["n"]) for row in rows(engine, sole)}
        for row in rows(engine, counted):
            if isinstance(source := row["source"], NamedNode):
                query = f"SELECT ?s ?p ?o\nWHERE {{\n  {carried}\n}}\n{alone} && SAMPLE(?source) = {source})\n"
                lost[source] = Loss(_number(row["n"]), alone_with.get(source, 0), f"{query}ORDER BY ?s ?p ?o\n")
    return lost


def measurements(dataset: NamedNode, document: str, measures: Mapping[NamedNode, Literal]) -> Iterator[Triple]:
    """*measures* of *dataset* in the Data Quality Vocabulary (DQV), with hash IRIs of *document*."""
    yield Triple(dataset, DQV.hasQualityMetadata, NamedNode(document))
    yield Triple(NamedNode(document), RDF.type, DQV.QualityMetadata)
    for metric, value in measures.items():
        node = NamedNode(f"{document}#{metric.value.rpartition('#')[2]}")
        yield Triple(dataset, DQV.hasQualityMeasurement, node)
        yield Triple(node, RDF.type, DQV.QualityMeasurement)
        yield Triple(node, DQV.computedOn, dataset)
        yield Triple(node, DQV.isMeasurementOf, metric)
        yield Triple(node, DQV.value, value)


def _share(part: int, whole: int) -> Literal | None:
    """The share of *part* in *whole*, from 0 to 1, with at most four decimals; ``None`` if *whole* is 0."""
    if not whole:
        return None
    return Literal(str(round(Decimal(part) / whole, 4).normalize() + 0), datatype=XSD.decimal)


def _day(day: str | None) -> Literal | None:
    return Literal(day, datatype=XSD.date) if day else None


def _number(term: Term | None) -> int:
    return int(_text(term) or 0)


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
