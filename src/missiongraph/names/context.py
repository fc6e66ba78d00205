"""What else is true of a thing, as words: whoever writes "Springfield, Oregon" writes more than the name.

The words are learnt from the graph: names of what a thing is part of or linked to, its codes and its classes. A word
that names a kind is no fact about a thing of another kind: what lies in a town and is called after it ("Springfield
Library") lends it none of its words. Only of a thing and its one namesake ("City Council of …") do people write
either name for the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.describe import Labels, values
from missiongraph.names.folding import words_of
from missiongraph.vocab import ALTERNATIVE_PROPERTIES, LABEL_PROPERTIES, MG, RDF, WITHIN_PROPERTIES

#: Longest literal that is taken for a name or code.
_LONGEST = 60

#: Bounds of the statements that are looked at, for a batch of things, and for one property or class.
_MOST, _SAMPLE = 20_000, 50

#: Links of which this share lead to a thing that the other is called after are links between namesakes.
_SHARE, _FEWEST = 0.5, 2

#: Things of a class whose names are looked at, and how many of them at least share a word that names the kind.
_OF_CLASS, _FEW_OF_KIND = 300, 3

#: Which share of them: for a word to be left out of a name, and to say nothing of what such a thing is near to.
_SOME, _MANY = 0.05, 0.2

_NAMES = (*LABEL_PROPERTIES, *ALTERNATIVE_PROPERTIES)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Words that may stand beside the name of a thing.

    :ivar true: say something else that is true of it
    :ivar twin: its one namesake has in its names beyond those of the thing, but for what the namesake's class is called
    :ivar affix: its names have beyond that of the thing that it is called after, so that they may be left out
    :ivar kind: name its kind: its classes are called so, or many of the same class have them in their names
    """

    true: frozenset[str] = frozenset()
    twin: frozenset[str] = frozenset()
    affix: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()


class Contexts:
    """Learns the words of contexts, many at once; what it learnt of properties and classes is kept."""

    def __init__(self, engine: Engine, class_names: Mapping[NamedNode, Mapping[str, str]]) -> None:
        """:param class_names: names of classes beyond those in the graph"""
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
        """Words of what is *near*, but for those by which a namesake, or its kind, is told from the thing."""
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
        """The words of what a class is called."""
        yield from (word for name in names for word in name)
        if isinstance(kind, NamedNode):
            yield from (word for text in self._class_names.get(kind, {}).values() for word in words_of(text))

    def _links(self, things: Sequence[NamedNode]) -> dict[NamedNode, set[Term]]:
        """The values of each thing, and the things that these are linked to."""
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
        found: dict[Term, list[Words]] = defaultdict(list)
        for triple in Labels(self._engine, terms, _NAMES).triples:
            if isinstance(triple.object, Literal):
                found[triple.subject].append(words_of(triple.object.value))
        return found

    def _types(self, terms: Iterable[Term]) -> dict[Term, list[NamedNode]]:
        """The classes of *terms*."""
        found: dict[Term, list[NamedNode]] = defaultdict(list)
        inline = values(term for term in terms if isinstance(term, NamedNode))
        for row in rows(self._engine, f"SELECT ?s ?c WHERE {{ VALUES ?s {{ {inline} }} ?s a ?c FILTER(isIRI(?c)) }}"):
            if row["s"] is not None and isinstance(row["c"], NamedNode):
                found[row["s"]].append(row["c"])
        return found

    def _called_after(self, things: Sequence[NamedNode]) -> Iterable[tuple[Term, NamedNode, Term, set[str]]]:
        """Links with one of *things*: the first is called after the last; what its names have beyond the other's."""
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
        """Find of each class the words that name it, with the share of its things that have them in their names.

        What the class is called counts as had by all, and nothing else does.
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
