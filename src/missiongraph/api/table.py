"""The answer of a query as a table, for Python, pandas, polars, CSV and notebooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, overload

from missiongraph.api.values import Value
from missiongraph.errors import MissingExtra, MissiongraphError, Problem

if TYPE_CHECKING:
    import pandas
    import polars

Row = dict[str, Value | None]
"""One solution of a query: the value of each variable; ``None`` where it is unbound."""

_Kind = Literal["boolean", "integer", "number", "date", "time", "utc", "text", "mixed"]

_INT64 = range(-(2**63), 2**63)

#: How many rows a notebook shows.
_SHOWN = 20


class Table(Sequence[Row]):
    """The rows of a SELECT query, in order. ``len``, indexes and ``for`` work as with a list of dictionaries.

    :ivar variables: the names of the variables, in the order of the query
    """

    def __init__(self, variables: Sequence[str], rows: Sequence[tuple[Value | None, ...]]) -> None:
        """:param rows: the values of each row, in the order of *variables*"""
        self.variables = tuple(variables)
        self._rows = list(rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Table: ...

    def __getitem__(self, index: int | slice) -> Row | Table:
        """A row, or a table of some rows."""
        if isinstance(index, slice):
            return Table(self.variables, self._rows[index])
        return dict(zip(self.variables, self._rows[index], strict=True))

    def __iter__(self) -> Iterator[Row]:
        return (dict(zip(self.variables, row, strict=True)) for row in self._rows)

    def __repr__(self) -> str:
        return f"<Table of {len(self)} rows: {', '.join(self.variables)}>"

    def column(self, name: str) -> list[Value | None]:
        """The values of one variable, row by row.

        :raises MissiongraphError: the query has no such variable
        """
        if name not in self.variables:
            known = ", ".join(self.variables)
            raise MissiongraphError(Problem(f"there is no variable “{name}”", advice=f"the query has {known}"))
        place = self.variables.index(name)
        return [row[place] for row in self._rows]

    def value(self) -> Value | None:
        """The value of a table of one row and one column, such as that of a count.

        :raises MissiongraphError: the table is larger or empty
        """
        if len(self._rows) != 1 or len(self.variables) != 1:
            size = f"{len(self._rows)} rows and {len(self.variables)} columns"
            raise MissiongraphError(Problem(f"the table has {size}, so it has not one value"))
        return self._rows[0][0]

    def to_csv(self) -> str:
        """The table as CSV (RFC 4180), with a header."""
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerow(self.variables)
        writer.writerows(["" if cell is None else _written(cell) for cell in row] for row in self._rows)
        return written.getvalue()

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a pandas ``DataFrame``.

        Whole numbers are ``Int64``, truth values ``boolean``, decimals and floats ``float64``, days and times
        ``datetime64``, all with missing values. A column of several kinds holds the Python values. Exact decimals are
        in the rows of the table itself.

        :raises MissingExtra: pandas is not installed
        """
        pd = _extra("pandas")
        kinds = {
            "boolean": "boolean", "integer": "Int64", "number": "float64", "date": "datetime64[s]",
            "time": "datetime64[us]", "utc": "datetime64[us, UTC]", "text": "str", "mixed": "object",
        }  # fmt: skip
        columns = {}
        for name in self.variables:
            cells = self.column(name)
            kind = _kind_of(cells)
            columns[name] = pd.Series([_plain(cell, kind) for cell in cells], dtype=kinds[kind])
        made: pandas.DataFrame = pd.DataFrame(columns, columns=list(self.variables))
        return made

    def to_polars(self) -> polars.DataFrame:
        """The table as a polars ``DataFrame``: as :meth:`to_pandas`, but a column of several kinds holds texts.

        :raises MissingExtra: polars is not installed
        """
        pl = _extra("polars")
        kinds = {
            "boolean": pl.Boolean, "integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "text": pl.String,
            "time": pl.Datetime("us"), "utc": pl.Datetime("us", "UTC"), "mixed": pl.String,
        }  # fmt: skip
        columns: list[Any] = []
        for name in self.variables:
            cells = self.column(name)
            kind = _kind_of(cells)
            plain = [_plain(cell, kind) for cell in cells]
            if kind == "mixed":
                plain = [None if cell is None else _written(cell) for cell in cells]
            columns.append(pl.Series(name, plain, dtype=kinds[kind]))
        made: polars.DataFrame = pl.DataFrame(columns)
        return made

    def _repr_html_(self) -> str:
        """The first rows as an HTML table, which notebooks show."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.variables)
        lines = [
            "<tr>" + "".join(f"<td>{'' if cell is None else escape(_written(cell))}</td>" for cell in row) + "</tr>"
            for row in self._rows[:_SHOWN]
        ]
        more = len(self._rows) - _SHOWN
        below = f"<p>… {more} more</p>" if more > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{below}"


def _extra(name: str) -> ModuleType:
    """The library of an extra.

    :raises MissingExtra: it is not installed
    """
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        advice = f"pip install 'missiongraph[{name}]'"
        raise MissingExtra(Problem(f"{name} is not installed", advice=advice)) from None


def _kind_of(cells: Sequence[Value | None]) -> _Kind:
    """What all *cells* of a column are."""
    kinds = {_kind(cell) for cell in cells if cell is not None}
    if not kinds:
        return "text"
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _kind(cell: Value) -> _Kind:
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int):
        return "integer" if cell in _INT64 else "mixed"
    if isinstance(cell, Decimal | float):
        return "number"
    if isinstance(cell, datetime):
        return "time" if cell.tzinfo is None else "utc"
    if isinstance(cell, date):
        return "date"
    return "text"


def _plain(cell: Value | None, kind: _Kind) -> Any:
    if cell is None:
        return None
    if kind == "number":
        return float(cell)  # type: ignore[arg-type]  # a number by its kind
    return str(cell) if kind == "text" else cell


def _written(cell: Value) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
