"""A document written block by block: what is written of all blocks together is one document of its format."""

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

#: What a block begins and ends with that its document has once.
_HEADS = {
    RdfFormat.TURTLE: re.compile(rb"\A(?:@prefix [^\n]*\n)*\n*"),
    RdfFormat.TRIG: re.compile(rb"\A(?:@prefix [^\n]*\n)*\n*"),
    RdfFormat.RDF_XML: re.compile(rb"\A<\?xml[^>]*\?>\s*<rdf:RDF[^>]*>\n?"),
}
_TAILS = {RdfFormat.RDF_XML: re.compile(rb"</rdf:RDF>\s*\Z")}


def written(
    blocks: Iterable[Sequence[Triple | Quad]],
    form: Format,
    prefixes: dict[str, str],
    context: Context,
    about: NamedNode,
) -> Iterator[bytes]:
    """*blocks* in *form*, piece by piece: each but the last as soon as there is its block.

    :param context: of JSON-LD
    :param about: the thing that a document in JSON-LD is an object of
    :raises missiongraph.rdf.formats.CannotCarry: a block has what *form* cannot write
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


#: What blocks after the first are made of, beside the terms of the first.
_NAMED = tuple(Triple(predicate, predicate, predicate) for predicate in LABEL_PROPERTIES)


def _json_ld(blocks: Iterable[Sequence[Triple | Quad]], writer: Writer, about: NamedNode) -> Iterator[bytes]:
    """One object, a line for each of its members and each node that stands beside it.

    The standard library writes that ten times as fast as indented text. What later blocks say stands beside the object,
    since its members have been sent.
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
