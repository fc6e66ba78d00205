"""All data of the suites as one publication: each file a named graph, named by the file's IRI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize
from rdflib import URIRef

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from tests.conformance.manifest import path_of
from tests.conformance.sparql.cases import Case

#: A graph that does not exist: the default graph of tests that have no data.
EMPTY = URIRef("urn:x-suite:no-graph")

_FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML}
_SETTINGS = 'title = "W3C SPARQL suites"\nbase = "https://example.org/"\nlanguages = ["en"]\n'
_FROM = re.compile(
    r"""<[^<>"{}|^`\x00-\x20]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*|\bFROM\s+(?:NAMED\s+)?<(?P<iri>[^>]*)>""",
    re.IGNORECASE,
)


def build(cases: tuple[Case, ...], folder: Path) -> Build:
    """Write the publication into *folder* and have the project build it."""
    publication = folder / "publication"
    (publication / "data").mkdir(parents=True)
    (publication / "missiongraph.toml").write_text(_SETTINGS, "utf-8")
    for number, (graph, file) in enumerate(sorted(_graphs(cases))):
        name = NamedNode(graph)
        quads = [Quad(triple.subject, triple.predicate, triple.object, name) for triple in read_quads(file)]
        serialize(quads, publication / "data" / f"{number:03}.nq", RdfFormat.N_QUADS)
    return build_publication(read_dataset(Publication.open(publication)), folder / "build")


def read_quads(file: Path) -> list[Quad]:
    """A data or result file, with its own IRI as base."""
    return list(parse(path=file, format=_FORMATS[file.suffix], base_iri=file.as_uri()))


def _graphs(cases: tuple[Case, ...]) -> set[tuple[URIRef, Path]]:
    found: set[tuple[URIRef, Path]] = set()
    for case in cases:
        found.update(case.remote_graphs)
        if case.is_evaluation:
            named = (*case.default_graphs, *case.named_graphs, *dataset_clause(case.query_file))
            found.update((iri, path_of(iri)) for iri in named)
    return found


def dataset_clause(query: Path) -> Iterator[URIRef]:
    """The files that a query names itself, with ``FROM`` or ``FROM NAMED``."""
    text = query.read_text("utf-8")
    for found in _FROM.finditer(text):
        if found["iri"] is not None:
            yield URIRef((query.parent / found["iri"]).as_uri())
