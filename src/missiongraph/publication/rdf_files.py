"""Parses RDF files into quads; every fault has its line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeVar, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.errors import Place, Problem, UnreadableInput, reason_of
from missiongraph.publication import content_sniffing
from missiongraph.publication.source_folder import FORMAT_BY_SUFFIX
from missiongraph.rdf.rdfxml_for_engine import PlainXml, with_language_taken_back

T = TypeVar("T")

# A base that nobody's data can contain: RDF/XML and JSON-LD parsers resolve or drop relative IRIs without
# a word, so an IRI of its scheme was relative in the file (even if it brought its own host: "//example.org/").
_RELATIVE_SCHEME = "x-missiongraph-relative:"
_RELATIVE = f"{_RELATIVE_SCHEME}//relative/"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_RDF_1_2 = re.compile(r"<<|--(?:ltr|rtl)\b|@direction")

#: Subject, predicate and object of a statement. ``None`` stands for any predicate or object.
Key = tuple[NamedNode | BlankNode | Triple, NamedNode | None, NamedNode | BlankNode | Literal | Triple | None]

_RESOLVING = (RdfFormat.RDF_XML, RdfFormat.JSON_LD)


@dataclass(frozen=True)
class ParsedFile:
    """The quads of one file. Blank nodes are unique to the file.

    :ivar graph: the graph of the triples that the file puts into no graph
    :ivar places: for tables and mappings only: line and column of each statement; with ``None`` as object, those of the
        first statement with that subject and predicate; with ``None`` twice, those of the first about that subject
    """

    path: str
    graph: NamedNode
    quads: tuple[Quad, ...]
    prefixes: dict[str, str] = field(default_factory=dict)
    places: Mapping[Key, tuple[int, int | None]] = field(default_factory=dict)


class FaultyFile(Exception):
    """A file cannot be read.

    :ivar problems: what is wrong with it, each fault with its place
    """

    def __init__(self, what: str, where: Place, advice: str | None = None) -> None:
        self.problems: tuple[Problem, ...] = (Problem(what, where, advice),)
        super().__init__(str(self.problems[0]))

    @classmethod
    def of(cls, first: Problem, *others: Problem) -> FaultyFile:
        """The error of a file that has several faults."""
        fault = cls(first.what, first.where or Place(""), first.advice)
        fault.problems = (first, *others)
        fault.args = ("\n".join(str(problem) for problem in fault.problems),)
        return fault


def read_all(files: Iterable[Path], read: Callable[[Path], T]) -> list[T]:
    """What *read* makes of each of *files*.

    :raises UnreadableInput: lists every fault of every file
    """
    found: list[T] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found.append(read(file))
        except FaultyFile as fault:
            problems += fault.problems
    if problems:
        raise UnreadableInput(*problems)
    return found


def read_file(file: Path, path: str, graph: NamedNode) -> ParsedFile:
    """Parses the RDF file *file*, in the format that its suffix says.

    :param path: what messages call the file
    :param graph: takes the triples that the file puts into no graph
    :raises FaultyFile: the file cannot be opened, is not UTF-8, has a syntax error, is in another format than its
        suffix says, or has relative IRIs without a base or terms of RDF 1.2
    """
    content = read_bytes(file, path)
    text = decode(content, path)
    rdf_format = FORMAT_BY_SUFFIX[file.suffix.lower()]
    try:
        prefixes, quads = _parse(content, path, text, rdf_format)
    except FaultyFile as fault:
        _refuse_other_format(file, path, text)
        raise fault from None
    if not quads and rdf_format == RdfFormat.JSON_LD and content_sniffing.of_text(text) == content_sniffing.JSON:
        what = f"this is {content_sniffing.JSON.name}, and says nothing"
        raise FaultyFile(what, Place(path, 1, 1), content_sniffing.JSON.advice)
    quads = tuple(_in_graph(quad, graph) for quad in quads)
    if any(_is_of_rdf_1_2(quad.object) for quad in quads):
        place = _place(path, text, match.start() if (match := _RDF_1_2.search(text)) else None)
        what = "holds terms of RDF 1.2 (triple terms or base directions)"
        raise FaultyFile(what, place, "a publication is RDF 1.1: use named graphs")
    return ParsedFile(path, graph, quads, prefixes)


def read_bytes(file: Path, path: str, *, utf_16: bool = False) -> bytes:
    """The content of *file* without a byte order mark of UTF-8.

    :param path: what messages call the file
    :param utf_16: whether text in UTF-16 is allowed
    :raises FaultyFile: the file cannot be opened, or is not text
    """
    try:
        content = file.read_bytes().removeprefix(_BYTE_ORDER_MARK)
    except OSError as error:
        raise FaultyFile(f"cannot be read: {reason_of(error)}", Place(path)) from None
    recognised = content_sniffing.of_bytes(content)
    if recognised is not None and not (utf_16 and recognised == content_sniffing.UTF_16):
        raise FaultyFile(f"this is {recognised.name}", Place(path), recognised.advice)
    return content


def _refuse_other_format(file: Path, path: str, text: str) -> None:
    recognised, promised = content_sniffing.of_text(text), file.suffix.lower()
    if recognised is not None and promised not in recognised.suffixes:
        what = f"this is {recognised.name}, not {FORMAT_BY_SUFFIX[promised].name}"
        raise FaultyFile(what, Place(path, 1, 1), recognised.advice)


def _parse(content: bytes, path: str, text: str, rdf_format: RdfFormat) -> tuple[dict[str, str], tuple[Quad, ...]]:
    """The prefixes and the quads of a file.

    :raises FaultyFile: a syntax error, or a relative IRI without a base
    """
    base = _RELATIVE if rdf_format in _RESOLVING else None
    xml = PlainXml(content) if rdf_format == RdfFormat.RDF_XML else None
    try:
        source = content if xml is None else cast("IO[bytes]", xml)
        parser = parse(source, rdf_format, base_iri=base, rename_blank_nodes=True)
        quads = tuple(parser)
    except SyntaxError as error:
        if xml is None or xml.fault is None:
            raise _syntax_fault(error, path, text, xml) from None
    if xml is not None:
        if xml.fault is not None:
            raise FaultyFile(*xml.fault.at(path)) from None
        quads = tuple(with_language_taken_back(quad) for quad in quads)
    if base is not None:
        _refuse_relative(quads, path, text)
    return dict(parser.prefixes), quads


def decode(content: bytes, path: str) -> str:
    """Decodes the *content* of a file.

    :param path: what messages call the file
    :raises FaultyFile: *content* is not UTF-8; the error has the place of the first bad byte
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        place = Place(path, *_line_and_column(before, len(before)))
        raise FaultyFile(f"is not UTF-8 (byte 0x{content[error.start]:02x})", place, "save it as UTF-8") from None


def _is_of_rdf_1_2(term: object) -> bool:
    return isinstance(term, Triple) or (isinstance(term, Literal) and term.direction is not None)


def _in_graph(quad: Quad, graph: NamedNode) -> Quad:
    if isinstance(quad.graph_name, DefaultGraph):
        return Quad(quad.subject, quad.predicate, quad.object, graph)
    return quad


def _syntax_fault(error: SyntaxError, path: str, text: str, xml: PlainXml | None) -> FaultyFile:
    line, column = error.lineno, error.offset
    message = re.sub(r"^Parser error (at|between) .*?: | \(line \d+\)$", "", error.msg or str(error))
    if xml is not None:  # the parser gives no place, but has read no further than the fault
        line, column = xml.text_place if message.startswith("Unexpected text") else xml.place
    advice = None
    if "No scheme found in an absolute IRI" in message:
        message, advice = "relative IRI without a base", "declare @base in the file: nothing is resolved against a path"
    elif "LoadDocumentCallback" in message:
        message, advice = "names a remote JSON-LD context", "put the context into the file"
        return FaultyFile(message, _place(path, text, text.find('"@context"')), advice)
    elif "XML namespaces are required" in message:
        message = "an element or attribute without a namespace"
    return FaultyFile(message, Place(path, line, column), advice)


def _refuse_relative(quads: tuple[Quad, ...], path: str, text: str) -> None:
    for quad in quads:
        datatype = getattr(quad.object, "datatype", None)
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name, datatype):
            if isinstance(term, NamedNode) and term.value.startswith(_RELATIVE_SCHEME):
                written = term.value.removeprefix(_RELATIVE).removeprefix(_RELATIVE_SCHEME)
                place = _place(path, text, _where_written(written, text))
                raise FaultyFile(f"relative IRI “{written}” without a base", place, "declare a base in the file")


def _where_written(resolved: str, text: str) -> int | None:
    """The offset at which *text* has, in quotes, the relative IRI that the parser resolved to *resolved*.

    The parser removes ``./`` and ``../`` from it, and puts ``#`` before a name (``rdf:ID``).
    """
    spelled = re.escape(resolved.removeprefix("#"))
    found = re.search(rf"""(["'])((?:\.{{0,2}}/)*#?{spelled})\1""", text)
    return found.start(2) if found else None


def _place(path: str, text: str, offset: int | None) -> Place:
    return Place(path) if offset is None or offset < 0 else Place(path, *_line_and_column(text, offset))


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def places_of(iri: str, text: str, prefixes: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Line and column of each place where *text* writes *iri*, in full or with one of *prefixes*.

    >>> list(places_of("http://example.org/a", "ex:b ex:p ex:a .", {"ex": "http://example.org/"}))
    [(1, 11)]
    """
    spellings = [re.escape(f"<{iri}>"), re.escape(f'"{iri}"')]
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            local = re.escape(iri.removeprefix(namespace))
            spellings.append(rf"(?<![\w:-]){re.escape(prefix)}:{local}(?![\w-]|\.\w)")
    for match in re.finditer("|".join(spellings), text):
        yield _line_and_column(text, match.start())
