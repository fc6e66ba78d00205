"""Published test suites as their manifests list them (``mf:entries``, with ``mf:include`` nested)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")

SUITES = Path(os.environ["MISSIONGRAPH_SUITES"]) if os.environ.get("MISSIONGRAPH_SUITES") else None


@dataclass(frozen=True)
class Entry:
    """One test of a suite: its IRI, and the graph of the manifest that describes it."""

    iri: URIRef
    manifest: Graph

    @property
    def name(self) -> str:
        """Path of the test from the suites' folder: ``shacl/core/node/and-001``."""
        path = path_of(self.iri)
        fragment = urlsplit(self.iri).fragment
        return (path.parent / (fragment or path.name)).relative_to(_folder()).as_posix()

    @property
    def kind(self) -> Node:
        """The class of the test, which says what is to be compared."""
        return self.value(RDF.type)

    def has(self, predicate: URIRef, value: Node) -> bool:
        """Whether the manifest states *value*."""
        return (self.iri, predicate, value) in self.manifest

    def value(self, *path: URIRef) -> Node:
        """The one node at the end of *path*, which the manifest must give."""
        node: Node = self.iri
        for predicate in path:
            found = self.manifest.value(node, predicate)
            assert found is not None, f"{self.iri} has no {predicate}"
            node = found
        return node

    def file(self, *path: URIRef) -> Path:
        """The file that the manifest names at the end of *path*."""
        return path_of(self.value(*path))


def path_of(iri: Node) -> Path:
    """The file of a ``file:`` IRI."""
    return Path(unquote(urlsplit(str(iri)).path))


def read(file: Path) -> Graph:
    """An RDF file, read with its own IRI as base."""
    return Graph().parse(file, format="turtle", publicID=file.as_uri())


def entries(*manifests: str) -> list[Entry]:
    """The tests of the named manifests, paths from the suites' folder; none where there are no suites."""
    if SUITES is None:
        return []
    return [entry for name in manifests for entry in _entries(_folder() / name)]


def parameters(tests: list[Entry], exceptions: dict[str, str] | None = None) -> list[object]:
    """Parameters for pytest: each exception must fail, for its reason; one skipped case where there are no suites."""
    if SUITES is None:
        reason = "the published suites are not here: MISSIONGRAPH_SUITES names no folder"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="no suites")]
    assert tests, "the suite is there and lists no test: is its manifest read as it should be?"
    marks = {
        name: [pytest.mark.xfail(reason=reason, strict=True, raises=(AssertionError, NotImplementedError))]
        for name, reason in (exceptions or {}).items()
    }
    return [pytest.param(entry, id=entry.name, marks=marks.get(entry.name, [])) for entry in tests]


def suite(name: str) -> Path:
    """The folder of a suite that has no manifest of this kind; the test is skipped where there are no suites."""
    if SUITES is None:
        pytest.skip("the published suites are not here: MISSIONGRAPH_SUITES names no folder")
    return _folder() / name


@cache
def _folder() -> Path:
    assert SUITES is not None
    return SUITES.resolve()


def _entries(file: Path) -> Iterator[Entry]:
    graph = read(file)
    for included in sorted(path_of(iri) for iri in graph.objects(None, MF.include)):
        yield from _entries(included)
    for head in graph.objects(None, MF.entries):
        for test in Collection(graph, head):
            assert isinstance(test, URIRef)
            yield Entry(test, graph)
