"""Tables to quads: CSV under its CSVW description, with the row and the column of every fault.

Follows “Generating RDF from Tabular Data on the Web” in minimal mode, with three annotations of our own, because
that standard knows one graph only, one language a column, and no template for texts (ARCHITECTURE.md).
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from csvw import TableGroup
from csvw.metadata import NAMESPACES, URITemplate
from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.errors import Place, Problem
from missiongraph.publication import TABLES_DESCRIPTION as DESCRIPTION
from missiongraph.reading import FaultyFile, ParsedFile, decode
from missiongraph.vocab import MG, XSD

_GRAPH, _LANGUAGE, _TEXT = MG.graphUrl.value, MG.languageColumn.value, MG.textTemplate.value
_XSD_NAMES = {"number": "double", "datetime": "dateTime"}
_PATTERNED = ("string", "anyURI")  # in these a format is a regular expression, elsewhere a way of writing
_AS_WRITTEN = ("date", "datetime", "dateTime", "dateTimeStamp", "time", "gYear", "gYearMonth")


@dataclass(frozen=True)
class Row:
    """One line of a table: its cells by the names of their columns, ``None`` where a cell is empty."""

    line: int
    cells: Mapping[str, str | None]


@dataclass
class _Table:
    """A CSV file and its description; faults are collected, so that all of them can be told at once."""

    file: Path
    path: str
    description: Any
    faults: list[Problem] = field(default_factory=list)

    @cached_property
    def columns(self) -> list[Any]:
        return [column for column in self.description.tableSchema.columns if not column.virtual]

    @cached_property
    def names(self) -> list[str]:
        return [column.header for column in self.columns]

    def fault(self, what: str, line: int, column: str | None = None, advice: str | None = None) -> None:
        where = self.names.index(column) + 1 if column in self.names else None
        named = f"column “{column}”: {what}" if column else what
        self.faults.append(Problem(named, Place(self.path, line, where), advice))

    def raise_faults(self) -> None:
        if self.faults:
            raise FaultyFile.of(*self.faults)


def read_table(file: Path, path: str, graph: NamedNode) -> ParsedFile:
    """The quads of the table in *file*; *graph* takes those for which its description names no graph.

    :raises FaultyFile: with every fault of the table: cells that do not fit their column, empty cells where a value
        is required, duplicates of a key, keys of no row in another table, templates that yield no IRI
    """
    table = _Table(file, path, _description(file, path))
    rows = _rows(table)
    _check_primary_key(table, rows)
    _check_foreign_keys(table, rows)
    table.raise_faults()
    quads = tuple(dict.fromkeys(quad for row in rows for quad in _quads(table, row, graph)))
    table.raise_faults()
    return ParsedFile(path, graph, quads)


def _description(file: Path, path: str) -> Any:
    place = Place(str(Path(path).parent / DESCRIPTION))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            group = _group(file.parent / DESCRIPTION, (file.parent / DESCRIPTION).read_bytes())
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise FaultyFile(f"is no description of tables: {error}", place) from None
    if caught:
        raise FaultyFile.of(*(Problem(str(warning.message), place) for warning in caught))
    for table in group.tables:
        if table.local_name == file.name:
            _check_types(table, place)
            return table
    raise FaultyFile(f"does not describe {file.name}", place, "describe the table, or move it out of data/")


@lru_cache(maxsize=8)
def _group(file: Path, content: bytes) -> Any:
    """The description in *file*, read once for all its tables; *content* tells one state of the file from another."""
    return TableGroup.from_file(file)


def _check_types(table: Any, place: Place) -> None:
    for column in table.tableSchema.columns:
        if column.datatype is not None and column.datatype.format and column.datatype.base not in _PATTERNED:
            what = f"column “{column.header}” of {table.local_name}: a format of its own for {column.datatype.base}"
            raise FaultyFile(what, place, "cells are kept as they are: write them as XML Schema does")


def _rows(table: _Table) -> list[Row]:
    try:
        content = table.file.read_bytes()
    except OSError as error:
        raise FaultyFile(f"cannot be read: {error.strerror}", Place(table.path)) from None
    reader = csv.reader(decode(content, table.path).removeprefix("\ufeff").splitlines(keepends=True), strict=True)
    rows = []
    try:
        _check_header(table, next(reader, []))
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                rows.append(_row(table, line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FaultyFile(f"is no CSV: {error}", Place(table.path, reader.line_num)) from None
    return rows


def _check_header(table: _Table, header: list[str]) -> None:
    if header != table.names:
        unknown = [name for name in header if name not in table.names]
        missing = [name for name in table.names if name not in header]
        told = [f"unknown {', '.join(unknown)}" if unknown else "", f"missing {', '.join(missing)}" if missing else ""]
        what = "; ".join(filter(None, told)) or "in another order"
        raise FaultyFile(f"the columns differ from the description: {what}", Place(table.path, 1), DESCRIPTION)


def _row(table: _Table, line: int, cells: list[str]) -> Row:
    if len(cells) != len(table.names):
        table.fault(f"the row has {len(cells)} cells, the header {len(table.names)}", line)
    found: dict[str, str | None] = {}
    for column, cell in zip(table.columns, cells, strict=False):
        try:
            value = column.read(cell)
            if value is not None and cell != cell.strip():
                raise ValueError("white space around the value")
            if value is not None and column.datatype and column.datatype.base in _AS_WRITTEN:
                expected = column.datatype.formatted(value)
                if expected != cell:
                    raise ValueError(f"“{cell}” is to be written as {expected}")
        except ValueError as error:
            table.fault(_said(error, cell), line, column.header)
            value = None
        found[column.header] = cell if value is not None else None
    return Row(line, found)


def _said(error: ValueError, cell: str) -> str:
    text = str(error)
    if "re.compile" in text or "invalid lexical value" in text:
        return f"“{cell}” does not fit the type of the column"
    return text if not cell or cell in text else f"“{cell}”: {text}"


def _check_primary_key(table: _Table, rows: list[Row]) -> None:
    key = table.description.tableSchema.primaryKey or []
    first: dict[tuple[str | None, ...], int] = {}
    for row in rows:
        values = tuple(row.cells.get(name) for name in key)
        if key and values in first:
            told = ", ".join(str(value) for value in values)
            table.fault(f"“{told}” is already in line {first[values]}", row.line, key[0], "one row each")
        first.setdefault(values, row.line)


def _check_foreign_keys(table: _Table, rows: list[Row]) -> None:
    for foreign in table.description.tableSchema.foreignKeys:
        target = str(foreign.reference.resource)
        known = _values(table.file.parent / target, foreign.reference.columnReference, table.path)
        for row in rows:
            values = tuple(row.cells.get(name) for name in foreign.columnReference)
            if None not in values and values not in known:
                told = ", ".join(str(value) for value in values)
                advice = f"add it to {target}, or correct the spelling"
                table.fault(f"“{told}” is not in {target}", row.line, foreign.columnReference[0], advice)


def _values(file: Path, names: list[str], path: str) -> set[tuple[str | None, ...]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return {tuple(row.get(name) for name in names) for row in csv.DictReader(lines)}
    except (OSError, UnicodeDecodeError):
        raise FaultyFile(f"names keys of {file.name}, which cannot be read", Place(path)) from None


def _quads(table: _Table, row: Row, graph: NamedNode) -> Iterator[Quad]:
    for column in table.description.tableSchema.columns:
        if column.suppressOutput or (not column.virtual and row.cells.get(column.header) is None):
            continue
        about, to = _inherited(table, column, "aboutUrl"), _inherited(table, column, "propertyUrl")
        if about is None or to is None:
            missing = "aboutUrl" if about is None else "propertyUrl"
            table.fault(f"the description gives the column no {missing}", 1, column.header, "or suppress its output")
            return
        subject, predicate = _iri(table, row, column, about), _iri(table, row, column, to)
        value = _value(table, row, column)
        place = _annotation(table, column, _GRAPH)
        named = graph if place is None else _iri(table, row, column, _template(place))
        if subject and predicate and value and named:
            yield Quad(subject, predicate, value, named)


def _value(table: _Table, row: Row, column: Any) -> NamedNode | Literal | None:
    template = _inherited(table, column, "valueUrl")
    if template is not None:
        return _iri(table, row, column, template)
    pattern = column.common_props.get(_TEXT)
    text = _filled(row, pattern) if pattern else column.default if column.virtual else row.cells[column.header]
    if text is None:
        return None
    by_row = column.common_props.get(_LANGUAGE)
    language = row.cells.get(by_row) if by_row else _inherited(table, column, "lang")
    if language:
        return Literal(text, language=language)
    if column.datatype is None:
        return Literal(text)
    base = column.datatype.base
    return Literal(text, datatype=NamedNode(column.datatype.at_props.get("id", XSD[_XSD_NAMES.get(base, base)].value)))


def _filled(row: Row, pattern: str) -> str | None:
    """*pattern* with each ``{name}`` replaced by the cell of that name, as it is; nothing if one of them is empty."""
    cells = {name: row.cells.get(name) for name in URITemplate(pattern).variable_names}
    return None if None in cells.values() else pattern.format_map(cells)


def _iri(table: _Table, row: Row, column: Any, template: Any) -> NamedNode | None:
    """*template* filled from *row*; nothing if it names an empty cell, so that no IRI is half a name."""
    own = {"_row": str(row.line - 1), "_sourceRow": str(row.line), "_name": column.header}
    cells = tuple((name, row.cells.get(name) or own.get(name)) for name in template.variable_names)
    if any(cell is None for _, cell in cells):
        return None
    found = _expanded(str(template.uri), cells)
    if isinstance(found, NamedNode):
        return found
    advice = "write whole IRIs, or use a prefix of CSVW such as schema:, skos:, dc: (for dcterms)"
    table.fault(f"“{found}” is no IRI", row.line, column.header, advice)
    return None


@lru_cache(maxsize=1 << 14)
def _expanded(template: str, cells: tuple[tuple[str, str | None], ...]) -> NamedNode | str:
    """*template* with *cells* in it; what came out, where it is no IRI. The columns of a row share most of theirs."""
    text = str(_template(template).expand(**dict(cells)))
    prefix, _, local = text.partition(":")
    try:
        if prefix in NAMESPACES:
            return NamedNode(NAMESPACES[prefix] + local)
        if local.startswith("//") or prefix == "urn":
            return NamedNode(text)
    except ValueError:
        pass
    return text


@lru_cache(maxsize=1 << 10)
def _template(text: str) -> Any:
    return URITemplate(text)


def _inherited(table: _Table, column: Any, name: str) -> Any:
    """The property *name* of the column, else of its schema, its table or its group (Tabular Metadata, 5.7)."""
    nothing = (None, "und")
    chain = (column, table.description.tableSchema, table.description, table.description._parent)
    return next((found for one in chain if (found := getattr(one, name, None)) not in nothing), None)


def _annotation(table: _Table, column: Any, name: str) -> str | None:
    chain = (column, table.description.tableSchema, table.description)
    return next((found for one in chain if (found := one.common_props.get(name)) is not None), None)
