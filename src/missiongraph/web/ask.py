"""``/sparql`` over Flask: a thin adapter between HTTP and :mod:`missiongraph.sparql`, and the query page."""

from __future__ import annotations

from flask import Request, Response
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from missiongraph.engine.protocol import Answer
from missiongraph.errors import OutOfBounds, Problem, QueryRefused
from missiongraph.serialisation.formats import TURTLE, Format
from missiongraph.settings import pick
from missiongraph.sparql.description import service_description
from missiongraph.sparql.request import ProtocolError, SparqlRequest, read_request
from missiongraph.sparql.results import (
    ANY_FORMATS,
    FORMATS,
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    ResultFormat,
    evaluate,
    write_graph,
    write_solutions,
)
from missiongraph.web.frame import frame
from missiongraph.web.problems import HttpProblem, accepted
from missiongraph.web.reader import Reader
from missiongraph.web.registry import HTML_TYPE, Member, Variant
from missiongraph.web.site import Site
from missiongraph.web.views import AskPage, Choice, Link, QueryError, ResultTable

#: Rows that the result page shows; every other format has all of them.
MOST_ROWS = 500


def answer_query(site: Site, request: Request) -> Response:
    """The answer to a request of the SPARQL Protocol.

    :raises HttpProblem: what the protocol or the query does not allow
    """
    try:
        asked = read_request(
            request.method,
            request.query_string.decode("latin-1"),
            request.mimetype,
            request.mimetype_params.get("charset", ""),
            request.get_data(),
        )
    except ProtocolError as error:
        raise HttpProblem(error.status, str(error)) from None
    response = _without_query(site, request) if asked.query is None else _with_query(site, request, asked, asked.query)
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _without_query(site: Site, request: Request) -> Response:
    """The query page for people, the service description for machines."""
    accept = accepted(request)
    chosen = accept.best_match([HTML_TYPE, *_graph_types()]) if accept else HTML_TYPE
    if chosen is None:
        raise HttpProblem(406, f"offered as {HTML_TYPE}, {', '.join(_graph_types())}")
    if chosen == HTML_TYPE:
        return _page(site, request, SparqlRequest(""), None)
    form = _graph_types()[chosen]
    triples = service_description(site.engine, _endpoint(site, request), NamedNode(site.build.manifest["dataset"]))
    return Response(write_graph(triples, form, site.build.prefixes), content_type=_content_type(form.media_type))


def _endpoint(site: Site, request: Request) -> str:
    """The service's address as the settings say it, else as the request does, whose host must be a possible one."""
    if site.settings.public_url:
        return f"{site.settings.public_url}sparql"
    if not request.host:  # so it is for one that cannot be
        raise HttpProblem(400, "the Host of the request is not the name of a host")
    return f"{request.scheme}://{request.host}/sparql"


def _with_query(site: Site, request: Request, asked: SparqlRequest, text: str) -> Response:
    if asked.format is not None and asked.format not in (*FORMATS, "html"):
        raise HttpProblem(400, f"format: “{asked.format}” is none of {', '.join((*FORMATS, 'html'))}")
    try:
        answer = evaluate(site.engine, text, site.build.prefixes, asked.dataset)
    except (QueryRefused, OutOfBounds) as error:
        if _wants_page(request, asked):
            return _page(site, request, asked, error.problems[0])
        raise HttpProblem(400, str(error)) from None
    chosen = _choose(request, asked, answer)
    if chosen is None:
        return _page(site, request, asked, answer)
    if isinstance(answer, QueryBoolean) and isinstance(chosen, ResultFormat) and not chosen.carries_ask:
        raise HttpProblem(400, f"format: “{asked.format}” cannot carry the answer of an ASK")
    if isinstance(chosen, ResultFormat) and isinstance(answer, QuerySolutions | QueryBoolean):
        body = write_solutions(answer, chosen)
    elif isinstance(chosen, Format) and isinstance(answer, QueryTriples):
        body = write_graph(answer, chosen, site.build.prefixes, site.build.context)
    else:
        raise HttpProblem(400, f"format: “{asked.format}” cannot carry the answer of this query")
    return Response(body, content_type=_content_type(chosen.media_type))


def _wants_page(request: Request, asked: SparqlRequest) -> bool:
    types = [form.media_type for form in ANY_FORMATS]
    best = accepted(request).best_match([*types, "application/json", HTML_TYPE])
    return asked.format == "html" or (asked.format is None and best == HTML_TYPE)


def _choose(request: Request, asked: SparqlRequest, answer: Answer) -> ResultFormat | Format | None:
    """The format of the answer; ``None`` is the page."""
    if asked.format is not None:
        return None if asked.format == "html" else FORMATS[asked.format]
    types: dict[str, ResultFormat | Format] = {}
    if isinstance(answer, QueryTriples):
        types.update(_graph_types())
    else:
        carrying = [f for f in SOLUTION_FORMATS if f.carries_ask or isinstance(answer, QuerySolutions)]
        types.update({f.media_type: f for f in carrying})
        types.update({alias: f for f in carrying for alias in f.aliases})
    accept = accepted(request)
    best = accept.best_match([*types, HTML_TYPE]) if accept else next(iter(types))
    if best is None:
        raise HttpProblem(406, f"this answer is offered as {', '.join([*types, HTML_TYPE])}")
    return types.get(best)


def _graph_types() -> dict[str, Format]:
    return {f.media_type: f for f in GRAPH_FORMATS} | {alias: f for f in GRAPH_FORMATS for alias in f.aliases}


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _page(site: Site, request: Request, asked: SparqlRequest, outcome: Answer | Problem | None) -> Response:
    language = request.args.get("lang")
    if language is not None and language not in site.languages:
        raise HttpProblem(400, f"lang: “{language}” is none of {', '.join(site.languages)}")
    best = language or request.accept_languages.best_match(site.languages) or site.languages[0]
    reader = Reader(site, Variant(HTML_TYPE, "html", "HTML", best, explicit=language is not None))
    text = asked.query or ""
    problem = outcome if isinstance(outcome, Problem) else None
    member = Member("sparql", "", (("query", text),) if text else ())
    title = reader.say("Ask the graph")
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
        error=_error(problem, text) if problem else None,
        table=_table(reader, outcome) if isinstance(outcome, QuerySolutions) else None,
        truth=bool(outcome) if isinstance(outcome, QueryBoolean) else None,
        graph=_turtle(site, outcome) if isinstance(outcome, QueryTriples) else None,
        downloads=_downloads(text, outcome),
        forced_language=best if language else None,
    )
    surround = frame(reader, member, title, description=reader.say("Ask the whole publication in SPARQL."))
    return Response(site.renderer.render("ask.html", view, surround), 400 if problem else 200, mimetype=HTML_TYPE)


def _asking(query: str, **more: str) -> str:
    return Member("sparql", "", (("query", query),)).address(**more)


def _turtle(site: Site, answer: QueryTriples) -> str:
    return write_graph(answer, TURTLE, site.build.prefixes).decode()


def _downloads(text: str, outcome: Answer | Problem | None) -> tuple[Link, ...]:
    forms: tuple[ResultFormat | Format, ...] = ()
    if isinstance(outcome, QueryTriples):
        forms = GRAPH_FORMATS
    elif isinstance(outcome, QuerySolutions | QueryBoolean):
        forms = tuple(f for f in SOLUTION_FORMATS if f.carries_ask or isinstance(outcome, QuerySolutions))
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


def _error(problem: Problem, text: str) -> QueryError:
    place = problem.where
    if place is None or place.line is None or place.column is None:
        return QueryError("refused", str(problem))
    lines = text.splitlines() or [""]
    line = lines[min(place.line, len(lines)) - 1]
    start = min(place.column - 1, len(line))
    return QueryError("syntax", problem.what, place.line, place.column, line[:start], line[start:], "")
