"""Charges what Flask's thread has worked for a request, and refuses networks under servers that have not done so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Request

from missiongraph.web.context.client_networks import Client
from missiongraph.web.context.network_budgets import SPENT, Budget, is_free
from missiongraph.web.context.site import Site
from missiongraph.web.http.problems import HttpProblem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Key in the scope of ASGI: the network was admitted already.
ADMITTED = "missiongraph.admitted"


class Budgeted:
    """WSGI middleware that charges the processor time of the thread, not the time in which it waits for others."""

    def __init__(self, application: WSGIApplication, site: Site) -> None:
        self._application, self._site = application, site

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        """Answer the request, and charge it when it has ended."""
        started = time.thread_time()
        parts = self._application(environ, start_response)
        try:
            yield from parts
        finally:
            if hasattr(parts, "close"):
                parts.close()
            budget = self._site.budget
            budget.used.add(client_of(budget, environ), time.thread_time() - started)


def client_of(budget: Budget, environ: WSGIEnvironment) -> Client:
    """The network of a request of WSGI."""
    header = "HTTP_" + budget.networks.header.upper().replace("-", "_")
    return budget.networks.of(environ.get("REMOTE_ADDR"), environ.get(header, ""))


def admit(site: Site, request: Request) -> None:
    """Let the request pass if its network has some of its budget left.

    :raises HttpProblem: 429, if it has not
    """
    if ADMITTED in request.environ.get("asgi.scope", {}) or is_free(request.path):
        return
    wait = site.budget.wait(client_of(site.budget, request.environ))
    if wait is not None:
        raise HttpProblem(429, SPENT, {"Retry-After": str(wait)})
