"""Collects the document about a resource in blocks of statements, so that the server can begin to send a long one.

A document has the statements about the resource and its blank nodes, statements that link to it, labels of the things
named in these, and the evidence of their graphs. It uses SPARQL 1.1 only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.incoming import MOST_INCOMING, address_of_incoming, in_graphs_of, incoming_of, link_to_rest
from missiongraph.graph.statements_and_labels import Labels, Properties, properties_of, values
from missiongraph.rdf.formats import reading_order
from missiongraph.vocab import LABEL_PROPERTIES, MG, OA, PROV, RDF, SD

#: The longest chain of blank nodes that a document follows; a list counts as one blank node.
DEEPEST = 64

#: The most statements of a named graph in the document about it.
MOST_CONTENT = 100_000

#: The number of statements in a block. A document with fewer is one block, and sorted as a whole.
BLOCK = 4_000

#: The number of things whose labels one query asks for.
_NAMES = 1_000

_DEFAULT = DefaultGraph()
_NODES = (NamedNode, BlankNode)
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Document:
    """A whole document: *triples* for triple formats, *quads* for formats with named graphs."""

    triples: tuple[Triple, ...]
    quads: tuple[Quad, ...]


def outgoing_description(engine: Engine, resources: Sequence[NamedNode]) -> list[Triple]:
    """The statements about *resources* and their blank nodes, and the labels of the things named in these."""
    own = dict.fromkeys(quad.triple for quad in _own(engine, resources))
    return list(dict.fromkeys((*own, *chain.from_iterable(_labels(engine, own)))))


def bounded_description(
    engine: Engine, resources: Sequence[NamedNode], root: str, named: Sequence[NamedNode] = ()
) -> list[Triple]:
    """The statements about *resources*, those that link to them, and labels.

    Of each resource there are at most :data:`~missiongraph.graph.incoming.MOST_INCOMING` statements that link to it; if
    there are more, an ``rdfs:seeAlso`` leads to all.

    :param root: the address of the site
    :param named: further resources, which no accepted statement is about: only what links to them is added
    """
    own = dict.fromkeys(quad.triple for quad in _own(engine, resources)) if resources else {}
    links = []
    for resource in (*resources, *named):
        incoming, more = incoming_of(engine, resource)
        own.update(dict.fromkeys(incoming))
        links += [link_to_rest(resource, address_of_incoming(resource, root))] if more else []
    return list(dict.fromkeys((*own, *links, *chain.from_iterable(_labels(engine, own)))))


def document(engine: Engine, iri: NamedNode, parts: Sequence[NamedNode], root: str = "") -> Document:
    """The whole document about *iri* and its *parts* (hash IRIs); see :func:`triple_blocks`, :func:`quad_blocks`.

    :param root: the address of the site, if there is one
    """
    rest = address_of_incoming(iri, root) if root else ""
    triples = chain.from_iterable(triple_blocks(engine, iri, parts, rest))
    return Document(tuple(triples), tuple(chain.from_iterable(quad_blocks(engine, iri, parts, rest))))


def triple_blocks(engine: Engine, iri: NamedNode, parts: Sequence[NamedNode], rest: str = "") -> Iterator[list[Triple]]:
    """The document about *iri* and its *parts* as blocks of triples.

    The first block has everything but labels; the labels of one thing are in one block.

    :param rest: the address of the statements that are left out, if there are any; without it no link leads there
    """
    own = dict.fromkeys(quad.triple for quad in _own(engine, list(dict.fromkeys((iri, *parts)))))
    incoming, more = incoming_of(engine, iri)
    own.update(dict.fromkeys(incoming))
    block = [*own, *([link_to_rest(iri, rest)] if more and rest else [])]
    described = {triple.subject for triple in own}
    for group in chain(((),), _labels(engine, own, iri)):  # an empty group first, so that the first block has no wait
        block += (triple for triple in group if triple.subject not in described or triple not in own)
        if len(block) >= BLOCK:
            yield _in_order(block, iri)
            block = []
    if block:
        yield _in_order(block, iri)


def _in_order(block: Iterable[Triple], iri: NamedNode) -> list[Triple]:
    first = str(iri)
    return sorted(block, key=lambda triple: ((order := reading_order(triple))[1] != first, order))


def quad_blocks(engine: Engine, iri: NamedNode, parts: Sequence[NamedNode], rest: str = "") -> Iterator[list[Quad]]:
    """The document about *iri* and its *parts* as blocks of quads: each statement in all graphs that state it.

    It also has the evidence of these graphs and, if *iri* is a graph, its content. The link to statements that are left
    out is in the default graph.
    """
    seen: set[Quad] = set()
    for block in _batched(_quads(engine, iri, list(dict.fromkeys((iri, *parts))), rest), BLOCK):
        if new := [quad for quad in dict.fromkeys(block) if quad not in seen]:
            yield sorted(new, key=reading_order)
            seen.update(new)


def in_their_graphs(engine: Engine, triples: Iterable[Triple]) -> Iterator[Quad]:
    """*triples* in all named graphs that state them; in the default graph if none does."""
    for some in _batched(triples, _NAMES):
        wanted, stated = set(some), set()
        for quad in _stating(engine, (t.subject for t in some if isinstance(t.subject, NamedNode))):
            if quad.triple in wanted:
                stated.add(quad.triple)
                yield quad
        yield from (Quad(t.subject, t.predicate, t.object) for t in some if t not in stated)


def _quads(engine: Engine, iri: NamedNode, resources: Sequence[NamedNode], rest: str) -> Iterator[Quad]:
    own = _own(engine, resources)
    incoming, more = incoming_of(engine, iri)
    triples = dict.fromkeys((*(quad.triple for quad in own), *incoming))
    if more and rest:
        yield Quad(*link_to_rest(iri, rest))
    stated = (quad for quad in own if isinstance(quad.graph_name, NamedNode))
    content = _select(engine, f"GRAPH {iri} {{ ?s ?p ?o }}", graph=iri, tail=f"LIMIT {MOST_CONTENT}")
    told: set[NamedNode] = set()
    for some in _batched(
        chain(stated, _in_graphs(engine, own, resources), in_graphs_of(engine, incoming), content), BLOCK
    ):
        yield from some
        graphs = {quad.graph_name for quad in some if isinstance(quad.graph_name, NamedNode)} - told
        told |= graphs
        yield from _stating(engine, _evidence(engine, sorted(graphs, key=str)))
    for labels in _batched(chain.from_iterable(_labels(engine, triples, iri)), BLOCK):
        yield from _in_their_graphs(engine, labels)


def _batched(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _own(engine: Engine, resources: Sequence[NamedNode]) -> list[Quad]:
    """The accepted statements about *resources*; if none, those of other graphs; if none, those that mention them."""
    wanted, one, others = values(resources), resources[0], values(resources[1:])
    for statements in (
        chain(
            _select(engine, f"{one} ?p ?o", subject=one),  # a query without VALUES takes half the time
            _select(engine, f"VALUES ?s {{ {others} }} ?s ?p ?o") if others else (),
        ),
        _select(engine, f"VALUES ?s {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }}", in_graphs=True),
        _mentions(engine, "?o", wanted),
        _mentions(engine, "?p", wanted),
    ):
        if own := list(statements):
            in_graphs = isinstance(own[0].graph_name, NamedNode)
            along = " GRAPH ?in{depth} {{ {way} }}" if in_graphs else " {way}"
            return [*own, *_blank(engine, wanted, own, in_graphs=in_graphs, along=along)]
    return [Quad(graph, RDF.type, SD.NamedGraph) for graph in resources]  # a graph that nothing describes


def _mentions(engine: Engine, place: str, wanted: str) -> Iterator[Quad]:
    """The statements with one of the *wanted* resources as *place* (a variable); the first in order, up to a limit."""
    pattern = f"VALUES {place} {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }}"
    return _select(engine, pattern, in_graphs=True, tail=f"ORDER BY ?s ?p ?o ?g LIMIT {MOST_INCOMING}")


def _in_graphs(engine: Engine, own: Sequence[Quad], resources: Sequence[NamedNode]) -> Iterator[Quad]:
    """The statements of *own* in every named graph that states them."""
    direct = [quad for quad in own if isinstance(quad.subject, NamedNode)]
    triples = {quad.triple for quad in own}
    one, *others = dict.fromkeys([resources[0], *(q.subject for q in direct if isinstance(q.subject, NamedNode))])
    of_others = f"VALUES ?s {{ {values(others)} }} GRAPH ?g {{ ?s ?p ?o }}"
    statements = chain(
        _select(engine, f"GRAPH ?g {{ {one} ?p ?o }}", subject=one, in_graphs=True),
        _select(engine, of_others, in_graphs=True) if others else (),
    )
    deeper = _blank(engine, values(resources), direct, in_graphs=True)
    yield from (quad for quad in chain(statements, deeper) if quad.triple in triples)


def _blank(
    engine: Engine, wanted: str, statements: Iterable[Quad], *, in_graphs: bool = False, along: str = " {way}"
) -> list[Quad]:
    """The statements about blank nodes that *statements* lead to, level by level.

    All cells of a list are on one level, so a list is complete, however long it is.

    :param along: a template of the pattern from one level to the next
    """
    last = "GRAPH ?g { ?s ?p ?o }" if in_graphs else "?s ?p ?o"
    deeper: list[Quad] = []
    seen: set[Term] = set()
    level = {quad.object for quad in statements if isinstance(quad.object, BlankNode)}
    chained = f"VALUES ?b0 {{ {wanted} }}"
    for depth in range(1, DEEPEST + 1):
        if not level - seen:
            break
        seen |= level
        way = f"?b{depth - 1} ?p{depth} ?h{depth} . FILTER(isBlank(?h{depth})) ?h{depth} {RDF.rest}* ?b{depth} ."
        chained += along.format(depth=depth, way=way)
        pattern = f"{chained} BIND(?b{depth} AS ?s) {last} FILTER(isBlank(?s))"
        next_level = list(dict.fromkeys(_select(engine, pattern, in_graphs=in_graphs)))
        deeper += next_level
        seen |= {quad.subject for quad in next_level}
        level = {quad.object for quad in next_level if isinstance(quad.object, BlankNode)}
    return deeper


def _labels(engine: Engine, own: Iterable[Triple], hub: NamedNode | None = None) -> Iterator[list[Triple]]:
    """The labels of each thing that is named in *own*, in order of things.

    If there are very many, the labels of what *hub* links to come first. A query along its statements finds these,
    since a query that lists all things would take longer.
    """
    own = list(own)
    named = dict.fromkeys(t for triple in own for t in (triple.object, triple.subject) if isinstance(t, NamedNode))
    if hub is not None and len(named) > _NAMES:
        along = _labels_along(engine, hub)
        yield from (along[thing] for thing in sorted(along, key=str))
        named = {thing: None for thing in named if thing not in along}
    for some in _batched(sorted(named, key=str), _NAMES):
        labels = Labels(engine, some)
        yield from (found for thing in some if (found := labels.statements(thing)))


def _labels_along(engine: Engine, hub: NamedNode) -> dict[NamedNode, list[Triple]]:
    """The labels, in the default graph, of all things that *hub* links to."""
    labels_of: dict[NamedNode, list[Triple]] = defaultdict(list)
    for predicate in LABEL_PROPERTIES:
        pattern = f"{hub} ?link ?s . ?s {predicate} ?o FILTER(isLiteral(?o))"
        if engine.query(f"ASK {{ ?s {predicate} ?o }}"):  # few are used in one publication
            for thing, label in rows(engine, f"SELECT ?s ?o WHERE {{ {pattern} }}"):
                if isinstance(thing, NamedNode) and isinstance(label, Literal):
                    labels_of[thing].append(Triple(thing, predicate, label))
    return {thing: list(dict.fromkeys(labels)) for thing, labels in labels_of.items()}


def _in_their_graphs(engine: Engine, labels: Sequence[Triple]) -> list[Quad]:
    """*labels* in every named graph that states them."""
    wanted = set(labels)
    subjects = values(dict.fromkeys(t.subject for t in labels if isinstance(t.subject, NamedNode)))
    among = ", ".join(map(str, dict.fromkeys(t.predicate for t in labels)))
    pattern = f"VALUES ?s {{ {subjects} }} GRAPH ?g {{ ?s ?p ?o }} FILTER(isLiteral(?o) && ?p IN ({among}))"
    return [quad for quad in _select(engine, pattern, in_graphs=True) if quad.triple in wanted]


def _select(
    engine: Engine,
    pattern: str,
    *,
    subject: NamedNode | None = None,
    graph: NamedNode | None = None,
    in_graphs: bool = False,
    tail: str = "",
) -> Iterator[Quad]:
    """The statements that *pattern* binds to ?s ?p ?o, in *graph*, or in that which it binds to ?g if *in_graphs*.

    A given *subject* is not selected, since every term of a row takes time.
    """
    asked = {"?s": subject is None, "?p": True, "?o": True, "?g": in_graphs}
    text = f"SELECT {' '.join(name for name, wanted in asked.items() if wanted)} WHERE {{ {pattern} }}"
    at = 0 if subject is not None else 1
    g: Term | None = graph
    for row in rows(engine, f"{text} {tail}"):
        s, p, o = subject or row[0], row[at], row[at + 1]
        if in_graphs:
            g = row[at + 2]
        if isinstance(s, _NODES) and isinstance(p, NamedNode) and o is not None:
            yield Quad(s, p, o, g if isinstance(g, NamedNode) else _DEFAULT)


def _stating(engine: Engine, resources: Iterable[NamedNode]) -> list[Quad]:
    """All statements about *resources* in named graphs."""
    named = values(dict.fromkeys(resources))
    return list(_select(engine, f"VALUES ?s {{ {named} }} GRAPH ?g {{ ?s ?p ?o }}", in_graphs=True)) if named else []


def _evidence(engine: Engine, graphs: Sequence[NamedNode]) -> list[NamedNode]:
    """The evidence and reference graphs among *graphs*, and the passages, selectors and sources of these."""
    kinds = {MG.EvidenceGraph, MG.ReferenceGraph}
    described = properties_of(engine, graphs)
    evidence = [graph for graph, properties in described.items() if kinds & set(properties.get(RDF.type, ()))]
    passages = _linked(properties_of(engine, evidence), (PROV.wasDerivedFrom,))
    selectors = _linked(properties_of(engine, passages), (OA.hasSelector, PROV.wasQuotedFrom))
    return list(dict.fromkeys((*evidence, *passages, *selectors)))


def _linked(described: dict[NamedNode, Properties], links: Iterable[NamedNode]) -> list[NamedNode]:
    wanted = tuple(links)
    targets = (t for properties in described.values() for link in wanted for t in properties.get(link, ()))
    return list(dict.fromkeys(target for target in targets if isinstance(target, NamedNode)))
