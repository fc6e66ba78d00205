"""A table and its CSVW description, with the row and the column of every fault (Tabular Data Model, section 6)."""

from __future__ import annotations

import csv
import json
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from csvw import Table, TableGroup

from missiongraph.errors import Place, Problem
from missiongraph.publication import TABLES_DESCRIPTION as DESCRIPTION
from missiongraph.reading import FaultyFile, decode

_PATTERNED = ("string", "anyURI")  # in these a format is a regular expression, elsewhere a way of writing
_AS_WRITTEN = ("date", "datetime", "dateTime", "dateTimeStamp", "time", "gYear", "gYearMonth")


@dataclass(frozen=True)
class Row:
    """One line of a table: its cells by the names of their columns, ``None`` where a cell is empty."""

    line: int
    cells: Mapping[str, str | None]


@dataclass
class DescribedTable:
    """A CSV file and its description; faults are collected, so that all of them can be told at once."""

    file: Path
    path: str
    description: Any
    faults: list[Problem] = field(default_factory=list)

    @cached_property
    def columns(self) -> list[Any]:
        """Those that the file has, as they are described."""
        return [column for column in self.description.tableSchema.columns if not column.virtual]

    @cached_property
    def names(self) -> list[str]:
        """What the header says."""
        return [column.header for column in self.columns]

    @cached_property
    def listed(self) -> set[str]:
        """Columns whose cells hold several values, so that no template can take them for one."""
        return {column.header for column in self.columns if column.separator}

    def position(self, column: str | None) -> int | None:
        """The number of a column of the file, from 1."""
        return self._positions.get(column)

    @cached_property
    def _positions(self) -> dict[str | None, int]:
        return {name: number for number, name in enumerate(self.names, 1)}

    def fault(self, what: str, line: int, column: str | None = None, advice: str | None = None) -> None:
        """Keep a fault, so that all are told together."""
        where = self.position(column)
        named = f"column “{column}”: {what}" if column else what
        self.faults.append(Problem(named, Place(self.path, line, where), advice))

    def raise_faults(self) -> None:
        """Tell them.

        :raises FaultyFile: there are some
        """
        if self.faults:
            raise FaultyFile.of(*self.faults)


def description_of(file: Path, path: str) -> Any:
    """The description of the table in *file*.

    :raises FaultyFile: there is none, or it says what is not read here
    """
    place = Place(str(Path(path).parent / DESCRIPTION))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            tables = _tables(file.parent / DESCRIPTION, (file.parent / DESCRIPTION).read_bytes())
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise FaultyFile(f"is no description of tables: {error}", place) from None
    if caught:
        raise FaultyFile.of(*(Problem(str(warning.message), place) for warning in caught))
    for table in tables:
        if table.local_name == file.name:
            _check_types(table, place)
            return table
    raise FaultyFile(f"does not describe {file.name}", place, "describe the table, or move it out of data/")


@lru_cache(maxsize=8)
def _tables(description: Path, content: bytes) -> list[Any]:
    """The tables of a group, or the one that is described without (Tabular Metadata, 5.2).

    They are read once for all files; *content* tells one state of the description from another.
    """
    found = json.loads(content)
    alone = isinstance(found, dict) and "url" in found and "tables" not in found
    return [Table.from_file(description)] if alone else list(TableGroup.from_file(description).tables)


def _check_types(table: Any, place: Place) -> None:
    if any(getattr(one, "separator", None) for one in (table.tableSchema, table, table._parent)):
        raise FaultyFile(f"{table.local_name}: a separator for all columns", place, "state it of each column")
    for column in table.tableSchema.columns:
        if column.ordered and column.separator:
            raise FaultyFile(
                f"column “{column.header}” of {table.local_name}: an order of values", place, "leave it out"
            )
        if column.datatype is not None and column.datatype.format and column.datatype.base not in _PATTERNED:
            what = f"column “{column.header}” of {table.local_name}: a format of its own for {column.datatype.base}"
            raise FaultyFile(what, place, "cells are kept as they are: write them as XML Schema does")


def rows_of(table: DescribedTable) -> list[Row]:
    """The rows of *table*, which takes the faults of their cells.

    :raises FaultyFile: no CSV, or columns that differ from the description
    """
    try:
        content = table.file.read_bytes()
    except OSError as error:
        raise FaultyFile(f"cannot be read: {error.strerror}", Place(table.path)) from None
    reader = csv.reader(decode(content, table.path).removeprefix("\ufeff").splitlines(keepends=True), strict=True)
    rows = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what the library reads with a warning is no value of its type
            _check_header(table, next(reader, []))
            line = reader.line_num + 1
            for cells in reader:
                if cells:
                    rows.append(_row(table, line, cells))
                line = reader.line_num + 1
    except csv.Error as error:
        raise FaultyFile(f"is no CSV: {error}", Place(table.path, reader.line_num)) from None
    return rows


def _check_header(table: DescribedTable, header: list[str]) -> None:
    if header != table.names:
        unknown = [name for name in header if name not in table.names]
        missing = [name for name in table.names if name not in header]
        told = [f"unknown {', '.join(unknown)}" if unknown else "", f"missing {', '.join(missing)}" if missing else ""]
        what = "; ".join(filter(None, told)) or "in another order"
        raise FaultyFile(f"the columns differ from the description: {what}", Place(table.path, 1), DESCRIPTION)


def _row(table: DescribedTable, line: int, cells: list[str]) -> Row:
    if len(cells) != len(table.names):
        table.fault(f"the row has {len(cells)} cells, the header {len(table.names)}", line)
    found: dict[str, str | None] = {}
    for column, cell in zip(table.columns, cells, strict=False):
        try:
            value = column.read(cell)
            if column.separator:
                parts, value = cell.split(column.separator), value or None
                for part, one in zip(parts, value or [], strict=value is not None):
                    _check_writing(column, part, one)
            else:
                _check_writing(column, cell, value)
        except (ValueError, UserWarning) as error:
            table.fault(_said(error, cell), line, column.header)
            value = None
        found[column.header] = cell if value is not None else None
    return Row(line, found)


def _check_writing(column: Any, cell: str, value: Any) -> None:
    """Cells are kept as they are, so that they must be written as their type writes *value*."""
    if column.separator and (value is None or not cell):
        raise ValueError("there is nothing between two separators")
    if value is not None and cell != cell.strip():
        raise ValueError("white space around the value")
    if value is not None and column.datatype and column.datatype.base in _AS_WRITTEN:
        expected = column.datatype.formatted(value)
        if expected != cell:
            raise ValueError(f"“{cell}” is to be written as {expected}")


def _said(error: Exception, cell: str) -> str:
    text = str(error)
    if "re.compile" in text or "invalid lexical value" in text:
        return f"“{cell}” does not fit the type of the column"
    return text if not cell or cell in text else f"“{cell}”: {text}"


def check_keys(table: DescribedTable, rows: list[Row]) -> None:
    """Find rows that have the key of another, or name one that another table lacks (Tabular Metadata, 5.5)."""
    _check_primary_key(table, rows)
    _check_foreign_keys(table, rows)


def _check_primary_key(table: DescribedTable, rows: list[Row]) -> None:
    key = table.description.tableSchema.primaryKey or []
    first: dict[tuple[str | None, ...], int] = {}
    for row in rows:
        values = tuple(row.cells.get(name) for name in key)
        if key and values in first:
            told = ", ".join(str(value) for value in values)
            table.fault(f"“{told}” is already in line {first[values]}", row.line, key[0], "one row each")
        first.setdefault(values, row.line)


def _check_foreign_keys(table: DescribedTable, rows: list[Row]) -> None:
    for foreign in table.description.tableSchema.foreignKeys:
        named = {column.name for column in table.columns if column.name}
        if unknown := [name for name in foreign.columnReference if name not in named]:
            place = Place(str(Path(table.path).parent / DESCRIPTION))
            raise FaultyFile(f"a foreign key of {table.file.name} names no column “{unknown[0]}”", place)
        target = str(foreign.reference.resource)
        known = _values(table.file.parent / target, foreign.reference.columnReference, table.path)
        for row in rows:
            values = tuple(row.cells.get(name) for name in foreign.columnReference)
            if None not in values and values not in known:
                told = ", ".join(str(value) for value in values)
                advice = f"add it to {target}, or correct the spelling"
                table.fault(f"“{told}” is not in {target}", row.line, foreign.columnReference[0], advice)
            elif known[values] > 1:
                told = ", ".join(str(value) for value in values)
                table.fault(f"“{told}” is in {target} more than once", row.line, foreign.columnReference[0])


def _values(file: Path, names: list[str], path: str) -> Counter[tuple[str | None, ...]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return Counter(tuple(row.get(name) for name in names) for row in csv.DictReader(lines))
    except (OSError, UnicodeDecodeError):
        raise FaultyFile(f"names keys of {file.name}, which cannot be read", Place(path)) from None
