"""The RDF formats of the site with their media types; writes statements in them, in a stable, readable order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, cast

from pyoxigraph import DefaultGraph, Literal, Quad, RdfFormat, Triple, serialize

from missiongraph.rdf.format_limits import XmlText, carried, declarable
from missiongraph.vocab import RDF


@dataclass(frozen=True)
class Format:
    """An RDF format.

    :ivar aliases: further media types by which clients may ask for it
    :ivar file_type: its code in the EU's authority table of file types
    """

    name: str
    extension: str
    media_type: str
    rdf_format: RdfFormat
    file_type: str
    aliases: tuple[str, ...] = ()

    @property
    def holds_graphs(self) -> bool:
        """Whether the site offers the format for named graphs; JSON-LD is offered for triples."""
        return self.rdf_format in (RdfFormat.TRIG, RdfFormat.N_QUADS)


TURTLE = Format("Turtle", "ttl", "text/turtle", RdfFormat.TURTLE, "RDF_TURTLE", ("application/x-turtle",))
JSON_LD = Format("JSON-LD", "jsonld", "application/ld+json", RdfFormat.JSON_LD, "JSON_LD", ("application/json",))
N_TRIPLES = Format("N-Triples", "nt", "application/n-triples", RdfFormat.N_TRIPLES, "RDF_N_TRIPLES", ("text/plain",))
RDF_XML = Format("RDF/XML", "rdf", "application/rdf+xml", RdfFormat.RDF_XML, "RDF_XML", ("application/xml",))
TRIG = Format("TriG", "trig", "application/trig", RdfFormat.TRIG, "RDF_TRIG", ("application/x-trig",))
N_QUADS = Format("N-Quads", "nq", "application/n-quads", RdfFormat.N_QUADS, "RDF_N_QUADS")

#: Formats for triples, the best first; then formats for named graphs.
TRIPLE_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
QUAD_FORMATS = (TRIG, N_QUADS)

#: All RDF formats; every document with statements is offered in each.
RDF_FORMATS: tuple[Format, ...] = (*TRIPLE_FORMATS, *QUAD_FORMATS)


_DEFAULT_GRAPH, _TYPE = str(DefaultGraph()), str(RDF.type)


def content_type(media_type: str) -> str:
    """The ``Content-Type`` of *media_type*, with the charset if it is a text.

    >>> content_type("text/turtle"), content_type("application/n-triples")
    ('text/turtle; charset=utf-8', 'application/n-triples')
    """
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def reading_order(statement: Triple | Quad) -> tuple[str, str, bool, str, str]:
    """Sort key of statements for people: by graph, then by subject; ``rdf:type`` first, then the other properties."""
    subject, predicate, value, *graph = map(str, statement)  # each once, since every access makes a new term
    named = "" if not graph or graph[0] == _DEFAULT_GRAPH else graph[0]
    return named, subject, predicate != _TYPE, predicate, value


def serialise(
    statements: Iterable[Triple | Quad], rdf_format: RdfFormat, prefixes: dict[str, str], base: str | None = None
) -> bytes:
    """*statements* as a document, in the order given; in Turtle and TriG an empty line separates subjects.

    :param prefixes: are all declared, if the format has prefixes
    :param base: the base to which IRIs are written relative, if the format can declare it
    :raises CannotCarry: the format cannot express a term
    """
    written = io.BytesIO()
    if base is not None:
        statements = list(statements)
        base = base if rdf_format in _BETWEEN and not _has_colons(statements, base) else None
    serialise_to(written, statements, rdf_format, prefixes, base)
    content = written.getvalue()
    if rdf_format in _BETWEEN and content:
        content = _HEAD.sub(lambda found: b"".join(sorted(found[0].splitlines(keepends=True))), content, count=1)
        content = _BETWEEN[rdf_format].sub(b"\n\n", content)
    return content


def serialise_to(
    out: IO[bytes],
    statements: Iterable[Triple | Quad],
    rdf_format: RdfFormat,
    prefixes: dict[str, str],
    base: str | None = None,
) -> None:
    """Writes *statements* to *out* one after the other.

    :param prefixes: are all declared, if the format allows their names
    :raises CannotCarry: the format cannot express a term; others may have been written before
    """
    declared = declarable(prefixes, rdf_format)
    target = cast(IO[bytes], XmlText(out, str(rdf_format))) if rdf_format == RdfFormat.RDF_XML else out
    serialize(carried(statements, rdf_format), target, rdf_format, prefixes=declared, base_iri=base)  # type: ignore[arg-type]  # either kind, or both


def _has_colons(statements: Iterable[Triple | Quad], base: str) -> bool:
    """Whether an IRI has a colon after *base*; RDFLib takes the relative rest ("ns#a:b") for an absolute IRI."""
    return any(":" in iri[len(base) :] for one in statements for iri in _iris(one) if iri.startswith(base))


def _iris(statement: Triple | Quad) -> Iterator[str]:
    for term in statement:
        yield term.datatype.value if isinstance(term, Literal) else getattr(term, "value", "")


_HEAD = re.compile(rb"\A(?:@(?:base|prefix) [^\n]*\n)+")

#: The line breaks between subjects or graphs, in formats that people read; line breaks within texts are escaped.
_BETWEEN = {
    RdfFormat.TURTLE: re.compile(rb"\n(?=[^\s@}])"),
    RdfFormat.TRIG: re.compile(rb"(?<!\{)\n(?=\t?[^\s@}])"),
}


#: The namespace of an IRI: all up to the last hash, slash or colon.
_SPACE = re.compile(r"(?s:.*[#/:]|)")


def used_prefixes(statements: Iterable[Triple | Quad], prefixes: dict[str, str]) -> dict[str, str]:
    """Those of *prefixes* whose namespaces occur in IRIs or datatypes of *statements*.

    A prefix is left out if it would shorten an IRI that ends in a full stop. Turtle can escape that, but widely used
    parsers (RDFLib 7.6) read it as the end of the statement.
    """
    iris = {iri for statement in statements for iri in _iris(statement)}
    spaces = {found[0] for iri in iris if (found := _SPACE.match(iri))}
    ending = {iri for iri in iris if iri.endswith(".")}
    return {
        prefix: space
        for prefix, space in prefixes.items()
        if any(used.startswith(space) for used in spaces) and not any(iri.startswith(space) for iri in ending)
    }
