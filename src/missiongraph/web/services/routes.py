"""Services: addresses that compute their answer from the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from flask import Request, Response, request
from pyoxigraph import NamedNode

from missiongraph.publication.catalogued_services import RECONCILIATION, SPARQL
from missiongraph.web.context.site import Site
from missiongraph.web.http.openapi_fragments import Operations
from missiongraph.web.http.registry import Service
from missiongraph.web.pages.home import HOME
from missiongraph.web.services import openapi_operations, reconciliation_openapi
from missiongraph.web.services.coreference import answer_same
from missiongraph.web.services.reconciliation import (
    answer_extend,
    answer_flyout,
    answer_match,
    answer_preview,
    answer_propose,
    answer_root,
    answer_suggest,
)
from missiongraph.web.services.sparql import answer_query

Answer = Callable[[Site, Request], Response]


def _healthz(site: Site) -> Response:
    """Works only if the store and the index answer, and the home page could be written in each of its forms.

    That is tried once: it depends on the build alone, of which only the files can still fail, and those are asked.
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


def _sparql(site: Site) -> Response:
    return answer_query(site, request)


def _reconciliation() -> Iterator[Service]:
    below: list[tuple[str, tuple[str, ...], Answer, Callable[[Site], Operations]]] = [
        ("match", ("POST",), answer_match, reconciliation_openapi.match),
        ("extend", ("POST",), answer_extend, reconciliation_openapi.extend),
        ("extend/propose", ("GET",), answer_propose, reconciliation_openapi.propose),
        ("preview", ("GET",), answer_preview, reconciliation_openapi.preview),
    ]
    for kind in ("entity", "property", "type"):
        below.append((f"suggest/{kind}", ("GET",), partial(answer_suggest, kind), reconciliation_openapi.suggest(kind)))
        below.append((f"flyout/{kind}", ("GET",), partial(answer_flyout, kind), reconciliation_openapi.flyout(kind)))
    yield Service(
        "reconcile", "/reconcile", ("GET", "POST"), _for(answer_root), reconciliation_openapi.reconcile, RECONCILIATION
    )
    for name, methods, answer, described in below:
        yield Service(f"reconcile-{name.replace('/', '-')}", f"/reconcile/{name}", methods, _for(answer), described)


def _for(answer: Answer) -> Callable[[Site], Response]:
    return lambda site: answer(site, request)


_HEALTH = (
    (
        "healthz",
        "Whether the service works",
        "For whoever watches the server: asks the store and the index, and has written the home page in each of its "
        "forms at least once. Anything but 200 wants a restart or a look at the log.",
    ),
    (
        "readyz",
        "Whether requests may be sent here",
        "For whoever shares requests out among servers: 200 once the build is open and every address answers.",
    ),
)

SERVICES: tuple[Service, ...] = (
    Service("sparql", "/sparql", ("GET", "POST"), _sparql, openapi_operations.sparql, SPARQL),
    Service("same", "/same", ("GET",), _for(answer_same), openapi_operations.same),
    *_reconciliation(),
    *(
        Service(name, f"/{name}", ("GET",), _healthz, openapi_operations.healthy(name, *about))
        for name, *about in _HEALTH
    ),
)
