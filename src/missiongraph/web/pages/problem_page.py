"""Error responses: a page for browsers, with things at similar addresses, else a problem document (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import unquote

from flask import Request, Response
from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process

from missiongraph.names.folding import words_of
from missiongraph.web.content.layout.page_frame import layout_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.languages import preferred_language
from missiongraph.web.http.problems import PROBLEM_TYPE, HttpProblem, accepted, heading, problem_document
from missiongraph.web.http.registry import HTML_TYPE, Member, Variant
from missiongraph.web.rendering.view_models import Link, MessagePage, Near

#: Statuses of which readers are told in their language: what is said of them is written here, not of a query.
_TRANSLATED = (429, 503)

_MOST_NEAR = 5
_LEAST_ALIKE = 60

#: Addresses of the path index that are compared with the one asked for.
_LOOKED_AT = 50


def answer_problem(site: Site, request: Request, problem: HttpProblem) -> Response:
    """The response for *problem*: a page if ``Accept`` prefers HTML, else a problem document."""
    wants_page = accepted(request).best_match([PROBLEM_TYPE, "application/json", HTML_TYPE]) == HTML_TYPE
    if wants_page:
        response = Response(_page(site, request, problem), problem.status, mimetype=HTML_TYPE)
    else:
        document = problem_document(
            problem.status, problem.detail, request.path, line=problem.line, column=problem.column
        )
        response = Response(document, problem.status, mimetype=PROBLEM_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers.extend(dict(problem.headers or {}))
    return response


def _page(site: Site, request: Request, problem: HttpProblem) -> str:
    asked = request.args.get("lang", "")
    language = asked if asked in site.languages else preferred_language(site, request)
    variant = Variant(HTML_TYPE, "html", "HTML", language, explicit=bool(asked))
    return problem_page(site, variant, problem, request.args.get("iri") or unquote(request.path))


def problem_page(site: Site, variant: Variant, problem: HttpProblem, path: str | None) -> str:
    """The page for *problem*.

    :param path: the path or IRI that was asked for; ``None`` in an export
    """
    reader = Reader(site, variant)
    view = MessagePage(
        status=problem.status,
        heading=reader.say(heading(problem.status)),
        address=path,
        detail=reader.say(problem.detail) if problem.status in _TRANSLATED else problem.detail,
        near=_near(reader, path) if path and problem.status == HTTPStatus.NOT_FOUND else (),
        offers=tuple(problem.offers),
        ways=(Link(reader.say("Ask"), reader.href("sparql")), Link(reader.say("Download"), reader.href("dumps/"))),
    )
    layout = layout_of(reader, Member("", ""), None, description=problem.detail)
    return site.renderer.render("message.html", view, layout)


def _near(reader: Reader, path: str) -> tuple[Near, ...]:
    """The things whose addresses are most like *path*, then things whose names are like its last segment."""
    wanted = path.removeprefix(reader.site.base).strip("/").removeprefix("doc/").removeprefix("id/")
    site, end = reader.site, wanted.rpartition("/")[2]
    paths = {name.iri: name.text for name in site.build.names.paths(words_of(wanted), _LOOKED_AT)}
    alike = process.extract(wanted, paths, scorer=fuzz.WRatio, limit=_MOST_NEAR, score_cutoff=_LEAST_ALIKE)
    called = [one.iri for one in site.finder.find([end])[0] if 100 * one.likeness.score >= _LEAST_ALIKE]
    found = [NamedNode(iri) for iri in dict.fromkeys((*(iri for _, _, iri in alike), *called))][:_MOST_NEAR]
    reader.learn(found)
    return tuple(Near(reader.link(iri), path=f"/{reader.site.address_of(iri)}") for iri in found)
