"""Reads the rows of a table and checks them against its description (Tabular Data Model, section 6).

Every fault has its row and column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from missiongraph.errors import Place
from missiongraph.publication.guessed_tables import TABLES_DESCRIPTION as DESCRIPTION
from missiongraph.publication.guessed_tables import guess
from missiongraph.publication.rdf_files import FaultyFile, read_bytes
from missiongraph.publication.tables.cells import values_of
from missiongraph.publication.tables.csv_records import Record, header_rows, records_of
from missiongraph.publication.tables.description import Column, Description, description_of
from missiongraph.publication.tables.grouped_faults import Fault, problems_of


@dataclass(frozen=True)
class Row:
    """One row of a table: the values of its cells by the names of their columns.

    :ivar line: the line of the file in which it begins
    :ivar number: its number among the rows below the header, from 1 (``_row``)
    :ivar source: its number among all rows of the file, from 1 (``_sourceRow``)
    """

    line: int
    number: int
    source: int
    values: Mapping[str, tuple[str, ...]]

    def text(self, column: str) -> str | None:
        """The first value of *column*; ``None`` if its cell is empty."""
        return next(iter(self.values.get(column, ())), None)


@dataclass
class DescribedTable:
    """A CSV file with its description, and the faults found so far, so that one message can list all of them."""

    file: Path
    path: str
    description: Description
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def columns(self) -> list[Column]:
        """The described columns that the file has: all but virtual ones."""
        return [column for column in self.description.columns if not column.virtual]

    @cached_property
    def listed(self) -> set[str]:
        """Names of the columns whose cells hold several values, which no template may name."""
        return {column.name for column in self.columns if column.separator}

    def position(self, column: str | None) -> int | None:
        """The number of *column* in the file, from 1; ``None`` if it is not in the file."""
        return self._positions.get(column)

    @cached_property
    def _positions(self) -> dict[str | None, int | None]:
        return {column.name: column.position for column in self.columns}

    def fault(
        self, what: str, line: int, column: str | None = None, advice: str | None = None, kind: str | None = None
    ) -> None:
        """Records a fault; :meth:`raise_faults` raises all of them together.

        :param what: the fault in words
        :param line: its line in the file
        :param column: the name of its column
        :param advice: what to do about it
        :param kind: faults of one kind are reported as one mistake; by default those with the same words are
        """
        where = self.position(column)
        named = f"column “{column}”: {what}" if column else what
        self.faults.append(Fault(kind or named, column, named, Place(self.path, line, where), advice))

    def raise_faults(self) -> None:
        """Raises the faults recorded so far.

        :raises FaultyFile: there are faults
        """
        if self.faults:
            raise FaultyFile.of(*problems_of(self.faults))


def rows_of(table: DescribedTable) -> list[Row]:
    """Reads the rows of *table*, and records the faults of their cells in it.

    :raises FaultyFile: the file is no CSV, or its columns differ from the description
    """
    dialect = table.description.dialect
    content = read_bytes(table.file, table.path, utf_16=dialect.encoding.lower().startswith("utf-16"))
    records = records_of(content, table.path, dialect)
    if headers := header_rows(dialect):
        _check_header(table, list(islice(records, headers)), content)
    rows: list[Row] = []
    first: int | None = None
    for record in records:
        first = record.number if first is None else first
        rows.append(_row(table, record, record.number - first + 1))
    return rows


def _check_header(table: DescribedTable, header: list[Record], content: bytes) -> None:
    """Checks that each row of the header has the name or a title of each column (Metadata Vocabulary, 5.1)."""
    for record in header or [Record(1, 1, [])]:
        known = [{column.name, *column.titles} for column in table.columns]
        fits = len(record.cells) == len(known) and all(
            cell in titles or not cell for cell, titles in zip(record.cells, known, strict=True)
        )
        if fits:
            continue
        unknown = [cell for cell in record.cells if not any(cell in titles for titles in known)]
        missing = [
            column.name for column, titles in zip(table.columns, known, strict=True) if titles.isdisjoint(record.cells)
        ]
        parts = [f"unknown {', '.join(unknown)}" if unknown else "", f"missing {', '.join(missing)}" if missing else ""]
        what = "; ".join(filter(None, parts)) or "in another order"
        seems = guess(content)
        other = seems.delimiter != table.description.dialect.delimiter
        advice = f"the separator seems to be “{seems.delimiter}”: {seems.dialect}" if other and seems.dialect else None
        where = Place(table.path, record.line)
        raise FaultyFile(f"the columns differ from the description: {what}", where, advice or DESCRIPTION)


def _row(table: DescribedTable, record: Record, number: int) -> Row:
    if len(record.cells) != len(table.columns):
        wanted = "header" if header_rows(table.description.dialect) else "description"
        what = f"the row has {len(record.cells)} cells, the {wanted} {len(table.columns)}"
        table.fault(what, record.line)
    values: dict[str, tuple[str, ...]] = {}
    for column, cell in zip(table.columns, record.cells, strict=False):
        try:
            values[column.name] = values_of(column, cell)
        except ValueError as error:
            table.fault(str(error), record.line, column.name)
            values[column.name] = ()
    return Row(record.line, number, record.number, values)


def check_keys(table: DescribedTable, rows: list[Row]) -> None:
    """Checks primary and foreign keys (Metadata Vocabulary, 5.5), and records the faults in *table*.

    :raises FaultyFile: the other table of a foreign key cannot be read
    """
    _check_primary_key(table, rows)
    for foreign in table.description.foreign_keys:
        _check_foreign_key(table, rows, foreign)


Key = tuple[tuple[str, ...], ...]


def _key(row: Row, names: list[str] | tuple[str, ...]) -> Key:
    return tuple(row.values.get(name, ()) for name in names)


def _said(key: Key) -> str:
    return ", ".join(" ".join(values) for values in key)


def _check_primary_key(table: DescribedTable, rows: list[Row]) -> None:
    names = table.description.primary_key
    first: dict[Key, int] = {}
    for row in rows if names else ():
        key = _key(row, names)
        if key in first:
            what = f"“{_said(key)}” is already in line {first[key]}"
            table.fault(what, row.line, names[0], "one row each")
        first.setdefault(key, row.line)


def _check_foreign_key(table: DescribedTable, rows: list[Row], foreign: Any) -> None:
    target = str(foreign.reference.resource)
    names = tuple(foreign.reference.columnReference)
    known = _keys_in(table.file.parent / target, str(Path(table.path).parent / target), names)
    for row in rows:
        key = _key(row, foreign.columnReference)
        if () in key:
            continue
        if key not in known:
            advice = f"add it to {target}, or correct the spelling"
            table.fault(f"“{_said(key)}” is not in {target}", row.line, foreign.columnReference[0], advice)
        elif known[key] > 1:
            table.fault(f"“{_said(key)}” is in {target} more than once", row.line, foreign.columnReference[0])


def _keys_in(file: Path, path: str, names: tuple[str, ...]) -> Counter[Key]:
    description = (file.parent / DESCRIPTION).read_bytes()
    return _keys(file, path, names, read_bytes(file, path, utf_16=True), description)


@lru_cache(maxsize=8)
def _keys(file: Path, path: str, names: tuple[str, ...], content: bytes, description: bytes) -> Counter[Key]:
    """The keys of another table. Its own faults are reported when it is read; *content* is there for the cache."""
    other = DescribedTable(file, path, description_of(file, path))
    place = Place(str(Path(path).parent / DESCRIPTION))
    if unknown := [name for name in names if not any(column.name == name for column in other.columns)]:
        raise FaultyFile(f"a foreign key names “{unknown[0]}”, which is no column of {file.name}", place)
    return Counter(_key(row, names) for row in rows_of(other))
