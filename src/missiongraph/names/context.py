"""What else is true of a thing, as words: whoever writes "Springfield, Oregon" writes more than the name.

The words are learnt from the graph: names of what a thing is part of or linked to, its codes, its classes, and what
those that are called after it have in their names beyond its own ("City Council of …").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from missiongraph.describe import Labels, values
from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.names.folding import words_of
from missiongraph.vocab import ALTERNATIVE_PROPERTIES, LABEL_PROPERTIES, RDF

#: Longest literal that is taken for a name or code.
_LONGEST = 60

#: Bounds of the statements that are looked at, for a batch of things, and for one property.
_MOST, _SAMPLE = 20_000, 50

#: Links of which this share lead to a thing that the other is called after are links between namesakes.
_SHARE, _FEWEST = 0.5, 2

_NAMES = (*LABEL_PROPERTIES, *ALTERNATIVE_PROPERTIES)

Words = frozenset[str]


class Contexts:
    """Learns the words of contexts, many at once; what it learnt of properties is kept."""

    def __init__(self, engine: Engine, class_names: Mapping[NamedNode, Mapping[str, str]]) -> None:
        """:param class_names: names of classes beyond those in the graph"""
        self._engine = engine
        self._class_names = class_names
        self._namesakes: dict[NamedNode, bool] = {}

    def of(self, iris: Iterable[str]) -> dict[str, Words]:
        """The words of the context of each of *iris*."""
        things = [NamedNode(iri) for iri in dict.fromkeys(iris)]
        if not things:
            return {}
        found: dict[NamedNode, set[str]] = {thing: set() for thing in things}
        near = self._links(things)
        names = self._names([term for around in near.values() for term in around])
        for thing in things:
            for term in near[thing]:
                found[thing].update(word for name in names.get(term, ()) for word in name)
                for text in self._class_names.get(term, {}).values() if isinstance(term, NamedNode) else ():
                    found[thing].update(words_of(text))
                if isinstance(term, Literal) and len(term.value) <= _LONGEST:
                    found[thing].update(words_of(term.value))
        for thing, words in self._called_after(things):
            found[thing] |= words
        return {thing.value: frozenset(words) for thing, words in found.items()}

    def _links(self, things: Sequence[NamedNode]) -> dict[NamedNode, set[Term]]:
        """The values of each thing, and the things that these are linked to."""
        near: dict[NamedNode, set[Term]] = defaultdict(set)
        further = f"?s ?p ?m . ?m ?q ?o FILTER(isIRI(?o) && ?p != {RDF.type} && ?q != {RDF.type})"
        for pattern in ("?s ?p ?o", further):
            text = f"SELECT ?s ?o WHERE {{ VALUES ?s {{ {values(things)} }} {pattern} }} LIMIT {_MOST}"
            for row in rows(self._engine, text):
                if isinstance(row["s"], NamedNode) and row["o"] is not None:
                    near[row["s"]].add(row["o"])
        return near

    def _names(self, terms: Iterable[Term]) -> dict[Term, list[tuple[str, ...]]]:
        """The names of *terms*, as words."""
        found: dict[Term, list[tuple[str, ...]]] = defaultdict(list)
        for triple in Labels(self._engine, terms, _NAMES).triples:
            if isinstance(triple.object, Literal):
                found[triple.subject].append(words_of(triple.object.value))
        return found

    def _called_after(self, things: Sequence[NamedNode]) -> Iterable[tuple[NamedNode, set[str]]]:
        """What those that are called after each thing have in their names beyond its own."""
        text = f"SELECT ?s ?p ?o WHERE {{ VALUES ?o {{ {values(things)} }} ?s ?p ?o FILTER(isIRI(?s)) }} LIMIT {_MOST}"
        links = [
            (row["s"], row["p"], row["o"])
            for row in rows(self._engine, text)
            if isinstance(row["p"], NamedNode) and isinstance(row["o"], NamedNode)
        ]
        self._learn({predicate for _, predicate, _ in links})
        links = [link for link in links if self._namesakes[link[1]]]
        names = self._names([term for subject, _, thing in links for term in (subject, thing)])
        for subject, _, thing in links:
            own = [set(name) for name in names[thing]]
            beyond = (set(name) - one for name in names[subject] for one in own if one and one < set(name))
            yield thing, {word for words in beyond for word in words}

    def _learn(self, predicates: Iterable[NamedNode]) -> None:
        """Decide of each predicate, by some of its links, whether it leads to what a thing is called after."""
        for predicate in sorted(set(predicates) - self._namesakes.keys(), key=str):
            text = f"SELECT ?s ?o WHERE {{ ?s {predicate} ?o FILTER(isIRI(?s) && isIRI(?o)) }} LIMIT {_SAMPLE}"
            pairs = [(row["s"], row["o"]) for row in rows(self._engine, text)]
            names = self._names([term for pair in pairs for term in pair if term is not None])
            after = [
                any(set(short) < set(long) for long in names.get(s, ()) for short in names.get(o, ()) if short)
                for s, o in pairs
                if s is not None and o is not None
            ]
            self._namesakes[predicate] = sum(after) >= max(_FEWEST, _SHARE * len(after))
