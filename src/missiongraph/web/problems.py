"""Errors over HTTP: RFC 9457 problem documents for machines, a page for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from flask import Request, Response
from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process
from werkzeug.datastructures import MIMEAccept

from missiongraph.names.folding import words_of
from missiongraph.web.frame import frame
from missiongraph.web.reader import Reader
from missiongraph.web.registry import HTML_TYPE, Member, Variant
from missiongraph.web.site import Site
from missiongraph.web.views import Link, MessagePage, Near

PROBLEM_TYPE = "application/problem+json"
_MOST_NEAR = 5
_LEAST_ALIKE = 60

#: Addresses of the index that are compared.
_LOOKED_AT = 50


@dataclass(frozen=True)
class HttpProblem(Exception):
    """A request that is answered by a problem; *detail* says what is wrong and what to do."""

    status: int
    detail: str
    headers: Mapping[str, str] | None = None
    offers: Sequence[Link] = ()
    line: int | None = None
    column: int | None = None


class NothingThere(HttpProblem):
    """Nothing is at the address that was asked for."""

    def __init__(self) -> None:
        super().__init__(404, "Nothing is kept at this address.")


def accepted(request: Request) -> MIMEAccept:
    """What the client of *request* accepts; see :func:`without_parameters`."""
    return without_parameters(request.accept_mimetypes)


def without_parameters(accept: MIMEAccept) -> MIMEAccept:
    """What is accepted, without parameters: ``text/turtle;charset=utf-8`` asks for Turtle."""
    return MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in accept])


def answer_problem(site: Site, request: Request, problem: HttpProblem) -> Response:
    """The problem in the form that the client reads; languages as for any page."""
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


def problem_document(status: int, detail: str, path: str, *, line: int | None = None, column: int | None = None) -> str:
    """The problem document (RFC 9457); *line* and *column* say where in the query."""
    body: dict[str, str | int] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": path,
    }
    if line is not None and column is not None:
        body |= {"line": line, "column": column}
    return json.dumps(body, ensure_ascii=False) + "\n"


def _page(site: Site, request: Request, problem: HttpProblem) -> str:
    asked = request.args.get("lang", "")
    language = asked if asked in site.languages else request.accept_languages.best_match(site.languages)
    variant = Variant(HTML_TYPE, "html", "HTML", language or site.languages[0], explicit=bool(asked))
    return problem_page(site, variant, problem, request.args.get("iri") or unquote(request.path))


def problem_page(site: Site, variant: Variant, problem: HttpProblem, path: str | None) -> str:
    """The page that says so; *path* is what was asked for, where that is known: a path or an IRI."""
    reader = Reader(site, variant)
    view = MessagePage(
        status=problem.status,
        address=path,
        detail=problem.detail,
        near=_near(reader, path) if path and problem.status == HTTPStatus.NOT_FOUND else (),
        offers=tuple(problem.offers),
        ways=(Link(reader.say("Ask"), reader.href("sparql")), Link(reader.say("Download"), reader.href("dumps/"))),
    )
    surround = frame(reader, Member("", ""), None, description=problem.detail)
    return site.renderer.render("message.html", view, surround)


def _near(reader: Reader, path: str) -> tuple[Near, ...]:
    """What lives at the addresses most like *path*, then what is called like its end."""
    wanted = path.removeprefix(reader.site.base).strip("/").removeprefix("doc/").removeprefix("id/")
    site, end = reader.site, wanted.rpartition("/")[2]
    paths = {name.iri: name.text for name in site.build.names.paths(words_of(wanted), _LOOKED_AT)}
    alike = process.extract(wanted, paths, scorer=fuzz.WRatio, limit=_MOST_NEAR, score_cutoff=_LEAST_ALIKE)
    called = [one.iri for one in site.finder.find([end])[0] if 100 * one.likeness.score >= _LEAST_ALIKE]
    found = [NamedNode(iri) for iri in dict.fromkeys((*(iri for _, _, iri in alike), *called))][:_MOST_NEAR]
    reader.learn(found)
    return tuple(Near(reader.link(iri), path=f"/{reader.site.address_of(iri)}") for iri in found)
