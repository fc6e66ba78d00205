"""Writes a document block by block; the written parts together are one document of its format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from missiongraph.rdf.formats import Format, serialise, used_prefixes
from missiongraph.rdf.jsonld_context import Context
from missiongraph.rdf.jsonld_writer import Writer
from missiongraph.vocab import LABEL_PROPERTIES

#: Beginnings and ends of serialised blocks that a document must have only once.
_HEADS = {
    RdfFormat.TURTLE: re.compile(rb"\A(?:@prefix [^\n]*\n)*\n*"),
    RdfFormat.TRIG: re.compile(rb"\A(?:@prefix [^\n]*\n)*\n*"),
    RdfFormat.RDF_XML: re.compile(rb"\A<\?xml[^>]*\?>\s*<rdf:RDF[^>]*>\n?"),
}
_TAILS = {RdfFormat.RDF_XML: re.compile(rb"</rdf:RDF>\s*\Z")}


def serialise_blocks(
    blocks: Iterable[Sequence[Triple | Quad]],
    form: Format,
    prefixes: dict[str, str],
    context: Context,
    about: NamedNode,
) -> Iterator[bytes]:
    """Yields *blocks* in *form*: the bytes of each block as soon as the block is there, then the end of the document.

    :param prefixes: namespaces by prefix
    :param context: the JSON-LD context
    :param about: the thing whose object a document in JSON-LD is
    :raises missiongraph.rdf.format_limits.CannotCarry: a block has a term that *form* cannot express
    """
    if form.rdf_format == RdfFormat.JSON_LD:
        yield from _json_ld(blocks, Writer(context), about)
        return
    head, tail = _HEADS.get(form.rdf_format), _TAILS.get(form.rdf_format)
    declared: dict[str, str] | None = None
    ending = b""
    for block in blocks:
        is_first = declared is None
        if declared is None:
            declared = used_prefixes(chain(block, _NAMED), prefixes)
        text = serialise(block, form.rdf_format, declared)
        if head is not None and not is_first:
            text = (b"\n" if form.rdf_format in (RdfFormat.TURTLE, RdfFormat.TRIG) else b"") + head.sub(b"", text, 1)
        if tail is not None and (found := tail.search(text)):
            text, ending = text[: found.start()], found[0]
        yield text
    yield ending


#: Blocks after the first one have labels, whose properties need prefixes too.
_NAMED = tuple(Triple(predicate, predicate, predicate) for predicate in LABEL_PROPERTIES)


def _json_ld(blocks: Iterable[Sequence[Triple | Quad]], writer: Writer, about: NamedNode) -> Iterator[bytes]:
    """Yields one JSON object, with one line for each of its members and for each node under ``@included``.

    The standard library writes lines ten times as fast as indented text. Statements of later blocks go under
    ``@included``, since the other members have been sent.
    """
    rest = iter(blocks)
    document, writer = writer.framed(map(_triple, next(rest, ())), about)
    beside = document.pop(writer.keyword("@included"), [])
    members = (f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in document.items())
    nodes = chain((beside,), (writer.nodes(map(_triple, block)) for block in rest))
    yield ("{\n" + ",\n".join(members)).encode()
    between = f",\n{json.dumps(writer.keyword('@included'))}: [\n"
    for some in nodes:
        if some:
            yield (between + ",\n".join(json.dumps(node, ensure_ascii=False) for node in some)).encode()
            between = ",\n"
    yield b"\n}\n" if between != ",\n" else b"\n]\n}\n"


def _triple(statement: Triple | Quad) -> Triple:
    return statement.triple if isinstance(statement, Quad) else statement
