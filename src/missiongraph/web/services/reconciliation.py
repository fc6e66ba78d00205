"""``/reconcile`` and the addresses below it: the HTTP side of :mod:`missiongraph.reconciliation`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs

from flask import Request, Response
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge

from missiongraph.reconciliation.queries import (
    MOST_PROPERTIES,
    BadQuery,
    TooMany,
    read_batch,
    read_extension,
    read_json,
    read_queries,
)
from missiongraph.reconciliation.service import MOST_SUGGESTED, V0, VERSIONS, Described
from missiongraph.web.context.site import Site
from missiongraph.web.http.languages import language_of
from missiongraph.web.http.parameters import (
    MOST_POSTED,
    json_answer,
    number_of,
    revalidated,
    root_of,
    text_of,
)
from missiongraph.web.http.problems import HttpProblem, accepted
from missiongraph.web.http.registry import HTML_TYPE
from missiongraph.web.rendering.view_models import PageLayout, PreviewPage

#: Content-Security-Policy of previews, which alone may be framed by other sites.
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors *"
)

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_VARY = "Accept-Language"
_SUGGESTED = 10

Read = TypeVar("Read")


def answer_root(site: Site, request: Request) -> Response:
    """The manifest, or the answer to ``queries`` or ``extend`` (reconciliation API 0.2).

    :raises HttpProblem: 400, if the request cannot be read; 413, if it is too large; 415, if its body is not a form
    """
    form = _form(request)
    language = language_of(site, request)
    if "queries" in form and "extend" in form:
        raise HttpProblem(400, "give queries or extend, not both")
    if "queries" in form:
        batch = _read("queries", read_batch, form["queries"])
        found = site.reconciliation.match(list(batch.values()), _languages(site, language))
        return json_answer(request, {k: {"result": one} for k, one in zip(batch, found, strict=True)}, vary=_VARY)
    if "extend" in form:
        extension = _read("extend", read_extension, form["extend"])
        meta, rows = site.reconciliation.extend(extension, language)
        return json_answer(request, {"meta": meta, "rows": rows}, vary=_VARY)
    if request.method == "POST":
        raise HttpProblem(400, "a POST carries a form with queries or extend")
    version = text_of(request, "version", V0)
    if version not in VERSIONS:
        raise HttpProblem(400, f"version: “{version}” is none of {', '.join(VERSIONS)}")
    manifest = site.reconciliation.manifest(site.title(language), root_of(site, request), version, language)
    shared = site.settings.public_url is not None  # else it repeats the Host of the request
    return json_answer(request, manifest, vary=_VARY, shared=shared)


def answer_match(site: Site, request: Request) -> Response:
    """The answer to a reconciliation query batch (1.0 draft).

    :raises HttpProblem: as `answer_root`
    """
    queries = _read("the body", read_queries, _json_body(request))
    found = site.reconciliation.match(queries, _languages(site, language_of(site, request)))
    return json_answer(request, {"results": [{"candidates": one} for one in found]}, vary=_VARY)


def answer_extend(site: Site, request: Request) -> Response:
    """The answer to a data extension query (1.0 draft).

    :raises HttpProblem: as `answer_root`
    """
    extension = _read("the body", read_extension, _json_body(request))
    meta, rows = site.reconciliation.extend(extension, language_of(site, request))
    table = [
        {"id": one, "properties": [{"id": prop, "values": cells} for prop, cells in row.items()]}
        for one, row in rows.items()
    ]
    return json_answer(request, {"meta": meta, "rows": table}, vary=_VARY)


def answer_propose(site: Site, request: Request) -> Response:
    """The properties by which things of a class can be extended."""
    kind, language = text_of(request, "type"), language_of(site, request)
    most = number_of(request, "limit", MOST_PROPERTIES, most=MOST_SUGGESTED, least=1)
    answer: dict[str, Any] = {"properties": site.reconciliation.propose(kind, language, most)}
    answer |= {"type": kind} if kind else {}
    return json_answer(request, answer | ({"limit": most} if "limit" in request.args else {}), vary=_VARY)


def answer_suggest(kind: str, site: Site, request: Request) -> Response:
    """Suggestions for a text being typed.

    :param kind: ``entity``, ``property`` or ``type``
    """
    prefix, language = text_of(request, "prefix"), language_of(site, request)
    skipped = number_of(request, "cursor", number_of(request, "offset", 0, MOST_SUGGESTED), MOST_SUGGESTED)
    most = number_of(request, "limit", _SUGGESTED, MOST_SUGGESTED, least=1)
    found = site.reconciliation.suggest(kind, prefix, language)
    return json_answer(request, {"result": found[skipped : skipped + most]}, vary=_VARY)


def answer_flyout(kind: str, site: Site, request: Request) -> Response:
    """A short description in HTML within JSON; a page if ``Accept`` prefers HTML.

    :param kind: ``entity``, ``property`` or ``type``
    :raises HttpProblem: 400, without ``id``; 404, if nothing has that id
    """
    wanted = accepted(request).best_match([_JSON, HTML_TYPE])
    found, language = _described(site, request, kind), language_of(site, request)
    if wanted == HTML_TYPE:
        return _preview(site, request, found, language)
    html = Markup("<p><strong>{}</strong> {}</p><p>{}</p>").format(
        found.name, ", ".join(found.kinds), found.description
    )
    response = json_answer(request, {"id": text_of(request, "id"), "html": str(html)}, vary=f"Accept, {_VARY}")
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return response


def answer_preview(site: Site, request: Request) -> Response:
    """A small page about an entity, which other sites may frame.

    :raises HttpProblem: as `answer_flyout`
    """
    return _preview(site, request, _described(site, request, "entity"), language_of(site, request))


def _described(site: Site, request: Request, kind: str) -> Described:
    reference = text_of(request, "id")
    if not reference:
        raise HttpProblem(400, f"id: say which {kind}")
    found = site.reconciliation.describe(kind, reference, language_of(site, request))
    if found is None:
        raise HttpProblem(404, f"No {kind} is called “{reference}” here.")
    return found


def _preview(site: Site, request: Request, found: Described, language: str) -> Response:
    address = site.address_of(found.id)
    href = f"/{address}" if address is not None else found.id
    view = PreviewPage(found.name, found.kinds, found.description, found.id, href)
    layout = PageLayout(site_name=site.title(language), language=language, home_href="/", description=found.description)
    response = Response(site.renderer.render("preview.html", view, layout), mimetype=HTML_TYPE)
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["Content-Language"] = language
    return revalidated(request, response, f"Accept, {_VARY}")


def _languages(site: Site, first: str) -> list[str]:
    return [first, *(language for language in site.languages if language != first)]


def _form(request: Request) -> dict[str, str]:
    """The fields ``queries`` and ``extend`` of the address or the form.

    :raises HttpProblem: 400, if one is given twice; 413; 415
    """
    given = {name: request.args.getlist(name) for name in ("queries", "extend")}
    if request.method == "POST":
        if request.mimetype != _FORM:
            raise HttpProblem(415, f"send a form ({_FORM}); JSON belongs to /reconcile/match and /reconcile/extend")
        try:
            posted = parse_qs(_body(request).decode("utf-8"), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            raise HttpProblem(400, "the form cannot be read") from None
        for name in given:
            given[name] += posted.get(name, [])
    if any(len(values) > 1 for values in given.values()):
        raise HttpProblem(400, "queries and extend are given at most once")
    return {name: values[0] for name, values in given.items() if values}


def _json_body(request: Request) -> bytes:
    if request.mimetype != _JSON:
        raise HttpProblem(415, f"send {_JSON}")
    return _body(request)


def _body(request: Request) -> bytes:
    request.max_content_length = MOST_POSTED
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise HttpProblem(413, f"a batch has at most {MOST_POSTED} bytes") from None


def _read(name: str, read: Callable[[Any], Read], text: str | bytes) -> Read:
    try:
        return read(read_json(text))
    except TooMany as error:
        raise HttpProblem(413, f"{name}: {error}") from None
    except BadQuery as error:
        raise HttpProblem(400, f"{name}: {error}") from None
