"""Where a publication is queried: a build on this machine, or a site over HTTP. Both answer by the same interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from missiongraph.build import Build
from missiongraph.engine.protocol import Answer, Engine, QueryDataset
from missiongraph.errors import OutOfBounds, Problem, QueryRefused
from missiongraph.publication.query_files import Question
from missiongraph.publication.settings import pick
from missiongraph.reconciliation.queries import Query
from missiongraph.sparql.evaluators.wire import Kind
from missiongraph.sparql.evaluators.worker_handle import Unanswered
from missiongraph.sparql.http_replies import SparqlProblem
from missiongraph.sparql.request import SparqlRequest
from missiongraph.web.context.site import Site

#: The largest answer of a query, in bytes.
MOST_BYTES = 256 << 20

#: What an answer that is larger than this is refused with.
TOO_LARGE = Problem(f"the answer is larger than {MOST_BYTES >> 20} MB", advice="add a LIMIT, or ask for less at once")

#: The format in which each kind of answer is asked for.
FORMATS: dict[Kind, str | None] = {"solutions": "json", "boolean": "json", "graph": "nt"}

Candidates = list[dict[str, Any]]
"""Candidates as the reconciliation service writes them: ``id``, ``name``, ``type``, ``score``, ``match`` and so on."""


class Graph(Protocol):
    """A publication that answers."""

    @property
    def base(self) -> str:
        """The base of its IRIs."""
        ...

    @property
    def engine(self) -> Engine:
        """Answers the queries of this package, which are bounded by what they name."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its pages, the default first."""
        ...

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Namespaces by prefix, which queries may use without declaring them."""
        ...

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that it ships, if they can be read."""
        ...

    def title(self, language: str) -> str:
        """What it is called."""
        ...

    def answer(self, text: str) -> tuple[Kind, bytes]:
        """The answer to the query *text* of a client: JSON results, or N-Triples of a graph.

        :raises QueryRefused: it is no query, or asks for what is not answered
        :raises OutOfBounds: it takes too long, or its answer is too large
        """
        ...

    def candidates(self, texts: Sequence[str], kind: str, most: int, language: str) -> list[Candidates]:
        """The things that each of *texts* may name, the best first; of the class *kind* if that is not empty."""
        ...

    def close(self) -> None:
        """End what it started."""
        ...


class LocalGraph:
    """A build that is open on this machine. Queries of clients run in processes with the limits of its settings."""

    def __init__(self, site: Site) -> None:
        """:param site: the build, with what is made of it once"""
        self._site = site

    @property
    def base(self) -> str:
        """See :class:`Graph`."""
        return self._site.base

    @property
    def engine(self) -> Engine:
        """See :class:`Graph`."""
        return self._site.engine

    @property
    def languages(self) -> tuple[str, ...]:
        """See :class:`Graph`."""
        return self._site.languages

    @property
    def prefixes(self) -> Mapping[str, str]:
        """See :class:`Graph`."""
        return self._site.build.prefixes

    @property
    def questions(self) -> tuple[Question, ...]:
        """See :class:`Graph`."""
        return self._site.build.questions

    def title(self, language: str) -> str:
        """See :class:`Graph`."""
        return pick(self._site.settings.title, (language,))

    def answer(self, text: str) -> tuple[Kind, bytes]:
        """See :class:`Graph`."""
        content = bytearray()
        try:
            reply, blocks = self._site.evaluation.ask(SparqlRequest(text), FORMATS)
            for block in blocks:
                content += block
                if len(content) > MOST_BYTES:
                    blocks.close()  # type: ignore[attr-defined]  # a generator
                    raise OutOfBounds(TOO_LARGE)
        except SparqlProblem as problem:
            raise refusal(problem.status, problem.detail) from None
        except Unanswered as failure:
            raise refusal(failure.status, str(failure)) from None
        return reply.kind, bytes(content)

    def candidates(self, texts: Sequence[str], kind: str, most: int, language: str) -> list[Candidates]:
        """See :class:`Graph`."""
        asked = [Query(text, types=(kind,) if kind else (), limit=most) for text in texts]
        found: list[Candidates] = self._site.reconciliation.match(asked, (language, *self.languages))
        return [one[:most] for one in found]

    def close(self) -> None:
        """See :class:`Graph`."""
        if "evaluation" in self._site.__dict__:
            self._site.evaluation.close()
        self._site.build.close()


def opened(build: Build) -> Graph:
    """*build* as a graph."""
    return LocalGraph(Site(build))


def refusal(status: int, detail: str) -> QueryRefused | OutOfBounds:
    """The error for the *status* by which the endpoint refuses a query."""
    return QueryRefused(Problem(detail)) if status < 429 else OutOfBounds(Problem(detail))


class AskedEngine:
    """An engine that has its queries answered by a graph elsewhere. It answers SELECT and ASK."""

    def __init__(self, graph: Graph) -> None:
        """:param graph: where queries go"""
        self._graph = graph

    @cached_property
    def base(self) -> str | None:
        """See :class:`~missiongraph.engine.protocol.Engine`: asked from the endpoint, which resolves ``<>``."""
        found = solutions(self._graph.answer("SELECT ?base { BIND(<> AS ?base) }")[1])
        return str(next(iter(found))["base"].value)

    def query(
        self, text: str, *, prefixes: dict[str, str] | None = None, dataset: QueryDataset | None = None
    ) -> Answer:
        """See :class:`~missiongraph.engine.protocol.Engine`."""
        kind, content = self._graph.answer(text)
        if kind == "graph" or dataset is not None:
            raise TypeError("only SELECT and ASK are asked here")
        return parse_query_results(content, QueryResultsFormat.JSON)


def solutions(content: bytes) -> QuerySolutions:
    """The solutions in JSON *content*."""
    return cast(QuerySolutions, parse_query_results(content, QueryResultsFormat.JSON))


def is_true(content: bytes) -> bool:
    """The answer of an ASK in JSON *content*."""
    return bool(cast(QueryBoolean, parse_query_results(content, QueryResultsFormat.JSON)))
