"""The embedded engine: answers SPARQL queries with a pyoxigraph store on disk or in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from missiongraph.engine.protocol import Answer, QueryDataset
from missiongraph.errors import BuildError, OutOfBounds, Problem


class EmbeddedEngine:
    """Answers queries over a store whose default graph is already the union of the accepted graphs."""

    def __init__(self, store: Store, *, base: str | None = None, merge_triples: int = 2_000_000) -> None:
        self._store = store
        self.base = base
        self._merge_triples = merge_triples

    @classmethod
    def of(cls, default_graph: Iterable[Triple], quads: Iterable[Quad], *, base: str | None = None) -> EmbeddedEngine:
        """Makes an engine in memory over *default_graph* and the named graphs of *quads*."""
        store = Store()
        fill(store, default_graph, quads)
        return cls(store, base=base)

    def add(self, default_graph: Iterable[Triple], quads: Iterable[Quad]) -> None:
        """Adds statements to a store in memory."""
        fill(self._store, default_graph, quads)

    @contextmanager
    def holding(self, graph: NamedNode, triples: Iterable[Triple]) -> Iterator[Store]:
        """Gives the store, which also has *triples* in the named graph *graph* until the block ends."""
        quads = [Quad(one.subject, one.predicate, one.object, graph) for one in triples]
        new = [quad for quad in quads if quad not in self._store]
        self._store.extend(new)
        try:
            yield self._store
        finally:
            for quad in new:
                self._store.remove(quad)

    @classmethod
    def open(cls, folder: Path, *, base: str, merge_triples: int) -> EmbeddedEngine:
        """Opens the store in *folder* for reading.

        :param base: the base IRI of queries without one
        :param merge_triples: the most triples of a query's dataset that are merged
        :raises BuildError: there is no usable store in *folder*
        """
        try:
            return cls(Store.read_only(str(folder)), base=base, merge_triples=merge_triples)
        except OSError as error:
            raise BuildError(Problem(f"cannot open the store {folder}: {error}", advice="build again")) from None

    def query(
        self, text: str, *, prefixes: dict[str, str] | None = None, dataset: QueryDataset | None = None
    ) -> Answer:
        """See :meth:`missiongraph.engine.protocol.Engine.query`."""
        if dataset is None:
            return self._store.query(text, base_iri=self.base, prefixes=prefixes)
        named: list[NamedNode | BlankNode] = [*set(dataset.named)]  # a graph named twice would count twice
        if len(set(dataset.default)) > 1:
            merged = self._merge(dataset)
            return merged.query(  # given explicitly, since a FROM in the text would name graphs that this store lacks
                text, base_iri=self.base, prefixes=prefixes, default_graph=DefaultGraph(), named_graphs=named
            )
        return self._store.query(
            text,
            base_iri=self.base,
            prefixes=prefixes,
            default_graph=list(set(dataset.default)),
            named_graphs=named,
        )

    def statements(self, predicates: Iterable[str]) -> Iterator[Quad]:
        """Yields the statements of the default graph with one of *predicates* (IRIs)."""
        for predicate in dict.fromkeys(predicates):
            yield from self._store.quads_for_pattern(None, NamedNode(predicate), None, DefaultGraph())

    def _merge(self, dataset: QueryDataset) -> Store:
        """A store with each triple of the default graphs once, since the engine would count it once for each graph."""
        default, named = set(dataset.default), set(dataset.named)
        size = sum(sum(1 for _ in self._graph(graph)) for graph in default | named)
        if size > self._merge_triples:
            raise OutOfBounds(
                Problem(
                    f"the graphs named hold {size} triples, more than {self._merge_triples} are not merged",
                    advice="name fewer graphs, or use GRAPH",
                )
            )
        merged = Store()
        for graph in default:
            merged.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in self._graph(graph))
        for graph in named:
            merged.extend(self._graph(graph))
        return merged

    def _graph(self, graph: NamedNode) -> Iterator[Quad]:
        return self._store.quads_for_pattern(None, None, None, graph)


def fill(store: Store, default_graph: Iterable[Triple], quads: Iterable[Quad]) -> None:
    """Loads *default_graph* and *quads* into *store*; blank nodes keep their labels, so joins between graphs work."""
    store.bulk_extend(Quad(triple.subject, triple.predicate, triple.object) for triple in default_graph)
    store.bulk_extend(quads)
