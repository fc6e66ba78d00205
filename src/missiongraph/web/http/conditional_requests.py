"""Conditional requests and range requests: RFC 9110, sections 13 and 14.

A date is a weak validator of anything that may change, because publications are dated by the day (section 8.8.2.2).
"""

from __future__ import annotations

import datetime
import re
import sys

from flask import Request, Response

from missiongraph.web.http.problems import HttpProblem

_RANGE = re.compile(r"([0-9]*)-([0-9]*)")

#: Most digits of a byte position. A longer number lies behind the end of any file.
_MOST_DIGITS = 18


def precondition(request: Request, tag: str, modified: datetime.datetime | None = None) -> int | None:
    """The status that the preconditions of *request* ask for: 412, 304, or ``None`` to go on (section 13.2.2).

    :param tag: the opaque tag of the selected representation, without quotation marks
    :param modified: its ``Last-Modified``, if it has one
    """
    if "If-Match" in request.headers:
        if not (request.if_match.star_tag or request.if_match.contains(tag)):
            return 412
    elif modified is not None and request.if_unmodified_since is not None and modified > request.if_unmodified_since:
        return 412
    if "If-None-Match" in request.headers:
        return 304 if request.if_none_match.contains_weak(tag) else None
    since = request.if_modified_since
    return 304 if modified is not None and since is not None and modified <= since else None


def part_of(request: Request, tag: str, size: int, date: str | None = None) -> tuple[int, int] | None:
    """First byte and end of the single range that *request* asks for; ``None`` asks for the whole.

    A range in another unit, an invalid range and several ranges are ignored (section 14.2).

    :param size: length of the representation in bytes
    :raises HttpProblem: 416, if the range begins behind the end
    """
    ranges = _ranges(request) if wants_part(request, tag, date) else []
    asked = _RANGE.fullmatch(ranges[0]) if len(ranges) == 1 else None
    if asked is None or not any(asked.groups()):
        return None
    first, last = (_number(text) if text else None for text in asked.groups())
    if first is not None and last is not None and last < first:
        return None
    if first is None:
        begin, end = size - min(last or 0, size), size
    else:
        begin, end = first, size if last is None else min(last + 1, size)
    if begin >= size:
        raise HttpProblem(416, f"there are {size} bytes", {"Content-Range": f"bytes */{size}"})
    return begin, end


def wants_part(request: Request, tag: str, date: str | None = None) -> bool:
    """Whether *request* asks for a range, and ``If-Range`` (if sent) names this representation (section 13.1.5).

    :param date: the ``Last-Modified`` of a representation that will never change
    """
    condition = request.headers.get("If-Range")
    is_same = condition in (None, f'"{tag}"', date)
    return request.method == "GET" and "Range" in request.headers and is_same


def _ranges(request: Request) -> list[str]:
    unit, _, text = request.headers["Range"].partition("=")
    parts = [part.strip(" \t") for part in text.split(",")] if unit.strip().lower() == "bytes" else []
    return [part for part in parts if part]


def _number(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST_DIGITS else sys.maxsize


def conditional(response: Response, request: Request, *, unchanging: bool = False) -> Response:
    """Apply the preconditions and the range of *request* to *response*, which holds a whole file, its tag and its date.

    :param unchanging: no other file will ever be at this address
    :raises HttpProblem: 412, if a precondition fails; 416, if the range begins behind the end
    """
    tag, size = response.get_etag()[0] or "", response.content_length or 0
    response.headers["Accept-Ranges"] = "bytes"
    status = precondition(request, tag, response.last_modified)
    if status == 412:
        raise HttpProblem(412, "the file is another one now")
    if status == 304:
        response.status_code = status
        response.response = []
        for name in ("Content-Length", "Content-Type", "Content-Encoding", "Content-Disposition", "X-Sendfile"):
            response.headers.pop(name, None)
        return response
    part = part_of(request, tag, size, response.headers.get("Last-Modified") if unchanging else None)
    if part is None:
        return response
    asked = {"REQUEST_METHOD": "GET", "HTTP_RANGE": f"bytes={part[0]}-{part[1] - 1}"}
    response.make_conditional(asked, accept_ranges=True, complete_length=size)
    return response
