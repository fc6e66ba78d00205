"""The language of an answer: the parameter ``lang``, else ``Accept-Language`` (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from flask import Request

from missiongraph.web.context.site import Site
from missiongraph.web.http.parameters import text_of
from missiongraph.web.http.problems import HttpProblem


def language_of(site: Site, request: Request) -> str:
    """The language tag of the answer: the one in ``lang``, else the one that ``Accept-Language`` prefers.

    :raises HttpProblem: 400, if ``lang`` names a language that the publication does not have
    """
    asked = text_of(request, "lang")
    if "lang" in request.args and asked not in site.languages:
        raise HttpProblem(400, f"lang: “{asked}” is none of {', '.join(site.languages)}")
    return asked or preferred_language(site, request)


def preferred_language(site: Site, request: Request) -> str:
    """The language of the publication that ``Accept-Language`` prefers; its first language if none of them fits."""
    return request.accept_languages.best_match(site.languages) or site.languages[0]
