"""The tests of the SPARQL suites, as their manifests list them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rdflib import BNode, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDFS

from tests.conformance.manifest import MF, SUITES, Entry, path_of, read

QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

EVALUATION = (MF.QueryEvaluationTest, MF.CSVResultFormatTest)
POSITIVE = (MF.PositiveSyntaxTest, MF.PositiveSyntaxTest11)
NEGATIVE = (MF.NegativeSyntaxTest, MF.NegativeSyntaxTest11)
UPDATES = (MF.UpdateEvaluationTest, MF.PositiveUpdateSyntaxTest, MF.NegativeUpdateSyntaxTest)

#: Manifests by the name of their group. Of SPARQL 1.2 those that ask for no term and no keyword of RDF 1.2.
GROUPS = {
    "1.1 query": "sparql11/manifest-sparql11-query.ttl",
    "1.1 results formats": "sparql11/manifest-sparql11-results.ttl",
    "1.1 protocol": "sparql11/protocol/manifest.ttl",
    "1.1 service description": "sparql11/service-description/manifest.ttl",
    "1.0": "sparql10/manifest.ttl",
    **{
        f"1.2 {name}": f"sparql12/{name}/manifest.ttl"
        for name in ("grouping", "codepoint-escapes", "syntax", "rdf11", "expression")
    },
}


@dataclass(frozen=True)
class Case(Entry):
    """One test of a SPARQL suite, whose IRI need not lie in the folder of its manifest."""

    group: str
    home: Path

    @property
    def name(self) -> str:
        """Folder of the manifest and name of the test: ``sparql11/aggregates/agg01``."""
        assert SUITES is not None
        folder = self.home.relative_to((SUITES / "sparql").resolve()).as_posix()
        return f"{folder}/{str(self.iri).rpartition('#')[2]}"

    @property
    def is_evaluation(self) -> bool:
        """Whether a result is to be compared."""
        return self.kind in EVALUATION

    @property
    def is_update(self) -> bool:
        """Whether the test of the protocol is one of updates, which a read-only endpoint refuses."""
        return self.kind == MF.ProtocolTest and "update" in self.name

    @property
    def query_file(self) -> Path:
        """The query; a syntax test names it without more."""
        action = self.value(MF.action)
        return self.file(MF.action, QT.query) if isinstance(action, BNode) else path_of(action)

    @property
    def default_graphs(self) -> tuple[URIRef, ...]:
        """Files that make the default graph."""
        return self._action(QT.data)

    @property
    def named_graphs(self) -> tuple[URIRef, ...]:
        """Files that are named graphs."""
        return self._action(QT.graphData)

    @property
    def remote_graphs(self) -> tuple[tuple[URIRef, Path], ...]:
        """Graphs that a test of the protocol names by an IRI of the Web, each with its file."""
        return tuple(
            (URIRef(label), path_of(self.manifest.value(node, UT.graph) or node))
            for node in self.manifest.objects(self.iri, UT.graphData)
            if isinstance(label := self.manifest.value(node, RDFS.label), Literal)
        )

    def _action(self, predicate: URIRef) -> tuple[URIRef, ...]:
        found = self.manifest.objects(self.value(MF.action), predicate)
        return tuple(sorted(node for node in found if isinstance(node, URIRef)))


@cache
def cases() -> tuple[Case, ...]:
    """All tests of all groups; updates of SPARQL 1.2 are left out, since nothing here takes any."""
    if SUITES is None:
        return ()
    folder = (SUITES / "sparql").resolve()
    found = (case for group, name in GROUPS.items() for case in _cases(folder / name, group))
    return tuple(case for case in found if case.kind not in UPDATES)


def _cases(file: Path, group: str) -> Iterator[Case]:
    graph = read(file)
    for included in graph.objects(None, MF.include):
        for iri in Collection(graph, included):
            yield from _cases(path_of(iri), group)
    for head in graph.objects(None, MF.entries):
        for test in Collection(graph, head):
            assert isinstance(test, URIRef)
            case = Case(test, graph, group, file.parent)
            yield replace(case, group=f"{group}{_part(case)}")


def _part(case: Case) -> str:
    """Which part of its group the test belongs to, for the count."""
    if case.kind == MF.ProtocolTest:
        return ": updates, to be refused" if case.is_update else ": queries"
    if case.group in ("1.1 query", "1.0"):
        return ": evaluation" if case.is_evaluation else ": syntax"
    return ""
