"""Evidence graphs as nanopublications, each at its own address and under its trusty URI."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from missiongraph.evidence.records.nanopublications import (
    NANOPUB_PATH,
    PUBLISHABLE,
    Nanopub,
    address_of,
    evidence_graphs,
    nanopub,
)
from missiongraph.evidence.records.trusty_uris import ARTIFACT_CODE
from missiongraph.publication.addresses import as_sent
from missiongraph.rdf.formats import QUAD_FORMATS, TRIG, serialise
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Arguments, Family, Member, Variant, WebLink, data_variants


def nanopub_of(site: Site, graph: NamedNode) -> Member | None:
    """The nanopublication of *graph*, if that is an evidence graph under the base."""
    path = _path_of(site, graph)
    if path is None or not site.engine.query(f"ASK {{ VALUES ?graph {{ {graph} }} {PUBLISHABLE} }}"):
        return None
    return Member(path, graph.value)


def _path_of(site: Site, graph: NamedNode) -> str | None:
    """The path of the nanopublication of *graph*; ``None`` if the graph has no path of its own."""
    found = site.build.index.find(graph.value)
    path = as_sent(address_of(graph, site.base))
    return None if path == NANOPUB_PATH or "?" in path or found is None or found.path is None else path


def _find(site: Site, key: str, arguments: Arguments) -> Member | None:
    """The nanopublication at *key*. A trusty URI finds only content with that hash."""
    key = key.partition("?")[0]
    code = ARTIFACT_CODE.search(key)
    path = key[: code.start()].rstrip("/") if code else key
    for inside in (f"id/{path}", path):
        found = site.build.index.at(inside)
        member = nanopub_of(site, NamedNode(found.document)) if found else None
        if member is not None and (code is None or _made(site, member).code == code[0]):
            return Member(f"{NANOPUB_PATH}{key}", member.iri)
    return None


def _members(site: Site) -> Iterator[Member]:
    for graph in evidence_graphs(site.engine):
        if path := _path_of(site, graph):
            yield Member(path, graph.value)


def _made(site: Site, member: Member) -> Nanopub:
    return nanopub(site.engine, NamedNode(member.iri), site.settings)


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    made = _made(site, member)
    if variant.format in (None, TRIG):
        return made.as_trig(site.build.prefixes)
    return serialise(made.quads, variant.format.rdf_format, {})


def _links(site: Site, member: Member) -> tuple[WebLink, ...]:
    return (WebLink("cite-as", _made(site, member).iri.value), WebLink("describes", member.iri))


NANOPUBS = Family(
    name="nanopublication",
    pattern=f"/{NANOPUB_PATH}<path:key>",
    summary="An evidence graph as a nanopublication, by its path or its trusty name",
    find=_find,
    members=_members,
    variants=lambda site, member: data_variants(QUAD_FORMATS),
    render=_render,
    by_iri=True,
    links=_links,
)
