"""What the graph says of one resource: as statements with their graphs, as a document, as labels.

Everything is asked in SPARQL 1.1 of an engine, and every question is bounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.vocab import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, MG, OA, PROV, RDF, SD

#: Longest chain of blank nodes that a document follows, in which a list counts as one.
DEEPEST = 64

#: Graphs that a statement is thought to stand in where statements are limited.
GRAPHS_A_STATEMENT = 4

#: Things of which the first are chosen where more name a resource than are shown.
_CHOICE = 1000

#: Most statements that name a resource which a document shows where nothing is said of it.
MOST_MENTIONS = 1000

#: Most statements of a graph that its document shows.
MOST_CONTENT = 100_000

Properties = dict[NamedNode, list[Term]]


@dataclass(frozen=True)
class Statement:
    """A statement with the graphs that make it; *accepted* ones are in the default graph."""

    subject: Term
    predicate: NamedNode
    object: Term
    graphs: tuple[NamedNode, ...]
    accepted: bool


def values(terms: Iterable[NamedNode]) -> str:
    """*terms* as inline data."""
    return " ".join(str(term) for term in terms)


def statements_about(engine: Engine, iri: NamedNode) -> tuple[Statement, ...]:
    """Every statement with *iri* as its subject, accepted or not, in order of property and value."""
    return statements_of(engine, [iri])[iri]


def statements_of(engine: Engine, resources: Iterable[NamedNode]) -> dict[NamedNode, tuple[Statement, ...]]:
    """The same for each of *resources*, asked at once."""
    wanted = list(dict.fromkeys(resources))
    found: dict[Term, list[Statement]] = defaultdict(list)
    if wanted:
        among = f"VALUES ?s {{ {values(wanted)} }}"
        for statement in _merged(engine, f"{{ {among} ?s ?p ?o }} UNION {{ {among} GRAPH ?g {{ ?s ?p ?o }} }}"):
            found[statement.subject].append(statement)
    return {iri: tuple(found[iri]) for iri in wanted}


def statements_with(engine: Engine, iri: NamedNode, predicate: NamedNode, most: int) -> tuple[Statement, ...]:
    """Statements with *iri* as subject of *predicate*, accepted or not; at most *most*, once a graph."""
    patterns = [
        f"{{ SELECT ({iri} AS ?s) ({predicate} AS ?p) ?o ?g WHERE {{ {pattern} }} LIMIT {most} }}"
        for pattern in (f"{iri} {predicate} ?o", f"GRAPH ?g {{ {iri} {predicate} ?o }}")
    ]
    return tuple(_merged(engine, " UNION ".join(patterns)))


def statements_naming(engine: Engine, iri: NamedNode, predicate: NamedNode, most: int) -> tuple[Statement, ...]:
    """At most *most* statements with *iri* as the value of *predicate*."""
    return statements_linking(engine, [(predicate, iri)], most)[predicate, iri]


def statements_linking(
    engine: Engine, ends: Iterable[tuple[NamedNode, NamedNode]], most: int
) -> dict[tuple[NamedNode, NamedNode], tuple[Statement, ...]]:
    """The same for each pair of a property and its value, asked at once; at most *most* for each."""
    wanted = list(dict.fromkeys(ends))
    found: dict[tuple[Term, Term], list[Statement]] = defaultdict(list)
    limit = f"LIMIT {most * GRAPHS_A_STATEMENT}"
    patterns = [
        f"{{ SELECT ?s ({predicate} AS ?p) ({iri} AS ?o) ?g WHERE {{ {pattern} }} {limit} }}"
        for predicate, iri in wanted
        for pattern in (f"?s {predicate} {iri}", f"GRAPH ?g {{ ?s {predicate} {iri} }}")
    ]
    for statement in _merged(engine, " UNION ".join(patterns)) if patterns else ():
        found[statement.predicate, statement.object].append(statement)
    return {end: tuple(found[end][:most]) for end in wanted}


def _merged(engine: Engine, pattern: str) -> list[Statement]:
    """The statements that *pattern* binds to ?s ?p ?o, once without ?g where they are accepted, and for each graph."""
    graphs: dict[tuple[Term, NamedNode, Term], list[NamedNode]] = defaultdict(list)
    accepted = set()
    for subject, predicate, value, graph in rows(engine, f"SELECT ?s ?p ?o ?g WHERE {{ {pattern} }}"):
        if not isinstance(predicate, NamedNode) or subject is None or value is None:
            continue
        if graph is None:
            accepted.add((subject, predicate, value))
        elif isinstance(graph, NamedNode):
            graphs[subject, predicate, value].append(graph)
    found = [
        Statement(*triple, tuple(sorted(named, key=_of_iri)), triple in accepted) for triple, named in graphs.items()
    ]
    return sorted(found, key=lambda s: (s.predicate.value, str(s.subject), str(s.object)))


def _of_iri(iri: NamedNode) -> str:
    return iri.value


def count_naming(engine: Engine, iri: NamedNode) -> dict[NamedNode, int]:
    """How many things name *iri*, by property, in the default graph."""
    text = f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ ?s ?p {iri} FILTER(isIRI(?s)) }} GROUP BY ?p"
    return {row["p"]: int(row["n"].value) for row in rows(engine, text) if isinstance(row["p"], NamedNode)}


def subjects_naming(
    engine: Engine, iri: NamedNode, predicates: Iterable[NamedNode], most: int
) -> dict[NamedNode, list[NamedNode]]:
    """At most *most* things that name *iri* by each of *predicates*, in order of IRI, asked at once.

    Where very many do, these are the first of some: to sort them all would take as long as there are many.
    """
    found: dict[NamedNode, list[NamedNode]] = {predicate: [] for predicate in predicates}
    patterns = [
        f"""{{ SELECT ?s ({predicate} AS ?p) WHERE {{ {{ SELECT ?s WHERE {{ ?s {predicate} {iri} FILTER(isIRI(?s)) }}
            LIMIT {_CHOICE} }} }} ORDER BY ?s LIMIT {most} }}"""
        for predicate in found
    ]
    for row in rows(engine, f"SELECT ?s ?p WHERE {{ {' UNION '.join(patterns)} }} ORDER BY ?s") if patterns else ():
        subject, predicate = row["s"], row["p"]
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            found[predicate].append(subject)
    return found


def properties_of(engine: Engine, resources: Iterable[NamedNode]) -> dict[NamedNode, Properties]:
    """All properties of *resources* in the default graph."""
    wanted = list(dict.fromkeys(resources))
    found: dict[NamedNode, Properties] = {resource: defaultdict(list) for resource in wanted}
    if wanted:
        text = f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values(wanted)} }} ?s ?p ?o }}"
        for subject, predicate, value in rows(engine, text):
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
                found[subject][predicate].append(value)
    return found


class Labels:
    """Names of resources by language, and their descriptions, fetched for many at once."""

    def __init__(
        self, engine: Engine, resources: Iterable[Term], properties: Sequence[NamedNode] = LABEL_PROPERTIES
    ) -> None:
        """Fetches the texts of all IRIs among *resources*: of the default graph, where it has none of any graph.

        :param properties: those that hold the texts, best first
        """
        self._properties = properties
        self._triples: dict[NamedNode, list[Triple]] = {}
        self.resources: set[NamedNode] = set()
        self.add(engine, resources)

    def add(self, engine: Engine, resources: Iterable[Term]) -> None:
        """Fetches the texts of those IRIs among *resources* that it has not asked for; threads may do so at once."""
        wanted = [t for t in dict.fromkeys(resources) if isinstance(t, NamedNode) and t not in self.resources]
        found = self._fetch(engine, wanted, "?s ?p ?o")
        found |= self._fetch(engine, [term for term in wanted if term not in found], "GRAPH ?g { ?s ?p ?o }")
        self._triples.update(found)
        self.resources.update(wanted)  # last, for another thread takes what stands here as fetched

    def _fetch(self, engine: Engine, resources: Sequence[NamedNode], pattern: str) -> dict[NamedNode, list[Triple]]:
        found: dict[NamedNode, list[Triple]] = defaultdict(list)
        if not resources:
            return found
        among = ", ".join(map(str, self._properties))  # as a filter: two VALUES make the engine scan the whole store
        text = (
            f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {values(resources)} }} "
            f"{pattern} FILTER(isLiteral(?o) && ?p IN ({among})) }}"
        )
        for subject, predicate, value in rows(engine, text):
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
                found[subject].append(Triple(subject, predicate, value))
        return found

    @property
    def triples(self) -> list[Triple]:
        """The statements that the labels come from."""
        return [triple for found in self._triples.values() for triple in found]

    def of(self, term: Term, language: str) -> tuple[str, str | None] | None:
        """The best label of *term* for a reader of *language*, and the language it is in."""
        if not isinstance(term, NamedNode) or term not in self._triples:
            return None
        return best_text(self._triples[term], self._properties, language)


def best_text(
    triples: Iterable[Triple], properties: Sequence[NamedNode], language: str
) -> tuple[str, str | None] | None:
    """The text of the first of *properties* that has one, best in *language*, then without, then English, then any."""
    ranked = []
    for triple in triples:
        if isinstance(triple.object, Literal) and triple.predicate in properties:
            tag = triple.object.language
            fit = 0 if tag and tag.lower().split("-")[0] == language else 1 if not tag else 2 if tag == "en" else 3
            ranked.append((fit, properties.index(triple.predicate), tag or "", triple.object.value))
    if not ranked:
        return None
    _, _, tag, text = min(ranked)
    return text, tag or None


def description_of(statements: Iterable[Statement], language: str) -> tuple[str, str | None] | None:
    """The best description of a thing among the statements about it."""
    triples = (Triple(s.subject, s.predicate, s.object) for s in statements if not isinstance(s.subject, Literal))
    return best_text(triples, DESCRIPTION_PROPERTIES, language)


@dataclass(frozen=True)
class Document:
    """What is served of a resource: *triples* in the triple formats, *quads* where graphs can be named."""

    triples: tuple[Triple, ...]
    quads: tuple[Quad, ...]


def bounded_description(engine: Engine, resources: Sequence[NamedNode]) -> list[Triple]:
    """Statements about *resources*, blank nodes followed, and labels of what these name."""
    own = _own(engine, resources)
    labels = Labels(engine, [term for quad in own for term in (quad.object, quad.subject)]).triples
    return list(dict.fromkeys((*(quad.triple for quad in own), *labels)))


def document(engine: Engine, iri: NamedNode, parts: Sequence[NamedNode]) -> Document:
    """The document about *iri* and its *parts* (hash IRIs).

    Triples: their own statements, blank nodes followed, and labels of what these name. Quads: the same in the graphs
    they stand in, with the evidence of these graphs; of a graph its content too.
    """
    resources = list(dict.fromkeys((iri, *parts)))
    own = _own(engine, resources)
    labels = Labels(engine, [term for quad in own for term in (quad.object, quad.subject)]).triples
    triples = dict.fromkeys((*(quad.triple for quad in own), *labels))
    stated = [quad for quad in own if isinstance(quad.graph_name, NamedNode)]
    quads = [*stated, *(quad for quad in _in_graphs(engine, own, values(resources)) if quad.triple in triples)]
    content = _select(engine, f"BIND({iri} AS ?g) GRAPH {iri} {{ ?s ?p ?o }}", MOST_CONTENT)
    graphs = dict.fromkeys(q.graph_name for q in (*quads, *content) if isinstance(q.graph_name, NamedNode))
    evidence = _stating(engine, _evidence(engine, list(graphs)))
    labelled = [quad for quad in _stating(engine, (triple.subject for triple in labels)) if quad.triple in triples]
    return Document(tuple(triples), tuple(dict.fromkeys((*quads, *content, *evidence, *labelled))))


def _own(engine: Engine, resources: Sequence[NamedNode]) -> list[Quad]:
    """Statements about *resources*; of what is accepted nowhere, what other graphs say, or what names it."""
    wanted = values(resources)
    for pattern, most in (
        (f"VALUES ?s {{ {wanted} }} ?s ?p ?o", None),
        (f"VALUES ?s {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }}", None),
        (f"VALUES ?o {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }}", MOST_MENTIONS),
        (f"VALUES ?p {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }}", MOST_MENTIONS),
    ):
        found = _select(engine, pattern, most)
        if found:
            in_graphs = "GRAPH" in pattern
            step = " GRAPH ?in{depth} {{ {way} }}" if in_graphs else " {way}"
            return found + _blank(engine, wanted, found, "GRAPH ?g {{ {} }}" if in_graphs else "{}", step)
    return [Quad(graph, RDF.type, SD.NamedGraph) for graph in resources]  # a graph that nothing describes


def _in_graphs(engine: Engine, own: Sequence[Quad], wanted: str) -> list[Quad]:
    """The statements of *own* in every graph they stand in."""
    direct = [quad for quad in own if isinstance(quad.subject, NamedNode)]
    named = values(dict.fromkeys(quad.subject for quad in direct if isinstance(quad.subject, NamedNode)))
    return _select(engine, f"VALUES ?s {{ {named} }} GRAPH ?g {{ ?s ?p ?o }}") + _blank(
        engine, wanted, direct, "GRAPH ?g {{ {} }}"
    )


def _blank(engine: Engine, wanted: str, found: Iterable[Quad], within: str, step: str = " {way}") -> list[Quad]:
    """Statements about the blank nodes that *found* leads to, level by level.

    *within* wraps the last pattern, *step* the way from one level to the next.

    All cells of a list are of one level, so that it is whole however long it is.
    """
    deeper: list[Quad] = []
    seen: set[Term] = set()
    level = {quad.object for quad in found if isinstance(quad.object, BlankNode)}
    chain = f"VALUES ?b0 {{ {wanted} }}"
    for depth in range(1, DEEPEST + 1):
        if not level - seen:
            break
        seen |= level
        way = f"?b{depth - 1} ?p{depth} ?h{depth} . FILTER(isBlank(?h{depth})) ?h{depth} {RDF.rest}* ?b{depth} ."
        chain += step.format(depth=depth, way=way)
        next_level = _select(engine, f"{chain} BIND(?b{depth} AS ?s) {within.format('?s ?p ?o')} FILTER(isBlank(?s))")
        deeper += next_level
        seen |= {quad.subject for quad in next_level}
        level = {quad.object for quad in next_level if isinstance(quad.object, BlankNode)}
    return deeper


def _select(engine: Engine, pattern: str, most: int | None = None) -> list[Quad]:
    """The statements that *pattern* binds to ?s ?p ?o, in the graph that it binds to ?g."""
    graph = "?g" if "?g" in pattern else ""
    order = f"ORDER BY ?s ?p ?o LIMIT {most}" if most else ""
    found: list[Quad] = []
    for row in rows(engine, f"SELECT DISTINCT ?s ?p ?o {graph} WHERE {{ {pattern} }} {order}"):
        subject, predicate, value = row["s"], row["p"], row["o"]
        name = row["g"] if graph else None
        if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and value is not None:
            found.append(Quad(subject, predicate, value, name if isinstance(name, NamedNode) else DefaultGraph()))
    return found


def _stating(engine: Engine, resources: Iterable[Term]) -> list[Quad]:
    """All statements about *resources* in the graphs they stand in."""
    named = values(term for term in dict.fromkeys(resources) if isinstance(term, NamedNode))
    return _select(engine, f"VALUES ?s {{ {named} }} GRAPH ?g {{ ?s ?p ?o }}") if named else []


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
