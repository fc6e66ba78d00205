"""Writes tables as Parquet, with typed numbers and dates; the same rows give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from missiongraph.build.files.tables import Column, Table, Tables

_COMPRESSION = "zstd(3)"
_INTEGERS = 2**63


def write_table(table: Table) -> bytes:
    """*table* as Parquet: integers, decimals, booleans and dates are typed, everything else is text."""
    columns: dict[str, tuple[str, Sequence[Any]]] = {"id": ("string", [subject.value for subject in table.subjects])}
    for column in table.columns:
        columns[column.name] = _typed(column, table)
    return _write(columns)


def write_links(tables: Tables) -> bytes:
    """The table of links as Parquet, with three columns of text."""
    columns = zip(*tables.links, strict=True)
    return _write({name: ("string", values) for name, values in zip(Tables.LINK_HEADER, columns, strict=True)})


def _typed(column: Column, table: Table) -> tuple[str, list[Any]]:
    texts = [column.text(subject) or None for subject in table.subjects]
    built_in = column.built_in if not column.separator else None
    try:
        if built_in == "integer" and all(text is None or abs(int(text)) < _INTEGERS for text in texts):
            return "int64", [text if text is None else int(text) for text in texts]
        if built_in == "decimal":
            return "float64", [text if text is None else float(text) for text in texts]
        if built_in == "boolean":
            return "bool", [text if text is None else text == "true" for text in texts]
        if built_in == "date":
            return "date32", [text if text is None else date.fromisoformat(text) for text in texts]
    except ValueError:  # a date that does not exist
        pass
    return "string", texts


def _write(columns: dict[str, tuple[str, Sequence[Any]]]) -> bytes:
    from arro3.core import Array, DataType  # imported here, since only a build needs them
    from arro3.core import Table as ArrowTable
    from arro3.io import write_parquet

    kinds = {
        "string": DataType.string(),
        "int64": DataType.int64(),
        "float64": DataType.float64(),
        "bool": DataType.bool(),
        "date32": DataType.date32(),
    }
    days = {"date32": lambda values: [v if v is None else (v - date(1970, 1, 1)).days for v in values]}
    arrays: dict[str, Any] = {}
    for name, (kind, values) in columns.items():
        if kind in days:
            arrays[name] = Array(days[kind](values), DataType.int32()).cast(kinds[kind])
        else:
            arrays[name] = Array(list(values), kinds[kind])
    written = io.BytesIO()
    write_parquet(ArrowTable.from_pydict(arrays), written, compression=_COMPRESSION)
    return written.getvalue()
