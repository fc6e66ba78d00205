"""What the data under validation says of the nodes that results speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from pyoxigraph import NamedNode, Triple

from missiongraph.publication.dataset import Dataset
from missiongraph.validation.report import Term
from missiongraph.validation.shacl import Graph, Node, Overlay, node_of, term_of
from missiongraph.validation.shacl.graph import TYPE, View
from missiongraph.validation.shacl.paths import Path
from missiongraph.vocab import MG


class Values(View):
    """The default graph as validation looks at it, or with an alternative graph in the place of what it contradicts.

    :param nodes: those whose own values will be asked for; others can be too, at the cost of an index of all
    """

    def __init__(self, dataset: Dataset, nodes: Iterable[Term | None]) -> None:
        self._dataset = dataset
        self._wanted = {node for node in nodes if node is not None}
        self._near = {node_of(node) for node in self._wanted if not isinstance(node, Triple)}

    def of(self, node: Term, path: Path, graph: NamedNode | None = None) -> list[Term]:
        """What *path* leads to from *node*."""
        return [term_of(value) for value in path.values(self._with(graph), node_of(node))]

    def classes(self, node: Term) -> list[NamedNode]:
        """The classes that are stated of *node*."""
        kinds = () if isinstance(node, Triple) else map(term_of, self.values(node_of(node), TYPE))
        return [kind for kind in kinds if isinstance(kind, NamedNode)]

    def is_alternative(self, graph: NamedNode | None) -> bool:
        """Whether *graph* stands in the place of what it contradicts."""
        return graph is not None and self._dataset.ranks.get(graph) == MG.alternative

    def _with(self, graph: NamedNode | None) -> View:
        if graph is None or not self.is_alternative(graph):
            return self
        claims = self._dataset.triples_in([graph])
        stated = {(node_of(claim.subject), claim.predicate.value) for claim in claims}
        return Overlay(self, Graph(claims, None), stated)

    def values(self, node: Node, predicate: str) -> Sequence[Node]:  # noqa: D102
        return (self._of_wanted if node in self._near else self._whole).values(node, predicate)

    def sources(self, node: Node, predicate: str) -> Sequence[Node]:  # noqa: D102
        return self._whole.sources(node, predicate)

    def subjects(self, predicate: str) -> Iterable[Node]:  # noqa: D102
        return self._whole.subjects(predicate)

    def objects(self, predicate: str) -> Iterable[Node]:  # noqa: D102
        return self._whole.objects(predicate)

    def properties(self, node: Node) -> Iterable[str]:  # noqa: D102
        return (self._of_wanted if node in self._near else self._whole).properties(node)

    @cached_property
    def _of_wanted(self) -> Graph:
        return Graph((triple for triple in self._dataset.default_graph if triple.subject in self._wanted), None)

    @cached_property
    def _whole(self) -> Graph:
        return Graph(self._dataset.default_graph, None)
