"""Every evidence graph is a nanopublication whose name proves its content."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import MissiongraphError
from missiongraph.evidence.records.nanopublications import Nanopub, evidence_graphs, nanopub
from missiongraph.evidence.records.trusty_uris import ARTIFACT_CODE, artifact_code, is_trusty
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import DCTERMS, MG, NP
from tests.conftest import missiongraph
from tests.evidence.library import write_publication
from tests.evidence.nanopubs import faults, name_of

EVIDENCE = "https://w3id.org/missiongraph/id/evidence/italian-network/"


@pytest.fixture(scope="module")
def published(shipped_dataset: Dataset) -> list[Nanopub]:
    engine = EmbeddedEngine.of(shipped_dataset.default_graph, shipped_dataset.quads)
    settings = shipped_dataset.publication.settings
    return [nanopub(engine, graph, settings) for graph in evidence_graphs(engine)]


def test_all_evidence_graphs_are_well_formed_nanopublications(
    published: list[Nanopub], shipped_dataset: Dataset
) -> None:
    assert {made.graph for made in published} == set(shipped_dataset.graphs_of_class(MG.EvidenceGraph))
    assert [made.iri for made in published if faults(made.quads)] == []
    assert [made.iri for made in published if not is_trusty(made.iri.value, made.quads)] == []


def test_the_library_of_the_nanopublication_network_takes_them(
    published: list[Nanopub], shipped_dataset: Dataset, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of RDFLib, in that library
        from nanopub.nanopub import Nanopub as Reference

        for made in published[::4]:  # ours has looked at all of them, and theirs takes its time
            file = tmp_path / made.file_name
            file.write_bytes(made.as_trig(shipped_dataset.prefixes))
            read = Reference(rdf=file)
            assert read.is_valid and read.has_valid_trusty
            assert str(read.source_uri) == made.iri.value


def test_a_nanopublication_says_the_claim_its_words_and_who_published_it_when(published: list[Nanopub]) -> None:
    (made,) = [m for m in published if m.graph.value == f"{EVIDENCE}lead-partner"]
    said = {
        (str(q.graph_name).rstrip(">").rpartition("#")[2], q.predicate.value.rpartition("#")[2]): q.object
        for q in made.quads
    }
    assert ("assertion", "leadPartner") in said
    assert said["provenance", "exact"] == Literal("the lead partner Bologna")
    assert said["provenance", "basis"] == MG.interpreted
    stated = {q.predicate: q.object for q in made.quads if q.subject == made.iri and q.predicate.value not in str(NP)}
    assert isinstance(stated[DCTERMS.creator], NamedNode)
    assert isinstance(created := stated[DCTERMS.created], Literal) and created.value == "2026-11-24T21:30:00Z"


def test_any_change_makes_another_name(published: list[Nanopub]) -> None:
    made = published[0]
    code = made.code
    for position, quad in enumerate(made.quads):
        edited = [*made.quads]
        edited[position] = Quad(quad.subject, quad.predicate, Literal("edited"), quad.graph_name)
        assert artifact_code(edited, code) != code
        assert artifact_code([q for q in made.quads if q != quad], code) != code


@given(st.randoms(use_true_random=False), st.text(min_size=3))
def test_the_name_depends_on_no_order_and_on_every_character(order: object, text: str) -> None:
    own = NamedNode("https://x.example/np")
    quads = [Quad(own, DCTERMS.description, Literal(value), own) for value in ("a", "b\n", "\\n", text)]
    shuffled = quads[:]
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert artifact_code(shuffled) == artifact_code(quads)
    assert artifact_code([*quads, Quad(own, DCTERMS.description, Literal(text + "."), own)]) != artifact_code(quads)
    assert ARTIFACT_CODE.search(f"https://x.example/np/{artifact_code(quads)}")


def test_blank_nodes_get_names_and_what_is_no_evidence_is_refused(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "library")
    (folder / "data" / "more.trig").write_text(
        """@prefix mg: <https://w3id.org/missiongraph/ontology#> . @prefix ex: <https://library.example/> .
        ex:blank { ex:a ex:b [ ex:c "1" ] . } ex:blank a mg:EvidenceGraph .
        ex:back { ex:a ex:b "2" . } ex:back a mg:EvidenceGraph ; mg:rank mg:retired ."""
    )
    dataset = read_dataset(Publication.open(folder))
    engine = EmbeddedEngine.of(dataset.default_graph, dataset.quads)
    made = nanopub(engine, NamedNode("https://library.example/blank"), dataset.publication.settings)
    assert faults(made.quads) == [] and is_trusty(made.iri.value, made.quads)
    for graph in ("back", "nothing"):
        with pytest.raises(MissiongraphError, match=r"withdrawn|no evidence graph"):
            nanopub(engine, NamedNode(f"https://library.example/{graph}"), dataset.publication.settings)


def test_the_command_writes_a_file_for_each_and_the_same_ones_twice(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "library")
    run = missiongraph("evidence", "nanopub", "--publication", folder, "--out", tmp_path / "out")
    assert (run.returncode, run.stderr) == (0, "")
    files = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    assert len(files) == 28
    for name, text in files.items():
        quads = list(parse(text, RdfFormat.TRIG))
        assert faults(quads) == [] and is_trusty(name_of(quads), quads)
        assert name.endswith(f"{ARTIFACT_CODE.search(name_of(quads))[0]}.trig")  # type: ignore[index]
    graph = "https://library.example/id/evidence/page/proposals"
    printed = missiongraph("evidence", "nanopub", "--publication", folder, graph)
    assert printed.stdout.encode() in files.values()


def test_a_graph_that_cannot_be_published_is_named(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "library")
    for iri, says in (("https://x.example/", "is no evidence graph"), ("no iri", "is not an IRI")):
        run = missiongraph("evidence", "nanopub", "--publication", folder, iri)
        assert run.returncode == 2 and says in run.stderr and "Traceback" not in run.stderr
