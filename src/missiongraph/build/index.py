"""The path index of a build: which resource lives at which path.

One table answers ``id/…``, own paths, ``resource?iri=``, the neighbours of a 404 and the sitemap. A *path* is the
IRI of a document relative to the base, percent-decoded (so spellings that differ only in encoding meet).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import NamedNode, Quad

from missiongraph.errors import BuildError, Problem

#: What the data has of a resource: statements about it, a graph of that name, or only mentions of it.
DESCRIBED, GRAPH, NAMED = "described", "graph", "named"

_SCHEMA = """
CREATE TABLE resource (
    iri TEXT PRIMARY KEY,
    document TEXT NOT NULL,  -- the IRI without fragment
    path TEXT,               -- of the document, relative to the base; NULL outside of it
    kind TEXT NOT NULL
) WITHOUT ROWID;
"""
_INDEXES = "CREATE INDEX by_path ON resource (path); CREATE INDEX by_document ON resource (document);"


@dataclass(frozen=True)
class Resource:
    """A row of the index."""

    iri: str
    document: str
    path: str | None
    kind: str


def normalise_path(path: str) -> str:
    """The form in which paths are compared: percent-decoded UTF-8."""
    return unquote(path, errors="replace")


def document_of(iri: str) -> str:
    """*iri* without its fragment."""
    return iri.partition("#")[0]


def write_index(file: Path, base: str, quads: Iterable[Quad]) -> None:
    """Index every resource under *base* that occurs in *quads*, and every subject or graph outside of it."""
    kinds: dict[str, str] = {}
    rank = {DESCRIBED: 0, GRAPH: 1, NAMED: 2}
    for quad in quads:
        terms = ((quad.subject, DESCRIBED), (quad.graph_name, GRAPH), (quad.predicate, NAMED), (quad.object, NAMED))
        for term, kind in terms:
            if isinstance(term, NamedNode):
                iri = term.value
                if (kind != NAMED or iri.startswith(base)) and rank[kind] < rank.get(kinds.get(iri, ""), 3):
                    kinds[iri] = kind
    with sqlite3.connect(file) as connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO resource VALUES (?, ?, ?, ?)",
            ((iri, document_of(iri), _path(document_of(iri), base), kind) for iri, kind in sorted(kinds.items())),
        )
        connection.executescript(_INDEXES)
    connection.close()


def _path(document: str, base: str) -> str | None:
    return normalise_path(document.removeprefix(base)) if document.startswith(base) else None


class PathIndex:
    """Reads the index of a build; safe to share between threads."""

    def __init__(self, file: Path) -> None:
        """:raises BuildError: there is no index"""
        try:
            self._connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self._connection.execute("SELECT 1 FROM resource LIMIT 1")
        except sqlite3.Error as error:
            raise BuildError(Problem(f"cannot open the index {file}: {error}", advice="build again")) from None

    def at(self, path: str) -> Resource | None:
        """The resource whose document lives at *path*; one with fragments only stands for their document."""
        return self._first("path = ? ORDER BY iri", normalise_path(path))

    def find(self, iri: str) -> Resource | None:
        """The resource *iri*, or the document that holds it or parts of it."""
        found = self._first("iri = ?", iri)
        return found or self._first("document = ? ORDER BY iri", document_of(iri))

    def members(self, document: str) -> tuple[Resource, ...]:
        """The resources of *document*: itself and its fragments."""
        return tuple(self._select("document = ? ORDER BY iri", document))

    def documents(self) -> Iterator[Resource]:
        """One resource for each document, in order of IRI."""
        last = ""
        for resource in self._select("1 ORDER BY document, iri"):
            if resource.document != last:
                last = resource.document
                yield resource

    def _first(self, where: str, *values: str) -> Resource | None:
        return next(self._select(f"{where} LIMIT 1", *values), None)

    def _select(self, where: str, *values: str) -> Iterator[Resource]:
        rows = self._connection.execute(f"SELECT iri, document, path, kind FROM resource WHERE {where}", values)
        return (Resource(*row) for row in rows)
