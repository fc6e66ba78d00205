"""What the graph says of one resource: as statements with their graphs, and as labels.

Everything is asked in SPARQL 1.1 of an engine, and every question is bounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.vocab import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, MG

#: Graphs that a statement is thought to stand in where statements are limited.
GRAPHS_A_STATEMENT = 4

#: Things of which the first are chosen where more name a resource than are shown.
_CHOICE = 1000

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


def statements_of(
    engine: Engine, resources: Iterable[NamedNode], most: int | None = None
) -> dict[NamedNode, tuple[Statement, ...]]:
    """The same for each of *resources*, asked at once.

    :param most: where a resource has more statements of one property, these are some of them, accepted ones first
    """
    wanted = list(dict.fromkeys(resources))
    found: dict[Term, list[Statement]] = defaultdict(list)
    if wanted:
        among = f"VALUES ?s {{ {values(wanted)} }}"
        crowded = _crowded(engine, among, most) if most is not None else []
        but = "".join(f"FILTER(?s != {thing} || ?p != {predicate}) " for thing, predicate in crowded)
        patterns = [f"{{ {among} ?s ?p ?o {but}}}", f"{{ {among} GRAPH ?g {{ ?s ?p ?o }} {but}}}"]
        for thing, predicate in crowded:
            anywhere = f"{{ {thing} {predicate} ?o }} UNION {{ GRAPH ?in {{ {thing} {predicate} ?o }} }}"
            some = f"{{ SELECT DISTINCT ?o WHERE {{ {anywhere} }} LIMIT {most} }}"
            named = f"BIND({thing} AS ?s) BIND({predicate} AS ?p)"
            patterns += [f"{{ {some} {named} ?s ?p ?o }}", f"{{ {some} {named} GRAPH ?g {{ ?s ?p ?o }} }}"]
        for statement in _merged(engine, " UNION ".join(patterns)):
            found[statement.subject].append(statement)
    return {iri: tuple(found[iri]) for iri in wanted}


def _crowded(engine: Engine, among: str, most: int) -> list[tuple[NamedNode, NamedNode]]:
    """Things *among* some with a property of which they have more than *most* statements, in graphs or accepted."""
    text = f"""SELECT ?s ?p WHERE {{ {among} {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}
        GROUP BY ?s ?p HAVING(COUNT(*) > {most})"""
    found = (tuple(row) for row in rows(engine, text))
    return [(s, p) for s, p in found if isinstance(s, NamedNode) and isinstance(p, NamedNode)]


def count_stated(engine: Engine, iri: NamedNode, predicate: NamedNode) -> int:
    """How many values *iri* has by *predicate* in the default graph; where it has none there, in any."""
    for pattern in (f"{iri} {predicate} ?o", f"GRAPH ?g {{ {iri} {predicate} ?o }}"):
        text = f"SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE {{ {pattern} }}"
        if (counted := int(getattr(next(rows(engine, text))[0], "value", 0))) > 0:
            return counted
    return 0


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


def count_inferred_naming(engine: Engine, iri: NamedNode) -> dict[NamedNode, int]:
    """How many of these only rules say, by property."""
    text = f"""SELECT ?p (COUNT(*) AS ?n) WHERE {{
        ?g a {MG.InferredGraph} . GRAPH ?g {{ ?s ?p {iri} }} FILTER(isIRI(?s)) }} GROUP BY ?p"""
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

    def statements(self, thing: NamedNode) -> list[Triple]:
        """Those of them that name *thing*."""
        return self._triples.get(thing, [])

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
