"""The RDF formats that are offered, with their media types, and statements in a stable, readable order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers.expat import ExpatError, ParserCreate

from pyoxigraph import DefaultGraph, Literal, Quad, RdfFormat, Triple, serialize

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


def reading_order(statement: Triple | Quad) -> tuple[str, str, bool, str, str]:
    """Sort key: by graph, subject, then its types, then the other properties by name."""
    graph = (
        ""
        if isinstance(statement, Triple) or isinstance(statement.graph_name, DefaultGraph)
        else str(statement.graph_name)
    )
    predicate = str(statement.predicate)
    return graph, str(statement.subject), statement.predicate != RDF.type, predicate, str(statement.object)


class CannotCarry(ValueError):
    """Statements that a format has no way to write."""


def serialise(
    statements: Iterable[Triple | Quad], rdf_format: RdfFormat, prefixes: dict[str, str], base: str | None = None
) -> bytes:
    """*statements*, in the order given, with all *prefixes*; Turtle and TriG part entities by an empty line.

    :param base: what IRIs are written relative to, where the format can say so itself
    :raises CannotCarry: RDF/XML has no predicate without a local name and no control characters, which the
        serialiser writes all the same, and reads back
    """
    wanted = prefixes if rdf_format in _PREFIXED else {}
    relative = base if rdf_format in _BETWEEN else None
    written = serialize(statements, format=rdf_format, prefixes=wanted, base_iri=relative)  # type: ignore[arg-type]  # either kind, or both
    if rdf_format in _BETWEEN and written:
        written = _HEAD.sub(lambda found: b"".join(sorted(found[0].splitlines(keepends=True))), written, count=1)
        written = _BETWEEN[rdf_format].sub(b"\n\n", written)
    if rdf_format == RdfFormat.RDF_XML and written:
        try:
            ParserCreate(namespace_separator=" ").Parse(written, True)
        except ExpatError as error:
            raise CannotCarry(f"these statements cannot be written as RDF/XML: {error}") from None
    return written or b""


_HEAD = re.compile(rb"\A(?:@(?:base|prefix) [^\n]*\n)+")

#: Where one entity or graph ends and another begins, in formats that people read; texts have their line breaks escaped.
_BETWEEN = {
    RdfFormat.TURTLE: re.compile(rb"\n(?=[^\s@}])"),
    RdfFormat.TRIG: re.compile(rb"(?<!\{)\n(?=\t?[^\s@}])"),
}

_PREFIXED = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)


def used_prefixes(statements: Iterable[Triple | Quad], prefixes: dict[str, str]) -> dict[str, str]:
    """Those of *prefixes* that IRIs or datatypes of *statements* begin with."""
    spaces: set[str] = set()
    for statement in statements:
        graph = () if isinstance(statement, Triple) else (statement.graph_name,)
        for term in (statement.subject, statement.predicate, statement.object, *graph):
            iri = term.datatype.value if isinstance(term, Literal) else getattr(term, "value", "")
            spaces.add(iri[: max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1])
    return {prefix: space for prefix, space in prefixes.items() if any(used.startswith(space) for used in spaces)}
