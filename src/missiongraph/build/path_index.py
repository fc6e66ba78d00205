"""The path index of a build: which resource lives at which path.

One table answers ``id/…``, own paths, ``resource?iri=``, the neighbours of a 404 and the sitemap. A *path* is the
IRI of a document relative to the base, as clients send it; :mod:`missiongraph.publication.addresses` says who has
which.
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

#: Where documents are: of things, at other own addresses (but for the home page's), or by their IRI alone.
Room = Literal["things", "own", "elsewhere"]
_ROOMS: Mapping[Room, str] = {
    "things": "path GLOB 'id/*'",
    "own": "path NOT GLOB 'id/*' AND path != ''",
    "elsewhere": "path IS NULL",
}


@dataclass(frozen=True)
class Resource:
    """A row of the index."""

    iri: str
    document: str
    path: str | None
    kind: str


def write_index(file: Path, base: str, quads: Iterable[Quad]) -> None:
    """Index every resource under *base* that occurs in *quads*, and every subject or graph outside of it."""
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

    :ivar shadowed: documents of which another one has the address of a form
    """

    def __init__(self, file: Path) -> None:
        """:raises BuildError: there is no index"""
        try:
            self._connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self.shadowed = frozenset(one for (one,) in self._connection.execute("SELECT document FROM shadowed"))
        except sqlite3.Error as error:
            raise BuildError(Problem(f"cannot open the index {file}: {error}", advice="build again")) from None

    def at(self, *paths: str) -> Resource | None:
        """The resource whose document lives at the first of *paths*; one with fragments only stands for their document.

        Paths are as clients send them. What is written just so comes before what some clients send in its place.
        """
        for column, spelled in (("path", as_sent), ("loose", loosely)):
            for path in paths:
                found = self._first(f"{column} = ? AND kind != ? ORDER BY iri", spelled(as_sent(path)), OURS)
                if found is not None:
                    return found
        return None

    def find(self, iri: str) -> Resource | None:
        """The resource *iri*, or the document that holds it or parts of it."""
        found = self._first("iri = ?", iri)
        return found or self._first("document = ? ORDER BY iri", document_of(iri))

    def members(self, document: str) -> tuple[Resource, ...]:
        """The resources of *document*: itself and its fragments."""
        return tuple(self._select("document = ? ORDER BY iri", document))

    def documents(self, room: Room | None = None, start: int = 0, but: Collection[str] = ()) -> Iterator[Resource]:
        """One resource for each document, in order of IRI; addresses of the site itself are none.

        :param room: only those that are there
        :param start: how many are passed over
        :param but: paths that are left out
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
        """How many documents :meth:`documents` gives."""
        where = f"kind != ? AND {_ROOMS[room]}" + (f" AND path NOT IN ({', '.join('?' * len(but))})" if but else "")
        text = f"SELECT COUNT(DISTINCT document) FROM resource WHERE {where}"
        return int(self._connection.execute(text, (OURS, *but)).fetchone()[0])

    def _first(self, where: str, *values: str) -> Resource | None:
        return next(self._select(f"{where} LIMIT 1", *values), None)

    def _select(self, where: str, *values: str) -> Iterator[Resource]:
        rows = self._connection.execute(f"SELECT iri, document, path, kind FROM resource WHERE {where}", values)
        return (Resource(*row) for row in rows)
