"""Headers that every client takes: at most 40 fields and 8 KB, and no link twice, on any page of any publication.

Python's ``http.client`` refuses more than 100 fields, nginx more than 8 KB.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
import requests

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import RDF, RDFS
from missiongraph.web.context.site import Site
from missiongraph.web.services.routes import SERVICES
from missiongraph.web.serving.application import FAMILIES
from tests.conftest import serving

BASE = "https://many.example/"
MOST_FIELDS, MOST_BYTES = 40, 8192
TAGS = [f"{first}{second}" for first in "abcdefg" for second in "abcdef"][:37]

#: Forms in which pages and documents are asked for.
ACCEPTED = ("text/html", "text/turtle")


@pytest.fixture(scope="module")
def many_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Labels in 37 languages, many types and datasets, and IRIs as long as they come."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text(f'title = "Many"\nbase = "{BASE}"\nlicence = "{BASE}licence"\n')
    long = "x" * 1500
    lines = [f'<{BASE}id/thing> <{RDFS.label.value}> "{tag}"@{tag} .' for tag in TAGS]
    lines += [f'<{BASE}id/{name}> <{RDFS.label.value}> "{name}"@{tag} .' for name in "ab" for tag in TAGS[30:35]]
    lines += [f"<{BASE}id/thing> <{RDF.type.value}> <{BASE}vocab/{long}{number}> ." for number in range(60)]
    lines += [f"<{BASE}id/{name}> <{RDF.type.value}> <{BASE}vocab/{long}0> ." for name in "ab"]
    for number in range(60):
        dataset = f"<{BASE}id/dataset/{number}>"
        lines.append(f"{dataset} <{RDF.type.value}> <http://www.w3.org/ns/dcat#Dataset> .")
        lines.append(f"<{BASE}id/graph/{number}> <http://purl.org/dc/terms/isPartOf> {dataset} .")
    for path in (f"id/{long}", f"id/{'é' * 1000}", f"id/x?{long}", f"own/{long}", "id/" + "y" * 7000):
        lines.append(f'<{BASE}{path}> <{RDFS.label.value}> "long"@en .')
    lines.append(f'<https://other.example/{long}> <{RDFS.label.value}> "long"@en .')
    (folder / "data" / "things.nt").write_text("\n".join(lines) + "\n", "utf-8")
    graphs = (f'<{BASE}id/thing> <{RDFS.label.value}> "{n}"@aa <{BASE}id/graph/{n}> .\n' for n in range(60))
    (folder / "data" / "graphs.nq").write_text("".join(graphs), "utf-8")
    return build_publication(read_dataset(Publication.open(folder)), tmp_path_factory.mktemp("many-builds"))


@pytest.fixture(scope="module")
def many(many_build: Build) -> Iterator[httpx.Client]:
    with serving(many_build) as client:
        yield client


def addresses(build: Build) -> Iterator[str]:
    """Some members of each family, the ones with the longest addresses among them, and what is no family."""
    site = Site(build)
    for family in FAMILIES:
        found = sorted(family.members(site), key=lambda member: len(member.address()))
        for member in (*found[:2], *found[2:-2:500], *found[-2:]):
            yield member.address()
            yield from (member.address(v.extension) for v in family.variants(site, member) if v.extension)
    yield from (service.pattern[1:] for service in SERVICES)
    yield from ("id/thing", "nothing/here", "list?class=x", "search?q=thing", "search.json?q=thing", "static/site.css")
    yield f"search?q={quote('è' * 300)}"
    yield "sparql?query=" + quote("SELECT * WHERE { ?s ?p ?o } LIMIT 10")
    yield "sparql?query=" + quote("CONSTRUCT WHERE { ?s ?p ?o }")
    yield "linkset?of=" + quote(next(iter(member.address() for member in FAMILIES[0].members(site))))


def links(field: str) -> list[str]:
    return re.findall(r"<[^>]*>[^<]*", field)


@pytest.mark.parametrize("name", ["site", "beer", "odd", "many"])
def test_no_answer_has_more_headers_than_clients_take(name: str, request: pytest.FixtureRequest) -> None:
    client: httpx.Client = request.getfixturevalue(name)
    build: Build = request.getfixturevalue({"site": "shipped_build"}.get(name, f"{name}_build"))
    asked = 0
    for address in addresses(build):
        for accepted in ACCEPTED if "." not in address.partition("?")[0].rpartition("/")[2] else ("*/*",):
            with client.stream("GET", f"/{address}", headers={"Accept": accepted}) as response:
                fields = response.headers.raw
                asked += 1
                assert response.status_code != 500, address
                assert len(fields) <= MOST_FIELDS, address
                assert sum(len(field) + len(value) + 4 for field, value in fields) <= MOST_BYTES, address
                joined = response.headers.get_list("Link")
                assert len(joined) <= 1, address
                found = [link.strip(", ") for link in links("".join(joined))]
                assert len(found) == len(set(found)), address
    assert asked > 90


def test_what_the_header_has_no_room_for_is_in_the_link_set(many: httpx.Client) -> None:
    header = many.get("/doc/thing").headers["Link"]
    sets = re.findall(r'<([^>]*)>; rel="linkset"; type="application/linkset\+json"', header)
    context = many.get(sets[0]).json()["linkset"][0]
    assert len(context["type"]) == 10  # as many as a page tells of
    assert header.count('rel="type"') < 10
    assert {'rel="cite-as"', 'rel="describedby"', 'rel="linkset"'} <= set(re.findall(r'rel="[^"]*"', header))


def test_clients_of_python_take_every_page(many: httpx.Client) -> None:
    root = str(many.base_url)
    connection = http.client.HTTPConnection(urlsplit(root).netloc)
    pages = ("/", "/search?q=thing", "/catalog", "/dumps/", "/doc/thing", "/sparql", "/.well-known/void", "/changes")
    for address in pages:
        connection.request("GET", address, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, address
        assert requests.get(root + address, timeout=30).status_code == 200
    connection.close()


def test_pages_are_in_the_languages_of_most_labels(many_build: Build) -> None:
    assert many_build.languages == ("aa", "en", *TAGS[30:33])  # 61 labels, six, and three of each other


def test_languages_that_the_publication_names_are_all_kept(tmp_path: Path) -> None:
    (tmp_path / "p" / "data").mkdir(parents=True)
    named = ", ".join(f'"{tag}"' for tag in TAGS)
    (tmp_path / "p" / "missiongraph.toml").write_text(f'title = "T"\nbase = "{BASE}"\nlanguages = [{named}]\n')
    (tmp_path / "p" / "data" / "x.nt").write_text(f'<{BASE}id/x> <{RDFS.label.value}> "x"@aa .\n')
    build = build_publication(read_dataset(Publication.open(tmp_path / "p")), tmp_path / "b")
    assert list(build.languages) == TAGS
    with serving(build) as client:
        for address in ("/search?q=x", "/doc/x", "/"):
            fields = client.get(address, headers={"Accept": "text/html"}).headers.raw
            assert len(fields) <= MOST_FIELDS
