"""What others than the writer read in a document: RDFLib, and the parsers of Python itself."""

from __future__ import annotations

import csv
import io
import json
import logging
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from missiongraph.vocab import XSD

#: RDFLib's names of the formats, by extension.
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}

#: A term: an IRI, a blank node (without its label), or a literal with its language and datatype.
Term = tuple[str, ...]

_RESULTS = "{http://www.w3.org/2005/sparql-results#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def term(given: object) -> Term:
    """A term of the engine."""
    if isinstance(given, NamedNode):
        return ("iri", given.value)
    if isinstance(given, Literal):
        return _literal(given.value, given.language, given.datatype.value)
    assert isinstance(given, BlankNode)
    return ("blank",)


def _literal(text: str, language: str | None, datatype: str | None) -> Term:
    if language:
        return ("literal", text, language.lower(), "")
    return ("literal", text, "", datatype or XSD.string.value)


def meant(statements: Iterable[Triple | Quad]) -> set[tuple[Term, ...]]:
    """Statements of the engine."""
    return {(term(one.subject), term(one.predicate), term(one.object)) for one in statements}


def by_rdflib(content: bytes, extension: str) -> set[tuple[Term, ...]]:
    """The statements that RDFLib reads in *content*."""
    with _literals_as_they_are():
        found = rdflib.Dataset()
        found.parse(data=content, format=PARSERS[extension])
    return {(_of_rdflib(s), _of_rdflib(p), _of_rdflib(o)) for s, p, o, _ in found.quads()}


@contextmanager
def _literals_as_they_are() -> Iterator[None]:
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    with patch.object(rdflib, "NORMALIZE_LITERALS", False), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of itself, and of values that are none of their datatype
        yield


def _of_rdflib(given: Any) -> Term:
    text = str.__str__(given)
    if isinstance(given, rdflib.URIRef):
        return ("iri", text)
    if isinstance(given, rdflib.BNode):
        return ("blank",)
    return _literal(text, given.language, str(given.datatype) if given.datatype is not None else None)


def of_json(content: bytes) -> list[dict[str, Term]]:
    """The solutions in SPARQL's JSON."""
    rows = json.loads(content)["results"]["bindings"]
    return [{name: _of_json(found) for name, found in row.items()} for row in rows]


def _of_json(found: dict[str, str]) -> Term:
    if found["type"] == "literal":
        return _literal(found["value"], found.get("xml:lang"), found.get("datatype"))
    return ("iri", found["value"]) if found["type"] == "uri" else ("blank",)


def of_xml(content: bytes) -> list[dict[str, Term]]:
    """The solutions in SPARQL's XML, read by Expat."""
    rows = ElementTree.fromstring(content).iter(f"{_RESULTS}result")
    return [{binding.get("name", ""): _of_xml(binding[0]) for binding in row} for row in rows]


def _of_xml(element: ElementTree.Element) -> Term:
    text = element.text or ""
    if element.tag == f"{_RESULTS}literal":
        return _literal(text, element.get(_LANGUAGE), element.get("datatype"))
    return ("iri", text) if element.tag == f"{_RESULTS}uri" else ("blank",)


def of_csv(content: bytes) -> list[list[str]]:
    """The rows of CSV, after the header."""
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))[1:]


def of_tsv(content: bytes) -> list[list[Term]]:
    """The rows of SPARQL's TSV, whose cells are terms of Turtle (SPARQL 1.1 CSV and TSV, section 4), read by RDFLib."""
    return [[_of_turtle(cell) for cell in line.split("\t")] for line in content.decode().split("\n")[1:-1]]


def _of_turtle(cell: str) -> Term:
    if not cell:
        return ()
    ((_, _, found),) = by_rdflib(f"<a:s> <a:p> {cell} .".encode(), "ttl")
    return found


def counted(rows: Iterable[dict[str, Term]]) -> Counter[tuple[tuple[str, Term], ...]]:
    """Solutions without their order."""
    return Counter(tuple(sorted(row.items())) for row in rows)
