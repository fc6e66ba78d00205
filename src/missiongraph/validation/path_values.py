"""The values of property paths in the data under validation, for reports."""

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
    """The default graph under validation; where asked, with an alternative graph in the place of what it contradicts.

    :param nodes: the nodes whose values will be asked for. Others can be asked for too, which needs an index of the
        whole graph.
    """

    def __init__(self, dataset: Dataset, nodes: Iterable[Term | None]) -> None:
        self._dataset = dataset
        self._wanted = {node for node in nodes if node is not None}
        self._near = {node_of(node) for node in self._wanted if not isinstance(node, Triple)}

    def of(self, node: Term, path: Path, graph: NamedNode | None = None) -> list[Term]:
        """The values of *path* for *node*.

        :param graph: an alternative graph that replaces what it contradicts
        """
        return [term_of(value) for value in path.values(self._with(graph), node_of(node))]

    def classes(self, node: Term) -> list[NamedNode]:
        """The classes that are stated of *node*."""
        kinds = () if isinstance(node, Triple) else map(term_of, self.values(node_of(node), TYPE))
        return [kind for kind in kinds if isinstance(kind, NamedNode)]

    def is_alternative(self, graph: NamedNode | None) -> bool:
        """Whether *graph* is an alternative graph (``mg:rank`` is ``mg:alternative``)."""
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
