"""The list of all services, with their addresses and methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from flask import Request, Response, request

from missiongraph.publication.own_services import RECONCILIATION, SPARQL
from missiongraph.web.context.site import Site
from missiongraph.web.http.openapi_fragments import Operations
from missiongraph.web.http.registry import Service
from missiongraph.web.services import openapi_operations, reconciliation_openapi
from missiongraph.web.services.coreference import answer_same
from missiongraph.web.services.health import ANSWERS, HEALTH
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
        "reconcile",
        "/reconcile",
        ("GET", "POST"),
        _with_request(answer_root),
        reconciliation_openapi.reconcile,
        RECONCILIATION,
    )
    for name, methods, answer, described in below:
        yield Service(
            f"reconcile-{name.replace('/', '-')}", f"/reconcile/{name}", methods, _with_request(answer), described
        )


def _with_request(answer: Answer) -> Callable[[Site], Response]:
    return lambda site: answer(site, request)


SERVICES: tuple[Service, ...] = (
    Service("sparql", "/sparql", ("GET", "POST"), _with_request(answer_query), openapi_operations.sparql, SPARQL),
    Service("same", "/same", ("GET",), _with_request(answer_same), openapi_operations.same),
    *_reconciliation(),
    *(Service(name, f"/{name}", ("GET",), ANSWERS[name], described) for name, described in HEALTH.items()),
)
