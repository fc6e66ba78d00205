"""Requests of the SPARQL 1.1 Protocol (section 2.1), read from HTTP without a web framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import QueryDataset

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"

#: Bytes that a request may have.
MOST_BYTES = 4_000_000

_MOST_PARAMETERS = 2000


class ProtocolError(Exception):
    """A request that the protocol does not allow.

    :ivar status: the HTTP status of the answer
    """

    def __init__(self, status: int, what: str) -> None:
        """:param what: what is wrong, and what to do"""
        self.status = status
        super().__init__(what)


@dataclass(frozen=True)
class SparqlRequest:
    """A request of the protocol.

    :ivar query: ``None`` if the request asks for the service description
    """

    query: str | None
    dataset: QueryDataset | None = None
    format: str | None = None


def read_request(method: str, query_string: bytes, content_type: str, charset: str, body: bytes) -> SparqlRequest:
    """Read a request in any of its three forms: GET, POST with URL-encoded parameters, POST of the query itself.

    :param content_type: media type of the body, without parameters
    :param charset: character set of the body; empty: not stated
    :raises ProtocolError: a parameter is given twice, the media type is wrong, bytes are not UTF-8, or it is an update
    """
    pairs = _pairs(query_string)
    query: str | None = None
    if method == "POST":
        if len(body) > MOST_BYTES:
            raise ProtocolError(413, f"a query has at most {MOST_BYTES} bytes")
        if charset.lower() not in ("", "utf-8", "utf8"):
            raise ProtocolError(415, f"the charset {charset} is not understood; send UTF-8")
        if content_type == FORM:
            pairs += _pairs(body)
        elif content_type == DIRECT:
            query = _utf8(body)
        else:
            raise ProtocolError(415, f"send {DIRECT} or {FORM}, not {content_type or 'a body without media type'}")
    parameters = _parameters(pairs)
    if "update" in parameters:
        raise ProtocolError(400, "this publication is read-only: updates are refused")
    stated = _once(parameters, "query")
    if query is not None and stated is not None:
        raise ProtocolError(400, "the query is given twice, in the address and as the body")
    for name in ("format", "output"):  # SPARQLWrapper repeats its name for a format as a media type
        parameters[name] = [v for v in parameters.get(name, []) if "/" not in v] or parameters.get(name, [])
    output = _once(parameters, "format") or _once(parameters, "output")
    asked = query if query is not None else stated
    if asked is None and method == "POST":
        raise ProtocolError(400, "the parameter query is missing")
    return SparqlRequest(asked, _dataset(parameters), output)


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Names and values of URL-encoded parameters (WHATWG URL, section 5.1)."""
    if encoded.count(b"&") >= _MOST_PARAMETERS:
        raise ProtocolError(400, "too many parameters")
    fields = (field.replace(b"+", b" ").partition(b"=") for field in encoded.split(b"&") if field)
    return [(_decoded(name), _decoded(value)) for name, _, value in fields]


def _decoded(part: bytes) -> str:
    try:
        return unquote_to_bytes(part).decode() if b"%" in part else part.decode()
    except UnicodeDecodeError:
        raise ProtocolError(400, "a parameter is not UTF-8") from None


def _utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(400, f"the request is not UTF-8 (byte {error.start})") from None


def _parameters(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _once(parameters: Mapping[str, list[str]], name: str) -> str | None:
    given = parameters.get(name, [])
    if len(given) > 1:
        raise ProtocolError(400, f"the parameter {name} is given {len(given)} times")
    return given[0] if given else None


def _dataset(parameters: Mapping[str, list[str]]) -> QueryDataset | None:
    default, named = (
        tuple(_iri(name, value) for value in parameters.get(name, ()))
        for name in ("default-graph-uri", "named-graph-uri")
    )
    return QueryDataset(default, named) if default or named else None


def _iri(name: str, value: str) -> NamedNode:
    try:
        return NamedNode(value)
    except ValueError:
        raise ProtocolError(400, f"the parameter {name} is not an absolute IRI: {value}") from None
