"""The HTTP side of an answer: its format, its headers, its ``ETag``, or the problem; without a web framework."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from werkzeug.datastructures import MIMEAccept

from missiongraph.rdf.formats import Format, content_type
from missiongraph.sparql.evaluators.wire import Kind
from missiongraph.sparql.evaluators.worker_handle import Answer
from missiongraph.sparql.request import SparqlRequest
from missiongraph.sparql.results import ANY_FORMATS, FORMATS, GRAPH_FORMATS, SOLUTION_FORMATS, ResultFormat

HTML_TYPE = "text/html"

#: ``Cache-Control`` of an answer that depends on nothing but the build.
KEPT = "public, max-age=0, must-revalidate"


#: Keeps search engines from indexing answers, of which there are endlessly many.
UNLISTED = {"X-Robots-Tag": "noindex"}

#: Other names that clients use for formats: media types, and the names of SPARQLWrapper and Virtuoso.
_NAMES = {name: form.extension for form in ANY_FORMATS for name in (form.media_type, *form.aliases)} | {
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "nquads": "nq",
    "n-quads": "nq",
    "rdf+xml": "rdf",
    "json-ld": "jsonld",
}
_OF_GRAPHS = {"xml": "rdf", "json": "jsonld"}


class SparqlProblem(Exception):
    """A query that is not answered.

    :ivar status: the HTTP status
    :ivar line: the line of the query, if known, from 1; *column* likewise
    """

    def __init__(
        self, status: int, detail: str, *, line: int | None = None, column: int | None = None, retry: int | None = None
    ) -> None:
        """:param detail: what is wrong, and what to do

        :param retry: after how many seconds another try may help
        """
        self.status, self.line, self.column, self.retry = status, line, column, retry
        super().__init__(detail)

    @property
    def detail(self) -> str:
        """The place in the query, if known, and what is wrong."""
        return str(self) if self.line is None else f"{self.line}:{self.column}: {self}"


@dataclass
class Reply:
    """An answer whose head is known. Read :meth:`blocks` to the end, or call :meth:`close`."""

    format: ResultFormat | Format
    kind: Kind
    volatile: bool
    answer: Answer = field(repr=False)

    def blocks(self) -> AsyncIterator[bytes]:
        """The data.

        :raises Unanswered: the evaluator ended in the middle of them
        """
        return self.answer.blocks()

    def close(self) -> None:
        """Free the evaluator. If it has not sent everything, it is ended."""
        self.answer.close()


def wants_page(request: SparqlRequest, accept: MIMEAccept) -> bool:
    """Whether the client wants a page: it asks for one by name, or prefers HTML."""
    if request.format is not None:
        return request.format == "html"
    types = [form.media_type for form in ANY_FORMATS]
    return bool(accept) and accept.best_match([*types, "application/json", HTML_TYPE]) == HTML_TYPE


def formats_for(request: SparqlRequest, accept: MIMEAccept) -> dict[Kind, str | None]:
    """The format for each kind of answer that the client prefers; ``None`` if it accepts none.

    :raises SparqlProblem: the request names a format that does not exist
    """
    if request.format is not None:
        name = _NAMES.get(request.format.lower(), request.format)
        if name not in FORMATS:
            raise SparqlProblem(400, f"format: “{request.format}” is none of {', '.join((*FORMATS, 'html'))}")
        return {"solutions": name, "boolean": name, "graph": _OF_GRAPHS.get(name, name)}
    return {
        "solutions": _best(SOLUTION_FORMATS, accept),
        "boolean": _best(tuple(form for form in SOLUTION_FORMATS if form.carries_ask), accept),
        "graph": _best(GRAPH_FORMATS, accept),
    }


def _best(forms: tuple[ResultFormat, ...] | tuple[Format, ...], accept: MIMEAccept) -> str | None:
    if not accept:
        return forms[0].extension
    by_type = {alias: form.extension for form in forms for alias in form.aliases}
    by_type = {form.media_type: form.extension for form in forms} | by_type
    best = accept.best_match(list(by_type))
    return by_type[best] if best is not None else None


def etag_for(build_id: str, request: SparqlRequest, formats: dict[Kind, str | None]) -> str:
    """The strong ``ETag`` of the answer. It is known before the evaluation, because a build never changes."""
    asked = f"{request.query} {request.dataset} {formats}"
    return f"{build_id}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"


def reply_headers(form: ResultFormat | Format, *, volatile: bool) -> dict[str, str]:
    """The headers of an answer in *form*, without its ``ETag``.

    :param volatile: whether the answer depends on the time or on chance
    """
    return {
        "Content-Type": content_type(form.media_type),
        "Content-Disposition": f'inline; filename="result.{form.extension}"',
        "Cache-Control": "no-store" if volatile else KEPT,
        **UNLISTED,
    }
