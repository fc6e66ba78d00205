"""The SPARQL endpoint of one build: takes a request of the protocol, returns an answer whose data come in blocks."""

from __future__ import annotations

from missiongraph.sparql.evaluators.pool import Pool
from missiongraph.sparql.evaluators.wire import Job, Kind
from missiongraph.sparql.evaluators.worker_handle import Unanswered
from missiongraph.sparql.federation import Federation, Rewritten
from missiongraph.sparql.http_replies import HTML_TYPE, Reply, SparqlProblem
from missiongraph.sparql.request import SparqlRequest
from missiongraph.sparql.results import FORMATS, GRAPH_FORMATS, SOLUTION_FORMATS


class Endpoint:
    """The endpoint: a pool of evaluators, and the endpoints of others that ``SERVICE`` may reach.

    :ivar pool: belongs to the event loop that starts it
    """

    def __init__(self, pool: Pool, federation: Federation) -> None:
        """:param pool: need not have been started"""
        self.pool, self._federation = pool, federation

    async def ask(self, request: SparqlRequest, formats: dict[Kind, str | None]) -> Reply:
        """Have the query of *request* evaluated.

        :param formats: the format for each kind of answer, as `formats_for` gives it
        :raises SparqlProblem: the query is refused, no format is acceptable, or there was no answer in time
        """
        text = request.query or ""
        asked = await self._federation.answered(text) if "SERVICE" in text.upper() else None
        default = named = None
        if request.dataset is not None:
            default = tuple(graph.value for graph in request.dataset.default)
            named = tuple(graph.value for graph in request.dataset.named)
        try:
            answer = await self.pool.ask(Job(asked.text if asked else text, default, named, formats))
        except Unanswered as failure:
            raise SparqlProblem(failure.status, str(failure), retry=failure.retry) from None
        head = answer.head
        if head.status == 200 and head.kind is not None and head.format is not None:
            volatile = head.volatile or (asked is not None and bool(asked.pieces))
            return Reply(FORMATS[head.format], head.kind, volatile, answer)
        try:
            async for _ in answer.blocks():
                pass
        except Unanswered as failure:
            raise SparqlProblem(failure.status, str(failure), retry=failure.retry) from None
        finally:
            answer.close()
        detail = head.detail
        if head.status == 406 and not detail:
            forms = GRAPH_FORMATS if head.kind == "graph" else SOLUTION_FORMATS
            detail = f"this answer is offered as {', '.join(form.media_type for form in forms)}, {HTML_TYPE}"
        line, column = _place(asked, head.line, head.column)
        raise SparqlProblem(head.status, detail, line=line, column=column)


def _place(asked: Rewritten | None, line: int | None, column: int | None) -> tuple[int | None, int | None]:
    """Translate a place in the evaluated text into a place in the text that the client sent."""
    return (line, column) if asked is None or line is None or column is None else asked.place(line, column)
