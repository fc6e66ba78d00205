"""``/healthz`` and ``/readyz``: whether the service works and may get requests, for whoever watches the server."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Response
from pyoxigraph import NamedNode

from missiongraph.web.context.site import Site
from missiongraph.web.http.openapi_fragments import TEXT, Operations, problem
from missiongraph.web.http.problems import HttpProblem
from missiongraph.web.pages.home import HOME


def answer_health(site: Site) -> Response:
    """Answer 200 if the store and the path index answer and the home page could be written in each of its variants.

    The variants are written once only: they depend on the build, which never changes. Store and index are files that
    can still fail, so each request asks them. What fails here is answered with 500, like any other fault.
    """
    first = next(site.build.index.documents(), None)
    if first is not None:
        site.engine.query(f"ASK {{ ?s ?p {NamedNode(first.document)} }}")
    if HOME.name not in site.tried:
        member = next(HOME.members(site))
        for variant in HOME.variants(site, member):
            HOME.render(site, member, variant)
        site.tried.add(HOME.name)
    response = Response("ok\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_readiness(site: Site) -> Response:
    """Answer as :func:`answer_health` does, if a query can be answered too.

    :raises HttpProblem: no query can be answered now; pages and dumps still can
    """
    if not site.evaluation.ready():
        raise HttpProblem(503, "No query can be answered at the moment.", {"Retry-After": "1"})
    return answer_health(site)


_WORKS = {"200": {"description": "It works", "content": {"text/plain": {"schema": TEXT, "example": "ok\n"}}}}


def _operations(name: str, summary: str, description: str, site: Site) -> Operations:
    unready = {"503": problem("No query can be answered now")} if name == "readyz" else {}
    return {
        "get": {
            "operationId": name,
            "tags": ["health"],
            "summary": summary,
            "description": description,
            "responses": {
                **_WORKS,
                "500": problem("It does not: the store, the index or a page cannot be read"),
                **unready,
            },
        }
    }


#: What answers each address, by the name of the address.
ANSWERS: dict[str, Callable[[Site], Response]] = {"healthz": answer_health, "readyz": answer_readiness}

#: The OpenAPI operations of each address, by the name of the address.
HEALTH: dict[str, Callable[[Site], Operations]] = {
    name: partial(_operations, name, summary, description)
    for name, summary, description in (
        (
            "healthz",
            "Whether the service works",
            "For whoever watches the server: asks the store and the index, and has written the home page in each of "
            "its forms at least once. Anything but 200 wants a restart or a look at the log.",
        ),
        (
            "readyz",
            "Whether requests may be sent here",
            "For whoever shares requests out among servers: 200 while the build is open and every "
            "address answers, queries too; 503 while queries cannot be answered.",
        ),
    )
}
