"""Requests made up at random: their targets, headers and bodies."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, quote_from_bytes

from hypothesis import strategies as st

from tests.fuzz.client import Request
from tests.fuzz.grammar import damaged_bytes, texts_of
from tests.fuzz.sparql import QUERY

#: A tag that no page of ours has. Where it stands in a page as it was sent, a script could stand as well.
MARK = "<mgfuzz>"


_ODD = (
    *("", "0", "-1", "1e9", "99999999999999999999", "\0", "a\r\nX-Fuzz: 1", MARK, f'"{MARK}', f"'>{MARK}", "{{7*7}}",
    "%"),
    *("../../../../etc/passwd", "%2e%2e%2f", "..", ".", "//evil.example/", "\\", "javascript:alert(1)", "file:///etc"),
    *("http://127.0.0.1:1/", "https://odd.example/id/thing", "https://w3id.org/missiongraph/id/city/bologna"),
    *("http://schema.org/City", "en", "it", "xx-yy", "*", "[::1", "http://[", "urn:x", "a" * 2500, "é", "😀", "\u202e",
    "\ufeff"),
)  # fmt: skip
odd_texts = st.one_of(st.sampled_from(_ODD), st.text(max_size=12), st.builds(str, st.integers(-5, 5)))

_PATHS = (
    *("", "search", "same", "reconcile", "reconcile/suggest/entity", "reconcile/flyout/type", "reconcile/preview",
    "list"),
    *("resource", "changes", "changes.atom", "history", "naming", "quality", "catalog", "sparql", "views/", "dumps/"),
    *("doc/thing", "id/thing", "openapi.json", "sitemap.xml", "linkset", "shapes", "opensearch.xml", "nanopub/x",
    "metrics"),
    *("reconcile/properties", "reconcile/extend/propose", "mappings/", "static/site.css", "readyz", "doc/city/bologna"),
    *("views/cities", "sparql/local", "context.jsonld", "ontology", "search.json", "list.csv", "resource.ttl"),
)  # fmt: skip
_PARAMETERS = (
    *("q", "lang", "evidence", "page", "class", "iri", "from", "to", "query", "format", "prefix", "id", "limit",
    "cursor"),
    *("type", "offset", "version", "queries", "extend", "profile", "property", "sort", "view", "wikidata", "istat",
    "order"),
    *("default-graph-uri", "named-graph-uri", "subject", "predicate", "object", "x", "y", "filter", "callback",
    "timeout"),
)  # fmt: skip


def _encoded(text: str, how: int) -> bytes:
    """*text* as clients write it: encoded, encoded as far as it must be, in Latin-1, or twice."""
    raw = text.encode("utf-8", "surrogatepass")
    if how == 0:
        return quote_from_bytes(raw, safe="").encode()
    if how == 1:
        return quote_from_bytes(raw, safe="!$&'()*+,;=:@/?[]<>\"{}|^`\\%").encode()
    if how == 2:
        return quote_from_bytes(text.encode("latin-1", "replace")).encode()
    return quote(quote_from_bytes(raw)).encode()


_values = st.builds(_encoded, odd_texts, st.integers(0, 3))
_names = st.one_of(st.sampled_from(_PARAMETERS).map(str.encode), st.sampled_from(_PARAMETERS).map(str.encode), _values)
_pairs = st.builds(
    lambda name, sign, value: name + sign + value, _names, st.sampled_from([b"=", b"=", b"=", b"", b"=="]), _values
)


@st.composite
def query_strings(draw: st.DrawFn) -> Request:
    """An address of the site with parameters that it may or may not have."""
    pairs = draw(st.sampled_from([b"&", b"&", b";", b"&&"])).join(draw(st.lists(_pairs, max_size=4)))
    return Request(b"/" + draw(st.sampled_from(_PATHS)).encode() + b"?" + pairs)


_SEGMENTS = (
    *("id", "doc", "id/thing", "own/caf%C3%A9", "own/thé", "own//double", "own/folder/", "own/per%2541cent",
    "resource"),
    *("dumps", "nanopub", "static", "views", "..", ".", "%2e%2e", "%2F", "%00", "%FF", "%C0%AF", "%", "%zz", ";a=b",
    "~"),
    *(".ttl", ".jsonld", ".nq.gz", ".html.html", ".it.html", "@", ":", "http://evil.example", "\\..\\", "mappings",
    "graph"),
)  # fmt: skip
_segments = st.one_of(st.sampled_from(_SEGMENTS).map(str.encode), _values, st.binary(max_size=4))


_KNOWN: tuple[str, ...] = (
    "id/thing",
    "doc/thing",
    "own/caf%C3%A9",
    "own/th%C3%A9",
    "own//double",
    "own/folder/",
    "id/%F0%9F%8D%B7",
    "doc/name",
)
_KNOWN += (
    "own/plus+and;more=1,2&rest",
    "own/per%2541cent",
    "doc/thing.ttl",
    "doc/city/bologna",
    "id/city/milan",
    "doc/described",
)


def _more(count: int) -> st.SearchStrategy[list[bytes]]:
    return st.lists(_segments, min_size=count, max_size=count)


@st.composite
def iris_in_paths(draw: st.DrawFn) -> Request:
    """A path that is, or nearly is, that of an IRI; a tenth is no target of HTTP at all."""
    known = st.sampled_from(_KNOWN).map(str.encode)
    parts = [draw(known if draw(st.integers(0, 3)) else _segments), *draw(st.sampled_from([0, 0, 1, 3]).flatmap(_more))]
    path = draw(st.sampled_from([b"/", b"/", b"/", b"", b"//", b"/./"])).join(parts)
    if draw(st.integers(0, 9)):
        path = quote_from_bytes(path, safe="/%!$&'()*+,;=:@\\~.").encode()
    accept = draw(st.sampled_from([b"text/html", b"text/turtle", b"*/*", b"application/n-quads"]))
    return Request(b"/" + path, ((b"Accept", accept),))


ACCEPT = {
    "Accept": ["<Range>", "<Range>, <Accept>", "<Range>,<Range>", "", ",", "<Range> <Range>"],
    "Range": ["<Type>", "<Type>;q=<Quality>", "<Type>; <Parameter>", "<Type>;<Parameter>;q=<Quality>",
        "<Type>;q=<Quality>;x"],
    "Type": [
        "*/*", "text/html", "text/turtle", "application/ld+json", "application/*", "*/turtle", "*", "text/", "/",
        "TEXT/HTML",
        "application/sparql-results+json", "application/rdf+xml", "application/n-quads", "text/csv", "image/png",
        "a/b/c",
        "application/trig", "text/html text/turtle", "é/é", '"text/html"', "application/json",
    ],
    "Quality": ["1", "0", "0.5", "1.000", "2", "-1", "nan", "inf", "1e-400", "", "0.0000000000000000001", "x", "٣",
        '"1"', "0,5"],
    "Parameter": [
        "charset=utf-8", "q", "profile=\"http://www.w3.org/ns/json-ld#flattened\"", 'a="', 'a="\\"', "=", ";",
        "a*=utf-8''%e9",
        "a*0=x; a*1=y", "version=1", "q=1", "a*=utf-9'x'y",
    ],
}  # fmt: skip
LANGUAGES = {
    "Accept": ["<Tag>", "<Tag>, <Accept>", "<Tag>;q=<Quality>, <Accept>"],
    "Tag": ["en", "it", "*", "it-IT", "x-y", "", "en_US", "i-klingon", "-", "e" * 200, "zh-Hant-TW", "é"],
    "Quality": ACCEPT["Quality"],
}
OTHERS = {
    "Accept": ["<Value>", "<Value>, <Accept>"],
    "Value": [
        "*", '"x"', 'W/"x"', '"', "bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,-1", "bytes=99999999999999999999-",
        "lines=1-2",
        "Tue, 01 Dec 2026 00:00:00 GMT", "Tue, 32 Foo 2026", "Thu, 01 Jan 99999 00:00:00 GMT", "0", "gzip",
        "gzip;q=0", "br;q=x",
        "identity;q=0", "zstd", "chunked", "1.2.3.4, 5.6.7.8", "for=unknown", "[::1]:99", "é", "a=b; c=d", "no-cache",
        "{}",
    ],
}  # fmt: skip
_SMALL: tuple[str, ...] = (
    "Range",
    "If-Range",
    "If-None-Match",
    "If-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "Accept-Encoding",
)
_SMALL += (
    "X-Forwarded-For",
    "Forwarded",
    "Cookie",
    "Cache-Control",
    "Accept-Charset",
    "Prefer",
    "Content-Type",
    "Origin",
)


def _value_of(rules: dict[str, list[str]]) -> st.SearchStrategy[bytes]:
    """A value of a header: visible characters, spaces, and bytes that HTTP calls opaque."""
    text = texts_of(rules, "Accept").map(lambda made: made[:3000].encode("utf-8", "replace"))
    return text.map(lambda data: bytes(b if b >= 0x20 and b != 0x7F else 0x20 for b in data).strip())


_accepts = st.tuples(st.just(b"Accept"), _value_of(ACCEPT))
_headers = st.one_of(
    _accepts,
    st.tuples(st.just(b"Accept-Language"), _value_of(LANGUAGES)),
    st.tuples(st.sampled_from(_SMALL).map(str.encode), _value_of(OTHERS)),
)
_NEGOTIATED: tuple[str, ...] = (
    "",
    "doc/thing",
    "doc/thing.ttl",
    "catalog",
    "sparql?query=ASK{}",
    "dumps/",
    "search?q=x",
    "static/site.css",
)
_NEGOTIATED += ("sparql?query=CONSTRUCT{?s?p?o}WHERE{?s?p?o}", "resource?iri=urn:x", "nothing", "id/thing", "reconcile")


@st.composite
def accepts(draw: st.DrawFn) -> Request:
    """An address that negotiates, with headers that are nearly right."""
    headers = [draw(_accepts), *draw(st.lists(_headers, max_size=3))]
    return Request(b"/" + draw(st.sampled_from(_NEGOTIATED)).encode(), tuple(headers))


_anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | odd_texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_texts, inner, max_size=3),
    max_leaves=4,
)


def _near(right: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 11).flatmap(lambda number: right if number else _anything)


def _object(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _near(st.fixed_dictionaries({}, optional={key: _near(value) for key, value in members.items()}))


_texts = odd_texts | st.sampled_from(["Thing", "thing", "id/thing", "https://odd.example/id/property"])
_value = _texts | st.integers() | _object(id=_texts, name=_texts)
_value = _value | st.lists(_value, max_size=2)
_query = _object(
    query=_texts,
    type=_texts | st.lists(_texts, max_size=2),
    limit=st.integers(-1, 2000),
    type_strict=st.sampled_from(["any", "all", "should", ""]),
    properties=st.lists(_object(pid=_texts, v=_value), max_size=2),
    conditions=st.lists(
        _object(matchType=st.sampled_from(["name", "id", "property"]), propertyId=_texts, propertyValue=_value),
        max_size=2,
    ),
)
_batch = _near(st.dictionaries(odd_texts, _query, max_size=3))
_queries = _object(queries=st.lists(_query, max_size=3))
_extension = _object(
    ids=st.lists(_texts, max_size=3),
    properties=st.lists(_object(id=_texts, settings=_object(limit=_value, content=_texts, rank=_texts)), max_size=2),
)
_FORM, _JSON = b"application/x-www-form-urlencoded", b"application/json"


@st.composite
def reconciliation(draw: st.DrawFn) -> Request:
    """A body for the reconciliation service (0.2 and the draft), nearly right, or damaged bytes of one."""
    path, kind, made = draw(
        st.one_of(
            st.tuples(st.just("reconcile"), st.just("queries"), _batch),
            st.tuples(st.just("reconcile"), st.just("extend"), _extension),
            st.tuples(st.just("reconcile/match"), st.just(""), _queries),
            st.tuples(st.just("reconcile/extend"), st.just(""), _extension),
        )
    )
    text = json.dumps(made, ensure_ascii=draw(st.booleans()))
    body = text.encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 5)) == 0:
        body = draw(damaged_bytes(st.just(body)))
    if kind:
        body = kind.encode() + b"=" + (quote_from_bytes(body).encode() if draw(st.integers(0, 5)) else body)
    types = [_FORM if kind else _JSON] * 20 + [
        b"",
        b"text/plain",
        b"multipart/form-data; boundary=x",
        b"application/json;charset=x",
    ]
    return Request(b"/" + path.encode(), ((b"Content-Type", draw(st.sampled_from(types))),), body)


_FORMATS = (
    b"application/sparql-results+json",
    b"text/csv",
    b"text/html",
    b"*/*",
    b"text/turtle",
    b"application/rdf+xml",
)


@st.composite
def sparql_queries(draw: st.DrawFn) -> Request:
    """A query after the grammar, or nearly, by one of the three ways of the protocol."""
    text = draw(texts_of(QUERY, "Query")).encode("utf-8", "surrogatepass")
    way = draw(st.integers(0, 2))
    headers = ((b"Accept", draw(st.sampled_from(_FORMATS))),)
    if way == 0:
        return Request(b"/sparql?query=" + quote_from_bytes(text, safe="").encode(), headers)
    if way == 1:
        return Request(b"/sparql", (*headers, (b"Content-Type", b"application/sparql-query")), text)
    return Request(
        b"/sparql", (*headers, (b"Content-Type", _FORM)), b"query=" + quote_from_bytes(text, safe="").encode()
    )
