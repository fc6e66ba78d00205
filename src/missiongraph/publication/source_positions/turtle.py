"""Reads the statements of Turtle, TriG, N-Triples and N-Quads with their offsets.

The parser, which gives no offsets, has accepted the text before. So this reader refuses nothing. No maintained library
gives statements with offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, parse

from missiongraph.publication.source_positions.blank_node_matching import Graph, Node, Term, Written
from missiongraph.vocab import RDF, XSD

_TOKEN = re.compile(
    r"""(?:\s+|\#[^\n\r]*)*+(?:
    (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<long>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3})
  | (?P<short>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:(?:[^\s<>"'{}|^`\\;,.()\[\]\#@]|\.+(?=[^\s<>"'{}|^`\\;,.()\[\]\#@]))+)
  | (?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+)(?![\w:-]*:))
  | (?P<name>(?:[^\s<>"'{}|^`\\;,.()\[\]\#@:%]|\.(?=[^\s<>"'{}|^`\\;,.()\[\]\#@]))*:
      (?:[^\s<>"'{}|^`\\;,.()\[\]\#@]|\\.|\.+(?=[^\s<>"'{}|^`;,.()\[\]\#@]))*)
  | (?P<mark>\^\^|[\[\](){}.;,])
  | (?P<word>[A-Za-z]+)
  | (?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"(?:\s+|#[^\n\r]*)*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_NUMBERS = ((re.compile(r".*[eE]"), XSD.double), (re.compile(r".*\."), XSD.decimal), (re.compile(r""), XSD.integer))


#: A run of tokens that neither end a statement nor open or close a graph.
_INSIDE = re.compile(
    r"""(?:\s+ | \#[^\n\r]* | <[^<>"{}|^`\x00-\x20]*>
  | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
  | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'
  | (?:[^\s<>"'{}\[\]();,.\#^\\]|\\.|\.(?=\d))(?:[^\s<>"'{}\[\]();,.\#^\\]|\\.|\.+(?=[^\s<>"'{}\[\]();,.\#^@]))*
  | [\[\]();,^])*+""",
    re.VERBOSE | re.DOTALL,
)
_DECLARATION = re.compile(r"\s*@?(?:prefix|base)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Span:
    """The part of a text with the statements of one subject, and the declarations that hold there."""

    start: int
    end: int
    base: str
    prefixes: Mapping[str, str]
    graph: Graph


class TurtleText:
    """A text whose statements are read when they are asked for; it is first cut into one part for each subject.

    Its methods raise ``ValueError`` or ``LookupError`` if the reader cannot read the text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._reader = _Reader(text)
        self._read: dict[int, list[Written]] = {}

    @cached_property
    def _spans(self) -> list[_Span]:
        return list(self._reader.spans())

    @cached_property
    def _subjects(self) -> dict[str, list[int]]:
        """The numbers of the parts of the text by the spelling of their subjects."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, span in enumerate(self._spans):
            token = _TOKEN.match(self.text, span.start)
            numbers[token[token.lastgroup] if token and token.lastgroup else ""].append(number)
        return numbers

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start for span in self._spans]

    @cached_property
    def _declared(self) -> list[tuple[Mapping[str, str], str]]:
        """The different prefixes and bases that hold in parts of the text."""
        declarations = {(id(span.prefixes), span.base): (span.prefixes, span.base) for span in self._spans}
        return list(declarations.values())

    def all(self) -> list[Written]:
        """The statements of the whole text, those with nested blank nodes after the statements of these."""
        return [written for number in range(len(self._spans)) for written in self._statements(number)]

    def about(self, iri: str) -> list[Written]:
        """The statements about *iri*, and perhaps others."""
        numbers = {number for spelling in self._spellings(iri) for number in self._subjects.get(spelling, ())}
        return [written for number in sorted(numbers) for written in self._statements(number)]

    def _spellings(self, iri: str) -> set[str]:
        """The ways to write *iri* without escapes: in full, with a prefix, relative to a base."""
        spellings = {f"<{iri}>"}
        for prefixes, base in self._declared:
            spellings |= {
                f"{prefix}:{iri[len(space) :]}" for prefix, space in prefixes.items() if iri.startswith(space)
            }
            spellings |= {f"<{iri[at:]}>" for at in range(len(iri)) if at and base.startswith(iri[:at])}
        return spellings

    def naming(self, iri: str) -> list[Written]:
        """The statements of the parts of the text that mention *iri*."""
        numbers = {bisect_right(self._starts, at) - 1 for spelling in self._spellings(iri) for at in self._at(spelling)}
        return [written for number in sorted(numbers) if number >= 0 for written in self._statements(number)]

    def _at(self, spelling: str) -> Iterator[int]:
        at = self.text.find(spelling)
        while at >= 0:
            yield at
            at = self.text.find(spelling, at + 1)

    def _statements(self, number: int) -> list[Written]:
        if number not in self._read:
            self._read[number] = self._reader.statements_of(self._spans[number])
        return self._read[number]


def unescape(text: str) -> str:
    r"""*text* with its escapes resolved (Turtle, section 6.4).

    >>> unescape(r"\u0041\t\-")
    'A\t-'
    """

    def plain(found: re.Match[str]) -> str:
        short, long, single = found.groups()
        return chr(int(short or long, 16)) if short or long else _ESCAPED.get(single, single)

    return _ESCAPE.sub(plain, text) if "\\" in text else text


class _Reader:
    """A recursive descent parser; ``kind`` and ``token`` hold the next token, ``at`` and ``end`` its offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.statements: list[Written] = []
        self.base = ""
        self.prefixes: Mapping[str, str] = {}
        self.labelled: dict[str, BlankNode] = {}
        self.resolved: dict[tuple[str, str], NamedNode] = {}
        self.graph: Graph = DefaultGraph()
        self.at = self.end = 0
        self.kind = self.token = ""

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.end)
        if match is None:
            raise ValueError(f"no token at {self.end}")
        self.kind = match.lastgroup or "end"
        self.at, self.end = match.span(self.kind)
        self.token = match[self.kind]

    def skip(self, *marks: str) -> bool:
        """Skips the next token if it is one of *marks*; returns whether it did."""
        if self.token not in marks or self.kind not in ("mark", "word"):
            return False
        self.advance()
        return True

    def spans(self) -> Iterator[_Span]:
        """Cuts the text into parts; of their content it reads declarations only."""
        start, graph = 0, self.graph
        while start < len(self.text):
            if _DECLARATION.match(self.text, self.after_space(start)):
                self.end = start
                self.advance()
                self.declaration(self.token.lower().strip("@"))
                start = self.at + 1 if self.token == "." else self.at
                continue
            end = _INSIDE.match(self.text, start).end()  # type: ignore[union-attr]  # matches everywhere
            mark = self.text[end : end + 1]
            if mark == "{":
                graph = self.graph_named(start, end)
            elif end > start and self.after_space(start) < end:
                yield _Span(start, end, self.base, self.prefixes, graph)
            if mark == "}":
                graph = DefaultGraph()
            elif mark not in (".", "{", ""):
                raise ValueError(f"{mark} at {end}")
            start = end + 1

    def after_space(self, at: int) -> int:
        """The offset after white space and comments."""
        return _SPACE.match(self.text, at).end()  # type: ignore[union-attr]  # matches everywhere

    def graph_named(self, start: int, end: int) -> Graph:
        """The graph whose block opens at *end*; its name is written after *start*."""
        self.end = start
        self.advance()
        if self.kind == "word" and self.token.lower() == "graph":
            self.advance()
        return self.name() if self.at < end else DefaultGraph()

    def declaration(self, word: str) -> None:
        self.advance()
        if word == "prefix":
            prefix = self.token.removesuffix(":")
            self.advance()
            self.prefixes = {**self.prefixes, prefix: self.iri(self.token).value}
        else:
            self.base = self.iri(self.token).value
        self.advance()

    def statements_of(self, span: _Span) -> list[Written]:
        """The statements of one subject."""
        self.statements, self.end = [], span.start
        self.base, self.prefixes, self.graph = span.base, span.prefixes, span.graph
        self.advance()
        at = self.at
        inner = self.token in ("(", "[") and not (self.token == "[" and self.is_anon())
        subject = self.part() if inner else self.name()
        if not (inner and self.at >= span.end):
            self.predicates(subject, at)
        return self.statements

    def is_anon(self) -> bool:
        found = _TOKEN.match(self.text, self.end)
        return found is not None and found["mark"] == "]"

    def predicates(self, subject: Node, at: int) -> None:
        while True:
            predicate_at = self.at
            predicate = self.verb()
            while True:
                object_at = self.at
                term = self.node()
                graph = self.name() if self.kind in ("iri", "blank") else self.graph  # N-Quads has it last
                self.statements.append(Written(subject, predicate, term, graph, (at, predicate_at, object_at)))
                if not self.skip(","):
                    break
            while self.skip(";"):
                pass
            if self.kind in ("mark", "end") and self.token in (".", "]", "}", ""):
                return

    def verb(self) -> NamedNode:
        if self.kind == "word" and self.token == "a":
            self.advance()
            return RDF.type
        term = self.name()
        if isinstance(term, NamedNode):
            return term
        raise ValueError(f"no property at {self.at}")

    def name(self) -> NamedNode | BlankNode:
        """An IRI, or a blank node without content."""
        kind, token = self.kind, self.token
        self.advance()
        if kind == "iri":
            return self.iri(token)
        if kind == "name":
            prefix, _, local = token.partition(":")
            return NamedNode(self.prefixes[prefix] + (re.sub(r"\\(.)", r"\1", local) if "\\" in local else local))
        if kind == "blank":
            return self.labelled.setdefault(token, BlankNode())
        if token == "[":
            self.skip("]")
            return BlankNode()
        raise ValueError(f"no name: {token}")

    def node(self) -> Term:
        if self.kind in ("long", "short", "number"):
            return self.literal()
        if self.kind == "word":
            literal = Literal(self.token, datatype=XSD.boolean)
            self.advance()
            return literal
        return self.part()

    def part(self) -> Node:
        """A collection, a blank node with its property list, or a name."""
        if self.token == "(" and self.kind == "mark":
            return self.collection()
        if self.token == "[" and self.kind == "mark" and not self.is_anon():
            at, subject = self.at, BlankNode()
            self.advance()
            self.predicates(subject, at)
            self.skip("]")
            return subject
        return self.name()

    def collection(self) -> Node:
        """Reads a collection and returns its head; the offset of a cell is that of its member."""
        self.advance()
        cells: list[tuple[BlankNode, int]] = []
        while not self.skip(")"):
            at, cell = self.at, BlankNode()
            if cells:
                before, before_at = cells[-1]
                self.statements.append(Written(before, RDF.rest, cell, self.graph, (before_at, before_at, at)))
            cells.append((cell, at))
            self.statements.append(Written(cell, RDF.first, self.node(), self.graph, (at, at, at)))
        if not cells:
            return RDF.nil
        last, at = cells[-1]
        self.statements.append(Written(last, RDF.rest, RDF.nil, self.graph, (at, at, at)))
        return cells[0][0]

    def literal(self) -> Literal:
        kind, token = self.kind, self.token
        self.advance()
        if kind == "number":
            return Literal(token, datatype=next(datatype for form, datatype in _NUMBERS if form.match(token)))
        text = unescape(token[3:-3] if kind == "long" else token[1:-1])
        if self.kind == "at":
            language = self.token[1:]
            self.advance()
            return Literal(text, language=language)
        if self.skip("^^"):
            datatype = self.name()
            return Literal(text, datatype=datatype if isinstance(datatype, NamedNode) else None)
        return Literal(text)

    def iri(self, token: str) -> NamedNode:
        """The IRI of *token*; the parser resolves a relative one against the present base."""
        written = (self.base, token)
        if written not in self.resolved:
            iri = unescape(token[1:-1])
            if self.base and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri):
                triple = next(iter(parse(f"{token} <x:p> <x:o> .", RdfFormat.TURTLE, base_iri=self.base)))
                self.resolved[written] = NamedNode(triple.subject.value)
            else:
                self.resolved[written] = NamedNode(iri)
        return self.resolved[written]
