"""The Python interface: a publication as a folder, a build and a site says the same; errors have their kinds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode

import missiongraph as mg
from missiongraph.build import Build
from missiongraph.evidence.claim_graphs import read_graphs
from missiongraph.graph.statements_and_labels import statements_about
from missiongraph.vocab import MG
from tests.conftest import BEER, ROOT, PublicationMaker, free_port

BOLOGNA = "https://w3id.org/missiongraph/id/city/bologna"
LETS_GOV = "https://w3id.org/missiongraph/id/project/lets-gov"


@pytest.fixture(scope="module")
def local(shipped_build: Build) -> Iterator[mg.Publication]:
    with mg.open(shipped_build.folder) as publication:
        yield publication


@pytest.fixture(scope="module")
def remote(site: httpx.Client) -> Iterator[mg.Publication]:
    with mg.connect(str(site.base_url)) as publication:
        yield publication


@pytest.fixture(params=["local", "remote"])
def pub(request: pytest.FixtureRequest) -> mg.Publication:
    found: mg.Publication = request.getfixturevalue(request.param)
    return found


def test_a_query_is_answered_with_values(pub: mg.Publication) -> None:
    table = pub.query("SELECT ?day WHERE { <id/city/prato> mg:labelledOn ?day }")
    assert list(table) == [{"day": date(2024, 10, 8)}]
    assert pub.query("SELECT (COUNT(*) AS ?n) { ?c a mg:MissionEntry }").value() == 112
    assert pub.ask("ASK { <id/city/bologna> a schema:City }")
    assert len(pub.graph("CONSTRUCT WHERE { <id/city/bologna> a ?class }")) == 2


def test_a_thing_is_named_in_the_language_asked_for(pub: mg.Publication) -> None:
    assert (pub["id/city/rome"].label("it"), pub["id/city/rome"].label("en")) == ("Roma", "Rome")
    assert pub[BOLOGNA] == pub["id/city/bologna"]
    assert pub["mg:MissionEntry"].iri == MG.MissionEntry.value
    assert mg.IRI("http://schema.org/City") in pub[BOLOGNA].types
    assert BOLOGNA in pub and f"{BOLOGNA}-2" not in pub and 9 not in pub


def test_facts_have_the_evidence_of_their_graphs(pub: mg.Publication, shipped_build: Build) -> None:
    engine = shipped_build.engine
    stated = statements_about(engine, NamedNode(LETS_GOV))
    graphs = read_graphs(engine, {graph for one in stated for graph in one.graphs})
    facts = pub["id/project/lets-gov"].facts()
    assert len(facts) == len(stated)
    for fact, one in zip(facts, stated, strict=True):
        assert (fact.property, fact.accepted) == (one.predicate.value, one.accepted)
        claims = [graphs[graph] for graph in one.graphs if graphs[graph].speaks]
        assert [evidence.graph for evidence in fact.evidence] == [claim.iri.value for claim in claims]
        assert [list(evidence.words) for evidence in fact.evidence] == [
            [selector.exact for selector in claim.selectors if selector.exact] for claim in claims
        ]
    lead = pub["id/project/lets-gov"].facts("mg:leadPartner")
    assert {str(fact) for fact in lead if fact.accepted} == {"Let's GOv · lead partner · Municipality of Bologna"}
    assert all(source.url for fact in lead for evidence in fact.evidence for source in evidence.sources)


def test_a_thing_knows_who_names_it(pub: mg.Publication) -> None:
    found = {(fact.subject, fact.property) for fact in pub["id/city/bologna"].named_by()}
    assert ("https://w3id.org/missiongraph/id/network/italian-network", MG.memberCity.value) in found
    assert {fact.value for fact in pub["id/city/bologna"].named_by()} == {BOLOGNA}


def test_an_inferred_fact_names_its_rule(pub: mg.Publication) -> None:
    (fact,) = pub["id/city/prato"].facts("mg:labelledOn")
    assert (fact.rule, fact.evidence) == ("The day on which an entry received the label", ())


def test_things_are_found_by_names_with_mistakes(pub: mg.Publication) -> None:
    best = pub.find("Bolonga", most=2)[0]
    assert (best.iri, best.name, best.sure) == (BOLOGNA, "Bologna", True)
    assert {m.types[0] for m in pub.find("Bologna", kind="mg:Municipality")} == {MG.Municipality.value}


def test_folder_build_and_site_say_the_same(beer_build: Build) -> None:
    with mg.open(BEER) as folder, mg.open(beer_build.folder) as build:
        query = "SELECT ?s ?p ?o WHERE { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) } ORDER BY ?s ?p ?o"
        assert folder.query(query).to_csv() == build.query(query).to_csv()
        assert (folder.base, folder.languages, folder.title()) == (build.base, build.languages, build.title())


def test_a_site_has_the_prefixes_base_and_title_of_its_build(local: mg.Publication, remote: mg.Publication) -> None:
    assert (remote.base, remote.title("it")) == (local.base, local.title("it"))
    assert {local.prefixes.get(name, iri) == iri for name, iri in remote.prefixes.items()} == {True}
    assert {"mg", "schema", "prov"} <= set(remote.prefixes)


@pytest.mark.parametrize(
    ("query", "kind", "says"),
    [
        ("SELECT", mg.errors.QueryRefused, "1:7: not a SPARQL 1.1 query"),
        ("DELETE WHERE { ?s ?p ?o }", mg.errors.QueryRefused, "not a SPARQL 1.1 query"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", mg.errors.QueryRefused, "SERVICE"),
        ("ASK {}", mg.errors.QueryRefused, "use ask (for ASK)"),
    ],
)
def test_a_query_that_is_not_answered_says_why(
    pub: mg.Publication, query: str, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=re.escape(says)):
        pub.query(query)


def test_an_unknown_thing_is_an_error_of_its_kind(pub: mg.Publication) -> None:
    with pytest.raises(mg.errors.UnknownThing, match=r"bolonga \(the nearest by name is .*/id/city/bologna\)"):
        pub["id/city/bolonga"]
    with pytest.raises(LookupError):
        pub["id/city/> } DROP ALL #"]


def test_a_query_that_runs_away_is_ended(make_publication: PublicationMaker) -> None:
    things = "".join(f"<https://example.org/{n}> <https://example.org/p> {n} .\n" for n in range(300))
    settings = 'title = "Test"\nbase = "https://example.org/"\n[limits]\ntotal-seconds = 1\nevaluators = 1\n'
    with mg.open(make_publication({"missiongraph.toml": settings, "data/a.ttl": things})) as publication:
        with pytest.raises(mg.errors.OutOfBounds, match="time limit"):
            publication.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
        assert publication.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }").value() == 300


def test_a_site_that_is_down_or_another_is_an_error_of_its_kind(site: httpx.Client) -> None:
    with pytest.raises(mg.errors.SiteUnreachable, match="does not answer"):
        mg.connect(f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(mg.errors.SiteUnreachable, match="no SPARQL endpoint"):
        mg.connect(f"{site.base_url}/static/")
    with pytest.raises(mg.errors.SiteUnreachable, match="no web address"):
        mg.connect("example.org")
    with pytest.raises(mg.errors.SiteUnreachable, match="no web address"):
        mg.connect("http://127.0.0.1:port/")


def test_a_publication_is_validated_and_built(make_publication: PublicationMaker, tmp_path: Path) -> None:
    shape = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        <https://example.org/shape> a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ;
        sh:property [ sh:path rdfs:label ; sh:maxCount 1 ] ."""
    label = "<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> 'A'{} ."
    folder = make_publication({"data/a.ttl": label.format(", 'B'"), "shapes/s.ttl": shape})
    publication = mg.open(folder)
    report = publication.validate()
    assert not report.conforms
    assert {one.focus for one in report if one.severity == "violation"} == {"<https://example.org/a>"}
    assert {one.place.file for one in report if one.severity == "violation" and one.place} == {"data/a.ttl"}
    with pytest.raises(mg.errors.InvalidPublication, match="1 violations"):
        publication.build(tmp_path / "out")
    (folder / "data" / "a.ttl").write_text(label.format(""), "utf-8")
    with publication.build(tmp_path / "out") as built:
        assert mg.open(folder).validate().conforms
        assert built["a"].label() == "A"
        with pytest.raises(mg.errors.NotAvailable, match="no files that could be validated"):
            built.validate()
    with pytest.raises(mg.errors.BuildError, match="neither a publication nor a build"):
        mg.open(tmp_path)


def test_what_a_publication_started_ends_with_it(make_publication: PublicationMaker, tmp_path: Path) -> None:
    shutil.copytree(
        make_publication({"data/a.ttl": "<https://example.org/a> a <https://example.org/b> ."}), tmp_path / "p"
    )
    script = """if True:
        import os, sys, missiongraph as mg
        before = set(os.listdir(os.environ["TMPDIR"]))
        with mg.open(sys.argv[1]) as pub:
            print(len(pub.query("SELECT * { ?s ?p ?o }")))
        del pub
        print(set(os.listdir(os.environ["TMPDIR"])) - before)"""
    (tmp_path / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "p"], capture_output=True, text=True, check=True, timeout=60,
        env={"TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.stdout.splitlines() == ["1", "set()"]


def test_the_import_is_quick_and_brings_no_library() -> None:
    script = "import json, sys; import missiongraph; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    )
    assert {name for name in modules if name.partition(".")[0] == "missiongraph"} == {"missiongraph"}
    assert not {"pyoxigraph", "rdflib", "flask", "pandas", "asyncio"} & set(modules)


@pytest.mark.parametrize("name", mg.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(mg, name) is not None
    assert name in dir(mg)
    assert f"`{name}" in (ROOT / "docs" / "python.md").read_text("utf-8") or f"`mg.{name}" in (
        ROOT / "docs" / "python.md"
    ).read_text("utf-8")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        mg.nothing  # noqa: B018
