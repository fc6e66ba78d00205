"""Prepares RDF/XML for the engine's parser: Expat reads the XML, and this module writes it again in the simplest form.

The engine's parser knows the grammar of RDF/XML, but is no full XML processor. It does not normalise line breaks and
white space in attributes (XML 1.0, 2.11 and 3.3.3), accepts files that break off, drops comments within literals and
writes namespaces twice. Expat does all this right, and gives the place of faults. The simplest form has no document
type, comment or CDATA section, has references for white space that XML would change, and XML literals as the canonical
text that RDF/XML asks for (section 7.2.17).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat

from pyoxigraph import Literal, Quad

from missiongraph.errors import Place
from missiongraph.vocab import RDF

#: The tag that replaces ``xml:lang=""``, which unsets the language (XML 1.0, 2.12) and which the engine refuses.
_NO_LANGUAGE = "x-mg-none"
_SEPARATOR = "\n"
_XML = "http://www.w3.org/XML/1998/namespace"
_LANGUAGE, _PARSE_TYPE, _ROOT = f"{_XML}lang", RDF.parseType.value, RDF.RDF.value
_CHUNK = 1 << 16
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_ATTRIBUTE = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})


class XmlFault(Exception):
    """The XML is faulty; *place* is line and column."""

    def __init__(self, what: str, place: tuple[int, int], advice: str | None = None) -> None:
        self.what, self.place, self.advice = what, place, advice
        super().__init__(what)

    def at(self, path: str) -> tuple[str, Place, str | None]:
        """What is wrong, the place in the file *path*, and the advice."""
        return self.what, Place(path, *self.place), self.advice


class _Name(NamedTuple):
    """A name of an element or attribute; namespace and prefix may be empty; *written* is the name in the file."""

    namespace: str
    local: str
    prefix: str
    written: str
    iri: str


@lru_cache(maxsize=1 << 12)
def _name(expanded: str) -> _Name:
    parts = expanded.split(_SEPARATOR)  # expat gives the local name alone, after its namespace, and before its prefix
    namespace, local, prefix = ["", *parts, ""][-3:] if len(parts) < 3 else parts
    return _Name(namespace, local, prefix, f"{prefix}:{local}" if prefix else local, namespace + local)


_Attributes = list[tuple[_Name, str]]


class _CanonicalContent:
    """The content of one element in exclusive canonical XML, with comments (XML-EXC-C14N, 3)."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._rendered: list[dict[str, str]] = [{}]

    @property
    def is_whole(self) -> bool:
        """Whether no element within it is open."""
        return len(self._rendered) == 1

    def start(self, name: _Name, attributes: _Attributes) -> None:
        used = {name.prefix: name.namespace} | {a.prefix: a.namespace for a, _ in attributes if a.prefix}
        outer = self._rendered[-1]
        new = {p: uri for p, uri in used.items() if p != "xml" and outer.get(p, "") != uri}
        self._rendered.append(outer | new)
        declared = [f' xmlns{f":{p}" if p else ""}="{uri.translate(_ATTRIBUTE)}"' for p, uri in sorted(new.items())]
        written = [f' {a.written}="{value.translate(_ATTRIBUTE)}"' for a, value in sorted(attributes)]
        self._parts += ["<", name.written, *declared, *written, ">"]

    def end(self, name: _Name) -> None:
        self._rendered.pop()
        self._parts.append(f"</{name.written}>")

    def text(self, text: str) -> None:
        self._parts.append(text.translate(_TEXT))

    def comment(self, text: str) -> None:
        self._parts.append(f"<!--{text}-->")

    def instruction(self, target: str, text: str) -> None:
        self._parts.append(f"<?{target}{text and f' {text}'}?>")

    def __str__(self) -> str:
        return "".join(self._parts)


class PlainXml:
    """A file from which the engine reads the prepared form of *content*, tag by tag.

    :ivar fault: the fault in the XML that ended it; ``None`` so far
    :ivar place: line and column of the tag or text that was read last
    :ivar text_place: line and column of the text that was read last
    """

    def __init__(self, content: bytes) -> None:
        self.fault: XmlFault | None = None
        self.place = self.text_place = (1, 1)
        self._content, self._offset, self._ended = content, 0, False
        self._pieces: deque[tuple[bytes, tuple[int, int], bool]] = deque()
        self._declared: list[tuple[str | None, str]] = []
        self._text: list[str] = []
        self._text_began: tuple[int, int] | None = None  # where its first character is that is no white space
        self._literal: _CanonicalContent | None = None
        self._holds_nodes: list[bool] = [True]  # of each open element: whether its children are nodes or properties
        self._parser = parser = expat.ParserCreate("utf-8", _SEPARATOR)
        parser.namespace_prefixes = parser.ordered_attributes = True
        parser.XmlDeclHandler = self._declaration
        parser.StartNamespaceDeclHandler = lambda prefix, uri: self._declared.append((prefix, uri or ""))
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.CommentHandler, parser.ProcessingInstructionHandler = self._comment, self._instruction
        parser.ExternalEntityRefHandler = lambda context, *_: self._refuse_entity(context or "")
        parser.SkippedEntityHandler = lambda name, is_parameter: is_parameter or self._refuse_entity(name)

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most *size*; empty at the end and after a fault."""
        while not self._pieces and not self._ended:
            self._go_on()
        if not self._pieces:
            return b""
        piece, place, is_text = self._pieces.popleft()
        self.place = place
        if is_text:
            self.text_place = place
        if 0 <= size < len(piece):
            self._pieces.appendleft((piece[size:], place, is_text))
            return piece[:size]
        return piece

    def _go_on(self) -> None:
        chunk = self._content[self._offset : self._offset + _CHUNK]
        self._offset += len(chunk)
        self._ended = not chunk
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            what = f"is not well-formed XML: {expat.ErrorString(error.code)}"
            self._end_with(XmlFault(what, (error.lineno, error.offset + 1)))
        except XmlFault as fault:
            self._end_with(fault)

    def _end_with(self, fault: XmlFault) -> None:
        self.fault, self._ended = fault, True

    @property
    def _here(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            raise XmlFault(f"declares the encoding {encoding}", (1, 1), "save it as UTF-8, and declare that or nothing")

    def _refuse_entity(self, name: str) -> int:
        advice = "nothing is fetched: write the text, or declare the entity in the file"
        raise XmlFault(f"names the entity &{name}; whose text lies elsewhere", self._here, advice)

    def _start(self, expanded: str, given: Sequence[str]) -> None:
        name = _name(expanded)
        attributes = [(_name(key), value) for key, value in zip(given[::2], given[1::2], strict=True)]
        if self._literal is not None:
            self._literal.start(name, attributes)
            self._declared.clear()
            return
        is_property = not self._holds_nodes[-1]
        parse_type = next((a for a in attributes if a[0].iri == _PARSE_TYPE), None)
        is_root = len(self._holds_nodes) == 1 and name.iri == _ROOT
        self._holds_nodes.append(is_root or (is_property and (parse_type is None or parse_type[1] != "Resource")))
        if is_property and parse_type is not None and parse_type[1] not in ("Resource", "Collection"):
            self._begin_literal(parse_type[0], attributes)
        self._hand_out(self._tag(name, attributes))

    def _begin_literal(self, parse_type: _Name, attributes: _Attributes) -> None:
        """Begins an XML literal; an unknown ``rdf:parseType`` means one too (RDF/XML, section 7.2.20)."""
        for attribute, _ in attributes:
            if attribute.namespace != _XML and attribute.iri not in (_PARSE_TYPE, RDF.ID.value):
                what = f"{attribute.written} beside {parse_type.written}"
                raise XmlFault(what, self._here, "an XML literal has rdf:ID at most")
        datatype = _name(_SEPARATOR.join((str(RDF), "datatype", parse_type.prefix)))
        attributes[:] = [(datatype, RDF.XMLLiteral.value) if a[0] == parse_type else a for a in attributes]
        self._literal = _CanonicalContent()

    def _tag(self, name: _Name, attributes: _Attributes) -> str:
        written = [f' xmlns{f":{p}" if p else ""}="{uri.translate(_ATTRIBUTE)}"' for p, uri in self._declared]
        self._declared.clear()
        for attribute, value in attributes:
            said = _NO_LANGUAGE if not value and attribute.iri == _LANGUAGE else value
            written.append(f' {attribute.written}="{said.translate(_ATTRIBUTE)}"')
        return f"<{name.written}{''.join(written)}>"

    def _end(self, expanded: str) -> None:
        name = _name(expanded)
        if self._literal is not None:
            if not self._literal.is_whole:
                self._literal.end(name)
                return
            self._text, self._literal = [str(self._literal)], None
        self._holds_nodes.pop()
        self._hand_out(f"</{name.written}>")

    def _characters(self, text: str) -> None:
        if self._literal is not None:
            self._literal.text(text)
            return
        if self._text_began is None and not text.isspace():
            line, column = self._here
            self._text_began = line, column + len(text) - len(text.lstrip())
        self._text.append(text)

    def _comment(self, text: str) -> None:
        if self._literal is not None:
            self._literal.comment(text)

    def _instruction(self, target: str, text: str) -> None:
        if self._literal is not None:
            self._literal.instruction(target, text)

    def _hand_out(self, tag: str) -> None:
        """Queues the text before *tag*, and *tag*, for :meth:`read`."""
        if text := "".join(self._text):
            self._pieces.append((text.translate(_TEXT).encode(), self._text_began or self._here, True))
        self._text, self._text_began = [], None
        self._pieces.append((tag.encode(), self._here, False))


def with_language_taken_back(quad: Quad) -> Quad:
    """*quad* with a literal without language in the place of one that had ``xml:lang=""`` in the file."""
    value = quad.object
    if not isinstance(value, Literal) or value.language != _NO_LANGUAGE:
        return quad
    return Quad(quad.subject, quad.predicate, Literal(value.value), quad.graph_name)
