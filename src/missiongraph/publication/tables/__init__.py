"""Reads tables (CSV) into quads, as their CSVW description says."""

from __future__ import annotations

import warnings
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from missiongraph.publication.rdf_files import Key, ParsedFile
from missiongraph.publication.tables.checked_rows import DescribedTable, check_keys, rows_of
from missiongraph.publication.tables.description import description_of
from missiongraph.publication.tables.mapping import quads_of

__all__ = ["read_table"]


def read_table(file: Path, path: str, graph: NamedNode) -> ParsedFile:
    """Reads the quads of the table in *file*.

    :param path: what messages call the file
    :param graph: takes the quads of columns for which the description names no graph
    :raises FaultyFile: the table or its description is faulty: cells that do not fit their column, empty cells where
        a value is required, keys that are not unique or name no row, templates that yield no IRI; it lists all
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # warnings of the library are faults here
        return _read(DescribedTable(file, path, description_of(file, path)), graph)


def _read(table: DescribedTable, graph: NamedNode) -> ParsedFile:
    rows = rows_of(table)
    check_keys(table, rows)
    table.raise_faults()
    quads: dict[Quad, None] = {}
    places: dict[Key, tuple[int, int | None]] = {}
    for row in rows:
        for quad, column in quads_of(table, row, graph):
            quads.setdefault(quad)
            subject, predicate = quad.subject, quad.predicate
            for key in ((subject, predicate, quad.object), (subject, predicate, None)):
                places.setdefault(key, (row.line, column))
            places.setdefault((subject, None, None), (row.line, None))
    table.raise_faults()
    return ParsedFile(table.path, graph, tuple(quads), places=places)
