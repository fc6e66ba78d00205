"""Writes and reads the path index of a build: which resource has which path.

It serves ``id/…``, own paths of documents, ``resource?iri=``, the page for 404 and the sitemap. A *path* is the address
of a document relative to the base, as clients send it; :mod:`missiongraph.publication.addresses` assigns paths.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyoxigraph import Quad

from missiongraph.errors import BuildError, Problem
from missiongraph.publication.addresses import OURS, Layout, as_sent, document_of, lay_out, loosely, resources_in

_SCHEMA = """
CREATE TABLE resource (
    iri TEXT PRIMARY KEY,
    document TEXT NOT NULL,  -- the IRI without fragment
    path TEXT,               -- of the document, relative to the base, as clients send it; NULL where it has none
    loose TEXT,              -- the same as clients may send it that decode more
    kind TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE shadowed (document TEXT PRIMARY KEY) WITHOUT ROWID;  -- whose forms have another's address
"""
_INDEXES = """
CREATE INDEX by_path ON resource (path);
CREATE INDEX by_loose ON resource (loose);
CREATE INDEX by_document ON resource (document);
"""

#: Where documents are: below ``id/`` (things), at another address of their own (not the home page), or without one.
Room = Literal["things", "own", "elsewhere"]
_ROOMS: Mapping[Room, str] = {
    "things": "path GLOB 'id/*'",
    "own": "path NOT GLOB 'id/*' AND path != ''",
    "elsewhere": "path IS NULL",
}


@dataclass(frozen=True)
class Resource:
    """A row of the index; *kind* is one of those in :mod:`missiongraph.publication.addresses`."""

    iri: str
    document: str
    path: str | None
    kind: str


def write_index(file: Path, base: str, quads: Iterable[Quad]) -> None:
    """Writes the index of all resources in *quads* that may need an address to *file*.

    :func:`~missiongraph.publication.addresses.resources_in` says which these are.
    """
    kinds = resources_in(quads, base)
    layout = lay_out(kinds, base)
    with sqlite3.connect(file) as connection:
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO resource VALUES (?, ?, ?, ?, ?)", _rows(kinds, layout))
        connection.executemany("INSERT INTO shadowed VALUES (?)", ((one,) for one in sorted(layout.shadowed)))
        connection.executescript(_INDEXES)
    connection.close()


def _rows(kinds: Mapping[str, str], layout: Layout) -> Iterator[tuple[str, str, str | None, str | None, str]]:
    for iri, kind in sorted(kinds.items()):
        document = document_of(iri)
        ours = layout.ours.get(document)
        path, loose = layout.addresses.get(document) or ours or (None, None)
        yield iri, document, path, loose, OURS if ours else kind


class PathIndex:
    """Reads the index of a build; safe to share between threads.

    :ivar shadowed: documents that lack a form, because another document has the address of that form
    """

    def __init__(self, file: Path) -> None:
        """:raises BuildError: *file* is no index"""
        try:
            self._connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self.shadowed = frozenset(one for (one,) in self._connection.execute("SELECT document FROM shadowed"))
        except sqlite3.Error as error:
            raise BuildError(Problem(f"cannot open the index {file}: {error}", advice="build again")) from None

    def at(self, *paths: str) -> Resource | None:
        """The resource whose document has one of *paths*, the first of them first; ``None`` if there is none.

        Paths are as clients send them. A document with exactly that path precedes one whose path some clients send
        decoded. If only resources with fragments are in the document, the first of them is returned.
        """
        for column, spelled in (("path", as_sent), ("loose", loosely)):
            for path in paths:
                resource = self._first(f"{column} = ? AND kind != ? ORDER BY iri", spelled(as_sent(path)), OURS)
                if resource is not None:
                    return resource
        return None

    def find(self, iri: str) -> Resource | None:
        """The resource *iri*, else the first resource of its document; ``None`` if there is none."""
        resource = self._first("iri = ?", iri)
        return resource or self._first("document = ? ORDER BY iri", document_of(iri))

    def members(self, document: str) -> tuple[Resource, ...]:
        """The resources of *document*: itself, and those with fragments."""
        return tuple(self._select("document = ? ORDER BY iri", document))

    def documents(self, room: Room | None = None, start: int = 0, but: Collection[str] = ()) -> Iterator[Resource]:
        """Yields one resource for each document, in order of IRI, without addresses of the site itself.

        :param room: only documents that are there
        :param start: the number of documents to skip
        :param but: paths to leave out
        """
        where = f"kind != ? AND {_ROOMS[room]}" if room else "kind != ?"
        where += f" AND path NOT IN ({', '.join('?' * len(but))})" if but else ""
        rows = self._connection.execute(
            f"SELECT MIN(iri), document, path, kind FROM resource WHERE {where} "
            "GROUP BY document ORDER BY document LIMIT -1 OFFSET ?",
            (OURS, *but, start),
        )
        return (Resource(*row) for row in rows)

    def count(self, room: Room, but: Collection[str] = ()) -> int:
        """The number of documents that :meth:`documents` yields."""
        where = f"kind != ? AND {_ROOMS[room]}" + (f" AND path NOT IN ({', '.join('?' * len(but))})" if but else "")
        text = f"SELECT COUNT(DISTINCT document) FROM resource WHERE {where}"
        return int(self._connection.execute(text, (OURS, *but)).fetchone()[0])

    def _first(self, where: str, *values: str) -> Resource | None:
        return next(self._select(f"{where} LIMIT 1", *values), None)

    def _select(self, where: str, *values: str) -> Iterator[Resource]:
        rows = self._connection.execute(f"SELECT iri, document, path, kind FROM resource WHERE {where}", values)
        return (Resource(*row) for row in rows)
