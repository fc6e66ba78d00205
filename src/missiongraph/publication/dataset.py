"""The dataset of a publication: its files as named graphs, their ranks, and the default graph they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import Place
from missiongraph.processes.garbage_collection import search_paused
from missiongraph.publication.inference_rules import infer
from missiongraph.publication.reading import ParsedFile, places_of, read_all, read_file
from missiongraph.publication.source_folder import MAPPINGS_SUFFIX, Publication
from missiongraph.publication.source_positions import PlacesOf
from missiongraph.publication.undescribed_tables import TABLE_SUFFIX
from missiongraph.vocab import MG, PREFIXES, RDF

#: Graphs of these ranks stay out of the default graph.
RANKS_LEFT_OUT = frozenset({MG.alternative, MG.retired})

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Dataset:
    """All quads of a publication, each in a named graph, in the order of its files."""

    publication: Publication
    files: tuple[ParsedFile, ...]

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """The quads, each once."""
        return tuple(dict.fromkeys(quad for file in self.files for quad in file.quads))

    @cached_property
    def ranks(self) -> dict[NamedNode, NamedNode]:
        """The rank that the dataset states of a graph; a graph without one counts as accepted."""
        return ranks_in(self.quads)

    @cached_property
    def default_graph(self) -> tuple[Triple, ...]:
        """Set union of all graphs except those ranked alternative or retired; each triple once."""
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
        found: dict[Term | DefaultGraph, list[Quad]] = {}
        for quad in self.quads:
            found.setdefault(quad.graph_name, []).append(quad)
        return found

    def graphs_of_class(self, graph_class: NamedNode) -> tuple[NamedNode, ...]:
        """Graphs that the dataset describes as being of *graph_class*."""
        return tuple(
            dict.fromkeys(
                quad.subject
                for quad in self.quads
                if quad.predicate == RDF.type and quad.object == graph_class and isinstance(quad.subject, NamedNode)
            )
        )

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefixes of the files, first come first served, then well-known ones; one prefix a namespace."""
        found: dict[str, str] = {}
        declared = (item for file in self.files for item in file.prefixes.items())
        for prefix, namespace in (*declared, *((name, str(space)) for name, space in PREFIXES.items())):
            if prefix and prefix not in found and namespace not in found.values():
                found[prefix] = namespace
        return dict(sorted(found.items()))

    @cached_property
    def engine(self) -> EmbeddedEngine:
        """Answers over the default graph and all named graphs, which it holds in memory once more."""
        return EmbeddedEngine.of(self.default_graph, self.quads, base=self.publication.settings.base)

    def let_engine_go(self) -> None:
        """Free the memory of the engine; it is made anew when it is asked for."""
        self.__dict__.pop("engine", None)

    def file_about(self, subject: Term) -> str | None:
        """The first file with a statement about *subject*, else one that names it."""
        return self._files_by_subject.get(subject) or next(
            (file.path for file in self.files for quad in file.quads if subject in (quad.object, quad.graph_name)), None
        )

    @cached_property
    def _files_by_subject(self) -> dict[Term, str]:
        found: dict[Term, str] = {}
        for file in self.files:
            for quad in file.quads:
                found.setdefault(quad.subject, file.path)
        return found

    def place_about(self, subject: Term, predicate: NamedNode | None = None, value: Term | None = None) -> Place | None:
        """Where the statement is made, else one of its subject and predicate, else something about its subject."""
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
        """Places of statements and things in the files."""
        return PlacesOf(self.files, self.publication.folder)

    @cached_property
    def shapes(self) -> tuple[ParsedFile, ...]:
        """The files of ``shapes/``, which are not part of the dataset; read once, so that blank nodes stay the same.

        :raises UnreadableInput: as :func:`read_dataset`
        """
        return read_files(self.publication, self.publication.shape_files)

    @cached_property
    def shape_places(self) -> PlacesOf:
        """Places of shapes in their files."""
        return PlacesOf(self.shapes, self.publication.folder)

    def place_of(self, term: NamedNode, path: str) -> Place:
        """Where the file *path* first writes *term*; without line where its text spells it otherwise."""
        parsed = next(file for file in self.files if file.path == path)
        text = (self.publication.folder / path).read_text("utf-8")
        return Place(path, *next(places_of(term.value, text, parsed.prefixes), (None, None)))


def ranks_in(quads: Iterable[Quad]) -> dict[NamedNode, NamedNode]:
    """The ranks of graphs that *quads* state."""
    return {
        quad.subject: quad.object
        for quad in quads
        if quad.predicate == MG.rank and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }


def read_dataset(publication: Publication, also: Sequence[Path] = ()) -> Dataset:
    """Read ``data/`` and ``ontology/``, and *also* further files from anywhere; then let the rules infer.

    :raises UnreadableInput: lists every file that cannot be read, each with its place
    """
    files = (*publication.ontology_files, *publication.data_files, *also)
    stated = Dataset(publication, read_files(publication, files))
    inferred = tuple(infer(publication, stated.default_graph, lambda: stated.engine, stated.prefixes))
    if not inferred:
        return stated
    dataset = Dataset(publication, (*stated.files, *inferred))
    left_out = any(dataset.ranks.get(file.graph) in RANKS_LEFT_OUT for file in inferred)
    if dataset.ranks == stated.ranks and not left_out:  # the engine has been told all that is new
        dataset.__dict__["engine"] = stated.engine
    return dataset


def read_files(publication: Publication, files: Sequence[Path]) -> tuple[ParsedFile, ...]:
    """Parse *files* of *publication*.

    :raises UnreadableInput: as :func:`read_dataset`
    """
    with search_paused():
        return tuple(
            read_all(files, lambda file: _reader(file)(file, publication.path_of(file), publication.graph_of(file)))
        )


def _reader(file: Path) -> Callable[[Path, str, NamedNode], ParsedFile]:
    if file.name.endswith(MAPPINGS_SUFFIX):
        from missiongraph.publication.mappings import read_mappings  # few publications have some

        return read_mappings
    if file.suffix.lower() != TABLE_SUFFIX:
        return read_file
    from missiongraph.publication.tables import read_table  # its library brings RDFLib, which few other commands need

    return read_table
