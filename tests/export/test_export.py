"""An export is the site: the same bytes as over HTTP but for links, every link good, and the same again."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.build import Build, build_publication
from missiongraph.export import export_site
from missiongraph.export.file_names import Addresses, _Names, items_of
from missiongraph.export.write import LISTING
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.context.site import Site
from missiongraph.web.serving.application import FAMILIES, create_app
from tests.browser import browsing
from tests.conftest import BEER, ROOT, PublicationMaker, contents, missiongraph
from tests.export.conftest import Exporter
from tests.export.links import broken_links
from tests.export.servers import plain
from tests.web.answers import Page


def quietly(build: Build, out: Path) -> list[str]:
    told: list[str] = []
    export_site(build, out, warn=told.append, progress=lambda step: None)
    return told


#: Enough of the shipped publication for every mechanism; the whole is many thousand files of the same kinds.
EXCERPT = (
    *("missiongraph.toml", "context.jsonld", "ontology/missiongraph.ttl", "shapes", "queries"),
    *("data/things.trig", "data/sources.trig", "data/other-sources.trig", "data/italian-network/lets-gov.trig"),
)


@pytest.fixture(scope="module")
def shipped_files(export: Exporter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("excerpt")
    for name in EXCERPT:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
    return export(build_publication(read_dataset(Publication.open(folder)), tmp_path_factory.mktemp("excerpt-build")))


@pytest.mark.sweep
def test_no_link_of_an_excerpt_of_the_shipped_publication_is_broken(shipped_files: Path) -> None:
    assert broken_links(shipped_files) == []
    pages = {file.relative_to(shipped_files).as_posix() for file in shipped_files.rglob("*.html")}
    assert {"index.html", "index.it.html", "doc/city/bologna.html", "doc/city/bologna.it.html"} <= pages
    for extension in ("ttl", "jsonld", "nt", "rdf", "trig"):
        assert (shipped_files / f"doc/city/bologna.{extension}").is_file()


def test_a_page_is_in_one_language_and_so_are_its_links(shipped_files: Path) -> None:
    page = Page((shipped_files / "doc/city/bologna.it.html").read_text())
    assert page.all("html")[0]["lang"] == "it"
    inner = [href for href in page.values("href", "a") if ".html" in href and not href.startswith("http")]
    others = [href for href in inner if not re.search(r"\.it\.html", href)]
    assert others == ["bologna.html"] or set(others) == {"../../doc/city/bologna.html"}


def test_a_query_runs_in_the_browser_on_a_host_of_mere_files(shipped_files: Path, tmp_path: Path) -> None:
    if not (shipped_files / "static/vendor/oxigraph/web_bg.wasm").is_file():
        pytest.skip("the front-end files are missing")
    query = """SELECT ?name ?words WHERE { GRAPH ?g { ?project mg:leadPartner ?city } ?city schema:name ?name
        FILTER(LANG(?name) = "en") ?g prov:wasDerivedFrom/oa:hasSelector/oa:exact ?words }"""
    with plain(shipped_files) as client, browsing(tmp_path) as browser:
        browser.open(f"{client.base_url}/sparql/local.html?query={quote(query)}")
        browser.wait_for("document.querySelector('.result td, .fault:not([hidden]) pre')?.textContent")
        cells = browser.value("[...document.querySelectorAll('.result td')].map((cell) => cell.textContent)")
        assert cells == ["Municipality of Bologna en", "the lead partner Bologna"]
        assert browser.complaints == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ASK { ?s ?p ?o }", ".answer"),
        ("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }", ".result pre.cmd"),
        ("SELECT * WHERE { ?s ?p <urn:none> }", "[role=status]"),
        ("SELEC", ".fault:not([hidden]) pre"),
    ],
)
def test_every_kind_of_answer_is_shown(beer_files: Path, tmp_path: Path, query: str, found: str) -> None:
    if not (beer_files / "static/vendor/oxigraph/web_bg.wasm").is_file():
        pytest.skip("the front-end files are missing")
    with plain(beer_files) as client, browsing(tmp_path) as browser:
        browser.open(f"{client.base_url}/sparql/local.html?query={quote(query)}")
        browser.wait_for(
            "document.querySelector('#page-local .fault:not([hidden]), #page-local .result:not([hidden])') !== null"
        )
        assert browser.value(f"document.querySelector({json.dumps('#page-local ' + found)})?.textContent")


def test_a_copy_without_the_engine_says_so(beer_build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("missiongraph.web.rendering.environment.ENGINE", "vendor/none.wasm")
    text = create_app(beer_build).test_client().get("/sparql/local").text
    assert "The query engine is missing." in text
    assert "local.js" not in text


def test_only_the_page_that_needs_it_may_compile(beer_build: Build) -> None:
    client = create_app(beer_build).test_client()
    assert "'wasm-unsafe-eval'" in client.get("/sparql/local").headers["Content-Security-Policy"]
    assert "wasm" not in client.get("/").headers["Content-Security-Policy"]
    assert "wasm" not in client.get("/sparql").headers["Content-Security-Policy"]


def test_pages_carry_their_policy(beer_files: Path) -> None:
    for file in beer_files.rglob("*.html"):
        (found,) = Page(file.read_text()).all("meta", **{"http-equiv": "Content-Security-Policy"})
        policy = str(found["content"])
        assert policy.startswith("default-src 'none'")
        assert ("wasm-unsafe-eval" in policy) == ("sparql" in file.parts)


def test_what_is_no_page_is_the_same_as_over_http(beer_build: Build, beer_files: Path) -> None:
    client = create_app(Build.open(beer_build.folder)).test_client()
    compared = 0
    for item in items_of(Site(beer_build, static=True)):
        if not item.variant.is_page and item.member.path not in ("robots.txt", "openapi.json"):
            address = "/" + item.member.address(item.variant.extension)
            answer = client.get(address, headers={"Accept": item.variant.media_type})
            content = answer.data
            answer.close()
            assert content == (beer_files / item.file).read_bytes(), item.file
            compared += 1
    assert compared > 60


def test_every_member_of_the_registry_has_its_files(beer_build: Build, beer_files: Path) -> None:
    site = Site(beer_build, static=True)
    items = items_of(site)
    assert all((beer_files / item.file).is_file() for item in items)
    assert len({item.file.casefold() for item in items}) == len(items)
    members = {member.address() for family in FAMILIES for member in family.members(site)}
    assert {item.member.address() for item in items} == members


def test_the_service_is_not_promised(beer_files: Path) -> None:
    assert not {"/sparql", "/healthz"} & set(json.loads((beer_files / "openapi.json").read_text())["paths"])
    assert "Disallow" not in (beer_files / "robots.txt").read_text()


@pytest.mark.parametrize("name", ["beer", "odd"])
def test_no_link_of_other_publications_is_broken(name: str, export: Exporter, request: pytest.FixtureRequest) -> None:
    build: Build = request.getfixturevalue(f"{name}_build")
    assert broken_links(export(build)) == []


def test_the_same_build_gives_the_same_bytes(beer_build: Build, beer_files: Path, tmp_path: Path) -> None:
    quietly(beer_build, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(beer_files)


def test_an_export_replaces_the_one_before_and_nothing_else(beer_build: Build, tmp_path: Path) -> None:
    out = tmp_path / "site"
    quietly(beer_build, out)
    (out / "CNAME").write_text("data.example.org")
    changed = shutil.copytree(BEER, tmp_path / "beer")
    (changed / "data" / "outside.nt").unlink()
    gone = {file for file in contents(out) if file.startswith("by/resource/")}
    quietly(build_publication(read_dataset(Publication.open(changed)), tmp_path / "builds"), out)
    now = contents(out)
    assert now["CNAME"] == b"data.example.org"
    assert gone and not gone & set(now)
    assert not (out / "by" / "resource").exists()
    assert set(now[LISTING].decode().splitlines()) == set(now) - {"CNAME", LISTING}


def test_no_file_of_others_is_overwritten(beer_build: Build, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    done = missiongraph("export", "--build", beer_build.folder, "--out", tmp_path)
    assert done.returncode == 2
    assert "index.html is there already, and not from an export" in done.stderr
    assert contents(tmp_path) == {"index.html": b"mine"}


def test_the_command_builds_first_and_says_how_many(make_publication: PublicationMaker, tmp_path: Path) -> None:
    folder = make_publication({"data/a.ttl": '<urn:a> <http://schema.org/name> "A"@en .'})
    done = missiongraph("export", "--publication", folder, "--out", tmp_path / "out", XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    count = sum(1 for file in (tmp_path / "out").rglob("*") if file.is_file()) - 1  # the listing itself
    assert done.stdout == f"{tmp_path / 'out'}: {count} files\n"
    cannot = missiongraph("export", "--publication", folder, "--out", "/proc/none", XDG_CACHE_HOME=str(tmp_path))
    assert (cannot.returncode, cannot.stderr.count("\n")) == (2, 1)


def test_with_a_public_address_everything_absolute_names_files(
    make_publication: PublicationMaker, tmp_path: Path
) -> None:
    folder = make_publication(
        {
            "missiongraph.toml": 'title = "T"\nbase = "https://w3id.org/t/"\nlanguages = ["en", "it"]\n'
            'public-url = "https://files.example/some/path/"\n',
            "data/a.ttl": '<https://w3id.org/t/id/a/b> a <urn:C> ; <http://schema.org/name> "A"@en , "A"@it .',
        }
    )
    out = tmp_path / "out"
    quietly(build_publication(read_dataset(Publication.open(folder)), tmp_path / "builds"), out)
    root = "https://files.example/some/path/"
    for file in out.rglob("*.html"):
        page = Page(file.read_text())
        spelled = [*page.values("href", "link"), *page.values("content", "meta")]
        for address in (value for value in spelled if value.startswith(root)):
            assert (out / address.removeprefix(root)).is_file(), (file, address)
    for location in re.findall("<loc>(.*?)</loc>", (out / "sitemap.xml").read_text()):
        assert (out / location.removeprefix(root)).is_file(), location
    assert '"/some/path/static/site.css"' in (out / "404.html").read_text()
    assert "location /some/path/" in (out / "nginx.conf").read_text()


NAMES = st.lists(
    st.lists(st.sampled_from(["a", "A", "a.html", "a.ttl", "static", "b", "index"]), min_size=1, max_size=3).map(
        "/".join
    ),
    unique=True,
    max_size=12,
)


@given(NAMES)
def test_no_two_files_meet_on_any_file_system(stems: list[str]) -> None:
    names = _Names()
    written = [f"{names.free(stem, {'.html', '.ttl'})}{ending}" for stem in stems for ending in (".html", ".ttl")]
    # each stem is asked for twice here, so every other answer is another name
    folded = [name.casefold() for name in written]
    assert len(set(folded)) == len(folded)
    folders = {"/".join(name.split("/")[:depth]) for name in folded for depth in range(1, name.count("/") + 1)}
    assert not folders & set(folded)
    assert not {name.split("/")[0] for name in folded} & {"static"}


def test_addresses_lead_to_files_whatever_their_spelling(beer_build: Build) -> None:
    site = Site(beer_build, static=True)
    addresses = Addresses.of(site, items_of(site))
    assert addresses.file_of("vocab/dark%20mild") == "vocab/dark%20mild.html"
    assert addresses.file_of("vocab/ale?lang=de") == "vocab/ale.de.html"
    assert addresses.file_of("vocab/ale?evidence=open#x") == "vocab/ale.html#x"
    assert addresses.file_of("") == "index.html"
    assert addresses.file_of("dumps/?lang=de") == "dumps/index.de.html"
    assert addresses.file_of("sparql?query=ASK+%7B%7D&lang=de") == "sparql/local.de.html?query=ASK%20%7B%7D"
    assert addresses.file_of("nothing") is None


#: IRIs whose names some disk takes for one, or cannot hold, with the reason that is told; ``None``: nothing is.
ON_DISK: dict[str, str | None] = {
    "id/a": "id/A",  # a disk without letter case (the first in order has the name)
    "id/A": None,
    "id/cafe%CC%81": "id/caf%C3%A9",  # a disk that composes characters
    "id/caf%C3%A9": None,
    "id/x%2Fy": "id/x/y",
    "id/x/y": None,
    "id/item?id=5": "reads no query",
    "id/item": None,
    "id/con": "no system",  # a device of Windows
    "id/condition": None,
    "id/" + "n" * 150: "no system",
    "id/" + "/".join(["folder"] * 200): "no system",
    "id/%FF": "no system",
    "id/urn:isbn:1": "no system",
}


def test_what_a_host_of_files_does_not_find_is_named(make_publication: PublicationMaker, tmp_path: Path) -> None:
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    lines = "".join(f'<https://example.org/{path}> <{label}> "{n}" .\n' for n, path in enumerate(ON_DISK))
    publication = Publication.open(make_publication({"data/names.nt": lines}))
    build = build_publication(read_dataset(publication), tmp_path / "builds")
    told = quietly(build, tmp_path / "files")
    for path, why in ON_DISK.items():
        said = [text for text in told if text.startswith(f"https://example.org/{path} is in the file ")]
        assert len(said) == (why is not None), (path, told)
        assert why is None or why in said[0]
        file = said[0].split(" is in the file ")[1].partition(", and")[0] if said else f"doc/{path[3:]}.html"
        page = (tmp_path / "files" / unquote(file)).read_text()
        assert f"https://example.org/{path}" in page
    files = [file for file in (tmp_path / "files").rglob("*") if file.is_file()]
    on_any_disk = {unicodedata.normalize("NFC", str(file)).casefold() for file in files}
    assert len(on_any_disk) == len(files)
    assert broken_links(tmp_path / "files") == []
