"""A disagreement of sources as versions side by side, the one with most independent sources first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Term, rows
from missiongraph.graph.statements_and_labels import Statement, values
from missiongraph.vocab import MG
from missiongraph.web.content.facts.declared_disagreements import Conflict
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Disagreement, Value, Version
from missiongraph.web.rendering.view_models.derived_from_facts import independent

#: Stands for a missing date, and is sorted after all others.
_UNDATED = "9999"


def disagreement(
    reader: Reader, predicate: NamedNode, said: Sequence[Statement], conflict: Conflict, margin: Margin, label: str
) -> Disagreement:
    """The versions, by falling number of independent sources, then by the date of their oldest source.

    :param said: all statements about the thing with *predicate*
    :param label: the name of *predicate*
    """
    claims = _by_values(said, conflict, margin)
    shared = frozenset.intersection(*claims) if claims else frozenset()
    versions = [
        Version(
            values=_values(reader, predicate, terms, shared) or _said_instead(reader, graphs, predicate),
            evidence=margin.notes(graphs, label),
            accepted=any(graph in conflict.accepted for graph in graphs),
        )
        for terms, graphs in claims.items()
    ]
    ages = [_age(graphs, margin) for graphs in claims.values()]
    order = sorted(range(len(versions)), key=lambda at: (-independent(versions[at].evidence), ages[at], at))
    address = reader.site.address_of(conflict.iri)
    return Disagreement(
        tuple(versions[at] for at in order),
        about=formatting.quote(label, reader.language),  # quoted, because it stands within a sentence
        reason=conflict.note,
        page=reader.href(address) if address else None,
    )


def _by_values(said: Sequence[Statement], conflict: Conflict, margin: Margin) -> dict[frozenset[Term], list[NamedNode]]:
    """The graphs of the claims, by the values that they state.

    A graph that states the same values counts with them, even if the disagreement does not name it as a claim.
    """

    def stated(graph: NamedNode) -> frozenset[Term]:
        return frozenset(s.object for s in said if graph in s.graphs)

    found: dict[frozenset[Term], list[NamedNode]] = defaultdict(list)
    for claim in conflict.claims:
        found[stated(claim)].append(claim)
    for graph in dict.fromkeys(graph for s in said for graph in s.graphs):
        known = margin.graphs.get(graph)
        stands = known is not None and known.speaks and known.rank != MG.retired
        if stands and graph not in conflict.claims and stated(graph) in found:
            found[stated(graph)].append(graph)
    return found


def _values(reader: Reader, predicate: NamedNode, terms: Iterable[Term], shared: frozenset[Term]) -> tuple[Value, ...]:
    ordered = sorted(terms, key=lambda term: reader.sort_key(reader.label(term)[0]))
    return tuple(replace(reader.value(term, predicate), unshared=term not in shared) for term in ordered)


def _said_instead(reader: Reader, claims: Sequence[NamedNode], predicate: NamedNode) -> tuple[Value, ...]:
    """The values that *claims* state with *predicate* of other things, if none is about this one."""
    stated = f"VALUES ?g {{ {values(claims)} }} GRAPH ?g {{ ?s {predicate} ?o }}"
    text = f"SELECT DISTINCT ?s ?o WHERE {{ {stated} }} ORDER BY ?s ?o"
    found = [(row["s"], row["o"]) for row in rows(reader.site.engine, text)]
    reader.learn([term for pair in found for term in pair])
    return tuple(
        Value(f"{reader.label(s)[0]}: {reader.label(o)[0]}", unshared=True)
        for s, o in found
        if s is not None and o is not None
    )


def _age(claims: Iterable[NamedNode], margin: Margin) -> str:
    """The date of the oldest source of *claims*."""
    known = (margin.graphs[claim] for claim in claims if claim in margin.graphs)
    return min((source.date.value for graph in known for source in graph.sources if source.date), default=_UNDATED)
