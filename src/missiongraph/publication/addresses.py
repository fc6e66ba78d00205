"""Which IRI of a publication has which address over HTTP, and which IRIs cannot have one.

IRIs are compared as strings. A client sends an IRI as a URI: it percent-encodes what is not ASCII (RFC 3987, section
3.1), and may write hex digits in capitals (RFC 3986, section 6.2.2.1). Two IRIs that differ in nothing else have the
same address, which belongs to one of them. All other differences reach the server and make two addresses: a reserved
character or its encoding, upper or lower case, composed or decomposed characters, a slash more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode, Quad

#: What the data has of a resource: statements about it, a graph of that name, or only mentions of it. The last kind is
#: an address of the site itself (a file, a service) that the data only mentions.
DESCRIBED, GRAPH, NAMED, OURS = "described", "graph", "named", "ours"

#: Parameters that every page has.
PARAMETERS = ("lang", "evidence")

#: Addresses of the site itself, relative to the base, and prefixes below which all addresses are the site's. The
#: registry (``web.http.registry``) declares what is there; its tests check that none is missing here.
_EXACT = frozenset(("changes.atom", "context.jsonld", "dumps", "healthz", "metrics", "openapi.json", "opensearch.xml"))
_EXACT |= {"readyz", "robots.txt", "same", "sitemap.xml", "sparql", "reconcile"}
_WITH_EXTENSION = frozenset(("changes", "history", "linkset", "list", "naming", "quality", "resource", "search"))
_WITH_EXTENSION |= {"sparql/local"}
_BELOW = ("dumps/", "mappings/", "nanopub/", "reconcile/", "static/", "views/")
_SITEMAPS = re.compile(r"sitemap-\d+\.xml")

#: Documents about the publication that are the resource of that name as well, where the data describes it.
BESIDE = frozenset({"catalog", ".well-known/void", "ontology", "shapes"})

#: Extensions of the forms of a resource of the data, and of anything.
FORMS = frozenset(("html", "ttl", "jsonld", "nt", "nq", "rdf", "trig"))
EXTENSIONS = FORMS | {"json", "txt", "csv", "atom", "rdfp", "suggestions"}

#: Bytes of an address that every server should take (RFC 9110, section 4.1).
_MOST_BYTES = 8000

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_SPELLED = re.compile(r"(https?)://([^/?]*)(/[^?]*)?(\?.*)?", re.IGNORECASE)
_PORTS = {"http": "80", "https": "443"}

Why = Literal["query", "parameter", "dots", "base", "length", "slash", "ours", "home", "meets", "taken", "form"]


class Address(NamedTuple):
    """The address of a document: *path* relative to the base, with its query.

    :ivar loose: the same address as sent by clients that decode what need not be encoded (see :func:`loosely`)
    """

    path: str
    loose: str


@dataclass(frozen=True)
class Obstacle:
    """Why a *document* of the data is not served at its own address, or not to every client or in every form.

    :ivar address: the address, relative to the base
    :ivar other: the document of the data that is served there instead
    :ivar mentioned: whether the data only mentions the document, and says nothing about it
    """

    document: str
    why: Why
    address: str
    other: str | None = None
    mentioned: bool = False


@dataclass(frozen=True)
class Layout:
    """The *addresses* of the documents that have one of their own, and the *obstacles* of the others.

    :ivar ours: documents that the data only mentions and that are addresses of the site itself
    """

    addresses: Mapping[str, Address]
    obstacles: tuple[Obstacle, ...]
    ours: Mapping[str, Address]

    @property
    def shadowed(self) -> frozenset[str]:
        """Documents that lack a form, because another document has the address of that form."""
        return frozenset(obstacle.document for obstacle in self.obstacles if obstacle.why == "form")


def as_sent(text: str) -> str:
    """The path and query of an IRI as a client sends them.

    >>> as_sent("id/città%2fx"), as_sent("id/%7Eme")
    ('id/citt%C3%A0%2Fx', 'id/%7Eme')
    """
    if text.isascii() and "%" not in text:
        return text
    encoded = quote(text.encode("utf-8", "surrogateescape"), safe=_ASCII)
    return _ENCODED.sub(lambda found: found[0].upper(), encoded)


def loosely(sent: str) -> str:
    """Decodes the characters of *sent* that need not be encoded (RFC 3986, section 6.2.2.2).

    In a query it encodes the apostrophe, as browsers do.

    >>> loosely("id/%7Eme%2F?it's")
    'id/~me%2F?it%27s'
    """
    path, mark, query = sent.partition("?")
    return _decoded(path) + mark + _decoded(query).replace("'", "%27")


def _decoded(sent: str) -> str:
    if "%" not in sent:
        return sent

    def decode(found: re.Match[str]) -> str:
        sign = chr(int(found[0][1:], 16))
        return sign if sign in _UNRESERVED else found[0]

    return _ENCODED.sub(decode, sent)


def document_of(iri: str) -> str:
    """*iri* without its fragment: the document in which it is described.

    >>> document_of("https://example.org/ontology#City")
    'https://example.org/ontology'
    """
    return iri.partition("#")[0]


def page_of(path: str) -> str:
    """The address of the document about the thing at *path*; a path outside of ``id/`` is a document already.

    >>> page_of("id/city/milano"), page_of("ontology")
    ('doc/city/milano', 'ontology')
    """
    return f"doc/{path.removeprefix('id/')}" if path.startswith("id/") else path


def by_iri(document: str) -> str:
    """The address, relative to the base, at which every document can be had, even one without an address of its own.

    >>> by_iri("https://example.org/a b")
    'resource?iri=https%3A%2F%2Fexample.org%2Fa+b'
    """
    return "resource?" + urlencode({"iri": document})


def is_ours(path: str) -> bool:
    """Whether *path*, as clients send it, is an address of the site itself and not of the data.

    >>> is_ours("sparql"), is_ours("dumps/x.ttl"), is_ours("search.json"), is_ours("ontology.owl"), is_ours("id/x")
    (True, True, True, False, False)
    """
    bare = _decoded(path).partition("?")[0]
    stem, _, extension = bare.rpartition(".")
    with_extension = stem in _WITH_EXTENSION | BESIDE and extension in EXTENSIONS
    exact = bare in _EXACT or bare in _WITH_EXTENSION or (bare in BESIDE and "?" in path)
    return exact or with_extension or bare.startswith(_BELOW) or bool(_SITEMAPS.fullmatch(bare))


def resources_in(quads: Iterable[Quad], base: str) -> dict[str, str]:
    """The IRIs that may need an address, each with its kind (:data:`DESCRIBED`, :data:`GRAPH` or :data:`NAMED`).

    These are all IRIs under *base* that occur in *quads*, and from elsewhere the subjects and the graphs.
    """
    kinds: dict[str, str] = {}
    rank = {DESCRIBED: 0, GRAPH: 1, NAMED: 2}
    for quad in quads:
        terms = ((quad.subject, DESCRIBED), (quad.graph_name, GRAPH), (quad.predicate, NAMED), (quad.object, NAMED))
        for term, kind in terms:
            if isinstance(term, NamedNode):
                iri = term.value
                if (kind != NAMED or iri.startswith(base)) and rank[kind] < rank.get(kinds.get(iri, ""), 3):
                    kinds[iri] = kind
    return kinds


def lay_out(resources: Mapping[str, str], base: str) -> Layout:
    """Gives each document of *resources* its address under *base*, and says which documents cannot have theirs.

    If several documents have the same address, it belongs to the one whose IRI is written as clients send it, else to
    the first in code point order.

    :param resources: IRIs with their kinds, as :func:`resources_in` returns them
    """
    mentioned: dict[str, bool] = {}
    for iri, kind in resources.items():
        document = document_of(iri)
        mentioned[document] = mentioned.get(document, True) and kind == NAMED
    sent_base = as_sent(base)
    at: dict[str, str] = {}
    ours: dict[str, Address] = {}
    obstacles: list[Obstacle] = []
    spelled = sorted(((sent := as_sent(document)) != document, document, sent) for document in mentioned)
    for _, document, sent in spelled:
        path = _path(sent, sent_base)
        if path is None:
            continue
        why = _why_never(path) if sent.startswith(sent_base) else "base"
        if why in ("ours", "home") and mentioned[document]:
            ours[document] = Address(path, loosely(path))
        if why is not None:
            obstacles.append(Obstacle(document, why, path, mentioned=document in ours))
        elif path in at:
            obstacles.append(Obstacle(document, "meets", path, at[path]))
        else:
            at[path] = document
    obstacles += _beside_things(at)
    addresses = {document: Address(path, loosely(path)) for path, document in at.items()}
    obstacles += _hindered(addresses, at)
    return Layout(addresses, tuple(sorted(obstacles, key=lambda one: (one.document, one.why))), ours)


def _path(sent: str, sent_base: str) -> str | None:
    """The path of a document relative to the base, both as they are sent; ``None`` if another server has it."""
    if sent.startswith(sent_base):
        return sent.removeprefix(sent_base)
    match = _SPELLED.fullmatch(sent) if sent[:4].lower() == "http" else None
    if match is None:
        return None
    scheme, authority = match[1].lower(), match[2].lower()
    authority = re.sub(rf":(?:{_PORTS.get(scheme, '')})?$", "", authority)
    spelled = f"{scheme}://{authority}{match[3] or '/'}{match[4] or ''}"
    return spelled.removeprefix(sent_base) if spelled.startswith(sent_base) else None


def _why_never(path: str) -> Why | None:
    """Why no client can get a document of the data at *path*, whatever else the data holds."""
    bare, mark, query = path.partition("?")
    if any(_decoded(part) in (".", "..") for part in bare.split("/")):
        return "dots"
    if mark and not query:
        return "query"
    if any(_decoded(one).partition("=")[0] in PARAMETERS for one in query.split("&")):
        return "parameter"
    if bare.startswith("/"):
        return "slash"
    if not bare:
        return "home"
    return "ours" if is_ours(path) else None


def _beside_things(at: dict[str, str]) -> Iterator[Obstacle]:
    """Documents at an address that a thing's own document needs; they are removed from *at*."""
    for path in [path for path in at if path.startswith("id/") and page_of(path) in at]:
        yield Obstacle(at.pop(page_of(path)), "meets", page_of(path), at[path])


def _hindered(addresses: Mapping[str, Address], at: Mapping[str, str]) -> Iterator[Obstacle]:
    """Documents that are at their own address, but not for all clients or not in all forms."""
    loose: dict[str, str] = {}
    for document, address in addresses.items():
        if address.path == address.loose:
            loose[address.loose] = document
    pages = {page_of(path): document for path, document in at.items()}
    for document, address in addresses.items():
        other = loose.setdefault(address.loose, document)
        if other != document:
            yield Obstacle(document, "taken", address.path, other)
        if len(page_of(address.path)) > _MOST_BYTES:
            yield Obstacle(document, "length", address.path)
        path, mark, query = page_of(address.path).partition("?")
        stem, _, extension = path.rpartition(".")
        if extension in FORMS and (whole := pages.get(stem + mark + query)):
            yield Obstacle(whole, "form", path + mark + query, document)
