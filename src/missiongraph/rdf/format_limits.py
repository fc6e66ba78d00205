"""Finds statements that a format cannot express before they are written: terms of RDF 1.2, and limits of XML.

The serialisers write such statements without an error, and read them back, but other parsers do not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from missiongraph.errors import MissiongraphError, Problem
from missiongraph.vocab import RDF

#: The most characters of a term in a message.
_SHOWN = 60

#: Characters that no XML document can have, not even escaped (XML 1.0, 2.2); then their bytes in UTF-8.
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_XML_BYTES = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_NO_XML_ENDS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")

#: A name that all editions of XML accept.
_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")

#: The names of prefixes: PN_PREFIX in Turtle; in XML an NCName that does not begin with "xml" (Namespaces, section 3).
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_INNER = rf"{_BASE}_0-9\-\u00b7\u0300-\u036f\u203f\u2040"
_TURTLE_PREFIX = rf"[{_BASE}](?:[{_INNER}.]*[{_INNER}])?"
_PREFIX_NAMES = {
    RdfFormat.TURTLE: _TURTLE_PREFIX,
    RdfFormat.TRIG: _TURTLE_PREFIX,
    RdfFormat.RDF_XML: rf"(?i:(?!xml){_XML_NAME.pattern})",
}

#: The start tag of a binding in SPARQL's XML results.
_BINDING = re.compile(rb'<binding name="([^"]*)">')

_IN_XML = RdfFormat.RDF_XML
_NODE = NamedNode("urn:x")

#: Names that RDF/XML has withdrawn (section 7.2.4), which the serialiser does not know.
_NO_ELEMENTS = {RDF.aboutEach.value, RDF.aboutEachPrefix.value, RDF.bagID.value}

_TAKE_APART = "no format of RDF 1.1 can; take it apart with SUBJECT(), PREDICATE() and OBJECT()"
_UNDIRECTED = "no format of RDF 1.1 can; take it apart with STR(), LANG() and LANGDIR()"

_Statement = TypeVar("_Statement", bound=Triple | Quad)


class CannotCarry(MissiongraphError):
    """A format cannot express a term.

    :ivar reason: the term, and why the format cannot express it
    """

    def __init__(self, form: str, term: str, why: str, advice: str) -> None:
        """:param form: name of the format

        :param advice: which formats can
        """
        self.reason = f"{term}: {why}"
        super().__init__(Problem(f"{form} cannot carry {self.reason}", advice=advice))


def others(forms: Iterable[tuple[str, str]], but: str) -> str:
    """Advice to use another of *forms* (pairs of name and extension) than the one called *but*.

    >>> others([("Turtle", "ttl"), ("RDF/XML", "rdf"), ("N-Triples", "nt")], "RDF/XML")
    'ask for Turtle, N-Triples (ttl, nt)'
    """
    able = [(name, extension) for name, extension in forms if name != but]
    names, extensions = (", ".join(part) for part in zip(*able, strict=True))
    return f"ask for {names} ({extensions})"


#: The advice of errors about RDF/XML.
_OTHERS = others(
    [("Turtle", "ttl"), ("JSON-LD", "jsonld"), ("N-Triples", "nt"), ("TriG", "trig"), ("N-Quads", "nq")], "RDF/XML"
)


def carried(statements: Iterable[_Statement], rdf_format: RdfFormat) -> Iterator[_Statement]:
    """Yields *statements*, each after a check that *rdf_format* can express it.

    :raises CannotCarry: it cannot; the error names the first such term
    """
    return _carried_in_xml(statements) if rdf_format == _IN_XML else _of_rdf_1_1(statements, str(rdf_format))


def _of_rdf_1_1(statements: Iterable[_Statement], form: str) -> Iterator[_Statement]:
    for statement in statements:
        refuse_rdf_1_2(statement.object, form)
        yield statement


def refuse_rdf_1_2(term: object, form: str) -> None:
    """Refuses triple terms and base directions, which the formats of RDF 1.1 do not have.

    :param form: the name of the format
    :raises CannotCarry: *term* is a triple term, or a literal with a base direction
    """
    if isinstance(term, Triple):
        raise CannotCarry(form, f"the triple term <<( {_short(str(term))} )>>", "it is a term of RDF 1.2", _TAKE_APART)
    if isinstance(term, Literal) and term.direction is not None:
        raise CannotCarry(form, f"the base direction of {_short(str(term))}", "it is of RDF 1.2", _UNDIRECTED)


def _carried_in_xml(statements: Iterable[_Statement]) -> Iterator[_Statement]:
    """Yields *statements*, each after a check that RDF/XML can express it.

    The serialiser makes the first class of a thing its element, even if the class is no name of XML. So such a class
    is held back until another statement about the thing was yielded.
    """
    subject, waiting = None, list[_Statement]()
    for statement in _of_rdf_1_1(statements, str(_IN_XML)):
        _refuse_in_xml(statement)
        begins = statement.subject != subject
        if begins and waiting:
            raise _no_element(waiting[0])
        if (begins or waiting) and not _may_begin(statement):
            waiting.append(statement)
        else:
            yield statement
            yield from waiting
            waiting.clear()
        subject = statement.subject
    if waiting:
        raise _no_element(waiting[0])


def _no_element(statement: Triple | Quad) -> CannotCarry:
    why = "it is all that is said of its thing, and ends in no name that XML allows for an element"
    return CannotCarry(str(_IN_XML), f"the class {statement.object}", why, _OTHERS)


def _may_begin(statement: Triple | Quad) -> bool:
    term = statement.object
    return statement.predicate != RDF.type or not isinstance(term, NamedNode) or _is_class(term.value)


def _refuse_in_xml(statement: Triple | Quad) -> None:
    predicate, form = statement.predicate.value, str(_IN_XML)
    if not _is_property(predicate):
        why = "it ends in no name that XML and RDF/XML allow for an element"
        raise CannotCarry(form, f"the predicate <{predicate}>", why, _OTHERS)
    for term in (statement.subject, statement.object):
        if isinstance(term, BlankNode) and not _XML_NAME.fullmatch(term.value):
            raise CannotCarry(form, f"the blank node {term}", "its label is no name of XML", _OTHERS)
    if isinstance(statement.object, Literal) and NO_XML.search(statement.object.value):
        raise CannotCarry(form, _quoted(statement.object.value), _unwritable(statement.object.value), _OTHERS)


@lru_cache(4096)
def _is_property(iri: str) -> bool:
    """Whether the element that is written for the predicate *iri* is read as *iri*."""
    return iri not in _NO_ELEMENTS and _elements(Triple(_NODE, NamedNode(iri), Literal("")))[-1:] == [iri]


@lru_cache(4096)
def _is_class(iri: str) -> bool:
    """Whether the element that is written for a thing of the class *iri* is read as *iri* or ``rdf:Description``."""
    written = _elements(Triple(_NODE, RDF.type, NamedNode(iri)))[1:2]
    return iri not in _NO_ELEMENTS and written in ([iri], [RDF.Description.value])


def _elements(triple: Triple) -> list[str]:
    """The IRIs of the elements that are written for *triple*, as Expat reads them; none if it cannot read them."""
    iris: list[str] = []
    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: iris.append(name.replace(" ", ""))
    try:
        parser.Parse(serialize([triple], format=_IN_XML) or b"", True)
    except (ExpatError, OSError):  # OSError: a predicate of RDF/XML's own syntax
        return []
    return iris


def declarable(prefixes: dict[str, str], rdf_format: RdfFormat) -> dict[str, str]:
    """Those of *prefixes* whose names *rdf_format* allows; other formats may allow more."""
    name = _PREFIX_NAMES.get(rdf_format)
    if name is None:
        return {}
    is_name = re.compile(name).fullmatch  # compiled when it is needed, since that takes a while
    return {prefix: space for prefix, space in prefixes.items() if not prefix or is_name(prefix)}


class XmlText:
    """A file that writes XML to *out* with ``&#xD;`` for a carriage return, and refuses characters that XML lacks.

    XML parsers read a plain carriage return as a line feed (XML 1.0, 2.11). The serialisers write carriage returns in
    texts only, and do not escape them.
    """

    def __init__(self, out: IO[bytes], form: str = "", advice: str = "") -> None:
        """:param form: the name of the format, for errors

        :param advice: other formats that can express more, for errors
        """
        self._out, self._form, self._advice = out, form, advice
        self._last = b""

    def write(self, content: bytes) -> int:
        """Writes a part of the document; returns its number of bytes.

        :raises CannotCarry: it has a character that no XML document can have
        """
        seen = self._last + content  # a character may begin in one part and end in the next
        if len(seen.translate(None, _NO_XML_BYTES)) < len(seen) or any(end in seen for end in _NO_XML_ENDS):
            raise self._refusal(seen)
        self._last = seen[-2:]
        self._out.write(content.replace(b"\r", b"&#xD;"))
        return len(content)

    def flush(self) -> None:
        """Does nothing, since all is written at once."""

    def _refusal(self, seen: bytes) -> CannotCarry:
        text = seen.decode(errors="ignore")
        match = NO_XML.search(text)
        place = match.start() if match else 0
        literal = text[text.rfind(">", 0, place) + 1 : text.find("<", place) if "<" in text[place:] else None]
        names = _BINDING.findall(seen[: len(text[:place].encode())])
        where = f" of ?{names[-1].decode()}" if names else ""
        value = html.unescape(literal)
        return CannotCarry(self._form, f"{_quoted(value)}{where}", _unwritable(value), self._advice)


def in_xml(text: str) -> str:
    r"""*text* with the characters that no XML document can have escaped as in JSON, for reports in XML.

    >>> in_xml("a\x00b")
    'a\\u0000b'
    """
    return NO_XML.sub(lambda found: _escaped(found[0]), text)


def _unwritable(text: str) -> str:
    found = NO_XML.search(text)
    return f"XML has no {_escaped(found[0])}" if found else "XML has no such character"


def _quoted(text: str) -> str:
    """The part of *text* around the first character that XML lacks, in quotation marks; such characters are escaped."""
    found = NO_XML.search(text)
    start = max(0, found.start() - _SHOWN // 2) if found else 0
    return f"the text “{'…' if start else ''}{_short(in_xml(text[start:]))}”"


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04X}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
