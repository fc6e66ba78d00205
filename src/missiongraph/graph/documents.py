"""What is served of one resource, as blocks of statements: a long document begins before all of it has been found.

Everything is asked in SPARQL 1.1 of an engine, and every question is bounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.describe import Labels, Properties, properties_of, values
from missiongraph.graph.incoming import MOST_INCOMING, address_of_incoming, in_graphs_of, incoming_of, link_to_rest
from missiongraph.rdf.formats import reading_order
from missiongraph.vocab import LABEL_PROPERTIES, MG, OA, PROV, RDF, SD

#: Longest chain of blank nodes that a document follows, in which a list counts as one.
DEEPEST = 64

#: Most statements of a graph that its document shows.
MOST_CONTENT = 100_000

#: Statements of a block. A document with fewer is one block, in order as a whole.
BLOCK = 4_000

#: Things whose names are asked for at once.
_NAMES = 1_000

_DEFAULT = DefaultGraph()
_NODES = (NamedNode, BlankNode)
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Document:
    """What is served of a resource: *triples* in the triple formats, *quads* where graphs can be named."""

    triples: tuple[Triple, ...]
    quads: tuple[Quad, ...]


def outgoing_description(engine: Engine, resources: Sequence[NamedNode]) -> list[Triple]:
    """Statements about *resources*, blank nodes followed, and labels of what these name."""
    own = dict.fromkeys(quad.triple for quad in _own(engine, resources))
    return list(dict.fromkeys((*own, *chain.from_iterable(_labels(engine, own)))))


def bounded_description(
    engine: Engine, resources: Sequence[NamedNode], root: str, named: Sequence[NamedNode] = ()
) -> list[Triple]:
    """The same with what names the *resources*, and of those that more names than is shown a link to the rest.

    :param named: further resources, which no accepted statement is about: of them what names them is told
    """
    own = dict.fromkeys(quad.triple for quad in _own(engine, resources)) if resources else {}
    links = []
    for resource in (*resources, *named):
        incoming, more = incoming_of(engine, resource)
        own.update(dict.fromkeys(incoming))
        links += [link_to_rest(resource, address_of_incoming(resource, root))] if more else []
    return list(dict.fromkeys((*own, *links, *chain.from_iterable(_labels(engine, own)))))


def document(engine: Engine, iri: NamedNode, parts: Sequence[NamedNode], root: str = "") -> Document:
    """The whole document about *iri* and its *parts* (hash IRIs), of a site at *root* if one is given."""
    rest = address_of_incoming(iri, root) if root else ""
    triples = chain.from_iterable(triple_blocks(engine, iri, parts, rest))
    return Document(tuple(triples), tuple(chain.from_iterable(quad_blocks(engine, iri, parts, rest))))


def triple_blocks(engine: Engine, iri: NamedNode, parts: Sequence[NamedNode], rest: str = "") -> Iterator[list[Triple]]:
    """Statements about *iri* and its *parts*, blank nodes followed, what names *iri*, and labels of all these.

    The first block has all but labels, and the labels of one thing stand in one block.

    :param rest: where what is left out is had, if much names *iri*; without it, no link leads there
    """
    own = dict.fromkeys(quad.triple for quad in _own(engine, list(dict.fromkeys((iri, *parts)))))
    incoming, more = incoming_of(engine, iri)
    own.update(dict.fromkeys(incoming))
    block = [*own, *([link_to_rest(iri, rest)] if more and rest else [])]
    described = {triple.subject for triple in own}
    for group in chain(((),), _labels(engine, own, iri)):  # nothing first, so that no label is waited for
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
    """The same statements in the graphs they stand in, with the evidence of these graphs; of a graph its content.

    The link to what is left out, which no graph states, stands in the default graph.
    """
    seen: set[Quad] = set()
    for block in _batched(_quads(engine, iri, list(dict.fromkeys((iri, *parts))), rest), BLOCK):
        if new := [quad for quad in dict.fromkeys(block) if quad not in seen]:
            yield sorted(new, key=reading_order)
            seen.update(new)


def in_their_graphs(engine: Engine, triples: Iterable[Triple]) -> Iterator[Quad]:
    """*triples* in the graphs that state them; in the default graph those that none states."""
    for some in _batched(triples, _NAMES):
        wanted, found = set(some), set()
        for quad in _stating(engine, (t.subject for t in some if isinstance(t.subject, NamedNode))):
            if quad.triple in wanted:
                found.add(quad.triple)
                yield quad
        yield from (Quad(t.subject, t.predicate, t.object) for t in some if t not in found)


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
    """Statements about *resources*; of what is accepted nowhere, what other graphs say, or what names it."""
    wanted, one, others = values(resources), resources[0], values(resources[1:])
    for found in (
        chain(
            _select(engine, f"{one} ?p ?o", subject=one),  # without inline data it takes half the time
            _select(engine, f"VALUES ?s {{ {others} }} ?s ?p ?o") if others else (),
        ),
        _select(engine, f"VALUES ?s {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }}", in_graphs=True),
        _mentions(engine, "?o", wanted),
        _mentions(engine, "?p", wanted),
    ):
        if own := list(found):
            in_graphs = isinstance(own[0].graph_name, NamedNode)
            along = " GRAPH ?in{depth} {{ {way} }}" if in_graphs else " {way}"
            return [*own, *_blank(engine, wanted, own, in_graphs=in_graphs, along=along)]
    return [Quad(graph, RDF.type, SD.NamedGraph) for graph in resources]  # a graph that nothing describes


def _mentions(engine: Engine, place: str, wanted: str) -> Iterator[Quad]:
    """What has one of the *wanted* resources in its *place*; the first in order, for there may be very many."""
    pattern = f"VALUES {place} {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }}"
    return _select(engine, pattern, in_graphs=True, tail=f"ORDER BY ?s ?p ?o ?g LIMIT {MOST_INCOMING}")


def _in_graphs(engine: Engine, own: Sequence[Quad], resources: Sequence[NamedNode]) -> Iterator[Quad]:
    """The statements of *own* in every graph they stand in."""
    direct = [quad for quad in own if isinstance(quad.subject, NamedNode)]
    triples = {quad.triple for quad in own}
    one, *others = dict.fromkeys([resources[0], *(q.subject for q in direct if isinstance(q.subject, NamedNode))])
    of_others = f"VALUES ?s {{ {values(others)} }} GRAPH ?g {{ ?s ?p ?o }}"
    found = chain(
        _select(engine, f"GRAPH ?g {{ {one} ?p ?o }}", subject=one, in_graphs=True),
        _select(engine, of_others, in_graphs=True) if others else (),
    )
    deeper = _blank(engine, values(resources), direct, in_graphs=True)
    yield from (quad for quad in chain(found, deeper) if quad.triple in triples)


def _blank(
    engine: Engine, wanted: str, found: Iterable[Quad], *, in_graphs: bool = False, along: str = " {way}"
) -> list[Quad]:
    """Statements about the blank nodes that *found* leads to, level by level; *along* wraps the way to the next.

    All cells of a list are of one level, so that it is whole however long it is.
    """
    last = "GRAPH ?g { ?s ?p ?o }" if in_graphs else "?s ?p ?o"
    deeper: list[Quad] = []
    seen: set[Term] = set()
    level = {quad.object for quad in found if isinstance(quad.object, BlankNode)}
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
    """The labels of each thing that *own* names, in order; first of very many that *hub* itself names.

    Those are found along its own statements: to write each of them into a question takes longer than to find it.
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
    """The labels, in the default graph, of all that *hub* names."""
    found: dict[NamedNode, list[Triple]] = defaultdict(list)
    for predicate in LABEL_PROPERTIES:
        pattern = f"{hub} ?link ?s . ?s {predicate} ?o FILTER(isLiteral(?o))"
        if engine.query(f"ASK {{ ?s {predicate} ?o }}"):  # few are used in one publication
            for thing, label in rows(engine, f"SELECT ?s ?o WHERE {{ {pattern} }}"):
                if isinstance(thing, NamedNode) and isinstance(label, Literal):
                    found[thing].append(Triple(thing, predicate, label))
    return {thing: list(dict.fromkeys(labels)) for thing, labels in found.items()}


def _in_their_graphs(engine: Engine, labels: Sequence[Triple]) -> list[Quad]:
    """*labels* in the graphs they stand in."""
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
    """The statements that *pattern* binds to ?s ?p ?o, in *graph* or in the one that it binds to ?g.

    What is given is not asked for: every term of a row takes its time.
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
    """All statements about *resources* in the graphs they stand in."""
    named = values(dict.fromkeys(resources))
    return list(_select(engine, f"VALUES ?s {{ {named} }} GRAPH ?g {{ ?s ?p ?o }}", in_graphs=True)) if named else []


def _evidence(engine: Engine, graphs: Sequence[NamedNode]) -> list[NamedNode]:
    """Those of *graphs* that are evidence or reference, the passages they are derived from, selectors and sources."""
    kinds = {MG.EvidenceGraph, MG.ReferenceGraph}
    described = properties_of(engine, graphs)
    evidence = [graph for graph, found in described.items() if kinds & set(found.get(RDF.type, ()))]
    passages = _linked(properties_of(engine, evidence), (PROV.wasDerivedFrom,))
    selectors = _linked(properties_of(engine, passages), (OA.hasSelector, PROV.wasQuotedFrom))
    return list(dict.fromkeys((*evidence, *passages, *selectors)))


def _linked(described: dict[NamedNode, Properties], links: Iterable[NamedNode]) -> list[NamedNode]:
    wanted = tuple(links)
    targets = (t for found in described.values() for link in wanted for t in found.get(link, ()))
    return list(dict.fromkeys(target for target in targets if isinstance(target, NamedNode)))
