"""``/sparql``: the HTTP side of :mod:`missiongraph.sparql`, and the query page."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from flask import Request, Response
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, parse_query_results

from missiongraph.publication.settings import pick
from missiongraph.rdf.formats import Format, content_type
from missiongraph.sparql.evaluators.worker_handle import Unanswered
from missiongraph.sparql.http_replies import UNLISTED, SparqlProblem, etag_for, formats_for, reply_headers, wants_page
from missiongraph.sparql.request import ProtocolError, SparqlRequest, read_request
from missiongraph.sparql.results import FORMATS, GRAPH_FORMATS, SOLUTION_FORMATS, ResultFormat, write_graph
from missiongraph.sparql.service_description import service_description
from missiongraph.translation import message
from missiongraph.web.content.layout.page_frame import layout_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.answer_rows import Rows, sorted_rows
from missiongraph.web.content.rows.editor_data import editor_data
from missiongraph.web.content.rows.opening_query import opening_query
from missiongraph.web.content.rows.row_views import DRAWINGS, MOST_ROWS, table
from missiongraph.web.context.site import Site
from missiongraph.web.context.synchronous_evaluation import ASKED
from missiongraph.web.http.languages import preferred_language
from missiongraph.web.http.parameters import revalidated, root_of
from missiongraph.web.http.problems import HttpProblem, accepted
from missiongraph.web.http.registry import HTML_TYPE, Member, Variant
from missiongraph.web.rendering.view_models import Choice, Link, QueryError, Result, SparqlPage, Tab, ViewName

#: Largest answer, in bytes, that is sent whole with ``Content-Length``. Larger ones are sent in blocks.
_WHOLE_BYTES = 1 << 20

#: The query page without a query: most rows of its first answer, and most seconds to wait for it.
_OPENED_ROWS, _OPENED_SECONDS = 20, 5.0

_VARY = "Accept, Accept-Language"

#: Most bytes of an answer in the raw view.
_MOST_RAW = 64 << 10

#: The views of an answer, with their names.
VIEWS: Final[dict[ViewName, str]] = {
    "table": message("Table"),
    "chart": message("Chart"),
    "timeline": message("Timeline"),
    "map": message("Map"),
    "graph": message("Graph"),
    "raw": message("Raw"),
}


@dataclass(frozen=True)
class Outcome:
    """The result of a query for the query page: rows, the truth of an ASK query, or a problem.

    :ivar raw: the answer as the engine wrote it
    """

    rows: Rows | None = None
    raw: bytes = b""
    truth: bool | None = None
    problem: SparqlProblem | None = None


@dataclass(frozen=True)
class Look:
    """The query page by the parameters in its address: query, view, order."""

    query: str
    view: str = "table"
    order: str | None = None

    @property
    def member(self) -> Member:
        """The query page as a member."""
        view = (("view", self.view),) if self.view != "table" else ()
        order = (("sort", self.order),) if self.order else ()
        return Member("sparql", "", (("query", self.query), *view, *order) if self.query else ())

    def address(self) -> str:
        """Its address below the root."""
        return self.member.address()

    def download(self, extension: str) -> str:
        """The address of the answer in the format with that *extension*."""
        return Member("sparql", "", (("query", self.query),)).address(format=extension)

    def with_view(self, view: str) -> Look:
        """The same query and order in another view."""
        return replace(self, view=view)

    def with_order(self, order: str) -> Look:
        """The same query and view in another order."""
        return replace(self, order=order)


#: An expected token and a character class, as the engine writes them in the message of a syntax error.
_TOKEN = re.compile(r'"[^"]+"|\b[A-Z]{2,}\b')
_CHARACTERS = re.compile(r"\[(?:'[^']*'|[^\]'])*\]")


#: What may precede the query form (SPARQL 1.1, sections 4.1.1 and 19.4); the operations of SPARQL 1.1 Update.
_NOT_THE_FORM = re.compile(r"\A(?:\s+|#[^\n]*|PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>)*", re.IGNORECASE)
_UPDATE = re.compile(r"(?:INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b", re.IGNORECASE)


def answer_query(site: Site, request: Request) -> Response:
    """The response to a request of the SPARQL 1.1 Protocol.

    :raises HttpProblem: if the protocol or the query forbids it, or the time limit has passed
    """
    try:
        asked = read_request(
            request.method,
            request.query_string,
            request.mimetype,
            request.mimetype_params.get("charset", ""),
            request.get_data(),
        )
        if asked.query is None:
            response = _without_query(site, request, asked)
        elif wants_page(asked, accepted(request)):
            response = _page(site, request, asked, _outcome(site, asked))
            response.headers.update(UNLISTED)
        else:
            response = _data(site, request, asked)
    except ProtocolError as error:
        raise HttpProblem(error.status, str(error)) from None
    except SparqlProblem as error:
        headers = {"Retry-After": str(error.retry)} if error.retry is not None else None
        raise HttpProblem(error.status, error.detail, headers, line=error.line, column=error.column) from None
    response.headers["Vary"] = _VARY
    return response


def _without_query(site: Site, request: Request, asked: SparqlRequest) -> Response:
    """The query page for browsers, the service description for other clients."""
    form = _description_format(request, asked)
    if form is None:
        return _opened(site, request)
    settings = site.settings
    root, dataset = root_of(site, request), NamedNode(site.build.manifest["dataset"])
    more = (f"{root}.well-known/void", f"{root}catalog")
    allowed = settings.service.allow
    triples = service_description(site.measured, f"{root}sparql", dataset, settings.limits, allowed, more)
    body = write_graph(triples, form, site.build.prefixes)
    return Response(body, content_type=content_type(form.media_type), headers={"Cache-Control": "no-store"})


def _description_format(request: Request, asked: SparqlRequest) -> Format | None:
    """The format of the service description; ``None`` if the client prefers the page."""
    types = {f.media_type: f for f in GRAPH_FORMATS} | {alias: f for f in GRAPH_FORMATS for alias in f.aliases}
    if asked.format is not None and asked.format != "html":
        form = FORMATS.get(asked.format)
        if not isinstance(form, Format):
            names = ", ".join(f.extension for f in GRAPH_FORMATS)
            raise HttpProblem(400, f"format: the service description comes as {names}, or html for the query page")
        return form
    accept = accepted(request)
    chosen = accept.best_match([HTML_TYPE, *types]) if accept and asked.format is None else HTML_TYPE
    if chosen is None:
        raise HttpProblem(406, f"offered as {HTML_TYPE}, {', '.join(types)}")
    return types.get(chosen)


def _data(site: Site, request: Request, asked: SparqlRequest) -> Response:
    formats = formats_for(asked, accepted(request))
    etag = etag_for(site.build.id, asked, formats)
    if request.if_none_match.contains(etag):
        return Response(status=304, headers={"ETag": f'"{etag}"'})
    reply, blocks = site.evaluation.ask(asked, formats)
    first, whole = bytearray(), True
    try:
        for block in blocks:
            first += block
            if len(first) > _WHOLE_BYTES:
                whole = False
                break
    except Unanswered as failure:
        raise SparqlProblem(failure.status, str(failure), retry=failure.retry) from None
    response = Response(
        bytes(first) if whole else chain([bytes(first)], blocks),
        headers=reply_headers(reply.format, volatile=reply.volatile),
    )
    if not reply.volatile:
        response.set_etag(etag)
    return response


def _outcome(site: Site, asked: SparqlRequest, seconds: float | None = None) -> Outcome:
    """The result of a query for the query page.

    :param seconds: a time limit shorter than the publication's
    """
    found = ASKED.get() or site.evaluation.ask_whole(asked, seconds)
    if isinstance(found, SparqlProblem):
        return Outcome(problem=found)
    if found.kind == "graph":
        return Outcome(Rows.of_graph(found.content), raw=found.content)
    read = parse_query_results(found.content, QueryResultsFormat.JSON)
    if isinstance(read, QueryBoolean):
        return Outcome(truth=bool(read))
    return Outcome(Rows.of_solutions(read), raw=found.content)


def _opened(site: Site, request: Request) -> Response:
    """The query page without a query: with a first query and its answer.

    It depends on build and language only, so that it is kept once rendered; if the query had no answer, it is not kept.
    """
    reader = _reader(site, request)
    _parameter(request, "view", VIEWS)
    key = (reader.language, reader.explicit)
    if key not in site.sparql_pages:
        asked = SparqlRequest(opening_query(site))
        outcome = _outcome(site, asked, _OPENED_SECONDS)
        text = _written_page(reader, Look(asked.query or ""), asked, outcome, opened=True)
        if outcome.problem is not None:
            return Response(text, mimetype=HTML_TYPE, headers={"Cache-Control": "no-store"})
        site.sparql_pages[key] = text
    return revalidated(request, Response(site.sparql_pages[key], mimetype=HTML_TYPE), _VARY)


def _page(site: Site, request: Request, asked: SparqlRequest, outcome: Outcome) -> Response:
    reader = _reader(site, request)
    look = _look(request, (asked.query or "").replace("\r\n", "\n"), outcome)  # forms send lines that end in CR LF
    status = outcome.problem.status if outcome.problem else 200
    return Response(_written_page(reader, look, asked, outcome), status, mimetype=HTML_TYPE)


def _reader(site: Site, request: Request) -> Reader:
    language = _parameter(request, "lang", site.languages)
    best = language or preferred_language(site, request)
    return Reader(site, Variant(HTML_TYPE, "html", "HTML", best, explicit=language is not None))


def _written_page(reader: Reader, look: Look, asked: SparqlRequest, outcome: Outcome, *, opened: bool = False) -> str:
    """The query page as HTML.

    :param opened: whether it is the page without a query, which has the bare address and fewer rows
    """
    site, text = reader.site, look.query
    title = reader.say("Ask the graph")
    problem, limits = outcome.problem, site.settings.limits
    view = SparqlPage(
        title=title,
        action="/sparql",
        query=text,
        questions=tuple(
            Link(
                pick(q.question or q.title, (reader.language,)) or q.name,
                reader.href(Look(q.query).address()),
                current=q.query.strip() == text.strip(),
            )
            for q in site.build.questions
        ),
        prefixes=tuple(site.build.prefixes.items()),
        formats=(Choice("html", reader.say("Page"), True), *(Choice(name, f.name) for name, f in FORMATS.items())),
        error=_error(reader, problem, text, limits.seconds) if problem and not opened else None,
        result=_result(reader, look, asked, outcome, _OPENED_ROWS if opened else MOST_ROWS)
        if text and problem is None
        else None,
        limit_seconds=round(limits.seconds),
        service=Link(reader.say("Service description"), "/sparql?format=ttl"),
        forced_language=reader.language if reader.explicit else None,
        editor=editor_data(reader) if site.renderer.has_editor else None,
    )
    description = reader.say("Ask the whole publication in SPARQL.")
    layout = layout_of(reader, Member("sparql", "") if opened else look.member, title, description=description)
    return site.renderer.render("ask.html", view, layout)


def _parameter(request: Request, name: str, values: Collection[str]) -> str | None:
    """The value of the parameter *name*; ``None`` if it is missing.

    :raises HttpProblem: 400, if it is none of *values*
    """
    given = request.args.get(name)
    if given is not None and given not in values:
        raise HttpProblem(400, f"{name}: “{given}” is none of {', '.join(values)}")
    return given


def _look(request: Request, text: str, outcome: Outcome) -> Look:
    view = _parameter(request, "view", VIEWS) or "table"
    names = outcome.rows.names if outcome.rows is not None else ()
    order = request.args.get("sort")
    if outcome.rows is not None:
        order = _parameter(request, "sort", [sign + name for name in names for sign in ("", "-")])
    return Look(text, view, order)


def _result(reader: Reader, look: Look, asked: SparqlRequest, outcome: Outcome, most: int) -> Result:
    """The answer in the view of *look*; if its columns do not suit that view, as a table of *most* rows."""
    rows, truth = outcome.rows, outcome.truth
    forms = GRAPH_FORMATS if rows is not None and rows.is_graph else SOLUTION_FORMATS
    downloads = tuple(
        Link(form.name, "/" + look.download(form.extension))
        for form in forms
        if truth is None or not isinstance(form, ResultFormat) or form.carries_ask
    )
    if rows is None:
        return Result(truth=truth, downloads=downloads)
    if look.order:
        rows = sorted_rows(reader, rows, look.order.removeprefix("-"), descending=look.order.startswith("-"))
    suitable = [name for name in VIEWS if name not in DRAWINGS or DRAWINGS[name].suits(rows)]
    name = look.view if look.view in suitable else "table"
    result = Result(
        tabs=tuple(
            Tab(tab, Link(reader.say(words), reader.href(look.with_view(tab).address()), current=tab == name))
            for tab, words in VIEWS.items()
            if rows.rows and tab in suitable
        ),
        downloads=downloads,
        is_graph=rows.is_graph,
        total=len(rows.rows),
        more=Link(reader.say("Show all."), reader.href(look.address())) if most < MOST_ROWS else None,
    )
    if name == "table":
        # Imported here, since its SPARQL parser takes a fifth of a second to load. Other pages do not need it.
        from missiongraph.web.content.rows.row_evidence import row_evidence

        shown = Rows(rows.names, rows.rows[:most], rows.is_graph)
        made = table(reader, shown, look.order, lambda order: reader.href(look.with_order(order).address()))
        return replace(result, table=replace(made, evidence=row_evidence(reader, asked, shown)), shown=len(shown.rows))
    if name == "raw":
        return replace(result, raw=_raw(outcome.raw, rows.is_graph))
    return replace(result, drawing=DRAWINGS[name].draw(reader, rows))


def _raw(content: bytes, is_graph: bool) -> str:
    text = content[:_MOST_RAW].decode(errors="ignore")
    if is_graph or len(content) > _MOST_RAW:
        return text + ("\n…" if len(content) > _MOST_RAW else "")
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2)


def _error(reader: Reader, problem: SparqlProblem, text: str, seconds: float) -> QueryError:
    if problem.status == 504:
        return QueryError("timeout", str(problem), seconds=round(seconds))
    if problem.retry is not None:
        return QueryError("busy", str(problem))
    if problem.line is None or problem.column is None:
        return QueryError("refused", str(problem))
    lines = text.splitlines() or [""]
    line = lines[min(problem.line, len(lines)) - 1]
    start = min(problem.column - 1, len(line))
    words = _no_query(reader, text) or _expected(reader, str(problem))
    return QueryError("syntax", words, problem.line, problem.column, line[:start], line[start:], "")


def _no_query(reader: Reader, text: str) -> str:
    """A hint if *text* is a SPARQL Update or has no query form; else empty."""
    if not _NOT_THE_FORM.sub("", text):
        return reader.say("There is no query here yet.")
    if _UPDATE.match(_NOT_THE_FORM.sub("", text)):
        return reader.say("This service only reads: it answers SELECT, ASK, CONSTRUCT and DESCRIBE.")
    return ""


def _expected(reader: Reader, fault: str) -> str:
    """*fault*, the engine's message of a syntax error, for readers: without character classes, in their language."""
    if "Prefix not found" in fault:
        return reader.say("A prefix is used here that is not declared.")
    if "valid IRI" in fault:
        return reader.say("This is no IRI; a relative one needs BASE.")
    tokens = _TOKEN.findall(_CHARACTERS.sub("", fault.partition("expected")[2]))
    if not tokens:
        return reader.say("Something else is expected here.")
    return reader.say("Expected here: %(tokens)s.", tokens=", ".join(tokens))
