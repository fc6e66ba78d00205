"""What names a resource: statements that point to it, within a bound, and where all of them are had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, Triple

from missiongraph.engine.protocol import Engine, rows
from missiongraph.graph.describe import count_naming
from missiongraph.publication.catalogued_services import SPARQL
from missiongraph.vocab import RDFS

#: Most statements that name a resource which its document shows; it links to the rest.
MOST_INCOMING = 500


def has_more_incoming(engine: Engine, iri: NamedNode) -> bool:
    """Whether more names *iri* than its document shows."""
    counted = f"SELECT ?s WHERE {{ ?s ?p {iri} FILTER(isIRI(?s)) }} LIMIT {MOST_INCOMING + 1}"
    return sum(1 for _ in rows(engine, counted)) > MOST_INCOMING


def address_of_incoming(iri: NamedNode, root: str) -> str:
    """Where all statements that name *iri* are had, in any form: a query to the service below *root*."""
    query = f"CONSTRUCT {{ ?s ?p {iri} }} WHERE {{ ?s ?p {iri} }}"
    return f"{root}{SPARQL.path}?query={quote(query, safe='')}"


def incoming_of(engine: Engine, iri: NamedNode) -> tuple[list[Triple], bool]:
    """Accepted statements of things that name *iri*, and whether there are more than a document shows.

    Of very many, each property has its share, so that one which is used often hides no other.
    """
    named = f"?s ?p {iri} FILTER(isIRI(?s))"
    found = list(_naming_triples(engine, iri, f"{named} }} LIMIT {MOST_INCOMING + 1}"))
    if len(found) <= MOST_INCOMING:
        return found, False
    counts = sorted((n, str(predicate), predicate) for predicate, n in count_naming(engine, iri).items())
    room, found = MOST_INCOMING, []
    for place, (count, _, predicate) in enumerate(counts):
        share = min(count, room // (len(counts) - place))
        room -= share
        some = f"?s {predicate} {iri} FILTER(isIRI(?s)) BIND({predicate} AS ?p) }} LIMIT {share}"
        found += _naming_triples(engine, iri, some)
    return found, True


def _naming_triples(engine: Engine, iri: NamedNode, rest: str) -> Iterator[Triple]:
    for subject, predicate in rows(engine, f"SELECT ?s ?p WHERE {{ {rest}"):
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            yield Triple(subject, predicate, iri)


def in_graphs_of(engine: Engine, incoming: Sequence[Triple]) -> Iterator[Quad]:
    """The statements of *incoming* in every graph they stand in."""
    pairs = " ".join(f"({triple.subject} {triple.predicate} {triple.object})" for triple in incoming)
    if pairs:
        among = f"VALUES (?s ?p ?o) {{ {pairs} }}"
        for s, p, o, g in rows(engine, f"SELECT ?s ?p ?o ?g WHERE {{ {among} GRAPH ?g {{ ?s ?p ?o }} }}"):
            if all(isinstance(term, NamedNode) for term in (s, p, o, g)):
                yield Quad(s, p, o, g)


def link_to_rest(iri: NamedNode, address: str) -> Triple:
    """The statement of a document that leads to the *address* where what it leaves out is had."""
    return Triple(iri, RDFS.seeAlso, NamedNode(address))
