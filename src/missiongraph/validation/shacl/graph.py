"""Graphs for validation, indexed by subject and property, and by object and property.

To hash terms of pyoxigraph is slow, and a graph of a million statements has three million of them. So an IRI is kept as
its text, a blank node as ``_:`` and its label (no IRI begins so), and a literal as it is. Only the properties that
shapes use are kept.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from missiongraph.vocab import RDF, RDFS

Node: TypeAlias = str | Literal
_Values: TypeAlias = Node | dict[Node, None]  # one value, or several; most properties have one

TYPE, SUBCLASS = RDF.type.value, RDFS.subClassOf.value


def node_of(term: NamedNode | BlankNode | Literal | Triple) -> Node:
    """*term* in the form in which graphs here keep it.

    >>> node_of(NamedNode("urn:a")), node_of(BlankNode("b0"))
    ('urn:a', '_:b0')
    """
    if type(term) is NamedNode:
        return term.value
    if type(term) is BlankNode:
        return f"_:{term.value}"
    if type(term) is Literal:
        return term
    raise TypeError(f"not a term of RDF 1.1: {term}")


def term_of(node: Node) -> NamedNode | BlankNode | Literal:
    """The term of pyoxigraph that *node* stands for."""
    if not isinstance(node, str):
        return node
    return BlankNode(node[2:]) if is_blank(node) else NamedNode(node)


def is_blank(node: Node) -> bool:
    """Whether *node* is a blank node."""
    return type(node) is str and node.startswith("_:")


class View(ABC):
    """A graph that validation reads."""

    @abstractmethod
    def values(self, node: Node, predicate: str) -> Sequence[Node]:
        """The objects of statements with subject *node* and *predicate*, each once."""

    @abstractmethod
    def sources(self, node: Node, predicate: str) -> Sequence[Node]:
        """The subjects of statements with *predicate* and object *node*, each once."""

    @abstractmethod
    def subjects(self, predicate: str) -> Iterable[Node]:
        """The subjects of statements with *predicate*, each once."""

    @abstractmethod
    def objects(self, predicate: str) -> Iterable[Node]:
        """The objects of statements with *predicate*, each once."""

    @abstractmethod
    def properties(self, node: Node) -> Iterable[str]:
        """The predicates of statements with subject *node*; only of a graph that keeps all properties."""

    def instances(self, class_: str) -> Iterator[Node]:
        """The SHACL instances of *class_* (SHACL, section 1.1), each once."""
        seen: set[Node] = set()
        for below in self._below(class_):
            for node in self.sources(below, TYPE):
                if node not in seen:
                    seen.add(node)
                    yield node

    def is_instance(self, node: Node, class_: str) -> bool:
        """Whether *node* is a SHACL instance of *class_*."""
        below = self._below(class_)
        return any(kind in below for kind in self.values(node, TYPE))

    @cached_property
    def _classes(self) -> dict[str, frozenset[Node]]:
        return {}

    def _below(self, class_: str) -> frozenset[Node]:
        """*class_* and all of its subclasses."""
        found = self._classes.get(class_)
        if found is None:
            reached: dict[Node, None] = {class_: None}
            for kind in (todo := [*reached]):
                for below in self.sources(kind, SUBCLASS):
                    if below not in reached:
                        reached[below] = None
                        todo.append(below)
            found = self._classes[class_] = frozenset(reached)
        return found


class Graph(View):
    """The statements of *triples* with one of *predicates*; all statements if that is ``None``."""

    def __init__(self, triples: Iterable[Triple | Quad], predicates: Collection[str] | None) -> None:
        self._tables: dict[str, dict[Node, _Values]] = {}
        if predicates is not None:
            self._tables = {predicate: {} for predicate in (*predicates, TYPE, SUBCLASS)}
        self._sources: dict[str, Mapping[Node, Sequence[Node]]] = {}
        tables, everything = self._tables, predicates is None
        for triple in triples:
            predicate = triple.predicate.value
            table = tables.get(predicate)
            if table is None:
                if not everything:
                    continue
                table = tables[predicate] = {}
            term = triple.subject
            subject = term.value if type(term) is NamedNode else node_of(term)  # the usual case without a call
            value = triple.object
            node: Node = value if type(value) is Literal else node_of(value)
            before = table.get(subject)
            if before is None:
                table[subject] = node
            elif type(before) is dict:
                before[node] = None
            elif before != node:
                table[subject] = {before: None, node: None}  # type: ignore[dict-item]  # no dictionary, by the line above

    def values(self, node: Node, predicate: str) -> Sequence[Node]:  # noqa: D102
        table = self._tables.get(predicate)
        found = None if table is None else table.get(node)
        if found is None:
            return ()
        return tuple(found) if type(found) is dict else (found,)  # type: ignore[return-value]  # it is one node

    def sources(self, node: Node, predicate: str) -> Sequence[Node]:  # noqa: D102
        return self._backwards(predicate).get(node, ())

    def subjects(self, predicate: str) -> Iterable[Node]:  # noqa: D102
        return self._tables.get(predicate, {})

    def objects(self, predicate: str) -> Iterable[Node]:  # noqa: D102
        return self._backwards(predicate)

    def properties(self, node: Node) -> Iterable[str]:  # noqa: D102
        return self._properties.get(node, ())

    def _backwards(self, predicate: str) -> Mapping[Node, Sequence[Node]]:
        found = self._sources.get(predicate)
        if found is None:
            table: dict[Node, list[Node]] = {}
            for subject in self._tables.get(predicate, ()):
                for value in self.values(subject, predicate):
                    table.setdefault(value, []).append(subject)
            found = self._sources[predicate] = table
        return found

    @cached_property
    def _properties(self) -> Mapping[Node, Sequence[str]]:
        found: dict[Node, list[str]] = {}
        for predicate, table in self._tables.items():
            for subject in table:
                found.setdefault(subject, []).append(predicate)
        return found


class Overlay(View):
    """*base* with the statements *claims* in the place of those that have the same subjects and properties."""

    def __init__(self, base: View, claims: Graph, stated: Collection[tuple[Node, str]]) -> None:
        self._base, self._claims, self._stated = base, claims, stated

    def values(self, node: Node, predicate: str) -> Sequence[Node]:  # noqa: D102
        return (self._claims if (node, predicate) in self._stated else self._base).values(node, predicate)

    def sources(self, node: Node, predicate: str) -> Sequence[Node]:  # noqa: D102
        kept = [subject for subject in self._base.sources(node, predicate) if (subject, predicate) not in self._stated]
        return [*kept, *self._claims.sources(node, predicate)]

    def subjects(self, predicate: str) -> Iterable[Node]:  # noqa: D102
        return dict.fromkeys((*self._base.subjects(predicate), *self._claims.subjects(predicate)))

    def objects(self, predicate: str) -> Iterable[Node]:  # noqa: D102
        nodes = dict.fromkeys((*self._base.objects(predicate), *self._claims.objects(predicate)))
        return (node for node in nodes if self.sources(node, predicate))

    def properties(self, node: Node) -> Iterable[str]:  # noqa: D102
        return dict.fromkeys((*self._base.properties(node), *self._claims.properties(node)))
