"""The dataset of a publication: its files as named graphs, the ranks of these, and the default graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import Place
from missiongraph.processes.garbage_collection import search_paused
from missiongraph.publication.guessed_tables import TABLE_SUFFIX
from missiongraph.publication.inference_rules import infer
from missiongraph.publication.rdf_files import ParsedFile, places_of, read_all, read_file
from missiongraph.publication.source_folder import MAPPINGS_SUFFIX, Publication
from missiongraph.publication.source_positions import PlacesOf
from missiongraph.vocab import MG, PREFIXES, RDF

#: The default graph leaves out graphs of these ranks.
RANKS_LEFT_OUT = frozenset({MG.alternative, MG.retired})

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Dataset:
    """All quads of a publication, each in a named graph, in the order of its files."""

    publication: Publication
    files: tuple[ParsedFile, ...]

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """All quads in the order of files, each once."""
        return tuple(dict.fromkeys(quad for file in self.files for quad in file.quads))

    @cached_property
    def ranks(self) -> dict[NamedNode, NamedNode]:
        """The ranks (``mg:rank``) of graphs; a graph without one counts as accepted."""
        return ranks_in(self.quads)

    @cached_property
    def default_graph(self) -> tuple[Triple, ...]:
        """The union of all graphs except those ranked alternative or retired; each triple once."""
        left_out = {graph for graph, rank in self.ranks.items() if rank in RANKS_LEFT_OUT}
        return tuple(dict.fromkeys(quad.triple for quad in self.quads if quad.graph_name not in left_out))

    def triples_in(self, graphs: Iterable[NamedNode]) -> tuple[Triple, ...]:
        """The triples of *graphs*, each once."""
        wanted = set(graphs)
        if len(wanted) == 1:
            return tuple(quad.triple for quad in self._by_graph.get(wanted.pop(), ()))
        return tuple(dict.fromkeys(quad.triple for quad in self.quads if quad.graph_name in wanted))

    @cached_property
    def _by_graph(self) -> dict[Term | DefaultGraph, list[Quad]]:
        by_graph: dict[Term | DefaultGraph, list[Quad]] = {}
        for quad in self.quads:
            by_graph.setdefault(quad.graph_name, []).append(quad)
        return by_graph

    def graphs_of_class(self, graph_class: NamedNode) -> tuple[NamedNode, ...]:
        """The graphs that the dataset states to be instances of *graph_class*."""
        return tuple(
            dict.fromkeys(
                quad.subject
                for quad in self.quads
                if quad.predicate == RDF.type and quad.object == graph_class and isinstance(quad.subject, NamedNode)
            )
        )

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Namespaces by prefix: those that files declare, the first file first, then well-known ones.

        Each namespace has one prefix only, and each prefix one namespace.
        """
        namespaces: dict[str, str] = {}
        declared = (item for file in self.files for item in file.prefixes.items())
        for prefix, namespace in (*declared, *((name, str(space)) for name, space in PREFIXES.items())):
            if prefix and prefix not in namespaces and namespace not in namespaces.values():
                namespaces[prefix] = namespace
        return dict(sorted(namespaces.items()))

    @cached_property
    def engine(self) -> EmbeddedEngine:
        """A SPARQL engine over the default graph and all named graphs; it holds a second copy of them in memory."""
        return EmbeddedEngine.of(self.default_graph, self.quads, base=self.publication.settings.base)

    def let_engine_go(self) -> None:
        """Frees the memory of :attr:`engine`, which is made again when it is needed."""
        self.__dict__.pop("engine", None)

    def file_about(self, subject: Term) -> str | None:
        """The path of the first file with a statement about *subject*, else of the first file that mentions it."""
        return self._files_by_subject.get(subject) or next(
            (file.path for file in self.files for quad in file.quads if subject in (quad.object, quad.graph_name)), None
        )

    @cached_property
    def _files_by_subject(self) -> dict[Term, str]:
        paths: dict[Term, str] = {}
        for file in self.files:
            for quad in file.quads:
                paths.setdefault(quad.subject, file.path)
        return paths

    def place_about(self, subject: Term, predicate: NamedNode | None = None, value: Term | None = None) -> Place | None:
        """Where a file makes this statement.

        If no file does: where one states the predicate of the subject, else where one first describes the subject,
        else the file that mentions it.
        """
        if predicate is not None:
            for stated in dict.fromkeys((value, None)):
                if place := self.places.statement(subject, predicate, stated):
                    return place
        if place := self.places.term(subject):
            return place
        path = self.file_about(subject)
        return Place(path) if path else None

    @cached_property
    def places(self) -> PlacesOf:
        """The lines and columns of statements and terms in the files."""
        return PlacesOf(self.files, self.publication.folder)

    @cached_property
    def shapes(self) -> tuple[ParsedFile, ...]:
        """The files of ``shapes/``, which are not part of the dataset; read once, so that blank nodes stay the same.

        :raises UnreadableInput: as :func:`read_dataset`
        """
        return read_files(self.publication, self.publication.shape_files)

    @cached_property
    def shape_places(self) -> PlacesOf:
        """The lines and columns of statements and terms in the files of ``shapes/``."""
        return PlacesOf(self.shapes, self.publication.folder)

    def place_of(self, term: NamedNode, path: str) -> Place:
        """Where the file *path* first writes *term*; only the file if it spells *term* in an unusual way."""
        parsed = next(file for file in self.files if file.path == path)
        text = (self.publication.folder / path).read_text("utf-8")
        return Place(path, *next(places_of(term.value, text, parsed.prefixes), (None, None)))


def ranks_in(quads: Iterable[Quad]) -> dict[NamedNode, NamedNode]:
    """The ranks that *quads* state of graphs."""
    return {
        quad.subject: quad.object
        for quad in quads
        if quad.predicate == MG.rank and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }


def read_dataset(publication: Publication, also: Sequence[Path] = ()) -> Dataset:
    """Reads ``data/`` and ``ontology/``, then adds what the inference rules construct.

    :param also: further files, which may lie outside of the publication
    :raises UnreadableInput: files cannot be read; it lists all of them, with line and column where known
    """
    files = (*publication.ontology_files, *publication.data_files, *also)
    stated = Dataset(publication, read_files(publication, files))
    inferred = tuple(infer(publication, stated.default_graph, lambda: stated.engine, stated.prefixes))
    if not inferred:
        return stated
    dataset = Dataset(publication, (*stated.files, *inferred))
    left_out = any(dataset.ranks.get(file.graph) in RANKS_LEFT_OUT for file in inferred)
    if dataset.ranks == stated.ranks and not left_out:  # the engine holds what was inferred already
        dataset.__dict__["engine"] = stated.engine
    return dataset


def read_files(publication: Publication, files: Sequence[Path]) -> tuple[ParsedFile, ...]:
    """Parses *files* of *publication*, each by its suffix: RDF, a table or mappings.

    :raises UnreadableInput: as :func:`read_dataset`
    """
    with search_paused():
        return tuple(
            read_all(files, lambda file: _reader(file)(file, publication.path_of(file), publication.graph_of(file)))
        )


def _reader(file: Path) -> Callable[[Path, str, NamedNode], ParsedFile]:
    if file.name.endswith(MAPPINGS_SUFFIX):
        from missiongraph.publication.sssom import read_mappings  # imported here, since few publications have mappings

        return read_mappings
    if file.suffix.lower() != TABLE_SUFFIX:
        return read_file
    from missiongraph.publication.tables import read_table  # its library brings RDFLib, which few other commands need

    return read_table
