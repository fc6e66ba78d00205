"""The one protocol through which pages, checks and ``/sparql`` ask the graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolution, QuerySolutions, QueryTriples, Triple

Answer = QuerySolutions | QueryBoolean | QueryTriples
Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class QueryDataset:
    """The RDF dataset that one request asks for (SPARQL 1.1, section 13.2).

    The default graph is the merge of *default*, each triple once; ``GRAPH`` sees *named* and nothing else.
    """

    default: tuple[NamedNode, ...] = ()
    named: tuple[NamedNode, ...] = ()


class Engine(Protocol):
    """Answers SPARQL 1.1 queries over one dataset with a materialised default graph.

    :ivar base: what relative IRIs of a query are resolved against where it states no base (SPARQL 1.1, section 4.1.1)
    """

    @property
    def base(self) -> str | None:
        """See above."""
        ...

    def query(
        self, text: str, *, prefixes: dict[str, str] | None = None, dataset: QueryDataset | None = None
    ) -> Answer:
        """Evaluate *text*.

        :param prefixes: prefixes that the query may use undeclared
        :param dataset: the dataset asked for, instead of any that the text names; ``None``: the engine's own
        :raises SyntaxError: *text* is not a query
        :raises missiongraph.errors.OutOfBounds: the merge asked for is too large
        """
        ...


def rows(engine: Engine, text: str) -> Iterator[QuerySolution]:
    """The solutions of a SELECT query that is known to be one."""
    answer = engine.query(text)
    if not isinstance(answer, QuerySolutions):
        raise TypeError("not a SELECT query")
    return iter(answer)
