"""The registry: page families, whose representations can be enumerated, and services, whose answers cannot.

A `Family` says how its members are found and listed, which variants they have, and which pure function renders a
variant. Routing, content negotiation, headers, the sitemap, the OpenAPI document and the export are loops over all
families. A `Service` computes its answer from the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlencode

from missiongraph.publication.addresses import PARAMETERS
from missiongraph.publication.own_services import Interface
from missiongraph.rdf.formats import RDF_FORMATS, Format

if TYPE_CHECKING:
    from flask import Response

    from missiongraph.web.context.site import Site

HTML_TYPE = "text/html"

#: JSON Schema of an absolute IRI.
IRI_SCHEMA: Mapping[str, Any] = {"type": "string", "format": "iri"}


@dataclass(frozen=True)
class Variant:
    """One representation of a member, by media type and language.

    :ivar title: name of the format, as pages show it
    :ivar aliases: further media types under which clients may ask for it
    :ivar explicit: whether the address itself asks for the language, so that links keep it
    :ivar opened: whether the page shows every margin note open
    :ivar format: the RDF format; ``None`` for anything but RDF
    """

    media_type: str
    extension: str
    title: str
    language: str | None = None
    aliases: tuple[str, ...] = ()
    explicit: bool = False
    opened: bool = False
    format: Format | None = None

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.media_type == HTML_TYPE


@dataclass(frozen=True)
class Member:
    """A resource of a family. Each page of a long list is a member of its own.

    :ivar path: below the root, without extension
    :ivar iri: what the resource is about
    :ivar arguments: its query parameters
    :ivar number: of the page, from 1
    :ivar query: a query string that belongs to the IRI itself, as clients send it; it stands before the arguments
    :ivar shadowed: whether another resource has the address of one of its forms; its forms are then at
        ``resource?iri=``
    """

    path: str
    iri: str
    arguments: tuple[tuple[str, str], ...] = ()
    number: int = 1
    query: str = ""
    shadowed: bool = False

    def address(self, extension: str = "", **more: str) -> str:
        """The address below the root.

        :param extension: of the form; without one, the address is negotiated
        :param more: further query parameters
        """
        if extension and self.shadowed:
            return Member("resource", self.iri, (("iri", self.iri),)).address(extension, **more)
        suffix = f".{extension}" if extension else ""
        query = "&".join(filter(None, (self.query, urlencode([*self.arguments, *more.items()]))))
        return quote(f"{self.path}{suffix}", safe="%/:@!$&'()*+,;=~-._") + (f"?{query}" if query else "")


class BadParameter(ValueError):
    """A query parameter has an invalid value."""

    def __init__(self, name: str, what: str) -> None:
        """:param name: of the parameter

        :param what: what is wrong with its value
        """
        self.name = name
        super().__init__(what)


class WebLink(NamedTuple):
    """A typed link of a member (RFC 8288).

    :ivar relation: the relation type
    :ivar target: an address below the root with a leading slash, or an absolute IRI
    """

    relation: str
    target: str
    media_type: str = ""


class Choices(NamedTuple):
    """A query parameter that takes one of *values*, or an empty text for none of them."""

    name: str
    meaning: str
    values: tuple[str, ...]


#: The body of a variant: bytes, a file of the build, or blocks that are rendered while they are sent.
Body = bytes | Path | Iterator[bytes]
Arguments = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """A page family: one kind of resource of the site.

    :ivar pattern: Werkzeug routing rule; its ``<path:key>`` is the *key* of *find*
    :ivar find: returns the member that *key* and the parameters name; ``None`` if there is none
    :ivar members: lists all members; empty if they can be found but not listed
    :ivar render: writes one variant; a pure function, so that server and export give the same bytes
    :ivar parameters: query parameters beside ``lang``, with a description each
    :ivar required: the *parameters* that every address has
    :ivar schemas: JSON Schema of the values of *parameters*, where not every text is valid
    :ivar repeated: the *parameters* that may be given several times; *find* gets their values as lines of one text
    :ivar choices: returns further parameters that a single member takes
    :ivar by_iri: whether *key* is a part of an IRI, as clients send it, with the query string that belongs to the IRI
    :ivar of_files: whether members are files of the build, which may lie there in several content codings
    :ivar scripts: further sources of scripts for the Content-Security-Policy of its pages
    :ivar links: returns typed links of a member, beside those to its variants
    :ivar later: lists the members from a place on, if it can do so without those before
    :ivar size: returns the number of members, if it is known without listing them
    :ivar example: returns a member for the OpenAPI document, if none is listed
    """

    name: str
    pattern: str
    summary: str
    find: Callable[[Site, str, Arguments], Member | None]
    variants: Callable[[Site, Member], tuple[Variant, ...]]
    render: Callable[[Site, Member, Variant], Body]
    members: Callable[[Site], Iterator[Member]] = lambda site: iter(())
    parameters: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    choices: Callable[[Site, Member], tuple[Choices, ...]] | None = None
    by_iri: bool = False
    of_files: bool = False
    scripts: tuple[str, ...] = ()
    links: Callable[[Site, Member], tuple[WebLink, ...]] = lambda site, member: ()
    later: Callable[[Site, int], Iterator[Member]] | None = None
    size: Callable[[Site], int] | None = None
    example: Callable[[Site], Member | None] = lambda site: None

    def members_from(self, site: Site, start: int) -> Iterator[Member]:
        """The members from place *start* on, which counts from 0."""
        return self.later(site, start) if self.later else islice(self.members(site), start, None)


def keys_of(family: Family, sent: str, query: str) -> tuple[str, ...]:
    """The keys that a request for *sent* may mean in *family*, in the order in which they are tried.

    A key that is a part of an IRI may have a query string: the part of *query* that is no parameter of this software.
    """
    if not family.by_iri:
        return (unquote(sent),)
    own = "&".join(one for one in query.split("&") if unquote(one.partition("=")[0]) not in PARAMETERS)
    return (f"{sent}?{own}", sent) if own else (sent,)


@dataclass(frozen=True)
class Service:
    """An address that computes its answer from the request. It is never enumerated.

    :ivar operations: returns its operations for the OpenAPI document of a site
    :ivar interface: its entry in the catalogue, if it serves data
    """

    name: str
    pattern: str
    methods: tuple[str, ...]
    answer: Callable[[Site], Response]
    operations: Callable[[Site], Mapping[str, Mapping[str, Any]]]
    interface: Interface | None = None


def page_variants(site: Site) -> tuple[Variant, ...]:
    """The HTML page in each language of the publication."""
    return _pages_in(site.languages)


@lru_cache(16)
def _pages_in(languages: tuple[str, ...]) -> tuple[Variant, ...]:
    return tuple(Variant(HTML_TYPE, "html", "HTML", language) for language in languages)


def data_variants(formats: tuple[Format, ...]) -> tuple[Variant, ...]:
    """A variant for each RDF format."""
    return tuple(Variant(f.media_type, f.extension, f.name, aliases=f.aliases, format=f) for f in formats)


#: A document in each RDF format.
DATA = data_variants(RDF_FORMATS)
