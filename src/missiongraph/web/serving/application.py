"""The Flask application: routes for all families and services. It runs under any WSGI server."""

from __future__ import annotations

import importlib.resources
import logging
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request, send_from_directory
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from missiongraph.build import Build
from missiongraph.publication.addresses import as_sent
from missiongraph.publication.releases import VERSION
from missiongraph.rdf.format_limits import CannotCarry
from missiongraph.web.context.site import Site
from missiongraph.web.http.conditional_requests import conditional
from missiongraph.web.http.problems import HttpProblem, NothingThere
from missiongraph.web.http.raw_paths import routed, sent_path
from missiongraph.web.http.registry import Family, Service, keys_of
from missiongraph.web.http.respond import POLICY, respond
from missiongraph.web.http.signposting import linkset_family
from missiongraph.web.pages import (
    changes,
    home,
    lists,
    local_query_page,
    quality,
    query_views,
    search,
    statement_history,
)
from missiongraph.web.pages.machine_documents import text_families
from missiongraph.web.pages.metadata import downloads, metadata_documents
from missiongraph.web.pages.problem_page import answer_problem
from missiongraph.web.pages.resources import documents, nanopublications
from missiongraph.web.pages.resources import mapping_set_files as mapping_sets
from missiongraph.web.services.routes import SERVICES
from missiongraph.web.serving.flask_charges import Budgeted, admit
from missiongraph.web.serving.observation.exchange import request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Environment variable with the folder of the build, for servers that start the application by import.
BUILD_VARIABLE = "MISSIONGRAPH_BUILD"

#: Response headers that scripts of other sites may read (CORS).
EXPOSED = "Link, ETag, Content-Location, Location"

_log = logging.getLogger("missiongraph")


def registry() -> tuple[Family, ...]:
    """All families. If several match a path, the most specific wins; own paths of the data come last."""
    return FAMILIES


FAMILIES: tuple[Family, ...] = (
    home.HOME,
    lists.LISTS,
    lists.NAMING,
    query_views.QUERY_VIEWS,
    search.SEARCH,
    metadata_documents.CATALOGUE,
    metadata_documents.VOID,
    metadata_documents.ONTOLOGY,
    metadata_documents.SHAPES,
    metadata_documents.CONTEXT,
    mapping_sets.MAPPINGS,
    quality.QUALITY,
    local_query_page.LOCAL,
    downloads.LISTING,
    downloads.RELEASES,
    downloads.FILES,
    nanopublications.NANOPUBS,
    changes.CHANGES,
    statement_history.HISTORY,
    *text_families(registry, lambda: SERVICES),
    linkset_family(registry),
    documents.DOCUMENTS,
    documents.RESOURCES,
    documents.OWN_PATHS,
)


def create_app(build: Path | Build | None = None) -> Flask:
    """The Flask application for one build.

    :param build: an opened build or its folder; by default the folder in ``MISSIONGRAPH_BUILD``
    :raises BuildError: if there is no build
    """
    if not isinstance(build, Build):
        build = Build.open(build if build is not None else Path(os.environ[BUILD_VARIABLE]))
    site = Site(build)
    app = Flask("missiongraph.web", static_folder=None)
    app.extensions["missiongraph"] = site
    app.wsgi_app = Budgeted(_AsSent(app.wsgi_app), site)  # type: ignore[method-assign]
    app.url_map.merge_slashes = False
    app.url_map.converters |= {"version": _Version, "path": _Path}
    for family in FAMILIES:
        _route_family(app, site, family)
    for service in SERVICES:
        _route_service(app, site, service)
    app.add_url_rule("/static/<path:name>", "static", _static, methods=["GET"])
    app.add_url_rule("/id/<path:key>", "id", lambda key: _see_other(site, key), methods=["GET"])
    _route_errors(app, site)
    app.before_request(lambda: admit(site, request))
    app.after_request(_for_all)
    return app


class _AsSent:
    """WSGI middleware that routes by the path as sent. WSGI decodes it, so that ``%2F`` would separate segments."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["PATH_INFO"] = routed(sent_path(environ))
        return self._application(environ, start_response)


class _Path(BaseConverter):
    """A converter for the rest of a path, slashes included."""

    part_isolating = False
    regex = ".*?"
    weight = 200


class _Version(BaseConverter):
    """A converter for the version of a release."""

    regex = VERSION.pattern


def _route_family(app: Flask, site: Site, family: Family) -> None:
    def answer(key: str = "", extension: str | None = None, **_: str) -> Response:
        try:
            return respond(site, family, key, request, extension)
        except NothingThere:  # a resource of the data may have the address
            if family in (documents.DOCUMENTS, documents.OWN_PATHS):
                raise
            return respond(site, documents.OWN_PATHS, request.path[1:], request)

    app.add_url_rule(family.pattern, family.name, answer, methods=["GET"])
    if family.pattern.endswith("/") and family.pattern != "/":  # relative, since the host may be a proxy's
        slash = family.pattern.rstrip("/")
        app.add_url_rule(slash, f"{family.name}-slash", lambda **_: _moved(f"{request.path}/"), methods=["GET"])
    if (
        family.pattern.count("<") == 0
        and not family.pattern.endswith("/")
        and "." not in family.pattern.rpartition("/")[2]
    ):
        app.add_url_rule(f"{family.pattern}.<extension>", f"{family.name}-extension", answer, methods=["GET"])


def _route_service(app: Flask, site: Site, service: Service) -> None:
    is_got = "GET" in service.methods
    app.add_url_rule(
        service.pattern,
        service.name,
        lambda: service.answer(site),
        methods=list(service.methods),
        provide_automatic_options=is_got,
    )
    if not is_got:  # else GET would search the data for this address

        def refuse() -> Response:
            if request.method == "OPTIONS":
                return Response(headers={"Allow": ", ".join((*service.methods, "OPTIONS"))})
            raise HttpProblem(405, "this address takes what is sent to it", {"Allow": ", ".join(service.methods)})

        app.add_url_rule(service.pattern, f"{service.name}-get", refuse, methods=["GET", "OPTIONS"])


def _static(name: str) -> Response:
    """A file of the software, such as a stylesheet."""
    with importlib.resources.as_file(importlib.resources.files("missiongraph.web") / "static") as folder:
        response = send_from_directory(folder, name, conditional=False)
    response.headers["Cache-Control"] = "no-cache"
    del response.headers["Last-Modified"]  # the date of the installation
    return conditional(response, request)


def _moved(address: str) -> Response:
    return Response(f"See {address}\n", 308, {"Location": address}, mimetype="text/plain")


def _see_other(site: Site, key: str) -> Response:
    """Redirect (303) from a thing to its document, in the form that was asked for (Cool URIs, section 4.2)."""
    query = as_sent(request.query_string.decode("utf-8", "surrogateescape"))
    path = _document_at(site, key, query)
    if path is None:
        raise NothingThere
    target = f"/{path}" + (f"?{query}" if query else "")
    return Response(f"See {target}\n", 303, {"Location": target}, mimetype="text/plain")


def _document_at(site: Site, key: str, query: str) -> str | None:
    """The path of the document about the thing at *key*, with the extension of *key* if it is a form."""
    for written in keys_of(documents.DOCUMENTS, key, query):
        if found := documents.thing(site, written):
            return found.path
        path, mark, own = written.partition("?")
        stem, dot, extension = path.rpartition(".")
        found = documents.thing(site, stem + mark + own) if dot else None
        if found is not None and any(v.extension == extension for v in documents.DOCUMENTS.variants(site, found)):
            return f"{found.path}.{extension}"
    return None


def _route_errors(app: Flask, site: Site) -> None:
    def problem(error: HttpProblem) -> Response:
        return answer_problem(site, request, error)

    def http_error(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return app.make_response(error.get_response(request.environ))
        headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Content-Range")}
        return answer_problem(site, request, HttpProblem(error.code, error.description or "", headers))

    def cannot_carry(error: CannotCarry) -> Response:
        return answer_problem(site, request, HttpProblem(406, str(error)))

    def unexpected(error: Exception) -> Response:
        reference = request_id(request.environ.get("asgi.scope", {})) or uuid.uuid4().hex[:12]
        _log.exception("error %s at %s", reference, request.path, exc_info=error)
        return answer_problem(site, request, HttpProblem(500, f"Something went wrong here; reference {reference}."))

    app.register_error_handler(HttpProblem, problem)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(CannotCarry, cannot_carry)
    app.register_error_handler(Exception, unexpected)


def _for_all(response: Response) -> Response:
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    if request.method == "OPTIONS":  # a CORS preflight
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match, Range"
        response.headers["Access-Control-Max-Age"] = "86400"
    response.headers.setdefault("Access-Control-Expose-Headers", EXPOSED)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer-when-downgrade")
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", POLICY)
    return response
