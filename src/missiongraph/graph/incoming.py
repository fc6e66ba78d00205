"""Finds the statements that link to a resource, up to a limit, and the address of a query for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, Triple

from missiongraph.engine.protocol import Engine, rows
from missiongraph.graph.statements_and_labels import count_naming
from missiongraph.publication.own_services import SPARQL
from missiongraph.vocab import RDFS

#: The most statements that link to a resource in its document, which has a link to a query for all.
MOST_INCOMING = 500


def has_more_incoming(engine: Engine, iri: NamedNode) -> bool:
    """Whether more than :data:`MOST_INCOMING` accepted statements have the object *iri*."""
    counted = f"SELECT ?s WHERE {{ ?s ?p {iri} FILTER(isIRI(?s)) }} LIMIT {MOST_INCOMING + 1}"
    return sum(1 for _ in rows(engine, counted)) > MOST_INCOMING


def address_of_incoming(iri: NamedNode, root: str) -> str:
    """The address of a query to the SPARQL service below *root* for all statements with the object *iri*."""
    query = f"CONSTRUCT {{ ?s ?p {iri} }} WHERE {{ ?s ?p {iri} }}"
    return f"{root}{SPARQL.path}?query={quote(query, safe='')}"


def incoming_of(engine: Engine, iri: NamedNode) -> tuple[list[Triple], bool]:
    """Accepted statements with the object *iri*, up to :data:`MOST_INCOMING`, and whether there are more.

    If there are more, each property gets its share, so that a frequent property hides no other.
    """
    named = f"?s ?p {iri} FILTER(isIRI(?s))"
    triples = list(_naming_triples(engine, iri, f"{named} }} LIMIT {MOST_INCOMING + 1}"))
    if len(triples) <= MOST_INCOMING:
        return triples, False
    counts = sorted((n, str(predicate), predicate) for predicate, n in count_naming(engine, iri).items())
    room, triples = MOST_INCOMING, []
    for place, (count, _, predicate) in enumerate(counts):
        share = min(count, room // (len(counts) - place))
        room -= share
        some = f"?s {predicate} {iri} FILTER(isIRI(?s)) BIND({predicate} AS ?p) }} LIMIT {share}"
        triples += _naming_triples(engine, iri, some)
    return triples, True


def _naming_triples(engine: Engine, iri: NamedNode, rest: str) -> Iterator[Triple]:
    for subject, predicate in rows(engine, f"SELECT ?s ?p WHERE {{ {rest}"):
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            yield Triple(subject, predicate, iri)


def in_graphs_of(engine: Engine, incoming: Sequence[Triple]) -> Iterator[Quad]:
    """The statements *incoming* in every named graph that states them."""
    pairs = " ".join(f"({triple.subject} {triple.predicate} {triple.object})" for triple in incoming)
    if pairs:
        among = f"VALUES (?s ?p ?o) {{ {pairs} }}"
        for s, p, o, g in rows(engine, f"SELECT ?s ?p ?o ?g WHERE {{ {among} GRAPH ?g {{ ?s ?p ?o }} }}"):
            if all(isinstance(term, NamedNode) for term in (s, p, o, g)):
                yield Quad(s, p, o, g)


def link_to_rest(iri: NamedNode, address: str) -> Triple:
    """The ``rdfs:seeAlso`` by which the document about *iri* links to the *address* of what it leaves out."""
    return Triple(iri, RDFS.seeAlso, NamedNode(address))
