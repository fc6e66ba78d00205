"""Every IRI answers at its own address with exactly that thing, or the check of addresses names it with a way."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from werkzeug.test import Client

from missiongraph.build import build_publication
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import Report, Result, validate
from missiongraph.validation.checks.unreachable_iris import SOURCE, check_addresses
from missiongraph.vocab import RDF, RDFS
from missiongraph.web.context.site import Site
from missiongraph.web.serving.application import create_app
from tests.browser import browsing
from tests.conftest import PublicationMaker, missiongraph, serving

BASE = "https://data.example.org/"
TURTLE = {"Accept": "text/turtle"}


def labels(turtle: bytes) -> set[tuple[str, str]]:
    """What is named under the base, and how, in an answer."""
    named = [(q.subject, q.object) for q in parse(turtle, RdfFormat.TURTLE) if q.predicate == RDFS.label]
    return {
        (subject.value, value.value)
        for subject, value in named
        if isinstance(subject, NamedNode) and subject.value.lower().startswith(BASE) and isinstance(value, Literal)
    }


def publication_of(iris: Iterable[str], folder: Path) -> Dataset:
    """A publication with a label for each of *iris*."""
    (folder / "data").mkdir(parents=True)
    (folder / "missiongraph.toml").write_text(f'title = "Addresses"\nbase = "{BASE}"\n')
    lines = (f'<{iri}> {RDFS.label} "{number}" .\n' for number, iri in enumerate(iris))
    (folder / "data" / "things.nt").write_text("".join(lines), "utf-8")
    return read_dataset(Publication.open(folder))


def named(dataset: Dataset) -> dict[str, Result]:
    """What the check of addresses says, by document."""
    found: dict[str, Result] = {}
    for result in check_addresses(dataset):
        assert isinstance(result.focus, NamedNode)
        found[result.focus.value.partition("#")[0]] = result
    return found


def way_of(result: Result) -> str:
    """The address that a result says the thing can be had at, below the root."""
    return result.message().rpartition(" at ")[2].partition(", or by")[0].removeprefix(BASE)


def of_requests(iri: str) -> str:
    """What the library ``requests`` asks a server for."""
    session = requests.Session()
    prepared = session.prepare_request(requests.Request("GET", iri))
    adapter = session.get_adapter(iri)
    assert isinstance(adapter, requests.adapters.HTTPAdapter)
    return str(adapter.request_url(prepared, {}))


def of_httpx(iri: str) -> str:
    """What the library ``httpx`` asks a server for."""
    return httpx.URL(iri).raw_path.decode()


def as_it_is(iri: str) -> str:
    """What ``curl --path-as-is`` asks for: the IRI's own characters in UTF-8."""
    return iri.partition("#")[0].removeprefix(BASE[:-1])


CLIENTS: tuple[Callable[[str], str], ...] = (of_requests, of_httpx, as_it_is)


@contextmanager
def asking(dataset: Dataset, folder: Path) -> Iterator[Callable[[str], tuple[int, bytes]]]:
    """Asks for an address in Turtle, just so, and follows to the document."""
    client = Client(create_app(build_publication(dataset, folder)))

    def ask(address: str) -> tuple[int, bytes]:
        for _ in range(2):
            raw = address.encode().decode("latin-1")
            query = address.partition("?")[2].encode().decode("latin-1")
            given = {"RAW_URI": raw, "REQUEST_URI": raw, "QUERY_STRING": query}
            response = client.open("/", headers=TURTLE, environ_overrides=given)
            if response.status_code != 303:
                break
            address = response.headers["Location"]
        return response.status_code, response.data

    yield ask


_PIECES = """a B ~ %7E %7e %2F %2f %3F %23 %25 %41 é é %C3%A9 %c3%a9 漢 😀 %FF / // .. /../ /./ %2E%2e . + %20 : @ '
    %27 & = ? ?? ; , .ttl .html lang=en evidence id doc sparql search ontology catalog list"""
HEADS = ("id/", "id/", "doc/", "", "own/", "dumps/", "views/", "/", "#", "?")


@st.composite
def iris(draw: st.DrawFn) -> str:
    """An IRI under the base."""
    head = draw(st.sampled_from(HEADS))
    return valid(BASE + head + "".join(draw(st.lists(st.sampled_from(_PIECES.split()), max_size=4))))


def valid(iri: str) -> str:
    """*iri*, or another if it is none."""
    try:
        return NamedNode(iri).value
    except ValueError:
        return f"{BASE}id/other"


#: What makes another IRI of one, which some client may take for the same.
RESPELLED = (
    *(("~", "%7E"), ("a", "%61"), ("'", "%27"), ("%2F", "%2f"), ("%2F", "/"), ("é", "%C3%A9"), ("%C3", "%c3")),
    *(("id/", "doc/"), ("id/", "id//"), ("id/", "id/./"), ("a", "A"), ("?", "%3F")),
)


@st.composite
def sets_of_iris(draw: st.DrawFn) -> list[str]:
    """IRIs, some of them beside one that differs in its spelling or its end alone."""
    found = draw(st.lists(iris(), min_size=1, max_size=12, unique=True))
    for iri in list(found):
        old, new = draw(st.sampled_from(RESPELLED))
        path, end = iri.removeprefix(BASE), draw(st.sampled_from(("/", ".ttl", "?", "?a")))
        root = draw(st.sampled_from((BASE, BASE, BASE.replace("https", "HTTPS"))))
        found.append(valid(root + path.replace(old, new) if old in path else iri + end))
    return list(dict.fromkeys(found))


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(sets_of_iris())
def test_every_iri_answers_at_its_address_or_is_named_with_a_way_that_works(things: list[str]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        dataset = publication_of(things, folder / "publication")
        said = named(dataset)
        documents: dict[str, set[tuple[str, str]]] = {}
        for number, iri in enumerate(things):
            documents.setdefault(iri.partition("#")[0], set()).add((iri, str(number)))
        with asking(dataset, folder / "builds") as ask:
            for document, content in documents.items():
                if document in said:
                    status, answer = ask(f"/{way_of(said[document])}")
                    assert (status, labels(answer)) == (200, content), said[document].message()
                if document not in said or "form of" in said[document].message():
                    for client in CLIENTS:
                        status, answer = ask(client(document))
                        assert (status, labels(answer) if status == 200 else answer) == (200, content), (
                            document,
                            client(document),
                        )


_FAR = """id/x%2Fy id/x/y id/x//y id/x/ id/item?id=5 id/item?id=6 id/item id/a?b?c id//x id/ id/X id/x id/%7Eme
    id/caf%C3%A9 id/café id/漢?q=😀 id/a+b id/%2541 id/a;b=1,2&c id/50%25 id/dotted.name id/dotted.ttl doc/own
    own//double ontology.owl searching ontology shapes catalog .well-known/void id/.hidden"""


def test_real_clients_get_each_thing_from_the_real_server(tmp_path: Path) -> None:
    far = _FAR.split()
    dataset = publication_of((BASE + path for path in far), tmp_path / "publication")
    assert named(dataset) == {}
    build = build_publication(dataset, tmp_path / "builds")
    with serving(build) as client:
        root = f"http://127.0.0.1:{client.base_url.port}/"
        for number, path in enumerate(far):
            expected = {(BASE + path, str(number))}
            curled = subprocess.run(
                ["curl", "-sSL", "-H", "Accept: text/turtle", root + path], capture_output=True, check=True
            )
            asked = requests.get(root + path, headers=TURTLE, timeout=30)
            got = client.get(f"/{path}", headers=TURTLE, follow_redirects=True)
            assert labels(curled.stdout) == labels(asked.content) == labels(got.content) == expected, path
        with browsing(tmp_path) as browser:
            browser.open(root)
            browser.wait_for("document.readyState == 'complete'")
            asking = "fetch({}, {{headers: {{Accept: 'text/turtle'}}}})"
            script = f"{asking}.then(answer => answer.text()).then(text => window.got.push(text))"
            browser.value("window.got = []")
            for number, path in enumerate(far):
                browser.value(script.format(repr(f"/{path}")) + "; 0")
                browser.wait_for(f"window.got.length == {number + 1}")
                assert labels(browser.value(f"window.got[{number}]").encode()) == {(BASE + path, str(number))}, path


def test_an_address_is_one_thing_in_the_cache_too(tmp_path: Path) -> None:
    dataset = publication_of((f"{BASE}id/x%2Fy", f"{BASE}id/x/y"), tmp_path / "publication")
    with serving(build_publication(dataset, tmp_path / "builds")) as client:
        for _ in range(2):
            for number, path in enumerate(("x%2Fy", "x/y")):
                assert labels(client.get(f"/doc/{path}.ttl").content) == {(f"{BASE}id/{path}", str(number))}
                page = client.get(f"/doc/{path}", headers={"Accept": "text/html"})
                assert f'<link rel="canonical" href="{BASE}doc/{path}">' in page.text
        curled = subprocess.run(["curl", "-sI", f"{client.base_url}/id/x%2Fy?é=è"], capture_output=True, check=True)
        assert curled.stdout.startswith(b"HTTP/1.1 303")


TWO = {
    "data/a.ttl": f"@prefix rdfs: <{RDFS.label.value.partition('#')[0]}#> .\n<{BASE}id/café> rdfs:label 'one' .",
    "data/b.ttl": f"\n<{BASE}id/caf%C3%A9> <{RDFS.label.value}> 'two' .",
}


@pytest.mark.parametrize("command", ["validate", "build"])
def test_both_of_two_that_meet_are_named_with_their_files(
    make_publication: PublicationMaker, tmp_path: Path, command: str
) -> None:
    folder = make_publication({"missiongraph.toml": f'title = "Two"\nbase = "{BASE}"\n', **TWO})
    out: list[str | Path] = ["--out", tmp_path / "builds"] if command == "build" else []
    done = missiongraph(command, "--publication", folder, *out)
    said = done.stdout + done.stderr
    assert done.returncode == 0
    for text in ("data/a.ttl:2", "data/b.ttl", f"{BASE}id/café", f"{BASE}id/caf%C3%A9", f"{BASE}resource?iri="):
        assert text in said


def test_what_is_only_mentioned_at_an_address_of_ours_is_an_information(tmp_path: Path) -> None:
    folder = tmp_path / "publication"
    publication_of([f"{BASE}id/x"], folder)
    statement = f"<{BASE}id/x> <https://schema.org/url> <{BASE}sparql> .\n<{BASE}search> {RDFS.label} 'Search' .\n"
    (folder / "data" / "more.nt").write_text(statement.replace("'", '"'))
    report: Report = validate(read_dataset(Publication.open(folder)))
    found = {str(r.focus): (r.severity, r.place and r.place.line) for r in report.results if r.source == SOURCE}
    assert found == {f"<{BASE}sparql>": ("info", 1), f"<{BASE}search>": ("warning", 2)}
    with asking(read_dataset(Publication.open(folder)), tmp_path / "builds") as ask:
        assert ("https://data.example.org/search", "Search") in labels(ask(f"/resource?iri={BASE}search")[1])
        assert f"<{BASE}sparql>" in ask(f"/resource?iri={BASE}sparql")[1].decode()


def test_links_lead_to_the_way_that_works(tmp_path: Path) -> None:
    folder = tmp_path / "publication"
    publication_of([f"{BASE}id/{path}" for path in ("café", "caf%C3%A9", "item?id=5", "x", "x.ttl")], folder)
    links = "".join(
        f"<{BASE}id/all> <https://schema.org/about> <{BASE}id/{path}> .\n"
        for path in ("café", "caf%C3%A9", "item?id=5")
    )
    (folder / "data" / "more.nt").write_text(links, "utf-8")
    client = Client(create_app(build_publication(read_dataset(Publication.open(folder)), tmp_path / "builds")))
    page = client.get("/doc/all", headers={"Accept": "text/html"}).text
    for target in ("/resource?iri=https%3A%2F%2Fdata.example.org%2Fid%2Fcaf%C3%A9", "/doc/caf%C3%A9", "/doc/item?id=5"):
        assert f'href="{target}"' in page
    shadowed = client.get("/doc/x", headers={"Accept": "text/html"})
    assert 'href="/doc/x.ttl"' not in shadowed.text
    way = "/resource.ttl?iri=https%3A%2F%2Fdata.example.org%2Fid%2Fx"
    assert way in shadowed.text and f"<{way}>" in shadowed.headers["Link"]
    assert labels(client.get(way).data) == {(f"{BASE}id/x", "3")}
    for path in ("doc/item?id=5", "doc/caf%C3%A9"):
        of = client.get(f"/{path}", headers={"Accept": "text/html"}).headers["Link"].split('>; rel="linkset"')[0]
        anchor = json.loads(client.get(of.rpartition("<")[2]).text)["linkset"][0]["anchor"]
        assert urlsplit(anchor)[2:4] == urlsplit(BASE + path)[2:4]


def test_a_term_that_a_vocabulary_of_others_is_not_told_to_have_is_linked_where_it_lives(
    make_publication: PublicationMaker, tmp_path: Path
) -> None:
    """The page of that vocabulary has no such part to lead to."""
    told, untold = NamedNode("http://v.example/ns#told"), NamedNode("http://v.example/ns#untold")
    folder = make_publication(
        {
            "data/a.ttl": f"<https://example.org/id/a> {told} 1 ; {untold} 2 .",
            "ontology/v.ttl": f"{told} a {RDF.Property} .",
        }
    )
    site = Site(build_publication(read_dataset(Publication.open(folder)), tmp_path / "builds"))
    assert (site.address_of(told) or "").endswith("#told")
    assert site.address_of(untold) is None
