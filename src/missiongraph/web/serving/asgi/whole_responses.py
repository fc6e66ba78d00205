"""Whole responses in the client's content coding. They are made once and may be sent many times."""

from __future__ import annotations

from functools import lru_cache

from missiongraph.rdf.formats import Format
from missiongraph.sparql.http_replies import KEPT, Reply, SparqlProblem, reply_headers
from missiongraph.sparql.results import ResultFormat
from missiongraph.web.http.content_codings import encode
from missiongraph.web.http.problems import PROBLEM_TYPE, problem_document
from missiongraph.web.serving.application import EXPOSED
from missiongraph.web.serving.asgi.request import FrontRequest, Send
from missiongraph.web.serving.asgi.response_cache import Headers, WholeResponse

_OPEN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED.encode()),
    (b"x-content-type-options", b"nosniff"),
]

_VARY, _VARY_ALL = b"Accept, Accept-Language", b"Accept, Accept-Language, Accept-Encoding"


_NOTHING = {"type": "http.response.body", "body": b"", "more_body": False}


async def send_whole(send: Send, response: WholeResponse, request: FrontRequest) -> None:
    """Send *response*; instead 304 if ``If-None-Match`` has its tag, or 412 if ``If-Match`` has not."""
    if response.status == 200 and response.etag is not None and request.wants_another(response.etag):
        refused = problem_of(SparqlProblem(412, "this resource is another one now"), request.path)
        await send(refused.start)
        await send(_NOTHING if request.is_head else refused.content)
    elif request.if_none_match and _is_known(response, request):
        gone = (b"content-type", b"content-encoding")
        headers = [(name, value) for name, value in response.headers if name not in gone]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send(_NOTHING)
    else:
        await send(response.start)
        await send(_NOTHING if request.is_head else response.content)


def _is_known(response: WholeResponse, request: FrontRequest) -> bool:
    etag = response.etag
    return response.status == 200 and etag is not None and request.known(etag, exists=True) is not None


def unchanged(etag: bytes) -> WholeResponse:
    """A 304 response for the tag *etag*."""
    headers = [(b"etag", etag), (b"cache-control", KEPT.encode()), (b"vary", _VARY_ALL), *_OPEN]
    return WholeResponse(304, headers, b"", etag)


def in_coding(headers: Headers, body: bytes, coding: str | None) -> WholeResponse:
    """A 200 response with *body* in the content coding *coding*."""
    packed, used = encode(body, coding, dict(headers).get(b"content-type", b"").decode("latin-1"))
    stated, etag = stated_in(headers, used)
    return WholeResponse(200, stated, packed, etag)


def stated_in(headers: Headers, used: str | None) -> tuple[Headers, bytes | None]:
    """*headers* for a body in the content coding *used*, and the tag, which differs for each coding."""
    named = dict(headers)
    others = [(name, value) for name, value in headers if name not in (b"etag", b"vary")]
    vary = named.get(b"vary")
    others.append((b"vary", vary + b", Accept-Encoding" if vary else b"Accept-Encoding"))
    if used:
        others.append((b"content-encoding", used.encode()))
    etag = named.get(b"etag")
    if etag is not None:
        etag = tag_in(etag, used)
        others.append((b"etag", etag))
    return others, etag


def answered(reply: Reply, body: bytes, coding: str | None, etag: bytes) -> WholeResponse:
    """The response with a whole answer to a query."""
    media_type, headers = _stated(reply.format, reply.volatile)
    packed, used = encode(body, coding, media_type) if coding is not None else (body, None)
    headers = [*headers, (b"vary", _VARY_ALL), *_OPEN]
    if used is not None:
        headers.append((b"content-encoding", used.encode()))
    if reply.volatile:
        return WholeResponse(200, headers, packed)
    etag = tag_in(etag, used)
    return WholeResponse(200, [*headers, (b"etag", etag)], packed, etag)


def streamed(reply: Reply, etag: bytes) -> Headers:
    """The headers of an answer that is sent in blocks."""
    _, headers = _stated(reply.format, reply.volatile)
    tags = [] if reply.volatile else [(b"etag", etag)]
    return [*headers, (b"vary", _VARY), *_OPEN, *tags]


@lru_cache(64)
def _stated(form: ResultFormat | Format, volatile: bool) -> tuple[str, Headers]:  # hashable
    headers = reply_headers(form, volatile=volatile)
    return form.media_type, [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def tag_in(etag: bytes, coding: str | None) -> bytes:
    """The tag of the representation *etag* in the content coding *coding*."""
    return etag[:-1] + f"--{coding}".encode() + b'"' if coding else etag


def problem_of(problem: SparqlProblem, path: str) -> WholeResponse:
    """A problem document for a query that is not answered."""
    document = problem_document(problem.status, problem.detail, path, line=problem.line, column=problem.column)
    headers: Headers = [
        (b"content-type", PROBLEM_TYPE.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", _VARY),
        *_OPEN,
    ]
    if problem.retry is not None:
        headers.append((b"retry-after", b"%d" % problem.retry))
    return WholeResponse(problem.status, headers, document.encode())
