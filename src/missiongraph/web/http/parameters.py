"""Query parameters of services, checked; and JSON answers."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Request, Response

from missiongraph.web.context.site import Site
from missiongraph.web.http.problems import HttpProblem

#: Largest request body, in bytes.
MOST_POSTED = 8 << 20

#: Longest value of a query parameter, in characters.
MOST_CHARACTERS = 2000


def text_of(request: Request, name: str, default: str = "") -> str:
    """The value of the parameter *name*, or *default* if it is missing.

    :raises HttpProblem: 400, if it is given twice or is longer than ``MOST_CHARACTERS``
    """
    values = request.args.getlist(name)
    if len(values) > 1:
        raise HttpProblem(400, f"the parameter {name} is given more than once")
    if values and len(values[0]) > MOST_CHARACTERS:
        raise HttpProblem(400, f"{name}: a value has at most {MOST_CHARACTERS} characters")
    return values[0] if values else default


def number_of(request: Request, name: str, default: int, most: int, least: int = 0) -> int:
    """The value of the parameter *name* as a whole number from *least* to *most*.

    :raises HttpProblem: 400, if it is anything else
    """
    text = text_of(request, name, str(default))
    if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise HttpProblem(400, f"{name}: “{text}” is not a whole number from {least} to {most}")
    return int(text)


def root_of(site: Site, request: Request) -> str:
    """The root URL of the site: the public URL of the settings, else the scheme and ``Host`` of the request.

    :raises HttpProblem: 400, if ``Host`` is not a valid host
    """
    if site.settings.public_url:
        return site.settings.public_url
    if not request.host:  # Werkzeug gives an empty one for an invalid header
        raise HttpProblem(400, "the Host of the request is not the name of a host")
    return f"{request.scheme}://{request.host}/"


def json_answer(request: Request, document: Any, *, status: int = 200, vary: str = "") -> Response:
    """*document* as a JSON response with an ``ETag``.

    :param vary: the field ``Vary``
    """
    response = Response(json.dumps(document, ensure_ascii=False) + "\n", status, mimetype="application/json")
    return revalidated(request, response, vary)


def revalidated(request: Request, response: Response, vary: str = "") -> Response:
    """*response* with an ``ETag``, for caches that revalidate it each time; an answer to POST is not stored."""
    if vary:
        response.headers["Vary"] = vary
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.add_etag()
    response.make_conditional(request)
    return response
