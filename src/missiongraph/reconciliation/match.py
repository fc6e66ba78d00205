"""Finds the candidates of a reconciliation query, with scores, features and the decision whether one is a match.

The score is from 0 to 100. It is the likeness of the written name to one of the thing's names, less for property
values that are wrong or missing, and less for another class than the query asks for. A candidate is a match if its
name was written whole, with nothing beside it that is not true of the thing, and if there is no rival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.statements_and_labels import Labels, values
from missiongraph.names.finder import Finder, Found
from missiongraph.names.folding import words_of
from missiongraph.names.index import NameIndex, Role
from missiongraph.names.likeness import CERTAIN
from missiongraph.reconciliation.queries import Condition, Query
from missiongraph.reconciliation.terms import Property, Terms
from missiongraph.vocab import XSD

#: The weight of the name, and of all conditions together.
_NAME, _CONDITIONS = 2, 1

#: The points taken off for another class, and the lead that a match needs over a rival.
_OTHER_CLASS, _LEAD = 5.0, 5.0

#: The least likeness of a name that conditions can confirm, and of one that is shown at all.
_CONFIRMED, _LEAST = 0.7, 0.2

#: The most things that are looked at if a query has properties only.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a query may mean.

    :ivar types: the IRIs of its classes
    :ivar name_score: the likeness of the name, from 0 to 1; 1 if the query has no name
    :ivar sure: whether the name was written whole, with nothing that is not true of the thing
    :ivar fits: whether the thing is of a class that the query asks for; if it asks for none, of the main class
    :ivar by_twin: whether the name of its one namesake was written with its own
    :ivar fulfilled: the share of conditions that hold, from 0 to 1
    :ivar conditions: the number of conditions
    :ivar match: whether it may be taken without asking a person
    """

    iri: str
    types: tuple[str, ...]
    name_score: float
    sure: bool
    fits: bool
    by_twin: bool = False
    fulfilled: float = 1.0
    conditions: int = 0
    match: bool = False

    @property
    def score(self) -> float:
        """How well it fits the query, up to 100."""
        weight = _CONDITIONS if self.conditions else 0
        share = (_NAME * self.name_score + weight * self.fulfilled) / (_NAME + weight)
        return max(0.0, 100 * share - (0 if self.fits else _OTHER_CLASS))

    @property
    def exact(self) -> bool:
        """Whether exactly its name was written."""
        return self.sure and self.name_score == 1.0

    @property
    def confirmed(self) -> bool:
        """Whether name and conditions leave no doubt about this thing, as long as there is no rival."""
        named = self.sure or (self.conditions > 0 and self.name_score >= _CONFIRMED)
        return named and self.fulfilled == 1.0 and self.score >= 100 * CERTAIN


class Matcher:
    """Answers queries over one publication; safe to share between threads."""

    def __init__(self, engine: Engine, index: NameIndex, finder: Finder, terms: Terms, base: str) -> None:
        """:param base: the base of identifiers that clients write without it"""
        self._engine = engine
        self._index = index
        self._finder = finder
        self._terms = terms
        self._base = base

    def answer(self, queries: Sequence[Query], languages: Sequence[str]) -> list[list[Candidate]]:
        """The candidates of each query, the best first.

        :param languages: the languages in which clients may write values of properties
        """
        by_query = self._named(queries)
        for number, query in enumerate(queries):
            if not query.text and not query.identifiers and query.conditions:
                by_query[number] = self._with_values(query, languages)
        judged = self._judge(queries, by_query)
        return [_decide(query, candidates) for query, candidates in zip(queries, judged, strict=True)]

    def _named(self, queries: Sequence[Query]) -> list[list[Candidate]]:
        """Candidates by identifier, and by name."""
        asked = [self._asked_types(query) for query in queries]
        hard = [types if query.strictness != "should" else () for query, types in zip(queries, asked, strict=True)]
        texts = [query.text for query in queries]
        by_name = self._finder.find(texts, roles=(Role.THING,), types=hard)
        candidates = []
        for query, types, named in zip(queries, asked, by_name, strict=True):
            some = [self._candidate(one, types) for one in named if one.likeness.score >= _LEAST]
            outright = [self._identified(text) for text in (query.text, *query.identifiers)]
            known = [one for one in outright if one is not None]
            candidates.append([*known, *(one for one in some if one.iri not in {k.iri for k in known})])
        return candidates

    def _candidate(self, found: Found, asked: Sequence[str]) -> Candidate:
        """The candidate that was *found*; by the name of its namesake it is sure only if its class fits."""
        fits = self._fits(found.name.types, asked)
        sure = found.sure and (fits or not found.by_twin)
        return Candidate(found.iri, found.name.types, found.likeness.score, sure, fits, found.by_twin)

    def _asked_types(self, query: Query) -> tuple[str, ...]:
        """The classes that a query asks for, with their subclasses; an unknown class is kept, and fits nothing."""
        known = [self._terms.class_of(reference) or reference for reference in query.types]
        return tuple(dict.fromkeys(narrower for kind in known for narrower in self._narrower(kind)))

    def _narrower(self, kind: str) -> tuple[str, ...]:
        try:
            return self._terms.narrower(kind)
        except ValueError:
            return (kind,)

    def _fits(self, types: Sequence[str], asked: Sequence[str]) -> bool:
        return not set(types).isdisjoint(asked) if asked else self._terms.is_main(types)

    def _identified(self, text: str) -> Candidate | None:
        """The thing with the identifier *text*, in full or relative to the base."""
        for iri in (text, f"{self._base}{text}", f"{self._base}id/{text}") if text and " " not in text else ():
            names = self._index.of(iri)
            if names and names[0].role != Role.GRAPH:
                return Candidate(iri, names[0].types, 1.0, sure=True, fits=True)
        return None

    def _with_values(self, query: Query, languages: Sequence[str]) -> list[Candidate]:
        """The things that fulfil the first condition of a query without a name."""
        first = query.conditions[0]
        prop = self._terms.property_of(first.property)
        if prop is None:
            return []
        terms = [term for value in first.values for term in self._terms_for(value, languages)]
        inline = f"VALUES ?v {{ {' '.join(map(str, terms))} }}"
        pattern = f"{inline} {prop.pattern('?s', '?v')} FILTER(isIRI(?s))"
        text = f"SELECT DISTINCT ?s WHERE {{ {pattern} }} ORDER BY ?s LIMIT {_MOST}"
        things = [row["s"].value for row in rows(self._engine, text) if isinstance(row["s"], NamedNode)]
        asked = self._asked_types(query)
        types = {iri: self._index.types_of(iri) for iri in things}
        some = [Candidate(iri, types[iri], 1.0, False, self._fits(types[iri], asked)) for iri in things]
        return [one for one in some if one.fits or not asked or query.strictness == "should"]

    def _terms_for(self, value: str, languages: Sequence[str]) -> Iterable[Term]:
        """The terms that *value* may mean: literals of likely datatypes, the IRI, things with that name."""
        yield Literal(value)
        yield from (Literal(value, language=language) for language in languages)
        yield from (
            Literal(value, datatype=kind) for kind in (XSD.integer, XSD.decimal, XSD.date, XSD.gYear, XSD.boolean)
        )
        try:
            yield NamedNode(value)
        except ValueError:
            yield from (NamedNode(name.iri) for name in self._index.exact(words_of(value), _MOST))

    def _judge(self, queries: Sequence[Query], candidates_of: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
        """The candidates with the share of conditions that they fulfil, without those that lack a required one."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for query, candidates in zip(queries, candidates_of, strict=True):
            for condition in query.conditions:
                wanted[condition.property].update(one.iri for one in candidates)
        known = {reference: self._values(reference, sorted(iris)) for reference, iris in wanted.items()}
        judged = []
        for query, candidates in zip(queries, candidates_of, strict=True):
            if not query.conditions:
                judged.append(list(candidates))
                continue
            some = []
            for one in candidates:
                holds = [self._holds(c, known[c.property].get(one.iri, [])) for c in query.conditions]
                if all(ok or not c.required for c, ok in zip(query.conditions, holds, strict=True)):
                    some.append(replace(one, fulfilled=sum(holds) / len(holds), conditions=len(holds)))
            judged.append(some)
        return judged

    def _values(self, reference: str, iris: Sequence[str]) -> dict[str, list[set[object]]]:
        """For each of *iris* its values of a property; a value is the set of all ways to write it."""
        prop = self._terms.property_of(reference)
        if prop is None or not iris:
            return {}
        pairs = values_of(self._engine, prop, iris)
        labels = Labels(self._engine, [value for _, value in pairs])
        names: dict[Term, set[object]] = defaultdict(set)
        for triple in labels.triples:
            if isinstance(triple.object, Literal):
                names[triple.subject].add(words_of(triple.object.value))
        ways: dict[str, list[set[object]]] = defaultdict(list)
        for iri, value in pairs:
            text = value.value if isinstance(value, Literal | NamedNode) else ""
            ways[iri].append({text, words_of(text), *names[value]})
        return ways

    def _holds(self, condition: Condition, had: Sequence[set[object]]) -> bool:
        def is_had(value: str) -> bool:
            return any({value, f"{self._base}{value}"} & one or (words_of(value) or value) in one for one in had)

        if condition.quantifier == "none":
            return not any(map(is_had, condition.values))
        return (all if condition.quantifier == "all" else any)(map(is_had, condition.values))


def values_of(engine: Engine, prop: Property, iris: Sequence[str]) -> list[tuple[str, Term]]:
    """Pairs of a thing among *iris* and a value that it has of *prop* in the default graph, sorted."""
    things = values(NamedNode(iri) for iri in iris)
    text = f"SELECT DISTINCT ?s ?v WHERE {{ VALUES ?s {{ {things} }} {prop.pattern('?s', '?v')} }} ORDER BY ?s ?v"
    return [
        (row["s"].value, row["v"])
        for row in rows(engine, text)
        if isinstance(row["s"], NamedNode) and row["v"] is not None
    ]


def _decide(query: Query, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidates in order; the first is a match if it is confirmed and has no rival."""
    ordered = sorted(candidates, key=lambda one: (-round(one.score, 2), -one.name_score, one.iri))
    if ordered and ordered[0].confirmed:
        ordered[0] = replace(ordered[0], match=not any(_is_rival(one, ordered[0]) for one in ordered[1:]))
    return ordered[: query.limit]


def _is_rival(one: Candidate, first: Candidate) -> bool:
    """Whether the query may mean *one* as well as the *first*; if only the first has exactly the name, it does not."""
    if not one.confirmed:
        return False
    if one.exact:
        return not first.by_twin
    return not first.exact and one.fits == first.fits and first.score - one.score < _LEAD
