"""Asks the graph for the statements about resources, with the graphs that make them, and for labels.

It uses SPARQL 1.1 only. Its queries are bounded by the resources that they name or by a limit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.vocab import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, MG

#: For limits of queries: in how many graphs a statement is assumed to be.
GRAPHS_A_STATEMENT = 4

#: If more things link to a resource than are shown, the first of so many of them are chosen.
_CHOICE = 1000

Properties = dict[NamedNode, list[Term]]


@dataclass(frozen=True)
class Statement:
    """A statement with the graphs that make it; an *accepted* one is in the default graph."""

    subject: Term
    predicate: NamedNode
    object: Term
    graphs: tuple[NamedNode, ...]
    accepted: bool


def values(terms: Iterable[NamedNode]) -> str:
    """*terms* as the inside of a ``VALUES`` block (SPARQL 1.1, section 10.2)."""
    return " ".join(str(term) for term in terms)


def statements_about(engine: Engine, iri: NamedNode) -> tuple[Statement, ...]:
    """All statements with the subject *iri*, accepted or not, sorted by property and value."""
    return statements_of(engine, [iri])[iri]


def statements_of(
    engine: Engine, resources: Iterable[NamedNode], most: int | None = None
) -> dict[NamedNode, tuple[Statement, ...]]:
    """All statements with each of *resources* as subject, by one query; sorted by property and value.

    :param most: the most statements of a resource with one property; accepted ones are preferred
    """
    wanted = list(dict.fromkeys(resources))
    statements: dict[Term, list[Statement]] = defaultdict(list)
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
            statements[statement.subject].append(statement)
    return {iri: tuple(statements[iri]) for iri in wanted}


def _crowded(engine: Engine, among: str, most: int) -> list[tuple[NamedNode, NamedNode]]:
    """Pairs of a thing and a property of which it has more than *most* statements; *among* limits ``?s``."""
    text = f"""SELECT ?s ?p WHERE {{ {among} {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}
        GROUP BY ?s ?p HAVING(COUNT(*) > {most})"""
    found = (tuple(row) for row in rows(engine, text))
    return [(s, p) for s, p in found if isinstance(s, NamedNode) and isinstance(p, NamedNode)]


def count_stated(engine: Engine, iri: NamedNode, predicate: NamedNode) -> int:
    """The number of values that *iri* has of *predicate* in the default graph; if none, in all named graphs."""
    for pattern in (f"{iri} {predicate} ?o", f"GRAPH ?g {{ {iri} {predicate} ?o }}"):
        text = f"SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE {{ {pattern} }}"
        if (counted := int(getattr(next(rows(engine, text))[0], "value", 0))) > 0:
            return counted
    return 0


def statements_with(engine: Engine, iri: NamedNode, predicate: NamedNode, most: int) -> tuple[Statement, ...]:
    """Statements with the subject *iri* and *predicate*, accepted or not; *most* limits pairs of value and graph."""
    patterns = [
        f"{{ SELECT ({iri} AS ?s) ({predicate} AS ?p) ?o ?g WHERE {{ {pattern} }} LIMIT {most} }}"
        for pattern in (f"{iri} {predicate} ?o", f"GRAPH ?g {{ {iri} {predicate} ?o }}")
    ]
    return tuple(_merged(engine, " UNION ".join(patterns)))


def statements_naming(engine: Engine, iri: NamedNode, predicate: NamedNode, most: int) -> tuple[Statement, ...]:
    """At most *most* statements with *predicate* and the object *iri*."""
    return statements_linking(engine, [(predicate, iri)], most)[predicate, iri]


def statements_linking(
    engine: Engine, ends: Iterable[tuple[NamedNode, NamedNode]], most: int
) -> dict[tuple[NamedNode, NamedNode], tuple[Statement, ...]]:
    """At most *most* statements with each pair of predicate and object in *ends*, by one query."""
    wanted = list(dict.fromkeys(ends))
    statements: dict[tuple[Term, Term], list[Statement]] = defaultdict(list)
    limit = f"LIMIT {most * GRAPHS_A_STATEMENT}"
    patterns = [
        f"{{ SELECT ?s ({predicate} AS ?p) ({iri} AS ?o) ?g WHERE {{ {pattern} }} {limit} }}"
        for predicate, iri in wanted
        for pattern in (f"?s {predicate} {iri}", f"GRAPH ?g {{ ?s {predicate} {iri} }}")
    ]
    for statement in _merged(engine, " UNION ".join(patterns)) if patterns else ():
        statements[statement.predicate, statement.object].append(statement)
    return {end: tuple(statements[end][:most]) for end in wanted}


def _merged(engine: Engine, pattern: str) -> list[Statement]:
    """The statements that *pattern* binds to ?s ?p ?o: without ?g if accepted, and with ?g for each graph."""
    graphs: dict[tuple[Term, NamedNode, Term], list[NamedNode]] = defaultdict(list)
    accepted = set()
    for subject, predicate, value, graph in rows(engine, f"SELECT ?s ?p ?o ?g WHERE {{ {pattern} }}"):
        if not isinstance(predicate, NamedNode) or subject is None or value is None:
            continue
        if graph is None:
            accepted.add((subject, predicate, value))
        elif isinstance(graph, NamedNode):
            graphs[subject, predicate, value].append(graph)
    statements = [
        Statement(*triple, tuple(sorted(named, key=_of_iri)), triple in accepted) for triple, named in graphs.items()
    ]
    return sorted(statements, key=lambda s: (s.predicate.value, str(s.subject), str(s.object)))


def _of_iri(iri: NamedNode) -> str:
    return iri.value


def count_naming(engine: Engine, iri: NamedNode) -> dict[NamedNode, int]:
    """The number of accepted statements with the object *iri*, by property; subjects are IRIs."""
    text = f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ ?s ?p {iri} FILTER(isIRI(?s)) }} GROUP BY ?p"
    return {row["p"]: int(row["n"].value) for row in rows(engine, text) if isinstance(row["p"], NamedNode)}


def count_inferred_naming(engine: Engine, iri: NamedNode) -> dict[NamedNode, int]:
    """The number of inferred statements with the object *iri*, by property; subjects are IRIs."""
    text = f"""SELECT ?p (COUNT(*) AS ?n) WHERE {{
        ?g a {MG.InferredGraph} . GRAPH ?g {{ ?s ?p {iri} }} FILTER(isIRI(?s)) }} GROUP BY ?p"""
    return {row["p"]: int(row["n"].value) for row in rows(engine, text) if isinstance(row["p"], NamedNode)}


def subjects_naming(
    engine: Engine, iri: NamedNode, predicates: Iterable[NamedNode], most: int
) -> dict[NamedNode, list[NamedNode]]:
    """At most *most* things that link to *iri* by each of *predicates*, in order of IRI, by one query.

    If very many do, these are the first of some of them, since it would take long to sort all.
    """
    subjects: dict[NamedNode, list[NamedNode]] = {predicate: [] for predicate in predicates}
    patterns = [
        f"""{{ SELECT ?s ({predicate} AS ?p) WHERE {{ {{ SELECT ?s WHERE {{ ?s {predicate} {iri} FILTER(isIRI(?s)) }}
            LIMIT {_CHOICE} }} }} ORDER BY ?s LIMIT {most} }}"""
        for predicate in subjects
    ]
    for row in rows(engine, f"SELECT ?s ?p WHERE {{ {' UNION '.join(patterns)} }} ORDER BY ?s") if patterns else ():
        subject, predicate = row["s"], row["p"]
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            subjects[predicate].append(subject)
    return subjects


def properties_of(engine: Engine, resources: Iterable[NamedNode]) -> dict[NamedNode, Properties]:
    """All properties and values of *resources* in the default graph."""
    wanted = list(dict.fromkeys(resources))
    properties: dict[NamedNode, Properties] = {resource: defaultdict(list) for resource in wanted}
    if wanted:
        text = f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values(wanted)} }} ?s ?p ?o }}"
        for subject, predicate, value in rows(engine, text):
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
                properties[subject][predicate].append(value)
    return properties


class Labels:
    """The labels (or other texts) of resources, fetched for many at once."""

    def __init__(
        self, engine: Engine, resources: Iterable[Term], properties: Sequence[NamedNode] = LABEL_PROPERTIES
    ) -> None:
        """Fetches the texts of all IRIs among *resources* from the default graph; if it has none, from named graphs.

        :param properties: the properties that hold the texts, the best first
        """
        self._properties = properties
        self._triples: dict[NamedNode, list[Triple]] = {}
        self.resources: set[NamedNode] = set()
        self.add(engine, resources)

    def add(self, engine: Engine, resources: Iterable[Term]) -> None:
        """Fetches the texts of those IRIs among *resources* that it does not have; several threads may call it."""
        wanted = [t for t in dict.fromkeys(resources) if isinstance(t, NamedNode) and t not in self.resources]
        triples = self._fetch(engine, wanted, "?s ?p ?o")
        triples |= self._fetch(engine, [term for term in wanted if term not in triples], "GRAPH ?g { ?s ?p ?o }")
        self._triples.update(triples)
        self.resources.update(wanted)  # last, since other threads take these as fetched

    def _fetch(self, engine: Engine, resources: Sequence[NamedNode], pattern: str) -> dict[NamedNode, list[Triple]]:
        triples: dict[NamedNode, list[Triple]] = defaultdict(list)
        if not resources:
            return triples
        among = ", ".join(map(str, self._properties))  # as a filter: two VALUES make the engine scan the whole store
        text = (
            f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {values(resources)} }} "
            f"{pattern} FILTER(isLiteral(?o) && ?p IN ({among})) }}"
        )
        for subject, predicate, value in rows(engine, text):
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
                triples[subject].append(Triple(subject, predicate, value))
        return triples

    @property
    def triples(self) -> list[Triple]:
        """The statements with the texts."""
        return [triple for found in self._triples.values() for triple in found]

    def statements(self, thing: NamedNode) -> list[Triple]:
        """The statements with the texts of *thing*."""
        return self._triples.get(thing, [])

    def of(self, term: Term, language: str) -> tuple[str, str | None] | None:
        """The best text of *term* for a reader of *language*, and the language of that text; see :func:`best_text`."""
        if not isinstance(term, NamedNode) or term not in self._triples:
            return None
        return best_text(self._triples[term], self._properties, language)


def best_text(
    triples: Iterable[Triple], properties: Sequence[NamedNode], language: str
) -> tuple[str, str | None] | None:
    """The best text among *triples*, and its language.

    A text in *language* is best, then one without a language, an English one, any other. Of equally good ones, that of
    the first of *properties* is taken.
    """
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
    """The best description of a thing among the *statements* about it, and its language."""
    triples = (Triple(s.subject, s.predicate, s.object) for s in statements if not isinstance(s.subject, Literal))
    return best_text(triples, DESCRIPTION_PROPERTIES, language)
