"""HTTP errors as exceptions, and problem documents (RFC 9457)."""

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
    """A request that gets an error response.

    :ivar status: the HTTP status code
    :ivar detail: what is wrong and what the client can do
    :ivar headers: further response headers
    :ivar offers: links to the forms that are available
    :ivar line: line of the error in a query, from 1; likewise *column*
    """

    status: int
    detail: str
    headers: Mapping[str, str] | None = None
    offers: Sequence[Link] = ()
    line: int | None = None
    column: int | None = None


#: What the page of each status says first. Others of 4xx and 5xx have one sentence each, in :func:`heading`.
HEADINGS: Mapping[int, str] = {
    404: message("Nothing is kept at this address."),
    405: message("This address does not answer that kind of request."),
    406: message("This is not kept in that form."),
    410: message("What was kept here has been withdrawn."),
    421: message("This site is not known under that name."),
    429: message("You have asked for much in a short time."),
    503: message("The service is busy."),
    504: message("This took too long."),
}
_OF_CLIENT, _OF_SERVER = message("This request cannot be read."), message("Something went wrong on our side.")


def heading(status: int) -> str:
    """The first sentence of the page of *status*, in English, for the catalogue of translations."""
    return HEADINGS.get(status, _OF_SERVER if status >= 500 else _OF_CLIENT)


class NothingThere(HttpProblem):
    """404: nothing lives at the address that the client asked for."""

    def __init__(self) -> None:
        super().__init__(404, HEADINGS[404])


def accepted(request: Request) -> MIMEAccept:
    """The ``Accept`` field of *request* without media type parameters."""
    return without_parameters(request.accept_mimetypes)


def without_parameters(accept: MIMEAccept) -> MIMEAccept:
    """*accept* without media type parameters: ``text/turtle;charset=utf-8`` asks for Turtle."""
    return MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in accept])


def problem_document(status: int, detail: str, path: str, *, line: int | None = None, column: int | None = None) -> str:
    """The problem document as JSON (RFC 9457).

    :param path: of the request; becomes ``instance``
    :param line: line and *column* of the error in a query, added as extension members
    """
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
