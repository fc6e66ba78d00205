"""Query parameters of services, checked; and JSON answers."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

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

    :raises HttpProblem: 421 (RFC 9110, section 15.5.20), if ``Host`` is none under which the site may be asked:
        the host of ``base``, ``[server] hosts`` of the settings, loopback, or an address of a private network
    """
    if site.settings.public_url:
        return site.settings.public_url
    hosts = (urlsplit(site.base).hostname or "", *site.settings.server.hosts)
    if not _is_ours(urlsplit(f"//{request.host}").hostname or "", hosts):
        advice = "whoever runs it sets public-url, or names it in hosts under [server]"
        raise HttpProblem(421, f"this site is not known as “{request.host}”; {advice}")
    return f"{request.scheme}://{request.host}/"


@lru_cache(256)
def _is_ours(name: str, hosts: tuple[str, ...]) -> bool:
    if name == "localhost" or name in hosts or f"[{name}]" in hosts:
        return True
    try:
        return ip_address(name).is_private
    except ValueError:
        return False


def json_answer(request: Request, document: Any, *, status: int = 200, vary: str = "", shared: bool = True) -> Response:
    """*document* as a JSON response with an ``ETag``.

    :param vary: the field ``Vary``
    :param shared: whether caches may keep it for other clients
    """
    response = Response(json.dumps(document, ensure_ascii=False) + "\n", status, mimetype="application/json")
    return revalidated(request, response, vary, shared=shared)


def revalidated(request: Request, response: Response, vary: str = "", *, shared: bool = True) -> Response:
    """*response* with an ``ETag``, for caches that revalidate it each time; an answer to POST is not stored."""
    if vary:
        response.headers["Vary"] = vary
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["Cache-Control"] = f"{'public' if shared else 'private'}, max-age=0, must-revalidate"
    response.add_etag()
    response.make_conditional(request)
    return response
