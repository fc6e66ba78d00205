"""Learns from the graph which words people write beside the name of a thing, as in "Springfield, Oregon".

These are words of the names of what the thing is part of or linked to, of its codes and of its classes. A thing in a
town that is called after it ("Springfield Library") adds none of its words to the town, since a word that names a kind
says nothing of a thing of another kind. If a thing has one namesake ("City Council of …"), people write the name of
either for the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.statements_and_labels import Labels, values
from missiongraph.names.folding import words_of
from missiongraph.vocab import ALTERNATIVE_PROPERTIES, LABEL_PROPERTIES, MG, RDF, WITHIN_PROPERTIES

#: The most characters of a literal that is taken for a name or code.
_LONGEST = 60

#: The most statements that are looked at: for a batch of things, and for one property.
_MOST, _SAMPLE = 20_000, 50

#: A property joins namesakes if this share of its links, and at least so many, join things called after each other.
_SHARE, _FEWEST = 0.5, 2

#: The most things of a class whose names are looked at, and the fewest that share a word which names the kind.
_OF_CLASS, _FEW_OF_KIND = 300, 3

#: The share of these names that must have a word so that it may be left out of a name, and so that it says nothing of
#: things nearby.
_SOME, _MANY = 0.05, 0.2

_NAMES = (*LABEL_PROPERTIES, *ALTERNATIVE_PROPERTIES)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The words that people may write beside the name of a thing, or leave out of it.

    :ivar true: words that say something else that is true of it
    :ivar twin: words that the names of its one namesake have beyond its own, without the name of the namesake's class
    :ivar affix: words that its names have beyond the name of the thing it is called after; they may be left out
    :ivar kind: words that name its kind: names of its classes, and words that many things of its class have in names
    """

    true: frozenset[str] = frozenset()
    twin: frozenset[str] = frozenset()
    affix: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()


class Contexts:
    """Learns the contexts of many things at once, and remembers what it learns of properties and classes."""

    def __init__(self, engine: Engine, class_names: Mapping[NamedNode, Mapping[str, str]]) -> None:
        """:param class_names: names of classes by language, in addition to those in the graph"""
        self._engine = engine
        self._class_names = class_names
        self._namesakes: dict[NamedNode, bool] = {}
        self._twins: dict[NamedNode, bool] = {}
        self._kinds: dict[NamedNode, Mapping[str, float]] = {}

    def of(self, iris: Iterable[str]) -> dict[str, Context]:
        """The context of each of *iris*."""
        things = [NamedNode(iri) for iri in dict.fromkeys(iris)]
        if not things:
            return {}
        near, called = self._links(things), list(self._called_after(things))
        around = list(
            dict.fromkeys([*things, *(term for one in near.values() for term in one), *(c[0] for c in called)])
        )
        names, types = self._names(around), self._types(around)
        self._learn_kinds({kind for kinds in types.values() for kind in kinds})
        twin: dict[NamedNode, set[str]] = {thing: set() for thing in things}
        affix: dict[NamedNode, set[str]] = {thing: set() for thing in things}
        for long, predicate, short, words in called:
            if isinstance(short, NamedNode) and short in twin and self._twins[predicate]:
                twin[short] |= words - self._words_of_kind(types.get(long, ()), 1.0)
            if isinstance(long, NamedNode) and long in affix:
                affix[long] |= words
        return {
            thing.value: Context(
                frozenset(self._true(thing, near[thing], names, types)),
                frozenset(twin[thing]),
                frozenset(affix[thing]),
                frozenset(self._words_of_kind(types.get(thing, ()), _SOME)),
            )
            for thing in things
        }

    def _true(
        self,
        thing: NamedNode,
        near: Iterable[Term],
        names: Mapping[Term, Sequence[Words]],
        types: Mapping[Term, Sequence[NamedNode]],
    ) -> Iterator[str]:
        """The words of the things *near*, without those that distinguish a namesake or its kind from the thing."""
        own = [set(name) for name in names.get(thing, ())]
        for term in near:
            if isinstance(term, Literal):
                yield from words_of(term.value) if len(term.value) <= _LONGEST else ()
            elif term in types.get(thing, ()):
                yield from self._words_for(term, names.get(term, ()))
            else:
                others = self._words_of_kind(types.get(term, ()), _MANY)
                for name in names.get(term, ()):
                    if not any(short < set(name) for short in own):
                        yield from (word for word in name if word not in others)

    def _words_of_kind(self, kinds: Iterable[NamedNode], share: float) -> set[str]:
        return {word for kind in kinds for word, had in self._kinds[kind].items() if had >= share}

    def _words_for(self, kind: Term, names: Iterable[Words]) -> Iterator[str]:
        """The words of the names of a class."""
        yield from (word for name in names for word in name)
        if isinstance(kind, NamedNode):
            yield from (word for text in self._class_names.get(kind, {}).values() for word in words_of(text))

    def _links(self, things: Sequence[NamedNode]) -> dict[NamedNode, set[Term]]:
        """The values of each thing, and the IRIs to which these link."""
        near: dict[NamedNode, set[Term]] = defaultdict(set)
        stated = f"GRAPH ?g {{ ?s ?p ?m }} FILTER NOT EXISTS {{ ?g a {MG.InferredGraph} }}"  # shortcuts lead too far
        further = f"{stated} ?m ?q ?o FILTER(isIRI(?o) && ?p != {RDF.type} && ?q != {RDF.type})"
        for pattern in ("?s ?p ?o", further):
            text = f"SELECT DISTINCT ?s ?o WHERE {{ VALUES ?s {{ {values(things)} }} {pattern} }} LIMIT {_MOST}"
            for row in rows(self._engine, text):
                if isinstance(row["s"], NamedNode) and row["o"] is not None and row["o"] != row["s"]:
                    near[row["s"]].add(row["o"])
        return near

    def _names(self, terms: Iterable[Term]) -> dict[Term, list[Words]]:
        """The names of *terms*, as words."""
        names: dict[Term, list[Words]] = defaultdict(list)
        for triple in Labels(self._engine, terms, _NAMES).triples:
            if isinstance(triple.object, Literal):
                names[triple.subject].append(words_of(triple.object.value))
        return names

    def _types(self, terms: Iterable[Term]) -> dict[Term, list[NamedNode]]:
        """The classes of *terms*."""
        types: dict[Term, list[NamedNode]] = defaultdict(list)
        inline = values(term for term in terms if isinstance(term, NamedNode))
        for row in rows(self._engine, f"SELECT ?s ?c WHERE {{ VALUES ?s {{ {inline} }} ?s a ?c FILTER(isIRI(?c)) }}"):
            if row["s"] is not None and isinstance(row["c"], NamedNode):
                types[row["s"]].append(row["c"])
        return types

    def _called_after(self, things: Sequence[NamedNode]) -> Iterable[tuple[Term, NamedNode, Term, set[str]]]:
        """Links with one of *things* whose first thing is called after the last one.

        Each comes with the words that the names of the first have beyond those of the last.
        """
        links: set[tuple[Term, NamedNode, Term]] = set()
        for place in ("?o", "?s"):
            wanted = f"VALUES {place} {{ {values(things)} }} ?s ?p ?o FILTER(isIRI(?s) && isIRI(?o))"
            for row in rows(self._engine, f"SELECT ?s ?p ?o WHERE {{ {wanted} }} LIMIT {_MOST}"):
                if row["s"] is not None and row["o"] is not None and isinstance(row["p"], NamedNode):
                    links.add((row["s"], row["p"], row["o"]))
        self._learn({predicate for _, predicate, _ in links})
        called = sorted((link for link in links if self._namesakes[link[1]]), key=str)
        names = self._names([term for long, _, short in called for term in (long, short)])
        for long, predicate, short in called:
            own = [set(name) for name in names[short]]
            beyond = (set(name) - one for name in names[long] for one in own if one and one < set(name))
            yield long, predicate, short, {word for words in beyond for word in words}

    def _learn(self, predicates: Iterable[NamedNode]) -> None:
        """Decides by a sample of links whether each predicate joins a thing with what it is called after."""
        for predicate in sorted(set(predicates) - self._namesakes.keys(), key=str):
            text = f"SELECT ?s ?o WHERE {{ ?s {predicate} ?o FILTER(isIRI(?s) && isIRI(?o)) }} LIMIT {_SAMPLE}"
            pairs = [(row["s"], row["o"]) for row in rows(self._engine, text)]
            names = self._names([term for pair in pairs for term in pair if term is not None])
            after = [
                any(set(short) < set(long) for long in names.get(s, ()) for short in names.get(o, ()) if short)
                for s, o in pairs
                if s is not None and o is not None
            ]
            are_namesakes = sum(after) >= max(_FEWEST, _SHARE * len(after))
            self._twins[predicate] = are_namesakes and self._is_of_pairs(predicate)
            self._namesakes[predicate] = are_namesakes

    def _is_of_pairs(self, predicate: NamedNode) -> bool:
        """Whether *predicate* joins each thing with one other, neither of which lies in the other."""
        if predicate in WITHIN_PROPERTIES:
            return False
        some = f"{{ SELECT ?s ?o WHERE {{ ?s {predicate} ?o }} LIMIT {_MOST} }}"
        pairs = [(row["s"], row["o"]) for row in rows(self._engine, f"SELECT DISTINCT ?s ?o WHERE {some}")]
        return all(len(set(side)) == len(pairs) for side in zip(*pairs, strict=True))

    def _learn_kinds(self, classes: Iterable[NamedNode]) -> None:
        """Learns the words that name each class, with the share of its things that have them in their names.

        The words of the names of the class itself get the share 1; all other shares are smaller.
        """
        new = sorted(set(classes) - self._kinds.keys(), key=str)
        labels = self._names(new)
        for kind in new:
            some = f"{{ SELECT ?s WHERE {{ ?s a {kind} }} LIMIT {_OF_CLASS} }}"
            things = [row["s"] for row in rows(self._engine, f"SELECT ?s WHERE {some}") if row["s"] is not None]
            had = Counter(
                word for names in self._names(things).values() for word in {w for name in names for w in name}
            )
            shared = {word: count / (len(things) + 1) for word, count in had.items() if count >= _FEW_OF_KIND}
            words = {word: share for word, share in shared.items() if not any(map(str.isdigit, word))}
            self._kinds[kind] = words | dict.fromkeys(self._words_for(kind, labels.get(kind, ())), 1.0)
