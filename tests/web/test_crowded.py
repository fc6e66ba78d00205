"""What very much names: its documents and the ``Link`` to the rest, served and as files, and what rules add to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from missiongraph.build import Build, build_publication
from missiongraph.graph.incoming import MOST_INCOMING
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import RDFS
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Member
from missiongraph.web.pages.resources.documents import DOCUMENTS
from tests.conftest import serving
from tests.web.answers import Page

BASE = "https://example.org/"
HUB, OF, NEAR = (NamedNode(BASE + path) for path in ("id/hub", "ns#of", "ns#near"))
MANY = MOST_INCOMING + 20
RULE = f"# title@en: Near\n\nCONSTRUCT {{ ?thing {NEAR} ?hub }} WHERE {{ ?thing {OF} ?hub }}\n"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A hub that many things name, each of them once by a statement and once by a rule; and one that few name."""
    folder: Path = tmp_path_factory.mktemp("crowded")
    (folder / "data").mkdir()
    (folder / "queries" / "rules").mkdir(parents=True)
    (folder / "missiongraph.toml").write_text(f'title = "Crowded"\nbase = "{BASE}"\n')
    lines = [f'<{BASE}id/{name}> {RDFS.label} "{name}"@en .\n' for name in ("hub", "lone")]
    lines += [f"<{BASE}id/{number}> {OF} {HUB} .\n" for number in range(MANY)]
    lines += [f"<{BASE}id/x> {OF} <{BASE}id/lone> .\n"]
    (folder / "data" / "a.nt").write_text("".join(lines))
    (folder / "queries" / "rules" / "near.rq").write_text(RULE)
    return build_publication(read_dataset(Publication.open(folder)), tmp_path_factory.mktemp("builds"))


@pytest.fixture(scope="module")
def client(crowded: Build) -> Iterator[httpx.Client]:
    with serving(crowded) as client:
        yield client


def related(answer: httpx.Response) -> list[str]:
    """The targets of the links to what is related (RFC 8288), as the header has them."""
    links = answer.headers["Link"].split(", <")
    return [link.partition(">")[0].lstrip("<") for link in links if 'rel="related"' in link]


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json", "application/trig"])
def test_the_link_of_what_is_not_shown_leads_to_all_that_names_the_thing(client: httpx.Client, accept: str) -> None:
    (address,) = related(client.get("/doc/hub", headers={"Accept": accept}))
    assert unquote(address).startswith("/sparql?query=CONSTRUCT")
    found = client.get(address, headers={"Accept": "application/n-triples"})
    assert len(set(parse(found.content, RdfFormat.N_TRIPLES))) == 2 * MANY
    assert related(client.get("/doc/lone", headers={"Accept": accept})) == []


def test_the_document_itself_leads_there_too(client: httpx.Client) -> None:
    found = {quad.triple for quad in parse(client.get("/doc/hub.nt").content, RdfFormat.N_TRIPLES)}
    (rest,) = (triple.object for triple in found if triple.subject == HUB and triple.predicate == RDFS.seeAlso)
    assert isinstance(rest, NamedNode)
    assert rest.value.startswith(f"{BASE}sparql?query=")
    assert sum(triple.object == HUB for triple in found) == MOST_INCOMING


def test_a_page_counts_what_is_stated_and_leaves_out_what_a_rule_adds(client: httpx.Client) -> None:
    page = Page(client.get("/doc/hub", headers=HTML).text)
    hrefs = [unquote(href) for href in page.values("href")]
    assert any(href.startswith("/naming?") and OF.value in href for href in hrefs)
    assert not any(href.startswith("/naming?") and NEAR.value in href for href in hrefs)


def test_files_have_no_service_and_lead_to_the_whole_dataset(crowded: Build) -> None:
    site = Site(crowded, static=True)
    member = DOCUMENTS.find(site, "hub", {})
    assert isinstance(member, Member)
    for variant in DOCUMENTS.variants(site, member):
        if variant.media_type in ("application/n-triples", "application/trig"):
            body = DOCUMENTS.render(site, member, variant)
            assert isinstance(body, bytes) and variant.format is not None
            found = {quad.triple for quad in parse(body, variant.format.rdf_format)}
            (rest,) = (triple.object for triple in found if triple.subject == HUB and triple.predicate == RDFS.seeAlso)
            assert isinstance(rest, NamedNode)
    (link,) = (link.target for link in DOCUMENTS.links(site, member) if link.relation == "related")
    assert rest.value == BASE + link.removeprefix("/")
    whole = parse((crowded.folder / link.removeprefix("/")).read_bytes(), RdfFormat.N_QUADS)
    assert {quad.subject for quad in whole if quad.object == HUB} == {NamedNode(f"{BASE}id/{n}") for n in range(MANY)}
