"""The places of statements and terms in files that have been read already."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from xml.parsers.expat import ExpatError

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

from missiongraph.errors import Place
from missiongraph.places.jsonld import statements_of_json_ld
from missiongraph.places.rdfxml import statements_of_rdf_xml
from missiongraph.places.turtle import statements_of_turtle
from missiongraph.places.written import Term, Written, same_blanks
from missiongraph.publication import FORMAT_BY_SUFFIX
from missiongraph.reading import Key, ParsedFile

_READERS = {RdfFormat.RDF_XML: statements_of_rdf_xml, RdfFormat.JSON_LD: statements_of_json_ld}


class PlacesOf:
    """Places in *files* of *folder*; a file's text is looked at when something in it is asked for."""

    def __init__(self, files: Sequence[ParsedFile], folder: Path) -> None:
        self._files = tuple(_File(file, folder / file.path) for file in files)

    def statement(
        self, subject: Term, predicate: NamedNode, value: Term | None = None, graph: NamedNode | None = None
    ) -> Place | None:
        """Where the value stands in the statement; without *value* that of the first of its subject and predicate.

        :param graph: only there
        """
        for file in self._about.get(subject, ()):
            if place := file.statement(subject, predicate, value, graph):
                return place
        return None

    def statements(self, subject: Term, predicate: NamedNode) -> list[Place]:
        """Where all values of a property stand, in the order of files and lines."""
        return [place for file in self._about.get(subject, ()) for place in file.statements(subject, predicate)]

    def term(self, term: Term) -> Place | None:
        """Where *term* is described first, else where it is first named."""
        for file in self._about.get(term, ()):
            if place := file.subject(term):
                return place
        return next((place for file in self._files if file.writes(term) and (place := file.named(term))), None)

    @cached_property
    def _about(self) -> dict[Term, list[_File]]:
        found: dict[Term, dict[int, _File]] = defaultdict(dict)
        for number, file in enumerate(self._files):
            for quad in file.parsed.quads:
                found[quad.subject].setdefault(number, file)
        return {subject: list(files.values()) for subject, files in found.items()}


class _File:
    """One file: a table knows the places of its statements, any other file is read a second time."""

    def __init__(self, parsed: ParsedFile, file: Path) -> None:
        self.parsed, self.file = parsed, file

    def statement(
        self, subject: Term, predicate: NamedNode, value: Term | None, graph: NamedNode | None
    ) -> Place | None:
        if self.parsed.places:
            return self._in_table((subject, predicate, value))  # type: ignore[arg-type]  # its subjects are nodes
        for key in _keys(value):
            for written, graph_name in self._by_statement.get((subject, predicate, key), ()):
                if graph is None or graph == graph_name:
                    return self._place(written.at[2])
        return None

    def statements(self, subject: Term, predicate: NamedNode) -> list[Place]:
        found = self._by_statement.get((subject, predicate, None), ())
        return [self._place(at) for at in dict.fromkeys(written.at[2] for written, _ in found)]

    def subject(self, term: Term) -> Place | None:
        if self.parsed.places:
            return self._in_table((term, None, None))  # type: ignore[arg-type]  # its subjects are nodes
        return self._place(self._subjects[term]) if term in self._subjects else None

    def named(self, term: Term) -> Place | None:
        return self._place(self._objects[term]) if term in self._objects else None

    def writes(self, term: Term) -> bool:
        return any(term in (quad.object, quad.predicate, quad.graph_name) for quad in self.parsed.quads)

    def _in_table(self, key: Key) -> Place | None:
        return Place(self.parsed.path, *self.parsed.places[key]) if key in self.parsed.places else None

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return Place(self.parsed.path, line, offset - self._lines[line - 1] + 1)

    @cached_property
    def _text(self) -> str:
        return self.file.read_text("utf-8-sig")

    @cached_property
    def _lines(self) -> list[int]:
        """Offsets at which lines begin."""
        starts, at = [0], self._text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self._text.find("\n", at + 1)
        return starts

    @cached_property
    def _written(self) -> list[Written]:
        """Empty where the text is beyond what the light readers follow."""
        reader = _READERS.get(FORMAT_BY_SUFFIX.get(self.file.suffix.lower()), statements_of_turtle)  # type: ignore[arg-type]
        try:
            return reader(self._text) if not self.parsed.places else []
        except (ValueError, LookupError, TypeError, ExpatError):
            return []

    @cached_property
    def _same(self) -> dict[BlankNode, BlankNode]:
        return same_blanks(self._written, self.parsed.quads)

    def _known(self, term: object) -> object:
        return self._same.get(term, term) if isinstance(term, BlankNode) else term

    @cached_property
    def _by_statement(self) -> dict[tuple[object, NamedNode, object], list[tuple[Written, object]]]:
        found: dict[tuple[object, NamedNode, object], list[tuple[Written, object]]] = defaultdict(list)
        for written in self._written:
            subject, value, graph = map(self._known, (written.subject, written.object, written.graph))
            graph = graph if isinstance(graph, NamedNode | BlankNode) else self.parsed.graph
            found[subject, written.predicate, None].append((written, graph))
            if value is not None:
                found[subject, written.predicate, value].append((written, graph))
        return found

    @cached_property
    def _subjects(self) -> dict[object, int]:
        found: dict[object, int] = {}
        for written in self._written:
            found.setdefault(self._known(written.subject), written.at[0])
        return found

    @cached_property
    def _objects(self) -> dict[object, int]:
        found: dict[object, int] = {}
        for written in self._written:
            found.setdefault(self._known(written.object), written.at[2])
            found.setdefault(written.predicate, written.at[1])
        return found


def _keys(value: Term | None) -> tuple[Term | None, ...]:
    """As it is, and as JSON-LD writes it, which may leave datatype and language to its context."""
    return (value, Literal(value.value)) if isinstance(value, Literal) else (value,)
