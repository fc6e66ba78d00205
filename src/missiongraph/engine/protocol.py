"""The protocol by which pages, checks and ``/sparql`` query the graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolution, QuerySolutions, QueryTriples, Triple

Answer = QuerySolutions | QueryBoolean | QueryTriples
Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class QueryDataset:
    """The RDF dataset of a query (SPARQL 1.1, section 13.2).

    :ivar default: the graphs whose merge is the default graph, with each triple once
    :ivar named: the named graphs, which are all that ``GRAPH`` sees
    """

    default: tuple[NamedNode, ...] = ()
    named: tuple[NamedNode, ...] = ()


class Engine(Protocol):
    """Answers SPARQL 1.1 queries over one dataset with a materialised default graph.

    :ivar base: the base IRI of queries that state none (SPARQL 1.1, section 4.1.1)
    """

    @property
    def base(self) -> str | None:
        """The base IRI of queries that state none."""
        ...

    def query(
        self, text: str, *, prefixes: dict[str, str] | None = None, dataset: QueryDataset | None = None
    ) -> Answer:
        """Evaluates the query *text*.

        :param prefixes: namespaces of the prefixes that the query may use without declaring them
        :param dataset: the dataset, instead of one that *text* names; ``None`` means that of *text* or of the engine
        :raises SyntaxError: *text* is not a query
        :raises missiongraph.errors.OutOfBounds: the graphs of *dataset* are too large to be merged
        """
        ...


def rows(engine: Engine, text: str) -> Iterator[QuerySolution]:
    """Evaluates the SELECT query *text* and yields its solutions.

    :raises TypeError: *text* is another form of query
    """
    answer = engine.query(text)
    if not isinstance(answer, QuerySolutions):
        raise TypeError("not a SELECT query")
    return iter(answer)
