"""The dumps of a build: written, read back, compressed and summed."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pyoxigraph import Quad, RdfFormat, Store, Triple

from missiongraph.serialisation.formats import (
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
from missiongraph.serialisation.jsonld import Context, Writer, dump

#: Formats made at once; most of the work is outside of Python's lock.
_THREADS = 2

Content = Literal["default", "named"]

#: Name of the file that lists the checksums of all dumps.
CHECKSUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Dump:
    """A file under ``dumps/``: *bytes* long, *sha256* in hexadecimal, *compression* ``gzip`` or none."""

    name: str
    content: Content
    format: str
    media_type: str
    file_type: str
    bytes: int
    sha256: str
    compression: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)


@dataclass(frozen=True)
class DumpSource:
    """What the dumps are made from: both views of the dataset, in canonical labels, and how to write them."""

    stem: str
    default_graph: Sequence[Triple]
    quads: Sequence[Quad]
    prefixes: dict[str, str]
    context: Context


def write_dumps(
    source: DumpSource, folder: Path, warn: Callable[[str], None], progress: Callable[[str], None]
) -> tuple[Dump, ...]:
    """Write every dump that can carry the data into *folder*, each also gzipped, and their checksums.

    :param warn: told of each format that is left out because it cannot carry the data
    """
    triples = sorted(source.default_graph, key=reading_order)
    quads = sorted(source.quads, key=reading_order)
    writer = Writer(source.context)
    prefixes = used_prefixes(quads, source.prefixes)
    dumps: list[Dump] = []
    plan: tuple[tuple[str, Content, Format, Callable[[], bytes]], ...] = (
        ("", "default", TURTLE, lambda: serialise(triples, RdfFormat.TURTLE, prefixes)),
        ("", "default", JSON_LD, lambda: dump(writer.document(triples), lines=True)),
        ("", "default", N_TRIPLES, lambda: serialise(triples, RdfFormat.N_TRIPLES, {})),
        ("", "default", RDF_XML, lambda: serialise(triples, RdfFormat.RDF_XML, prefixes)),
        ("", "named", TRIG, lambda: serialise(quads, RdfFormat.TRIG, prefixes)),
        ("", "named", N_QUADS, lambda: serialise(source.quads, RdfFormat.N_QUADS, {})),
        ("-evidence", "named", JSON_LD, lambda: dump(writer.dataset(quads), lines=True)),
    )
    expected: dict[Content, list[bytes]] = {
        "default": _lines(serialise(triples, RdfFormat.N_QUADS, {}), RdfFormat.N_QUADS),
        "named": _lines(serialise(quads, RdfFormat.N_QUADS, {}), RdfFormat.N_QUADS),
    }

    def make(item: tuple[str, Content, Format, Callable[[], bytes]]) -> tuple[bytes | str, bytes]:
        _, content, kind, write = item
        written = _written(write, kind, expected[content])
        return written, gzip.compress(written, 6, mtime=0) if isinstance(written, bytes) else b""

    with ThreadPoolExecutor(_THREADS) as threads:  # the engine and the packer let go of Python's lock
        for (suffix, content, kind, _), (written, packed) in zip(plan, threads.map(make, plan), strict=True):
            name = f"{source.stem}{suffix}.{kind.extension}"
            progress(name)
            if isinstance(written, str):
                warn(f"{name} is left out: {kind.name} cannot carry the data ({written})")
                continue
            dumps.append(_store(folder / name, written, content, kind, None))
            dumps.append(_store(folder / f"{name}.gz", packed, content, kind, "gzip"))
    sums = "".join(f"{item.sha256}  {item.name}\n" for item in sorted(dumps, key=lambda item: item.name))
    (folder / CHECKSUMS).write_text(sums, "utf-8")
    return tuple(dumps)


def _written(write: Callable[[], bytes], kind: Format, expected: list[bytes]) -> bytes | str:
    """The bytes written, if reading them back gives what was meant; else what is wrong with them."""
    try:
        content = write()
        found = _lines(content, kind.rdf_format)
    except (ValueError, SyntaxError) as error:
        return str(error)
    if len(found) != len(expected):
        return f"{len(found)} statements come back of {len(expected)}"
    changed = sum(one != other for one, other in zip(found, expected, strict=True))
    return f"{changed} statements come back changed" if changed else content


def _lines(content: bytes, rdf_format: RdfFormat) -> list[bytes]:
    """*content* as lines of N-Quads in order, blank nodes without their labels: loading gives them new ones.

    A store writes numbers and times in one form of its own (1.50 as 1.5), so both sides pass through one.
    """
    store = Store()
    store.bulk_load(content, rdf_format)
    lines = (line for line in (store.dump(format=RdfFormat.N_QUADS) or b"").split(b"\n") if line)
    return sorted(re.sub(rb"_:\w+", b"_:", line) if b"_:" in line else line for line in lines)


def _store(file: Path, content: bytes, of: Content, kind: Format, compression: str | None) -> Dump:
    file.write_bytes(content)
    return Dump(
        name=file.name,
        content=of,
        format=kind.name,
        media_type=kind.media_type,
        file_type=kind.file_type,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        compression=compression,
    )
