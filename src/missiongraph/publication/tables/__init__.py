"""Tables to quads: CSV under its CSVW description."""

from __future__ import annotations

import warnings
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from missiongraph.publication.reading import Key, ParsedFile
from missiongraph.publication.tables.checked_rows import DescribedTable, check_keys, rows_of
from missiongraph.publication.tables.description import description_of
from missiongraph.publication.tables.mapping import quads_of

__all__ = ["read_table"]


def read_table(file: Path, path: str, graph: NamedNode) -> ParsedFile:
    """The quads of the table in *file*; *graph* takes those for which its description names no graph.

    :raises FaultyFile: with every fault of the table: cells that do not fit their column, empty cells where a value
        is required, duplicates of a key, keys of no row in another table, templates that yield no IRI
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # what the library only warns of is a fault
        return _read(DescribedTable(file, path, description_of(file, path)), graph)


def _read(table: DescribedTable, graph: NamedNode) -> ParsedFile:
    rows = rows_of(table)
    check_keys(table, rows)
    table.raise_faults()
    found: dict[Quad, None] = {}
    places: dict[Key, tuple[int, int | None]] = {}
    for row in rows:
        for quad, column in quads_of(table, row, graph):
            found.setdefault(quad)
            subject, predicate = quad.subject, quad.predicate
            for key in ((subject, predicate, quad.object), (subject, predicate, None)):
                places.setdefault(key, (row.line, column))
            places.setdefault((subject, None, None), (row.line, None))
    table.raise_faults()
    return ParsedFile(table.path, graph, tuple(found), places=places)
