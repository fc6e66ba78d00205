"""``/sparql`` over Flask: a thin adapter between HTTP and :mod:`missiongraph.sparql`, and the query page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from flask import Request, Response
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from missiongraph.serialisation.formats import Format
from missiongraph.settings import pick
from missiongraph.sparql.description import service_description
from missiongraph.sparql.request import ProtocolError, SparqlRequest, read_request
from missiongraph.sparql.results import FORMATS, GRAPH_FORMATS, SOLUTION_FORMATS, ResultFormat, write_graph
from missiongraph.sparql.service import SparqlProblem, content_type, etag_for, formats_for, reply_headers, wants_page
from missiongraph.web.frame import frame
from missiongraph.web.parameters import root_of
from missiongraph.web.problems import HttpProblem, accepted
from missiongraph.web.reader import Reader
from missiongraph.web.registry import HTML_TYPE, Member, Variant
from missiongraph.web.site import Site
from missiongraph.web.views import AskPage, Choice, Link, QueryError, ResultTable

#: Rows of an answer that the result page shows; every other format has all of them.
MOST_ROWS = 500

#: Bytes up to which an answer is sent whole, with its length; beyond, block by block.
_WHOLE_BYTES = 1 << 20


@dataclass(frozen=True)
class Outcome:
    """What became of a query that a person asked: an answer in one of its kinds, or a problem."""

    solutions: QuerySolutions | None = None
    truth: bool | None = None
    graph: str | None = None
    problem: SparqlProblem | None = None


def answer_query(site: Site, request: Request) -> Response:
    """The answer to a request of the SPARQL Protocol.

    :raises HttpProblem: what the protocol or the query does not allow, and what was not answered in time
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
        else:
            response = _data(site, request, asked)
    except ProtocolError as error:
        raise HttpProblem(error.status, str(error)) from None
    except SparqlProblem as error:
        headers = {"Retry-After": str(error.retry)} if error.retry is not None else None
        raise HttpProblem(error.status, error.detail, headers, line=error.line, column=error.column) from None
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _without_query(site: Site, request: Request, asked: SparqlRequest) -> Response:
    """The query page for people, the service description for machines."""
    form = _description_format(request, asked)
    if form is None:
        return _page(site, request, SparqlRequest(""), Outcome())
    limits = site.settings.limits
    endpoint, dataset = f"{root_of(site, request)}sparql", NamedNode(site.build.manifest["dataset"])
    triples = service_description(site.engine, endpoint, dataset, limits)
    body = write_graph(triples, form, site.build.prefixes)
    return Response(body, content_type=content_type(form.media_type), headers={"Cache-Control": "no-store"})


def _description_format(request: Request, asked: SparqlRequest) -> Format | None:
    """The format of the service description; ``None``: the page is wanted."""
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
    for block in blocks:
        first += block
        if len(first) > _WHOLE_BYTES:
            whole = False
            break
    response = Response(
        bytes(first) if whole else chain([bytes(first)], blocks),
        headers=reply_headers(reply.format, volatile=reply.volatile),
    )
    if not reply.volatile:
        response.set_etag(etag)
    return response


def _outcome(site: Site, asked: SparqlRequest) -> Outcome:
    """The answer for the result page."""
    found = site.evaluation.ask_whole(asked)
    if isinstance(found, SparqlProblem):
        return Outcome(problem=found)
    if found.kind == "graph":
        return Outcome(graph=found.content.decode())
    read = parse_query_results(found.content, QueryResultsFormat.JSON)
    return Outcome(truth=bool(read)) if isinstance(read, QueryBoolean) else Outcome(solutions=read)


def _page(site: Site, request: Request, asked: SparqlRequest, outcome: Outcome) -> Response:
    language = request.args.get("lang")
    if language is not None and language not in site.languages:
        raise HttpProblem(400, f"lang: “{language}” is none of {', '.join(site.languages)}")
    best = language or request.accept_languages.best_match(site.languages) or site.languages[0]
    reader = Reader(site, Variant(HTML_TYPE, "html", "HTML", best, explicit=language is not None))
    text = asked.query or ""
    member = Member("sparql", "", (("query", text),) if text else ())
    title = reader.say("Ask the graph")
    problem, limits = outcome.problem, site.settings.limits
    view = AskPage(
        title=title,
        action="/sparql",
        query=text,
        questions=tuple(
            Link(pick(q.question or q.title, (best,)) or q.name, reader.href(_asking(q.query)), current=q.query == text)
            for q in site.build.questions
        ),
        prefixes=tuple(site.build.prefixes.items()),
        formats=(Choice("html", reader.say("Page"), True), *(Choice(name, f.name) for name, f in FORMATS.items())),
        error=_error(problem, text, limits.seconds) if problem else None,
        table=_table(reader, outcome.solutions) if outcome.solutions is not None else None,
        truth=outcome.truth,
        graph=outcome.graph,
        downloads=_downloads(text, outcome),
        limit_seconds=round(limits.seconds),
        service=Link(reader.say("Service description"), "/sparql?format=ttl"),
        forced_language=best if language else None,
    )
    surround = frame(reader, member, title, description=reader.say("Ask the whole publication in SPARQL."))
    status = problem.status if problem else 200
    return Response(site.renderer.render("ask.html", view, surround), status, mimetype=HTML_TYPE)


def _asking(query: str, **more: str) -> str:
    return Member("sparql", "", (("query", query),)).address(**more)


def _downloads(text: str, outcome: Outcome) -> tuple[Link, ...]:
    forms: tuple[ResultFormat | Format, ...] = ()
    if outcome.graph is not None:
        forms = GRAPH_FORMATS
    elif outcome.solutions is not None or outcome.truth is not None:
        forms = tuple(form for form in SOLUTION_FORMATS if form.carries_ask or outcome.solutions is not None)
    return tuple(Link(form.name, "/" + _asking(text, format=form.extension)) for form in forms)


def _table(reader: Reader, answer: QuerySolutions) -> ResultTable:
    names = [variable.value for variable in answer.variables]
    kept, total = [], 0
    for row in answer:
        total += 1
        if total <= MOST_ROWS:
            kept.append([row[name] for name in names])
    reader.learn([term for row in kept for term in row])
    cells = tuple(tuple(None if term is None else reader.value(term) for term in row) for row in kept)
    return ResultTable(tuple(names), cells, total)


def _error(problem: SparqlProblem, text: str, seconds: float) -> QueryError:
    if problem.status == 504:
        return QueryError("timeout", str(problem), seconds=round(seconds))
    if problem.retry is not None:
        return QueryError("busy", str(problem))
    if problem.line is None or problem.column is None:
        return QueryError("refused", str(problem))
    lines = text.splitlines() or [""]
    line = lines[min(problem.line, len(lines)) - 1]
    start = min(problem.column - 1, len(line))
    return QueryError("syntax", str(problem), problem.line, problem.column, line[:start], line[start:], "")
