"""Catalogue and VoID say what is true of the build."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from missiongraph.build import Build, build_publication
from missiongraph.build.files.dumps import Dump
from missiongraph.build.metadata.dcat import EarlierVersion
from missiongraph.build.metadata.dcat import catalogue as describe
from missiongraph.build.metadata.described_publication import Metadata, newest_date, own_datasets, parts_of
from missiongraph.engine.protocol import rows
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.releases import Release
from missiongraph.publication.settings import Settings
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import DCAT, DCTERMS, MG, RDF, RDFS, SPDX, VOID, XSD
from tests.conftest import PublicationMaker

BASE = "https://example.org/"
BUILDS = ["beer_build", "shipped_build"]


@pytest.fixture(params=BUILDS)
def build(request: pytest.FixtureRequest) -> Build:
    built: Build = request.getfixturevalue(request.param)
    return built


def value(statements: list[Triple], subject: object, predicate: NamedNode) -> str:
    (found,) = {t.object for t in statements if (t.subject, t.predicate) == (subject, predicate)}
    return str(getattr(found, "value", found))


def number(build: Build, text: str) -> int:
    row = next(rows(build.engine, f"SELECT ({text}"))
    return int(str(getattr(row["n"], "value", "")))


@pytest.mark.parametrize(
    ("count", "query"),
    [
        ("triples", "COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("distinctSubjects", "COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("distinctObjects", "COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        ("properties", "COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        ("classes", "COUNT(DISTINCT ?o) AS ?n) { ?s a ?o FILTER(isIRI(?o)) }"),
        ("entities", "COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER(STRSTARTS(STR(?s), '%s')) }"),
    ],
)
def test_the_counts_of_void_are_those_of_the_store(build: Build, count: str, query: str) -> None:
    stated = value(build.statements("void"), NamedNode(build.manifest["dataset"]), VOID[count])
    assert int(stated) == number(build, query.replace("%s", build.settings.base)) > 0


@pytest.mark.parametrize(
    ("partition", "what", "count", "query"),
    [
        (VOID.classPartition, VOID["class"], VOID.entities, "COUNT(*) AS ?n) {{ ?s a {} }}"),
        (VOID.propertyPartition, VOID.property, VOID.triples, "COUNT(*) AS ?n) {{ ?s {} ?o }}"),
    ],
)
def test_the_partitions_of_void_count_right(
    build: Build, partition: NamedNode, what: NamedNode, count: NamedNode, query: str
) -> None:
    void = build.statements("void")
    nodes = [triple.object for triple in void if triple.predicate == partition]
    assert nodes
    for node in nodes:
        assert int(value(void, node, count)) == number(build, query.format(f"<{value(void, node, what)}>"))


def test_the_manifest_counts_right(build: Build) -> None:
    counts = build.manifest["counts"]
    assert counts["triples"] == number(build, "COUNT(*) AS ?n) { ?s ?p ?o }")
    assert counts["quads"] == number(build, "COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert counts["graphs"] == number(build, "COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }")


def test_the_catalogue_has_a_distribution_with_size_and_checksum_for_each_dump(build: Build) -> None:
    catalogue = build.statements("catalog")
    whole = build.manifest["dataset"]
    nodes = {t.object: t.subject for t in catalogue if t.predicate == DCAT.distribution}
    part_of = {dump.name: dump.part_of or whole for dump in build.dumps}
    assert {str(node).rpartition("#")[2].rstrip(">"): getattr(of, "value", "") for node, of in nodes.items()} == part_of
    described = {
        value(catalogue, node, DCAT.downloadURL).rpartition("/dumps/")[2]: (
            int(value(catalogue, node, DCAT.byteSize)),
            value(catalogue, NamedNode(value(catalogue, node, SPDX.checksum)), SPDX.checksumValue),
        )
        for node in nodes
    }
    assert described == {dump.name: (dump.bytes, dump.sha256) for dump in build.dumps}


def test_each_example_resource_is_described(build: Build) -> None:
    examples = [triple.object for triple in build.statements("void") if triple.predicate == VOID.exampleResource]
    assert examples
    assert all(number(build, f"COUNT(*) AS ?n) {{ {example} ?p ?o }}") for example in examples)


def test_neither_is_in_the_store(build: Build) -> None:
    answer = Store.read_only(str(build.folder / "store" / "graph")).query(
        f"SELECT * {{ {{ ?s {DCAT.distribution} ?o }} UNION {{ GRAPH ?g {{ ?s {DCAT.distribution} ?o }} }} }}"
    )
    assert isinstance(answer, QuerySolutions)
    assert list(answer) == []


def test_a_dump_left_out_is_absent_from_the_catalogue(make_publication: PublicationMaker, tmp_path: Path) -> None:
    folder = make_publication({"data/a.nt": f"<{BASE}a> <{BASE}> <{BASE}b> .\n"})
    warnings: list[str] = []
    built = build_publication(read_dataset(Publication.open(folder)), tmp_path / "out", warn=warnings.append)
    assert len(warnings) == 1
    assert not [triple for triple in built.statements("catalog") if ".rdf" in str(triple)]
    assert not [triple for triple in built.statements("void") if ".rdf" in str(triple)]


@pytest.mark.parametrize(
    "property_iri", ["urn:example:p", "https://example.org", "tag:x,2024:p", "https://example.org/p"]
)
def test_any_iri_may_name_a_property(make_publication: PublicationMaker, tmp_path: Path, property_iri: str) -> None:
    folder = make_publication({"data/a.nt": f"<{BASE}a> <{property_iri}> <{BASE}b> .\n"})
    built = build_publication(read_dataset(Publication.open(folder)), tmp_path / "out")
    assert property_iri in {str(getattr(t.object, "value", "")) for t in built.statements("void")}


def settings(**given: object) -> Settings:
    return Settings.model_validate({"title": {"en": "T", "it": "T"}, "base": BASE, **given})


def catalogue(given: Settings, *statements: Triple) -> set[str]:
    return {str(triple) for triple in describe(Metadata(given, statements, ["en", "it"], None), [])}


def test_settings_become_statements() -> None:
    found = "\n".join(
        catalogue(
            settings(
                licence="https://licence.example/",
                publisher="P",
                contact={"name": "C", "email": "c@example.org"},
                temporal={"start": datetime.date(2022, 9, 9)},
                themes=["https://theme.example/"],
                version="1.2",
            )
        )
    )
    for expected in (
        f'{DCTERMS["title"]} "T"@it',
        f"{DCTERMS.license} <https://licence.example/>",
        "<mailto:c@example.org>",
        f'{DCAT.startDate} "2022-09-09"',
        f"{DCAT.theme} <https://theme.example/>",
        f'{DCAT.version} "1.2"',
        "language/ITA>",
    ):
        assert expected in found
    assert str(DCAT.endDate) not in found


def test_addresses_follow_the_public_url_and_names_stay_at_the_base() -> None:
    found = "\n".join(catalogue(settings(**{"public-url": "https://mirror.example/"})))
    assert f"{DCAT.endpointURL} <https://mirror.example/sparql>" in found
    assert f"<{BASE}catalog> {RDF.type} {DCAT.Catalog}" in found


def test_the_dataset_is_the_one_that_the_publication_describes_as_the_whole() -> None:
    part, whole, other = (NamedNode(f"{BASE}id/dataset/{name}") for name in ("a", "b", "c"))
    typed = [Triple(node, RDF.type, DCAT.Dataset) for node in (part, whole, other)]
    undescribed = (NamedNode(f"{BASE}catalog#dataset"),)
    assert own_datasets(settings(), []) == undescribed
    assert own_datasets(settings(), typed) == (part,)
    assert own_datasets(settings(), [*typed, Triple(part, DCTERMS.isPartOf, whole)]) == (whole, part)
    assert own_datasets(settings(), [*typed, Triple(whole, DCTERMS.hasPart, part)]) == (whole, part)
    nested = [Triple(whole, DCTERMS.hasPart, other), Triple(other, DCTERMS.hasPart, part)]
    assert own_datasets(settings(), [*typed, *nested]) == (whole, part, other)
    foreign = Triple(NamedNode("https://other.example/x"), RDF.type, DCAT.Dataset)
    assert own_datasets(settings(), [foreign]) == undescribed


def test_datasets_that_are_part_of_each_other_end_the_search() -> None:
    one, other = (NamedNode(f"{BASE}id/dataset/{name}") for name in ("a", "b"))
    typed = [Triple(node, RDF.type, DCAT.Dataset) for node in (one, other)]
    ring = [Triple(one, DCTERMS.isPartOf, other), Triple(other, DCTERMS.isPartOf, one)]
    assert set(own_datasets(settings(), [*typed, *ring])) == {one, other}


def test_a_part_holds_the_graphs_that_say_so_and_the_evidence_that_those_describe() -> None:
    whole, part, own, claim, stranger, about = (NamedNode(f"{BASE}{name}") for name in ("w", "p", "o", "c", "s", "m"))
    quads = [
        Quad(own, DCTERMS.isPartOf, part, about),
        Quad(claim, RDF.type, MG.EvidenceGraph, own),
        Quad(whole, RDFS.label, Literal("1"), own),
        Quad(whole, RDFS.label, Literal("2"), claim),
        Quad(whole, RDFS.label, Literal("3"), stranger),
    ]
    (found,) = parts_of([whole, part], quads).values()
    assert {quad.graph_name for quad in found} == {own, claim}


def test_what_the_data_says_of_its_dataset_goes_before_the_settings() -> None:
    dataset = NamedNode(f"{BASE}id/dataset/a")
    said = [
        Triple(dataset, RDF.type, DCAT.Dataset),
        Triple(dataset, DCTERMS["title"], Literal("Own", language="en")),
        Triple(dataset, DCAT.keyword, Literal("own", language="en")),
        Triple(dataset, DCTERMS.modified, Literal("2024-05-01", datatype=XSD.date)),
        Triple(dataset, DCAT.version, Literal("3")),
    ]
    found = catalogue(settings(version="1", keywords={"en": ["other"]}), *said)
    own = {line for line in found if line.startswith(str(dataset))}
    text = "\n".join(own)
    for expected in (f'{DCTERMS["title"]} "Own"@en', f'{DCAT.keyword} "own"@en', '"2024-05-01"', f'{DCAT.version} "3"'):
        assert expected in text
    assert f'{DCTERMS["title"]} "T"@en' not in text and '"other"@en' not in text and '"1"' not in text


def test_released_versions_are_datasets_and_the_newest_other_one_is_the_one_before() -> None:
    metadata = Metadata(settings(), [], ["en"], None)
    file = Dump("x.nt", "default", "N-Triples", "application/n-triples", "RDF_N_TRIPLES", 5, "0" * 64)
    earlier = [
        EarlierVersion(Release("1.0", "2024-01-01", "a", 5, 2), [file]),
        EarlierVersion(Release("2.0", "2024-02-01", "b", 6, 2), [file], same=True),
    ]
    found = list(describe(metadata, [file], earlier))
    first, second = (NamedNode(f"{BASE}catalog#release-{n}.0") for n in (1, 2))
    assert {t.object for t in found if t.predicate == DCAT.hasVersion} == {first, second}
    before = {(t.subject, t.object) for t in found if t.predicate == DCAT.previousVersion}
    assert before == {(metadata.dataset, first), (second, first)}
    said = {t.predicate: t.object for t in found if t.subject == first}
    assert said[DCTERMS["title"]] == Literal("T, version 1.0", language="en")
    assert said[DCTERMS.issued] == Literal("2024-01-01", datatype=XSD.date)
    node = said[DCAT.distribution]
    addresses = {t.object for t in found if (t.subject, t.predicate) == (node, DCAT.downloadURL)}
    assert addresses == {NamedNode(f"{BASE}dumps/1.0/x.nt")}


def test_linksets_count_the_links_to_each_space(shipped_build: Build) -> None:
    void = shipped_build.statements("void")
    linksets = [t.subject for t in void if (t.predicate, t.object) == (RDF.type, VOID.Linkset)]
    spaces = set()
    for node in linksets:
        predicate, target = value(void, node, VOID.linkPredicate), value(void, node, VOID.objectsTarget)
        space = value(void, NamedNode(target), DCTERMS["title"])
        spaces.add(space)
        count = number(
            shipped_build, f"COUNT(*) AS ?n) {{ ?s <{predicate}> ?o FILTER(STRSTARTS(STR(?o), '{space}')) }}"
        )
        assert int(value(void, node, VOID.triples)) == count > 0
    assert {"http://www.wikidata.org/entity/", "https://sws.geonames.org/"} <= spaces


def test_the_date_is_the_newest_well_formed_one() -> None:
    subject = NamedNode(BASE)
    dates = ["2024-05-01", "2023-12-31T23:59:59Z", "2024-13-01", "soon", ""]
    statements = [Triple(subject, DCTERMS.modified, Literal(date, datatype=XSD.date)) for date in dates]
    other = Triple(subject, RDFS.label, Literal("2030-01-01"))
    assert newest_date([*statements, other], (DCTERMS.modified,)) == datetime.date(2024, 5, 1)
    assert newest_date([other], (DCTERMS.modified,)) is None
