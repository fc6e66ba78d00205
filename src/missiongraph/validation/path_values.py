"""What the data under validation says of the nodes that results speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import NamedNode, Triple

from missiongraph.publication.dataset import Dataset
from missiongraph.validation.paths import Path
from missiongraph.validation.report import Term
from missiongraph.vocab import MG, RDF

_Statements = dict[Term, dict[NamedNode, list[Term]]]


class Values:
    """Values of paths in the default graph, or where an alternative graph stands in its place.

    :param nodes: those whose own values will be asked for; others can be too, at the cost of an index of all
    """

    def __init__(self, dataset: Dataset, nodes: Iterable[Term | None]) -> None:
        self._dataset = dataset
        self._wanted = set(nodes)

    def of(self, node: Term, path: Path, graph: NamedNode | None = None) -> list[Term]:
        """What *path* leads to from *node*."""
        return list(path.values(node, lambda n, p, backwards: self._step(n, p, backwards, graph)))

    def classes(self, node: Term) -> list[NamedNode]:
        """The classes that are stated of *node*."""
        return [kind for kind in self._near(node)[node].get(RDF.type, ()) if isinstance(kind, NamedNode)]

    def properties(self, node: Term) -> set[NamedNode]:
        """The properties that *node* has."""
        return set(self._near(node)[node])

    def pointing(self, node: Term) -> dict[NamedNode, list[Term]]:
        """What has *node* as a value, by property."""
        return self._backwards[node]

    def is_alternative(self, graph: NamedNode | None) -> bool:
        """Whether *graph* stands in the place of what it contradicts."""
        return graph is not None and self._dataset.ranks.get(graph) == MG.alternative

    def _step(self, node: Term, predicate: NamedNode, backwards: bool, graph: NamedNode | None) -> Iterable[Term]:
        if backwards:
            return self._backwards[node].get(predicate, ())
        if graph is not None and self.is_alternative(graph):
            claimed = [t.object for t in self._claims(graph) if t.subject == node and t.predicate == predicate]
            if claimed:
                return claimed
        return self._near(node)[node].get(predicate, ())

    def _claims(self, graph: NamedNode) -> Iterable[Triple]:
        return self._dataset.triples_in([graph])

    def _near(self, node: Term) -> _Statements:
        return self._of_wanted if node in self._wanted else self._forwards

    @cached_property
    def _of_wanted(self) -> _Statements:
        return self._index(self._wanted)

    @cached_property
    def _forwards(self) -> _Statements:
        return self._index(None)

    def _index(self, subjects: set[Term | None] | None) -> _Statements:
        found: _Statements = defaultdict(lambda: defaultdict(list))
        for triple in self._dataset.default_graph:
            subject = triple.subject
            if subjects is None or subject in subjects:
                found[subject][triple.predicate].append(triple.object)
        return found

    @cached_property
    def _backwards(self) -> _Statements:
        found: _Statements = defaultdict(lambda: defaultdict(list))
        for triple in self._dataset.default_graph:
            found[triple.object][triple.predicate].append(triple.subject)
        return found
