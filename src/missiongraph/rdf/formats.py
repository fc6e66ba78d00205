"""The RDF formats that are offered, with their media types, and statements in a stable, readable order."""

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
    """An RDF format: *aliases* are further media types that ask for it, *file_type* its EU authority code."""

    name: str
    extension: str
    media_type: str
    rdf_format: RdfFormat
    file_type: str
    aliases: tuple[str, ...] = ()

    @property
    def holds_graphs(self) -> bool:
        """Whether the format can name graphs as its usual content; JSON-LD is offered for triples."""
        return self.rdf_format in (RdfFormat.TRIG, RdfFormat.N_QUADS)


TURTLE = Format("Turtle", "ttl", "text/turtle", RdfFormat.TURTLE, "RDF_TURTLE", ("application/x-turtle",))
JSON_LD = Format("JSON-LD", "jsonld", "application/ld+json", RdfFormat.JSON_LD, "JSON_LD", ("application/json",))
N_TRIPLES = Format("N-Triples", "nt", "application/n-triples", RdfFormat.N_TRIPLES, "RDF_N_TRIPLES", ("text/plain",))
RDF_XML = Format("RDF/XML", "rdf", "application/rdf+xml", RdfFormat.RDF_XML, "RDF_XML", ("application/xml",))
TRIG = Format("TriG", "trig", "application/trig", RdfFormat.TRIG, "RDF_TRIG", ("application/x-trig",))
N_QUADS = Format("N-Quads", "nq", "application/n-quads", RdfFormat.N_QUADS, "RDF_N_QUADS")

#: Formats of the default graph and of documents, best first; then those of the named graphs.
TRIPLE_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
QUAD_FORMATS = (TRIG, N_QUADS)

#: All of them: what every document that has statements is offered in.
RDF_FORMATS: tuple[Format, ...] = (*TRIPLE_FORMATS, *QUAD_FORMATS)


_DEFAULT_GRAPH, _TYPE = str(DefaultGraph()), str(RDF.type)


def content_type(media_type: str) -> str:
    """The ``Content-Type`` of *media_type*, with the charset where it has one."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def reading_order(statement: Triple | Quad) -> tuple[str, str, bool, str, str]:
    """Sort key: by graph, subject, then its types, then the other properties by name."""
    subject, predicate, value, *graph = map(str, statement)  # each term once: they are made when they are asked for
    named = "" if not graph or graph[0] == _DEFAULT_GRAPH else graph[0]
    return named, subject, predicate != _TYPE, predicate, value


def serialise(
    statements: Iterable[Triple | Quad], rdf_format: RdfFormat, prefixes: dict[str, str], base: str | None = None
) -> bytes:
    """*statements*, in the order given, with all *prefixes*; Turtle and TriG part entities by an empty line.

    :param base: what IRIs are written relative to, where the format can say so itself
    :raises CannotCarry: the format has no way to write a term
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
    """Write *statements* to *out* as they come, with all *prefixes* that the format can declare.

    :raises CannotCarry: the format has no way to write a term, which may show after others were written
    """
    declared = declarable(prefixes, rdf_format)
    target = cast(IO[bytes], XmlText(out, str(rdf_format))) if rdf_format == RdfFormat.RDF_XML else out
    serialize(carried(statements, rdf_format), target, rdf_format, prefixes=declared, base_iri=base)  # type: ignore[arg-type]  # either kind, or both


def _has_colons(statements: Iterable[Triple | Quad], base: str) -> bool:
    """Whether an IRI has a colon after *base*: what is left is relative, but looks absolute to RDFLib ("ns#a:b")."""
    return any(":" in iri[len(base) :] for one in statements for iri in _iris(one) if iri.startswith(base))


def _iris(statement: Triple | Quad) -> Iterator[str]:
    for term in statement:
        yield term.datatype.value if isinstance(term, Literal) else getattr(term, "value", "")


_HEAD = re.compile(rb"\A(?:@(?:base|prefix) [^\n]*\n)+")

#: Where one entity or graph ends and another begins, in formats that people read; texts have their line breaks escaped.
_BETWEEN = {
    RdfFormat.TURTLE: re.compile(rb"\n(?=[^\s@}])"),
    RdfFormat.TRIG: re.compile(rb"(?<!\{)\n(?=\t?[^\s@}])"),
}


#: A namespace as it may be declared: an IRI up to its last sign that parts names.
_SPACE = re.compile(r"(?s:.*[#/:]|)")


def used_prefixes(statements: Iterable[Triple | Quad], prefixes: dict[str, str]) -> dict[str, str]:
    """Those of *prefixes* that IRIs or datatypes of *statements* begin with.

    One that would have to write a name with a full stop at its end is left out: Turtle can escape it, but widely used
    parsers take it for the end of the statement (RDFLib 7.6).
    """
    iris = {iri for statement in statements for iri in _iris(statement)}
    spaces = {found[0] for iri in iris if (found := _SPACE.match(iri))}
    ending = {iri for iri in iris if iri.endswith(".")}
    return {
        prefix: space
        for prefix, space in prefixes.items()
        if any(used.startswith(space) for used in spaces) and not any(iri.startswith(space) for iri in ending)
    }
