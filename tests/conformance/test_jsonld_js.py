"""jsonld.js, the implementation that programs in JavaScript use, reads what was written, and plain access works."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.build import Build
from missiongraph.rdf.jsonld_context import Context, derive_context
from missiongraph.rdf.jsonld_writer import Writer, dump
from missiongraph.web.serving.application import create_app
from tests.conformance.npm import Npm
from tests.rdf.test_jsonld_nesting import THINGS, linked
from tests.rdf.test_jsonld_writer import HAND_MADE, PREFIXES

pytestmark = pytest.mark.conformance

Steps: TypeAlias = Sequence[str | int]
Read: TypeAlias = Callable[[Iterable[tuple[dict[str, Any], Sequence[Steps]]]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def read(npm: Npm) -> Read:
    """Documents, each with paths into it → what jsonld.js says of each."""

    def run(documents: Iterable[tuple[dict[str, Any], Sequence[Steps]]]) -> list[dict[str, Any]]:
        lines = "\n".join(json.dumps({"document": document, "paths": paths}) for document, paths in documents)
        command = [*npm.command, "run", "--silent", "read"]
        given: dict[str, Any] = {"cwd": npm.folder, "env": npm.environment, "input": lines.encode()}
        done = subprocess.run(command, check=False, capture_output=True, timeout=120, **given)
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def canonical(quads: Iterable[Quad]) -> set[str]:
    """*quads* without the labels of their blank nodes."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_any_frame_is_read_as_what_it_was_made_of(read: Read) -> None:
    """All of them at once, since to start Node.js takes longer than to read a document."""
    documents: list[tuple[dict[str, Any], Sequence[Steps]]] = []
    meant: list[set[str]] = []

    @given(linked.filter(bool), st.sampled_from([HAND_MADE, None]), st.sampled_from(THINGS))
    @settings(max_examples=150, deadline=None, phases=[Phase.generate])
    def collect(statements: list[Triple], made: Context | None, about: NamedNode) -> None:
        context = derive_context(statements, PREFIXES) if made is None else made
        document, _ = Writer(context).framed(statements, about)
        documents.append((json.loads(dump(document)), ()))
        meant.append(canonical(Quad(t.subject, t.predicate, t.object) for t in statements))

    collect()
    for answer, expected in zip(read(documents), meant, strict=True):
        assert canonical(parse(answer["quads"], RdfFormat.N_QUADS)) == expected


#: Documents of the shipped publication, and what a program finds in each along a path.
ACCESS: dict[str, list[tuple[Steps, object]]] = {
    "city/bologna": [
        (("name", "en"), "Bologna"),
        (("country", "name", "it"), "Italia"),
        (("containedInPlace", "name", "en"), "Emilia-Romagna"),
        (("geo", "latitude"), "44.49381"),
    ],
    "city/antwerp": [(("country", "name", "en"), "Belgium"), (("country", "label", "it"), "Belgio")],
    "project/lets-gov": [(("leadPartner", "name", "en"), "Municipality of Bologna")],
}


def test_documents_are_read_as_their_turtle_and_by_plain_access(read: Read, shipped_build: Build) -> None:
    client = create_app(shipped_build).test_client()
    others = (
        "selection/mission-cities",
        "network/italian-network",
        "dataset/missiongraph",
        "target/climate-neutrality",
    )
    paths = [f"/doc/{name}" for name in (*ACCESS, *others)] + ["/ontology", "/catalog"]
    served = [path for path in paths if client.get(f"{path}.jsonld").status_code == 200]
    assert len(served) > len(ACCESS) + 2
    documents = [
        (json.loads(client.get(f"{path}.jsonld").data), [p for p, _ in ACCESS.get(path.removeprefix("/doc/"), ())])
        for path in served
    ]
    for path, answer in zip(served, read(documents), strict=True):
        turtle = parse(client.get(f"{path}.ttl").data, RdfFormat.TURTLE)
        assert canonical(parse(answer["quads"], RdfFormat.N_QUADS)) == canonical(turtle), path
        assert answer["found"] == [value for _, value in ACCESS.get(path.removeprefix("/doc/"), ())], path
