"""Facts of a thing with the evidence that they rest on, read by queries that any graph answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from missiongraph.api.graphs import Graph
from missiongraph.api.values import IRI, Value, value_of
from missiongraph.evidence.claim_graphs import Graph as ClaimGraph
from missiongraph.evidence.claim_graphs import Source as ClaimSource
from missiongraph.evidence.claim_graphs import read_graphs
from missiongraph.graph.statements_and_labels import Labels, Statement, count_naming, statements_linking, statements_of
from missiongraph.vocab import MG, local_name


@dataclass(frozen=True)
class Source:
    """A document or register that claims are taken from.

    :ivar name: what it is called
    :ivar mark: its short mark on pages, such as ``CINEA``
    :ivar url: where it can be read
    :ivar date: the date that it states of itself, as it is written there
    :ivar publisher: the name of who published it
    """

    iri: IRI
    name: str
    mark: str | None = None
    url: str | None = None
    date: str | None = None
    publisher: str | None = None

    def __str__(self) -> str:
        """A citation in one line."""
        return ", ".join(filter(None, (self.publisher, f"“{self.name}”", self.date, self.url)))


@dataclass(frozen=True)
class Evidence:
    """What a fact rests on: a claim, the words of its source, and the source.

    :ivar graph: the named graph of the claim
    :ivar words: the exact words of the source, one string for each passage; empty for the record of a register
    :ivar sources: where the words stand
    :ivar rank: ``accepted``, ``alternative`` or ``retired``
    :ivar basis: how the claim follows from the words, such as ``stated``; ``None`` if that is not said
    :ivar planned: whether the source speaks of a plan
    """

    graph: IRI
    words: tuple[str, ...]
    sources: tuple[Source, ...]
    rank: str
    basis: str | None = None
    planned: bool = False

    def __str__(self) -> str:
        """The words and their sources in one line."""
        said = " … ".join(f"“{words}”" for words in self.words)
        return " — ".join(filter(None, (said, "; ".join(map(str, self.sources)))))


@dataclass(frozen=True)
class Fact:
    """A statement of the publication.

    :ivar subject: the IRI of the thing
    :ivar property: the IRI of the property
    :ivar value: the value; an :class:`~missiongraph.IRI` if it is another thing
    :ivar accepted: whether it counts in the default graph. One that does not was withdrawn, or contradicts another
    :ivar evidence: what it rests on; empty if no source says it (it was inferred, or describes the data itself)
    :ivar rule: the name of the rule that inferred it; ``None`` if a source says it
    :ivar names: the names of subject, property and value, in the language that was asked for
    """

    subject: IRI
    property: IRI
    value: Value
    accepted: bool
    evidence: tuple[Evidence, ...]
    names: tuple[str, str, str]
    rule: str | None = None

    def __str__(self) -> str:
        """The fact in words: subject, property, value."""
        return " · ".join(self.names)


def facts_of(graph: Graph, iri: NamedNode, language: str, most: int | None = None) -> tuple[Fact, ...]:
    """All facts with the subject *iri*, sorted by property and value.

    :param most: the most facts of one property
    """
    return read_facts(graph, statements_of(graph.engine, [iri], most)[iri], language)


def facts_naming(graph: Graph, iri: NamedNode, language: str, most: int) -> tuple[Fact, ...]:
    """Facts with the value *iri*: at most *most* of each property."""
    ends = [(predicate, iri) for predicate in count_naming(graph.engine, iri)]
    found = statements_linking(graph.engine, ends, most)
    things = [one for end in ends for one in found[end] if isinstance(one.subject, NamedNode)]
    return read_facts(graph, things, language)


def read_facts(graph: Graph, statements: Sequence[Statement], language: str) -> tuple[Fact, ...]:
    """The *statements* with names and evidence, by a few queries for all of them."""
    graphs = read_graphs(graph.engine, dict.fromkeys(g for one in statements for g in one.graphs))
    sources = _sources(graph, (s for claim in graphs.values() for s in claim.sources), language)
    evidence = {claim.iri: _evidence(claim, sources) for claim in graphs.values() if claim.speaks}
    labels = Labels(graph.engine, (term for one in statements for term in (one.subject, one.predicate, one.object)))

    def name(term: object) -> str:
        if not isinstance(term, NamedNode):
            return str(value_of(term))  # type: ignore[arg-type]  # a term of RDF
        label = labels.of(term, language)
        return label[0] if label else local_name(term)

    return tuple(
        Fact(
            IRI(one.subject.value),
            IRI(one.predicate.value),
            value_of(one.object),
            one.accepted,
            tuple(evidence[g] for g in one.graphs if g in evidence),
            (name(one.subject), name(one.predicate), name(one.object)),
            next(
                (sources[s.iri].name for g in one.graphs if graphs[g].kind == "inferred" for s in graphs[g].sources),
                None,
            ),
        )
        for one in statements
        if isinstance(one.subject, NamedNode)
    )


def _evidence(claim: ClaimGraph, sources: dict[NamedNode, Source]) -> Evidence:
    return Evidence(
        IRI(claim.iri.value),
        tuple(selector.exact for selector in claim.selectors if selector.exact),
        tuple(sources[source.iri] for source in claim.sources),
        local_name(claim.rank or MG.accepted),
        local_name(claim.basis) if claim.basis else None,
        claim.planned,
    )


def _sources(graph: Graph, found: Iterable[ClaimSource], language: str) -> dict[NamedNode, Source]:
    known = {source.iri: source for source in found}
    labels = Labels(graph.engine, [*known, *(s.publisher for s in known.values() if s.publisher)])

    def name(iri: NamedNode | None) -> str | None:
        label = labels.of(iri, language) if iri is not None else None
        return label[0] if label else None

    return {
        iri: Source(
            IRI(iri.value),
            name(iri) or local_name(iri),
            source.mark,
            source.url,
            source.date.value if source.date else None,
            name(source.publisher),
        )
        for iri, source in known.items()
    }
