"""Compares two editions: which statements were added and removed.

A build keeps each edition as lines of N-Quads. Equal statements have equal lines, since the label of a blank node is
the hash of its component (:func:`missiongraph.rdf.canonical.canonicalise_apart`). So two sets of lines are compared.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from missiongraph.rdf.canonical import canonical_line, canonicalise_apart

#: The number of comparisons in the cache; editions of a build never change.
_KEPT = 4


@dataclass(frozen=True)
class Changes:
    """The difference between two editions: statements as lines of N-Quads, sorted."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def write_edition(file: Path, quads: Iterable[Quad], *, seconds: float) -> None:
    """Writes the statements of an edition to *file* for comparison.

    :raises OutOfBounds: labelling the blank nodes takes longer than *seconds* on the clock
    """
    with file.open("w", encoding="utf-8", newline="") as written:
        written.writelines(canonical_line(quad) for quad in canonicalise_apart(quads, seconds=seconds))


@lru_cache(_KEPT)
def changes_between(old: Path, new: Path) -> Changes:
    """The changes from the edition in the file *old* to that in the file *new*."""
    before, after = _lines(old), _lines(new)
    return Changes(tuple(sorted(after - before)), tuple(sorted(before - after)))


def _lines(file: Path) -> set[str]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        return set(lines)


def quads_of(lines: Iterable[str]) -> list[Quad]:
    """Parses *lines* of N-Quads."""
    return list(parse("".join(lines).encode(), RdfFormat.N_QUADS))


def edition_id(digest: str) -> str:
    """The identifier of an edition in RDF Patch, made of the digest of its statements."""
    return f"uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"


def rdf_patch(changes: Changes, old: str, new: str) -> bytes:
    """*changes* as RDF Patch; the digests of the editions, *old* and *new*, connect patches to a log."""
    lines = [f"H id <{edition_id(new)}> .\n", f"H prev <{edition_id(old)}> .\n", "TX .\n"]
    lines += [f"D {line}" for line in changes.removed]
    lines += [f"A {line}" for line in changes.added]
    return "".join([*lines, "TC .\n"]).encode()
