"""Validation of focus nodes against shapes (SHACL, section 3.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

from pyoxigraph import Store

from missiongraph.validation.shacl.graph import Node, View
from missiongraph.validation.shacl.shapes import Fault, Found, Shape, circles_of

#: How deep the results of shapes that refer to themselves are shown.
_SHOWN = 6
_REMEMBERED = 200_000

_Pair = tuple[Shape, Node]


def predicates_of(shapes: Iterable[Shape]) -> frozenset[str] | None:
    """The properties that *shapes* read, beside those for classes; ``None``: all properties."""
    found: set[str] = set()
    for shape in shapes:
        found.update(shape.targets.subjects_of, shape.targets.objects_of)
        if shape.path is not None:
            found.update(shape.path.predicates())
        for constraint in shape.constraints:
            if constraint.everything:
                return None
            found.update(constraint.predicates())
    return frozenset(found)


class Run:
    """One validation of one graph.

    A node conforms to a shape that refers to itself, unless something else speaks against it. In other words, the
    validation takes the greatest set of pairs of node and shape that is consistent. SHACL leaves this open (section
    3.4.3).

    :param store: makes the same graph as a store, if a shape has a query
    :param circular: the shapes that refer to themselves; ``None``: not known
    """

    def __init__(
        self,
        graph: View,
        shapes: Sequence[Shape],
        store: Callable[[], Store],
        circular: Collection[Shape] | None = None,
    ) -> None:
        self.graph = graph
        self._shapes = shapes
        self._store = store
        self._circular = frozenset(circles_of(shapes)) if circular is None else circular
        self._known: dict[_Pair, bool] = {}
        self._dependents: dict[_Pair, set[_Pair]] = defaultdict(set)
        self._asking: list[_Pair] = []
        self._pending: list[_Pair] = []
        self._open: list[_Pair] = []
        self._met: set[_Pair] = set()

    @cached_property
    def store(self) -> Store:
        """The graph as a store for queries."""
        return self._store()

    def results(self, only: Collection[Node] | None = None) -> Iterator[Found]:
        """The results of all shapes for their targets.

        :param only: consider only these focus nodes
        """
        for shape in self._shapes:
            if shape.targets and not shape.deactivated:
                aimed = self.targets(shape) if only is None else (node for node in only if self.aims_at(shape, node))
                for focus in aimed:
                    yield from self.against(shape, focus)

    def targets(self, shape: Shape) -> Iterable[Node]:
        """The focus nodes that the targets of *shape* give, each once."""
        graph, aims = self.graph, shape.targets
        groups: tuple[Iterable[Node], ...] = (
            *((aims.nodes,) if aims.nodes else ()),
            *(graph.instances(iri) for iri in aims.classes),
            *(graph.subjects(iri) for iri in aims.subjects_of),
            *(graph.objects(iri) for iri in aims.objects_of),
        )
        if len(groups) == 1:
            return groups[0]
        return dict.fromkeys(node for group in groups for node in group)

    def aims_at(self, shape: Shape, node: Node) -> bool:
        """Whether *node* is a target of *shape*."""
        graph, aims = self.graph, shape.targets
        return (
            node in aims.nodes
            or any(graph.is_instance(node, iri) for iri in aims.classes)
            or any(graph.values(node, iri) for iri in aims.subjects_of)
            or any(graph.sources(node, iri) for iri in aims.objects_of)
        )

    def conforms(self, shape: Shape, node: Node) -> bool:
        """Whether *node* conforms to *shape*."""
        pair = shape, node
        if shape in self._circular:
            return self._agrees(pair)
        if pair in self._met:
            return True
        if self._look(shape, node):
            return False
        if len(self._met) < _REMEMBERED and not self._asking:  # an assumption may be withdrawn
            self._met.add(pair)
        return True

    def against(self, shape: Shape, node: Node) -> Sequence[Found]:
        """The results of *shape* for *node*; empty if it conforms."""
        pair = shape, node
        if shape not in self._circular:
            return self._look(shape, node)
        if self._agrees(pair):
            return ()
        if self._asking or pair in self._open or len(self._open) >= _SHOWN:
            return (Found(shape, None, node, Fault()),)
        self._open.append(pair)
        try:
            return self._look(shape, node)
        finally:
            self._open.pop()

    def _look(self, shape: Shape, focus: Node) -> Sequence[Found]:
        if shape.deactivated:
            return ()
        values: Sequence[Node] = (focus,) if shape.path is None else shape.path.values(self.graph, focus)
        found: list[Found] = []
        for constraint in shape.constraints:
            for fault in constraint.faults(self, shape, focus, values):
                found.append(Found(shape, constraint, focus, fault))
        for inner in shape.properties:
            for value in values:
                found += self.against(inner, value)
        return found

    def _agrees(self, pair: _Pair) -> bool:
        """Whether the node conforms to the circular shape. This is assumed first, and withdrawn if it proves wrong."""
        if self._asking:
            self._dependents[pair].add(self._asking[-1])
        if pair not in self._known:
            self._known[pair] = True
            self._pending.append(pair)
            if not self._asking:
                self._settle()
        return self._known[pair]

    def _settle(self) -> None:
        while self._pending:
            pair = self._pending.pop()
            if not self._known[pair]:
                continue
            self._asking.append(pair)
            try:
                found = self._look(*pair)
            finally:
                self._asking.pop()
            if found:
                self._known[pair] = False
                self._pending += self._dependents.pop(pair, ())
        self._dependents.clear()
