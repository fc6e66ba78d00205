"""Finds the places (file, line, column) of statements and terms in files that have been parsed already."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from xml.parsers.expat import ExpatError

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat

from missiongraph.errors import Place
from missiongraph.publication.rdf_files import Key, ParsedFile
from missiongraph.publication.source_folder import FORMAT_BY_SUFFIX
from missiongraph.publication.source_positions.blank_node_matching import Term, Written, same_blanks
from missiongraph.publication.source_positions.jsonld import statements_of_json_ld
from missiongraph.publication.source_positions.rdfxml import statements_of_rdf_xml
from missiongraph.publication.source_positions.turtle import TurtleText

#: A text with more characters is not read whole to find one place in it.
MOST_READ = 4_000_000

#: What a light reader may raise on a text that it cannot read; the text's statements then have no places.
_BEYOND = (ValueError, LookupError, TypeError, AttributeError, RecursionError, ExpatError)

_READERS = {RdfFormat.RDF_XML: statements_of_rdf_xml, RdfFormat.JSON_LD: statements_of_json_ld}


class PlacesOf:
    """The places of statements and terms in *files*, whose paths are relative to *folder*.

    A file is read a second time only when a place in it is asked for.
    """

    def __init__(self, files: Sequence[ParsedFile], folder: Path) -> None:
        self._files = tuple(_File(file, folder / file.path) for file in files)

    def statement(
        self, subject: Term, predicate: NamedNode, value: Term | None = None, graph: NamedNode | None = None
    ) -> Place | None:
        """The place of the value of a statement; ``None`` if no file has one.

        :param value: ``None`` means the first statement with that subject and predicate
        :param graph: look in this graph only
        """
        for file in self._about.get(subject, ()):
            if place := file.statement(subject, predicate, value, graph):
                return place
        return None

    def statements(self, subject: Term, predicate: NamedNode) -> list[Place]:
        """The places of all values that *subject* has of *predicate*, in the order of files and lines."""
        return [place for file in self._about.get(subject, ()) for place in file.statements(subject, predicate)]

    def term(self, term: Term) -> Place | None:
        """The place where *term* is first the subject of a statement, else where it is first mentioned."""
        for file in self._about.get(term, ()):
            if place := file.subject(term):
                return place
        return next((place for file in self._files if file.writes(term) and (place := file.named(term))), None)

    @cached_property
    def _about(self) -> dict[Term, list[_File]]:
        files_by_subject: dict[Term, dict[int, _File]] = defaultdict(dict)
        for number, file in enumerate(self._files):
            for quad in file.parsed.quads:
                files_by_subject[quad.subject].setdefault(number, file)
        return {subject: list(files.values()) for subject, files in files_by_subject.items()}


class _File:
    """One file. A table has the places of its statements; other files are read a second time, as far as needed."""

    def __init__(self, parsed: ParsedFile, file: Path) -> None:
        self.parsed, self.file = parsed, file
        self._found: dict[Term, list[Written]] = {}

    def statement(
        self, subject: Term, predicate: NamedNode, value: Term | None, graph: NamedNode | None
    ) -> Place | None:
        if self.parsed.places:
            return self._in_table((subject, predicate, value))  # type: ignore[arg-type]  # its subjects are nodes
        for one in self._about(subject):
            if one.predicate == predicate and self._is(one.object, value) and graph in (None, self._graph(one)):
                return self._place(one.at[2])
        return None

    def statements(self, subject: Term, predicate: NamedNode) -> list[Place]:
        offsets = [one.at[2] for one in self._about(subject) if one.predicate == predicate]
        return [self._place(at) for at in dict.fromkeys(offsets)]

    def subject(self, term: Term) -> Place | None:
        if self.parsed.places:
            return self._in_table((term, None, None))  # type: ignore[arg-type]  # its subjects are nodes
        return next((self._place(one.at[0]) for one in self._about(term)), None)

    def named(self, term: Term) -> Place | None:
        for written in self._written(term, named=True):
            if self._is(written.object, term):
                return self._place(written.at[2])
            if written.predicate == term:
                return self._place(written.at[1])
        return None

    def writes(self, term: Term) -> bool:
        return term in self._terms

    @cached_property
    def _terms(self) -> set[object]:
        """Its predicates, objects and graphs."""
        quads = self.parsed.quads
        return {term for quad in quads for term in (quad.object, quad.predicate, quad.graph_name)}

    def _in_table(self, key: Key) -> Place | None:
        return Place(self.parsed.path, *self.parsed.places[key]) if key in self.parsed.places else None

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return Place(self.parsed.path, line, offset - self._lines[line - 1] + 1)

    @cached_property
    def _text(self) -> str:
        return self.file.read_bytes().decode("utf-8-sig", "replace")

    @cached_property
    def _lines(self) -> list[int]:
        """Offsets at which lines begin."""
        return [0, *(found.end() for found in re.finditer("\n", self._text))]

    def _about(self, subject: Term) -> list[Written]:
        """The statements about *subject*, in the order of the text."""
        if subject not in self._found:
            self._found[subject] = self._of(subject, self._written(subject))
            if not self._found[subject] and isinstance(subject, NamedNode):
                self._found[subject] = self._of(subject, self._whole)  # the text spells it in an unusual way
        return self._found[subject]

    def _of(self, subject: Term, written: Sequence[Written]) -> list[Written]:
        return [one for one in written if self._is(one.subject, subject)]

    def _is(self, written: object, term: Term | None) -> bool:
        """Whether *written*, read from the text, is the parser's *term* (``None``: any term).

        JSON-LD may give datatype and language in its context, so a literal without them counts as the same.
        """
        if isinstance(written, BlankNode):
            return term is None or (isinstance(term, BlankNode) and self._same.get(written) == term)
        if isinstance(written, Literal) and isinstance(term, Literal):
            return written in (term, Literal(term.value))
        return term is None or written == term

    def _graph(self, written: Written) -> object:
        return self.parsed.graph if isinstance(written.graph, DefaultGraph) else written.graph

    def _written(self, term: Term, *, named: bool = False) -> Sequence[Written]:
        """The statements about *term* (*named*: those that mention it), and perhaps others."""
        if isinstance(term, NamedNode) and self._turtle is not None:
            try:
                return self._turtle.naming(term.value) if named else self._turtle.about(term.value)
            except _BEYOND:
                return ()
        return self._whole

    @cached_property
    def _turtle(self) -> TurtleText | None:
        other = FORMAT_BY_SUFFIX.get(self.file.suffix.lower()) in _READERS or self.parsed.places
        return None if other else TurtleText(self._text)

    @cached_property
    def _whole(self) -> Sequence[Written]:
        """All statements of the file; none if its light reader cannot read the text."""
        try:
            if self._turtle is not None:
                return self._turtle.all() if len(self._text) <= MOST_READ else ()
            return () if self.parsed.places else _READERS[FORMAT_BY_SUFFIX[self.file.suffix.lower()]](self._text)
        except _BEYOND:
            return ()

    @cached_property
    def _same(self) -> dict[BlankNode, BlankNode]:
        """The parser's blank nodes by those of the light reader, which has to read the whole text for them."""
        return same_blanks(self._whole, self.parsed.quads)
