"""What stands beside the dataset is valid RDF in every form, and true of the files that it describes."""

from __future__ import annotations

import hashlib
import json

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.build import Build
from missiongraph.vocab import DCAT, DCTERMS, RDF, SPDX, VOID
from tests.web.answers import SHIPPED, TRIPLES, dump, page, same, statements

DOCUMENTS = ["/catalog", "/.well-known/void", "/ontology", "/shapes"]


def triples(client: httpx.Client, address: str, media_type: str = "text/turtle") -> set[Triple]:
    return {quad.triple for quad in statements(client.get(address, headers={"Accept": media_type}))}


def value(found: set[Triple], subject: object, predicate: NamedNode) -> str:
    (term,) = {t.object for t in found if t.subject == subject and t.predicate == predicate}
    assert isinstance(term, NamedNode | Literal)
    return term.value


def spoken(triple: Triple) -> str | None:
    return triple.object.language if isinstance(triple.object, Literal) else None


@pytest.mark.parametrize("address", DOCUMENTS)
def test_every_form_holds_the_same_statements(site: httpx.Client, address: str) -> None:
    found = [same(statements(site.get(address, headers={"Accept": media_type}))) for media_type in TRIPLES]
    assert found[0]
    assert all(statements == found[0] for statements in found)


@pytest.mark.parametrize("address", ["/catalog", "/.well-known/void"])
def test_a_publication_without_much_has_a_catalogue_too(beer: httpx.Client, address: str) -> None:
    assert triples(beer, address)
    assert page(beer, f"{address}?lang=de").all("h1")


def test_what_a_publication_has_not_is_not_there(beer: httpx.Client) -> None:
    for address in ("/ontology", "/shapes"):
        assert beer.get(address).status_code == 404


def test_each_distribution_is_a_file_of_that_size_and_checksum(site: httpx.Client, shipped_build: Build) -> None:
    found = triples(site, "/catalog")
    distributions = {t.object for t in found if t.predicate == DCAT.distribution}
    assert len(distributions) == len(shipped_build.dumps)
    for node in distributions:
        address = value(found, node, DCAT.downloadURL).removeprefix(SHIPPED)
        content = site.get(f"/{address}").content
        assert value(found, node, DCAT.byteSize) == str(len(content))
        checksum = NamedNode(value(found, node, SPDX.checksum))
        assert value(found, checksum, SPDX.checksumValue) == hashlib.sha256(content).hexdigest()
        assert value(found, node, DCTERMS["license"]) == shipped_build.settings.licence


def test_the_catalogue_lists_the_datasets_and_the_services(site: httpx.Client) -> None:
    found = triples(site, "/catalog")
    catalogue = NamedNode(f"{SHIPPED}catalog")
    assert Triple(catalogue, RDF.type, DCAT.Catalog) in found
    datasets = {t.object for t in found if t.predicate == DCAT.dataset}
    mission = ("mission-cities", "labels", "pilots", "money", "mission-figures", "mission-links")
    names = ("missiongraph", "italian-network", "reference", *mission)
    assert datasets == {NamedNode(f"{SHIPPED}id/dataset/{name}") for name in names}
    for dataset in datasets:
        for language in ("en", "it"):
            said = {t.predicate: t.object for t in found if t.subject == dataset and spoken(t) == language}
            assert len(str(getattr(said[DCTERMS.description], "value", ""))) >= 50
            words = [t for t in found if (t.subject, t.predicate) == (dataset, DCAT.keyword) and spoken(t) == language]
            assert len(words) >= 2
        nodes = {t.object for t in found if (t.subject, t.predicate) == (dataset, DCAT.distribution)}
        assert nodes
        for node in nodes:
            titles = {spoken(t) for t in found if (t.subject, t.predicate) == (node, DCTERMS["title"])}
            assert titles == {"en", "it"}
    services = {t.object for t in found if (t.subject, t.predicate) == (catalogue, DCAT.service)}
    addresses = {value(found, service, DCAT.endpointURL) for service in services}
    assert addresses == {f"{SHIPPED}sparql", f"{SHIPPED}reconcile"}


def test_void_counts_the_default_graph(site: httpx.Client, shipped_build: Build) -> None:
    found = triples(site, "/.well-known/void")
    all_of_it = {quad.triple for quad in dump(shipped_build, "nt")}
    (dataset,) = {t.subject for t in found if t.predicate == VOID.uriSpace}
    counts = {
        "triples": len(all_of_it),
        "distinctSubjects": len({t.subject for t in all_of_it}),
        "distinctObjects": len({t.object for t in all_of_it}),
        "properties": len({t.predicate for t in all_of_it}),
    }
    for name, number in counts.items():
        assert value(found, dataset, VOID[name]) == str(number), name


def test_void_names_the_parts_and_their_files(site: httpx.Client, shipped_build: Build) -> None:
    found = triples(site, "/.well-known/void")
    parts = {dump.part_of for dump in shipped_build.dumps if dump.part_of}
    assert len(parts) == 8
    for part in map(NamedNode, parts):
        assert Triple(NamedNode(f"{SHIPPED}id/dataset/missiongraph"), VOID.subset, part) in found
        files = {t.object for t in found if (t.subject, t.predicate) == (part, VOID.dataDump)}
        own = {dump.name for dump in shipped_build.dumps if dump.part_of == part.value}
        assert files == {NamedNode(f"{SHIPPED}dumps/{name}") for name in own}


def test_examples_in_void_can_be_looked_up(site: httpx.Client) -> None:
    examples = [t.object for t in triples(site, "/.well-known/void") if t.predicate == VOID.exampleResource]
    assert examples
    for example in examples:
        assert isinstance(example, NamedNode)
        response = site.get("/" + example.value.removeprefix(SHIPPED), follow_redirects=True)
        assert response.status_code == 200


def test_each_term_of_the_ontology_has_its_place_on_the_page(site: httpx.Client) -> None:
    space = f"{SHIPPED}ontology#"
    subjects = {t.subject.value for t in triples(site, "/ontology") if isinstance(t.subject, NamedNode)}
    own = {subject.removeprefix(space) for subject in subjects if subject.startswith(space)}
    assert len(own) > 20
    assert own <= set(page(site, "/ontology").values("id"))


def test_the_context_is_the_one_that_answers_carry(site: httpx.Client) -> None:
    response = site.get("/context.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json"
    published = response.json()["@context"]
    carried = site.get("/doc/city/bologna.jsonld").json()["@context"]
    assert carried == published
    whole = json.loads(site.get("/dumps/missiongraph.jsonld").content)
    assert whole["@context"] == published


def test_home_links_to_what_describes_it(site: httpx.Client) -> None:
    links = site.get("/").headers.get_list("Link", split_commas=True)
    targets = [link.partition("<")[2].partition(">")[0] for link in links if 'rel="describedby"' in link]
    assert targets
    for target in targets:
        assert site.get(target, headers={"Accept": "text/turtle"}).status_code == 200


def test_the_listing_links_every_file_and_the_licence(site: httpx.Client, shipped_build: Build) -> None:
    response = site.get("/dumps/", headers={"Accept": "text/html"})
    links = response.headers.get_list("Link", split_commas=True)
    linked = {entry["href"] for entry in site.get("/linkset?of=dumps/").json()["linkset"][0]["item"]}
    for item in shipped_build.dumps:
        assert f"{SHIPPED}dumps/{item.name}" in linked
        assert item.compression or f'</dumps/{item.name}>; rel="item"' in links
    assert f'<{shipped_build.settings.licence}>; rel="license"' in links
    shown = page(site, "/dumps/").internal
    assert {f"/dumps/{item.name}" for item in shipped_build.dumps} <= set(shown)
