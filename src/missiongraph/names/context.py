"""What else is true of a thing, as words: whoever writes "Springfield, Oregon" writes more than the name.

The words are learnt from the graph: names of what a thing is part of or linked to, its codes, its classes, and what
those that are called after it have in their names beyond its own ("City Council of …").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Context:
    """Words that may stand beside the name of a thing.

    :ivar true: say something else that is true of it
    :ivar affix: its names have beyond that of the thing that it is called after, so that they may be left out
    """

    true: frozenset[str] = frozenset()
    affix: frozenset[str] = frozenset()


class Contexts:
    """Learns the words of contexts, many at once; what it learnt of properties is kept."""

    def __init__(self, engine: Engine, class_names: Mapping[NamedNode, Mapping[str, str]]) -> None:
        """:param class_names: names of classes beyond those in the graph"""
        self._engine = engine
        self._class_names = class_names
        self._namesakes: dict[NamedNode, bool] = {}

    def of(self, iris: Iterable[str]) -> dict[str, Context]:
        """The context of each of *iris*."""
        things = [NamedNode(iri) for iri in dict.fromkeys(iris)]
        if not things:
            return {}
        true: dict[NamedNode, set[str]] = {thing: set() for thing in things}
        affix: dict[NamedNode, set[str]] = {thing: set() for thing in things}
        near = self._links(things)
        names = self._names([term for around in near.values() for term in around])
        for thing in things:
            for term in near[thing]:
                true[thing].update(word for name in names.get(term, ()) for word in name)
                for text in self._class_names.get(term, {}).values() if isinstance(term, NamedNode) else ():
                    true[thing].update(words_of(text))
                if isinstance(term, Literal) and len(term.value) <= _LONGEST:
                    true[thing].update(words_of(term.value))
        for long, short, words in self._called_after(things):
            if isinstance(short, NamedNode) and short in true:
                true[short] |= words
            if isinstance(long, NamedNode) and long in affix:
                affix[long] |= words
        return {thing.value: Context(frozenset(true[thing]), frozenset(affix[thing])) for thing in things}

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

    def _called_after(self, things: Sequence[NamedNode]) -> Iterable[tuple[Term, Term, set[str]]]:
        """Pairs with one of *things*: the first is called after the second; what its names have beyond the other's."""
        links: set[tuple[Term, NamedNode, Term]] = set()
        for place in ("?o", "?s"):
            wanted = f"VALUES {place} {{ {values(things)} }} ?s ?p ?o FILTER(isIRI(?s) && isIRI(?o))"
            for row in rows(self._engine, f"SELECT ?s ?p ?o WHERE {{ {wanted} }} LIMIT {_MOST}"):
                if row["s"] is not None and row["o"] is not None and isinstance(row["p"], NamedNode):
                    links.add((row["s"], row["p"], row["o"]))
        self._learn({predicate for _, predicate, _ in links})
        pairs = {(long, short) for long, predicate, short in links if self._namesakes[predicate]}
        names = self._names([term for pair in pairs for term in pair])
        for long, short in sorted(pairs, key=str):
            own = [set(name) for name in names[short]]
            beyond = (set(name) - one for name in names[long] for one in own if one and one < set(name))
            yield long, short, {word for words in beyond for word in words}

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
