"""Reads the dumps of a build with other parsers than the writer's, whose mistakes could hide each other.

RDFLib reads files up to a size. Of larger files, Expat checks that they are XML and ``json`` that they are JSON. Large
files of lines and Turtle are only read by the writer's library.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from missiongraph.build.files.dumps import Dump, leave_out, lines_in, lines_of
from missiongraph.processes.background import in_background
from missiongraph.rdf.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_FORMATS, RDF_XML, TRIG, TURTLE

#: By format, the megabytes of a file that RDFLib reads in about a second.
_MOST_BYTES = {TURTLE: 2, TRIG: 2, JSON_LD: 3, RDF_XML: 3, N_TRIPLES: 8, N_QUADS: 8}

#: RDFLib's names of the formats.
_PARSERS = {TURTLE: "turtle", JSON_LD: "json-ld", N_TRIPLES: "nt", RDF_XML: "xml", TRIG: "trig", N_QUADS: "nquads"}

_FORMATS = {form.name: form for form in RDF_FORMATS}


@dataclass(frozen=True)
class Reading:
    """The result of reading a file a second time.

    :ivar reader: the name of the parser; empty if none read the file
    :ivar changed: the difference from the data; empty if there is none
    :ivar unread: why the parser cannot read the file; empty if it can
    """

    reader: str
    changed: str = ""
    unread: str = ""


def second_reading(folder: Path, dumps: Sequence[Dump]) -> AbstractContextManager[Callable[[], dict[str, Reading]]]:
    """Reads those of *dumps* that are RDF in a background process, and gives a function that waits for the readings.

    Files of a part are left out, since the same writer writes their statements in the file of the whole.
    """
    whole = (dump for dump in dumps if dump.format in _FORMATS and not dump.compression and not dump.part_of)
    names = {dump.name: dump.format for dump in whole}
    if not names:
        return nullcontext(dict)
    return in_background(partial(_read_all, folder, names), "second reading of the dumps", "is there enough memory?")


def read_twice(
    folder: Path, dumps: Sequence[Dump], readings: Mapping[str, Reading], warn: Callable[[str], None]
) -> tuple[Dump, ...]:
    """*dumps* with the names of their readers, without those in which a second reader finds other data.

    :param readings: as :func:`second_reading` gives them, by file name
    :param warn: called with a sentence for each file that is left out or cannot be read
    """
    for name, reading in readings.items():
        if reading.changed:
            warn(f"{name} is left out: {reading.reader} reads other data in it ({reading.changed})")
            dumps = leave_out(folder, dumps, name)
        elif reading.unread:
            warn(f"{name} is kept, but {reading.reader} cannot read it ({reading.unread})")

    def readers(dump: Dump) -> tuple[str, ...]:
        reading = readings.get(dump.name.rpartition(".")[0] if dump.compression else dump.name)
        if reading is None:
            return ("Oxigraph",) if dump.format in _FORMATS else ()
        return ("Oxigraph", reading.reader) if reading.reader and not reading.unread else ("Oxigraph",)

    return tuple(replace(dump, read_by=readers(dump)) for dump in dumps)


def _read_all(folder: Path, names: Mapping[str, str]) -> dict[str, Reading]:
    import rdflib

    rdflib.NORMALIZE_LITERALS = False  # else it gives "01" back as "1"
    warnings.simplefilter("ignore")  # its warnings are about itself, and about ill-typed values,
    logging.disable()  # which validation reports
    return {name: read(folder / name, form) for name, form in names.items()}


def read(file: Path, format_name: str) -> Reading:
    """Reads *file* with another parser than the writer's; ``rdflib.NORMALIZE_LITERALS`` must be false."""
    form, content = _FORMATS[format_name], file.read_bytes()
    if len(content) <= _MOST_BYTES[form] << 20:
        try:
            statements = _by_rdflib(content, _PARSERS[form])
        except Exception as error:  # its parsers raise all kinds of errors
            return Reading("RDFLib", unread=f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
        return Reading("RDFLib", changed=_difference(lines_in(content, form.rdf_format), statements))
    try:
        if form == RDF_XML:
            ParserCreate(namespace_separator=" ").Parse(content, True)
            return Reading("Expat")
        if form == JSON_LD:
            json.loads(content)
            return Reading("json")
    except (ExpatError, ValueError) as error:
        return Reading("Expat" if form == RDF_XML else "json", changed=str(error))
    return Reading("")


def _by_rdflib(content: bytes, parser: str) -> list[bytes]:
    """The statements of *content* as RDFLib reads them; they go to a list, since its indexes are slower."""
    from rdflib import BNode, Dataset, URIRef
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
    from rdflib.plugins.stores.memory import Memory

    def term(node: Any) -> Any:
        text = str.__str__(node)
        if isinstance(node, URIRef):
            return NamedNode(text)
        if isinstance(node, BNode):
            return BlankNode(text)
        if node.language:
            return Literal(text, language=node.language)
        return Literal(text, datatype=NamedNode(str(node.datatype)) if node.datatype is not None else None)

    class Statements(Memory):
        def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
            graph = context.identifier
            name = DefaultGraph() if graph == DATASET_DEFAULT_GRAPH_ID else term(graph)
            subject, predicate, value = map(term, triple)
            quads.append(Quad(subject, predicate, value, name))

    quads: list[Quad] = []
    Dataset(store=Statements()).parse(data=content, format=parser)
    store = Store()
    store.extend(quads)
    return lines_of(store)


def _difference(expected: list[bytes], actual: list[bytes]) -> str:
    if expected == actual:
        return ""
    missing = sorted(set(expected) - set(actual))
    count = f"{len(actual)} statements come back of {len(expected)}"
    return f"{count}; not {missing[0].decode(errors='replace')[:200]}" if missing else count
