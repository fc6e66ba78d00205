"""Reads the statements of RDF/XML with their offsets (RDF 1.1 XML Syntax, section 7.2).

Expat says where elements and texts begin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin
from xml.parsers import expat

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from missiongraph.publication.source_positions.blank_node_matching import Node, Term, Written
from missiongraph.vocab import RDF

_XML = "http://www.w3.org/XML/1998/namespace "
_RDF = f"{RDF!s} "
_SYNTAX = {f"{RDF!s}{name}" for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType")}


@dataclass
class _Element:
    """An open element: a node element with its subject, or a property element with its predicate."""

    node: bool
    at: int
    base: str
    language: str
    subject: Node | None = None
    predicate: NamedNode | None = None
    datatype: NamedNode | None = None
    parse_type: str = ""
    text: list[str] = field(default_factory=list)
    text_at: int | None = None
    done: bool = False
    members: int = 0
    last: BlankNode | None = None


def statements_of_rdf_xml(text: str) -> list[Written]:
    """The statements of *text*, without reified ones (``rdf:ID`` on a property element).

    :raises xml.parsers.expat.ExpatError: *text* is not well-formed
    """
    reader = _Reader(text)
    reader.parser.Parse(text.encode(), True)
    return reader.statements


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [0, *(found.end() for found in re.finditer("\r\n|\r|\n", text))]
        self.statements: list[Written] = []
        self.open: list[_Element] = []
        self.named: dict[str, BlankNode] = {}
        self.inside = 0  # the number of open elements of an XML literal
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def place(self) -> int:
        return self.lines[self.parser.CurrentLineNumber - 1] + self.parser.CurrentColumnNumber

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.inside:
            self.inside += 1
            return
        at, outer = self.place(), self.open[-1] if self.open else None
        base = attributes.get(f"{_XML}base", outer.base if outer else "")
        language = attributes.get(f"{_XML}lang", outer.language if outer else "")
        named = {key.replace(" ", ""): value for key, value in attributes.items() if " " in key}
        iri = name.replace(" ", "")
        if name == f"{_RDF}RDF":
            self.open.append(_Element(False, at, base, language, done=True))
        elif outer is None or not outer.node:
            self.node(_Element(True, at, base, language), iri, named)
        else:
            self.property(_Element(False, at, base, language, outer.subject), iri, named, outer)

    def node(self, element: _Element, iri: str, named: dict[str, str]) -> None:
        element.subject = self.subject(element, named)
        outer = self.open[-1] if self.open else None
        if outer is not None and outer.predicate is not None and outer.subject is not None:
            self.nested(outer, element)
        if iri != RDF.Description.value:
            self.add(element.subject, RDF.type, NamedNode(iri), element)
        self.attributes(element, named)
        self.open.append(element)

    def nested(self, outer: _Element, element: _Element) -> None:
        """Adds a node as the object of the property element around it, or as a member of its collection."""
        if outer.subject is None or outer.predicate is None or element.subject is None:
            return
        if outer.parse_type != "Collection":
            self.add(outer.subject, outer.predicate, element.subject, outer, element.at)
            outer.done = True
            return
        cell = BlankNode()
        if outer.last is None:
            self.add(outer.subject, outer.predicate, cell, outer, element.at)
        else:
            self.add(outer.last, RDF.rest, cell, element)
        self.add(cell, RDF.first, element.subject, element)
        outer.last, outer.done = cell, True

    def property(self, element: _Element, iri: str, named: dict[str, str], outer: _Element) -> None:
        if iri == RDF.li.value:
            outer.members += 1
            iri = RDF[f"_{outer.members}"].value
        element.predicate = NamedNode(iri)
        element.parse_type = named.get(RDF.parseType.value, "")
        if datatype := named.get(RDF.datatype.value):
            element.datatype = NamedNode(self.resolved(element, datatype))
        self.open.append(element)
        about = {key: value for key, value in named.items() if key not in _SYNTAX and not key.startswith(_XML.strip())}
        if element.parse_type == "Resource":
            part = _Element(True, element.at, element.base, element.language, BlankNode())
            self.nested(element, part)
            self.open.append(part)
        elif element.parse_type not in ("", "Collection"):
            self.inside = 1
        elif RDF.resource.value in named or RDF.nodeID.value in named or about:
            target = self.subject(element, {k: v for k, v in named.items() if k != RDF.ID.value})
            self.add(element.subject, element.predicate, target, element, self.attribute_at(element.at, named))
            element.done = True
            self.attributes(_Element(True, element.at, element.base, element.language, target), about)

    def subject(self, element: _Element, named: dict[str, str]) -> Node:
        for key in (RDF.about.value, RDF.resource.value):
            if key in named:
                return NamedNode(self.resolved(element, named[key]))
        if RDF.ID.value in named:
            return NamedNode(self.resolved(element, f"#{named[RDF.ID.value]}"))
        if RDF.nodeID.value in named:
            return self.named.setdefault(named[RDF.nodeID.value], BlankNode())
        return BlankNode()

    def attributes(self, element: _Element, named: dict[str, str]) -> None:
        """Adds the properties that are written as attributes."""
        for key, value in named.items():
            if key in _SYNTAX or key.startswith(_XML.strip()) or key == RDF.li.value:
                continue
            term: Term = (
                NamedNode(value) if key == RDF.type.value else Literal(value, language=element.language or None)
            )
            self.add(element.subject, NamedNode(key), term, element, self.attribute_at(element.at, {key: value}))

    def attribute_at(self, at: int, named: dict[str, str]) -> int:
        """The offset of the value of the first of these attributes in the tag that begins at *at*."""
        tag = self.text[at : self.text.find(">", at)]
        for key, value in named.items():
            name = re.split(r"[#/]", key)[-1]
            if found := re.search(rf"""[\s:]{re.escape(name)}\s*=\s*["']""", tag):
                return at + found.end()
            if (found_at := tag.find(value)) > 0:
                return at + found_at
        return at

    def resolved(self, element: _Element, iri: str) -> str:
        return iri if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else urljoin(urldefrag(element.base)[0], iri)

    def characters(self, text: str) -> None:
        if self.open and self.open[-1].predicate is not None and not self.inside:
            element = self.open[-1]
            if element.text_at is None and text.strip():
                element.text_at = self.place() + len(text) - len(text.lstrip())
            element.text.append(text)

    def end(self, name: str) -> None:
        if self.inside > 1:
            self.inside -= 1
            return
        self.inside = 0
        element = self.open.pop()
        if element.node and self.open and self.open[-1].parse_type == "Resource":
            element = self.open.pop()
        if element.last is not None:
            self.add(element.last, RDF.rest, RDF.nil, element)
        elif element.predicate is not None and not element.done:
            self.add(element.subject, element.predicate, self.value(element), element, element.text_at)

    def value(self, element: _Element) -> Term | None:
        """The object of a property element without a node; ``None`` for an XML literal."""
        if element.parse_type == "Collection":
            return RDF.nil
        if element.parse_type:
            return None
        text = "".join(element.text)
        if element.datatype:
            return Literal(text, datatype=element.datatype)
        return Literal(text, language=element.language or None)

    def add(
        self,
        subject: Node | None,
        predicate: NamedNode,
        term: Term | None,
        element: _Element,
        object_at: int | None = None,
    ) -> None:
        if subject is not None:
            at = element.at if object_at is None else object_at
            self.statements.append(Written(subject, predicate, term, DefaultGraph(), (element.at, element.at, at)))
