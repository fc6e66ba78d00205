"""The one registry of representations, and services beside it.

A *family* of resources is declared once: how its members are found and enumerated, which variants they have, and one
pure function that writes a variant. Routing, negotiation, headers, the sitemap and the description of the interface
are loops over the registry. A *service* answers what no enumeration could list.
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
from missiongraph.publication.catalogued_services import Interface
from missiongraph.rdf.formats import RDF_FORMATS, Format

if TYPE_CHECKING:
    from flask import Response

    from missiongraph.web.context.site import Site

HTML_TYPE = "text/html"

#: JSON Schema of a parameter that is an absolute IRI.
IRI_SCHEMA: Mapping[str, Any] = {"type": "string", "format": "iri"}


@dataclass(frozen=True)
class Variant:
    """One form of a resource.

    :ivar explicit: the address itself asked for the language, so links keep it
    :ivar opened: every note of the page is drawn open
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
        """Whether people read it."""
        return self.media_type == HTML_TYPE


@dataclass(frozen=True)
class Member:
    """A resource: its *path* below the root, without extension; *arguments* of its query; the *iri* it is about.

    A page of a long list is a member of its own, whose *number* counts from 1.

    :ivar query: of its IRI, as clients send it; stands before the arguments
    :ivar shadowed: whether another resource has the address of one of its forms, which are then had by its IRI
    """

    path: str
    iri: str
    arguments: tuple[tuple[str, str], ...] = ()
    number: int = 1
    query: str = ""
    shadowed: bool = False

    def address(self, extension: str = "", **more: str) -> str:
        """The address below the root; *more* are further parameters."""
        if extension and self.shadowed:
            return Member("resource", self.iri, (("iri", self.iri),)).address(extension, **more)
        suffix = f".{extension}" if extension else ""
        query = "&".join(filter(None, (self.query, urlencode([*self.arguments, *more.items()]))))
        return quote(f"{self.path}{suffix}", safe="%/:@!$&'()*+,;=~-._") + (f"?{query}" if query else "")


class BadParameter(ValueError):
    """A parameter has a value that it cannot have."""

    def __init__(self, name: str, what: str) -> None:
        """:param name: of the parameter"""
        self.name = name
        super().__init__(what)


class WebLink(NamedTuple):
    """A typed link of a member: *target* is an address below the root with a leading slash, or an absolute IRI."""

    relation: str
    target: str
    media_type: str = ""


class Choices(NamedTuple):
    """A parameter that takes one of some *values*, or none of them: an empty text."""

    name: str
    meaning: str
    values: tuple[str, ...]


#: What is sent of a variant: its bytes, a file of the build, or pieces that are made while they are sent.
Body = bytes | Path | Iterator[bytes]
Arguments = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """A family of resources.

    :ivar pattern: routing rule; ``<path:key>`` is what *find* gets
    :ivar find: the member that *key* and the parameters name; ``None``: no such thing
    :ivar members: all members, for enumeration; none where they are found but not listed
    :ivar render: writes one variant; pure, so that a server and an export give the same
    :ivar parameters: parameters of the query beyond ``lang``, with a sentence each
    :ivar required: those of the *parameters* that an address must have
    :ivar schemas: what the values of *parameters* look like, in JSON Schema, where not every text will do
    :ivar repeated: those of them that may be given several times; *find* gets their values as lines of one text
    :ivar choices: of a member: further parameters that it alone has, with what they mean and the values that they take
    :ivar by_iri: its key is a part of an IRI, as clients send it, with the query that belongs to it
    :ivar of_files: its members are files of the build, some of which lie there in several codings
    :ivar scripts: where its pages may take scripts from beside the site itself, as a Content-Security-Policy says it
    :ivar links: further links of a member, besides those to its forms
    :ivar later: the members from a place on, where they can be had without those before
    :ivar size: how many members there are, where that is known without them
    :ivar example: a member, where none is listed
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
        """The members from the one at place *start* on."""
        return self.later(site, start) if self.later else islice(self.members(site), start, None)


def keys_of(family: Family, sent: str, query: str) -> tuple[str, ...]:
    """What *family* is asked for at the path *sent* with *query*: of IRIs first with the query that is theirs."""
    if not family.by_iri:
        return (unquote(sent),)
    own = "&".join(one for one in query.split("&") if unquote(one.partition("=")[0]) not in PARAMETERS)
    return (f"{sent}?{own}", sent) if own else (sent,)


@dataclass(frozen=True)
class Service:
    """An address that computes its answer from the request; *operations* is its fragment of OpenAPI on a site.

    :ivar interface: its entry in the catalogue, where it serves data
    """

    name: str
    pattern: str
    methods: tuple[str, ...]
    answer: Callable[[Site], Response]
    operations: Callable[[Site], Mapping[str, Mapping[str, Any]]]
    interface: Interface | None = None


def page_variants(site: Site) -> tuple[Variant, ...]:
    """The page in each language of the publication."""
    return _pages_in(site.languages)


@lru_cache(16)
def _pages_in(languages: tuple[str, ...]) -> tuple[Variant, ...]:
    return tuple(Variant(HTML_TYPE, "html", "HTML", language) for language in languages)


def data_variants(formats: tuple[Format, ...]) -> tuple[Variant, ...]:
    """A variant for each RDF format."""
    return tuple(Variant(f.media_type, f.extension, f.name, aliases=f.aliases, format=f) for f in formats)


#: The data variants of a document.
DATA = data_variants(RDF_FORMATS)
