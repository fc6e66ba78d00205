"""Refusals of networks that have used up their budget, or are too many. They must cost next to nothing."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from missiongraph.sparql.http_replies import SparqlProblem
from missiongraph.translation import message
from missiongraph.web.context.network_budgets import SPENT
from missiongraph.web.context.site import Site
from missiongraph.web.http.problems import PROBLEM_TYPE, HttpProblem, without_parameters
from missiongraph.web.http.registry import HTML_TYPE, Variant
from missiongraph.web.http.respond import POLICY
from missiongraph.web.pages.problem_page import problem_page
from missiongraph.web.serving.asgi.request import FrontRequest
from missiongraph.web.serving.asgi.response_cache import WholeResponse
from missiongraph.web.serving.asgi.whole_responses import problem_of

#: What those are told who found no turn.
CROWD = message("Too many are asking at once. Try again shortly, or download everything at once from /dumps/.")

_TEXTS = {HTTPStatus.TOO_MANY_REQUESTS: SPENT, HTTPStatus.SERVICE_UNAVAILABLE: CROWD}


class Refusals:
    """Makes refusals. The page of each status is rendered once in each language."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._pages: dict[tuple[int, str], bytes] = {}

    async def response(self, request: FrontRequest, status: HTTPStatus, retry: int) -> WholeResponse:
        """The refusal as the client prefers it: a page in its language, or a problem document.

        :param retry: after how many seconds the client may try again
        """
        refused = problem_of(SparqlProblem(status, _TEXTS[status], retry=retry), request.path)
        accept = without_parameters(parse_accept_header(request.header(b"accept"), MIMEAccept))
        if accept.best_match([PROBLEM_TYPE, "application/json", HTML_TYPE]) != HTML_TYPE:
            return refused
        spoken = parse_accept_header(request.header(b"accept-language"), LanguageAccept)
        language = spoken.best_match(self._site.languages) or self._site.languages[0]
        key = (int(status), language)
        if key not in self._pages:
            self._pages[key] = await asyncio.to_thread(self._page, *key)
        own = (b"content-type", b"content-security-policy")
        headers = [(name, value) for name, value in refused.headers if name not in own]
        headers += [(own[0], f"{HTML_TYPE}; charset=utf-8".encode()), (own[1], POLICY.encode())]
        return WholeResponse(status, headers, self._pages[key])

    def _page(self, status: int, language: str) -> bytes:
        variant = Variant(HTML_TYPE, "html", "HTML", language)
        text = _TEXTS[HTTPStatus(status)]
        return problem_page(self._site, variant, HttpProblem(status, text), None).encode()
