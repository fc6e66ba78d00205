"""Writes the dumps of a build, reads them back, compresses them and writes their checksums."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import brotli
import zstandard
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple

from missiongraph.build.files.geojson import write_places
from missiongraph.build.files.parquet import write_links, write_table
from missiongraph.build.files.tables import Tables, file_name, tabulate, write_csv, write_metadata
from missiongraph.publication.settings import LocalText, Settings
from missiongraph.rdf.format_limits import CannotCarry
from missiongraph.rdf.formats import (
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
    reading_order,
    serialise,
    used_prefixes,
)
from missiongraph.rdf.jsonld_context import Context
from missiongraph.rdf.jsonld_writer import Writer, dump

#: The number of dumps that are made at once; most of the work is outside of Python's lock.
_THREADS = 2

Content = Literal["default", "named", "part", "table", "links", "tables", "places"]

#: The name of the file with the checksums of all dumps.
CHECKSUMS = "SHA256SUMS"

#: The name of the file in which CSVW processors look for metadata of tables (Tabular Data Model, section 5.3).
TABLES_METADATA = "csv-metadata.json"

#: The folder of a build, beside ``dumps/``, with those codings of dumps that have no address of their own.
ENCODED = "encoded"

#: By content coding: the extension of a file in it, and the function that makes it, always with the same bytes.
_CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gz", lambda content: gzip.compress(content, 6, mtime=0)),
    "zstd": ("zst", lambda content: zstandard.ZstdCompressor(level=9).compress(content)),
    "br": ("br", lambda content: bytes(brotli.compress(content, quality=6))),
}

#: Codings that are offered as files of their own; the other one has no media type.
_AS_FILES = ("gzip", "zstd")


@dataclass(frozen=True)
class Dump:
    """A file under ``dumps/``.

    :ivar content: what it holds: the default graph, all named graphs, the graphs of a part, a table …
    :ivar file_type: its code in the EU's authority table of file types
    :ivar bytes: its size
    :ivar sha256: its checksum in hexadecimal
    :ivar compression: ``gzip``, ``zstd`` or ``None``
    :ivar part_of: the IRI of the part (a dataset) whose graphs it holds; ``None`` if it holds those of the whole
    :ivar subject: of a table: names, by language, of the class whose things it holds
    :ivar read_by: the parsers that have read it back and found the same statements
    """

    name: str
    content: Content
    format: str
    media_type: str
    file_type: str
    bytes: int
    sha256: str
    compression: str | None = None
    part_of: str | None = None
    subject: LocalText = field(default_factory=dict)
    read_by: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Its record in the manifest."""
        return asdict(self)


@dataclass(frozen=True)
class DumpSource:
    """The data of the dumps, with canonical labels, and how to write it.

    :ivar stem: the stem of file names
    :ivar context: the JSON-LD context
    :ivar base: the base to which Turtle and TriG write IRIs relative
    :ivar parts: the statements of each dataset that is a part of the whole
    :ivar settings: decide which tables there are; without settings there are none
    :ivar class_names: the names of classes by language, as shapes state them
    """

    stem: str
    default_graph: Sequence[Triple]
    quads: Sequence[Quad]
    prefixes: dict[str, str]
    context: Context
    base: str | None = None
    parts: Mapping[NamedNode, Sequence[Quad]] = field(default_factory=dict)
    settings: Settings | None = None
    languages: Sequence[str] = ()
    class_names: Mapping[NamedNode, LocalText] = field(default_factory=dict)


@dataclass(frozen=True)
class _File:
    """A file to write.

    :ivar write: makes its content
    :ivar rdf: its format, if it is RDF
    :ivar expected: the statements that must come back when it is read, as :func:`lines_of` gives them
    """

    name: str
    content: Content
    format: str
    media_type: str
    file_type: str
    write: Callable[[], bytes]
    part_of: str | None = None
    subject: LocalText = field(default_factory=dict)
    rdf: Format | None = None
    expected: list[bytes] = field(default_factory=list)


def write_dumps(
    source: DumpSource,
    folder: Path,
    warn: Callable[[str], None],
    progress: Callable[[str], None],
    *,
    release: str = "",
) -> tuple[Dump, ...]:
    """Writes the dumps into *folder*, each in all codings, and their checksums.

    Codings without an address of their own go to ``encoded/`` beside *folder*. A format that cannot express the data is
    left out.

    :param warn: called with a sentence for each format that is left out
    :param progress: called with the name of each file
    :param release: the version of a release; its dumps go into folders of that name
    """
    plan = [*_statements(source), *_parts(source), *_tables(source)]
    encoded = folder.parent / ENCODED / release
    folder /= release
    for place in (folder, encoded):
        place.mkdir(parents=True, exist_ok=True)

    def make(file: _File) -> tuple[bytes | str, dict[str, bytes]]:
        written = _written(file) if file.rdf else file.write()
        packed = isinstance(written, bytes) and file.format != "Parquet"
        return written, {c: pack(written) for c, (_, pack) in _CODINGS.items()} if packed else {}  # type: ignore[arg-type]  # bytes, if packed

    dumps: list[Dump] = []
    with ThreadPoolExecutor(_THREADS) as threads:  # engine and compressors release Python's lock
        for file, (written, packed) in zip(plan, threads.map(make, plan), strict=True):
            progress(file.name)
            if isinstance(written, str):
                warn(f"{file.name} is left out: {file.format} cannot carry the data ({written})")
                continue
            dumps.append(_store(folder / file.name, written, file, None))
            for coding, content in packed.items():
                name = f"{file.name}.{_CODINGS[coding][0]}"
                if file.rdf and coding in _AS_FILES:
                    dumps.append(_store(folder / name, content, file, coding))
                else:
                    (encoded / name).write_bytes(content)
    _write_checksums(folder, dumps)
    return tuple(dumps)


def leave_out(folder: Path, dumps: Sequence[Dump], name: str) -> tuple[Dump, ...]:
    """Removes the file *name* and its codings from *folder*, and returns *dumps* without them."""
    for place in (folder, folder.parent / ENCODED):
        for ending in ("", *(f".{extension}" for extension, _ in _CODINGS.values())):
            (place / f"{name}{ending}").unlink(missing_ok=True)
    left = tuple(dump for dump in dumps if dump.name != name and not (dump.compression and _of(dump) == name))
    _write_checksums(folder, left)
    return left


def _of(dump: Dump) -> str:
    return dump.name.rpartition(".")[0]


def _write_checksums(folder: Path, dumps: Sequence[Dump]) -> None:
    sums = "".join(f"{item.sha256}  {item.name}\n" for item in sorted(dumps, key=lambda item: item.name))
    (folder / CHECKSUMS).write_text(sums, "utf-8")


def in_coding(build: Path, dump: Path, coding: str) -> Path | None:
    """The file of a build that has *dump* in the content coding *coding*; ``None`` if there is none."""
    packed = dump.with_name(f"{dump.name}.{_CODINGS[coding][0]}")
    encoded = build / ENCODED / packed.relative_to(build / "dumps")
    return next((file for file in (packed, encoded) if file.is_file()), None)


def _statements(source: DumpSource) -> Iterator[_File]:
    """The dumps of the whole dataset in every RDF format: the default graph, then the named graphs."""
    triples = sorted(source.default_graph, key=reading_order)
    quads = sorted(source.quads, key=reading_order)
    writer = Writer(source.context)
    prefixes = used_prefixes(quads, source.prefixes)
    plan: tuple[tuple[str, Content, Format, Callable[[], bytes]], ...] = (
        ("", "default", TURTLE, lambda: serialise(triples, RdfFormat.TURTLE, prefixes, source.base)),
        ("", "default", JSON_LD, lambda: dump(writer.document(triples), lines=True)),
        ("", "default", N_TRIPLES, lambda: serialise(triples, RdfFormat.N_TRIPLES, {})),
        ("", "default", RDF_XML, lambda: serialise(triples, RdfFormat.RDF_XML, prefixes)),
        ("", "named", TRIG, lambda: serialise(quads, RdfFormat.TRIG, prefixes, source.base)),
        ("", "named", N_QUADS, lambda: serialise(source.quads, RdfFormat.N_QUADS, {})),
        ("-evidence", "named", JSON_LD, lambda: dump(writer.dataset(quads), lines=True)),
    )
    expected: dict[Content, list[bytes]] = {
        "default": lines_in(serialise(triples, RdfFormat.N_QUADS, {}), RdfFormat.N_QUADS),
        "named": lines_in(serialise(quads, RdfFormat.N_QUADS, {}), RdfFormat.N_QUADS),
    }
    for suffix, content, kind, write in plan:
        yield _rdf(f"{source.stem}{suffix}", content, kind, write, expected[content])


def _parts(source: DumpSource) -> Iterator[_File]:
    """The dumps of each part: its graphs as TriG and N-Quads."""
    taken: set[str] = set()
    for dataset, unsorted in source.parts.items():
        quads = sorted(unsorted, key=reading_order)
        prefixes = used_prefixes(quads, source.prefixes)
        expected = lines_in(serialise(quads, RdfFormat.N_QUADS, {}), RdfFormat.N_QUADS)
        local = re.sub(r"[^A-Za-z0-9]+", "-", re.split("[/#]", dataset.value)[-1])
        name = f"{source.stem}-{file_name(local, taken)}"
        trig = partial(serialise, quads, RdfFormat.TRIG, prefixes, source.base)
        yield _rdf(name, "part", TRIG, trig, expected, dataset.value)
        yield _rdf(name, "part", N_QUADS, partial(serialise, quads, RdfFormat.N_QUADS, {}), expected, dataset.value)


def _rdf(
    stem: str,
    content: Content,
    kind: Format,
    write: Callable[[], bytes],
    expected: list[bytes],
    part: str | None = None,
) -> _File:
    name = f"{stem}.{kind.extension}"
    return _File(name, content, kind.name, kind.media_type, kind.file_type, write, part, rdf=kind, expected=expected)


def _tables(source: DumpSource) -> Iterator[_File]:
    """The tables of the main classes as CSV and Parquet, the table of links, CSVW metadata, GeoJSON."""
    if source.settings is None:
        return
    tables = tabulate(source.settings, source.default_graph, source.class_names)
    csv, parquet = ("CSV", "text/csv", "CSV"), ("Parquet", "application/vnd.apache.parquet", "OCTET")

    def name(table: str) -> str:
        return f"{source.stem}-{table}.csv"

    for table in tables.tables:
        stem = f"{source.stem}-{table.name}"
        yield _File(f"{stem}.csv", "table", *csv, partial(write_csv, table.header, table.rows), None, table.title)
        yield _File(f"{stem}.parquet", "table", *parquet, partial(write_table, table), None, table.title)
    if tables.links:
        yield _File(name("links"), "links", *csv, lambda: write_csv(Tables.LINK_HEADER, tables.links))
        yield _File(f"{source.stem}-links.parquet", "links", *parquet, lambda: write_links(tables))
    if tables.tables:
        described = write_metadata(tables, name, source.settings)
        yield _File(TABLES_METADATA, "tables", "CSVW", "application/csvm+json", "JSON", lambda: described)
    places = write_places(source.default_graph, source.languages)
    if places is not None:
        stem = f"{source.stem}.geojson"
        yield _File(stem, "places", "GeoJSON", "application/geo+json", "GEOJSON", lambda: places)


def _written(file: _File) -> bytes | str:
    """The content of *file*, if reading it back gives the expected statements; else, as a text, why not."""
    assert file.rdf is not None
    expected = file.expected
    try:
        content = file.write()
        read = lines_in(content, file.rdf.rdf_format)
    except CannotCarry as error:
        return error.reason
    except (ValueError, SyntaxError) as error:
        return str(error)
    if len(read) != len(expected):
        return f"{len(read)} statements come back of {len(expected)}"
    changed = sum(one != other for one, other in zip(read, expected, strict=True))
    return f"{changed} statements come back changed" if changed else content


def lines_in(content: bytes, rdf_format: RdfFormat) -> list[bytes]:
    """The statements of *content* as lines; see :func:`lines_of`."""
    store = Store()
    store.bulk_load(content, rdf_format)
    return lines_of(store)


def lines_of(store: Store) -> list[bytes]:
    """The statements of *store* as sorted lines of N-Quads, without labels of blank nodes, since loading changes these.

    A store writes numbers and times in a form of its own (1.50 as 1.5). So both sides of a comparison must come from
    a store.
    """
    lines = (line for line in (store.dump(format=RdfFormat.N_QUADS) or b"").split(b"\n") if line)
    return sorted(re.sub(rb"_:\w+", b"_:", line) if b"_:" in line else line for line in lines)


def _store(target: Path, content: bytes, file: _File, compression: str | None) -> Dump:
    target.write_bytes(content)
    return Dump(
        name=target.name,
        content=file.content,
        format=file.format,
        media_type=file.media_type,
        file_type=file.file_type,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        compression=compression,
        part_of=file.part_of,
        subject=file.subject,
    )
