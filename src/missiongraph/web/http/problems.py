"""Errors over HTTP: what is raised where a request cannot be answered, and RFC 9457 problem documents for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Request
from werkzeug.datastructures import MIMEAccept

from missiongraph.translation import message
from missiongraph.web.rendering.view_models import Link

PROBLEM_TYPE = "application/problem+json"


@dataclass(frozen=True)
class HttpProblem(Exception):
    """A request that is answered by a problem; *detail* says what is wrong and what to do."""

    status: int
    detail: str
    headers: Mapping[str, str] | None = None
    offers: Sequence[Link] = ()
    line: int | None = None
    column: int | None = None


class NothingThere(HttpProblem):
    """404: nothing lives at the address that the client asked for."""

    TEXT = message("Nothing is kept at this address.")

    def __init__(self) -> None:
        super().__init__(404, self.TEXT)


def accepted(request: Request) -> MIMEAccept:
    """What the client of *request* accepts; see :func:`without_parameters`."""
    return without_parameters(request.accept_mimetypes)


def without_parameters(accept: MIMEAccept) -> MIMEAccept:
    """What is accepted, without parameters: ``text/turtle;charset=utf-8`` asks for Turtle."""
    return MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in accept])


def problem_document(status: int, detail: str, path: str, *, line: int | None = None, column: int | None = None) -> str:
    """The problem document (RFC 9457); *line* and *column* say where in the query."""
    body: dict[str, str | int] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": path,
    }
    if line is not None and column is not None:
        body |= {"line": line, "column": column}
    return json.dumps(body, ensure_ascii=False) + "\n"
