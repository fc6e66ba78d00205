"""Splits cells into values and checks these against the datatype of their column (Tabular Data Model, section 6.4).

A value becomes a literal as it is written. So it must be in the lexical space of its datatype.
"""

from __future__ import annotations

from missiongraph.publication.tables.description import Column
from missiongraph.rdf.datatypes import example_of, is_lexical


def values_of(column: Column, cell: str) -> tuple[str, ...]:
    """The values in *cell*: one; several if the column has a separator; none if the cell is empty.

    :raises ValueError: the cell does not fit the column; the message says why
    """
    text = cell or column.default
    if text in column.null or (column.separator and not text):
        values: tuple[str, ...] = ()
    elif column.separator:
        parts = [part or column.default for part in text.split(column.separator)]
        if "" in parts:
            raise ValueError("there is nothing between two separators")
        values = tuple(part for part in parts if part not in column.null)
    else:
        values = (text,)
    if not values and column.required:
        raise ValueError("required column value is missing")
    for value in values:
        check(column, value)
    return values


def check(column: Column, text: str) -> None:
    """Checks that *text* is a value of the datatype of *column*.

    :raises ValueError: it is not; the message says why
    """
    if text != text.strip():
        raise ValueError(f"“{text}”: white space around the value")
    if column.datatype is None:
        return
    if is_lexical(text, column.base.value) is False:
        example = example_of(column.base.value)
        like = f", which is written like {example}" if example else ""
        raise ValueError(f"“{text}” does not fit the type of the column: it is no {column.datatype.base}{like}")
    if column.faceted:
        _check_facets(column, text)


def _check_facets(column: Column, text: str) -> None:
    try:
        column.datatype.read(text)
    except (ValueError, OverflowError, UserWarning) as error:
        said = str(error)
        if "invalid lexical value" in said or "re.compile" in said:
            said = f"does not fit the pattern {column.datatype.format}"
        raise ValueError(f"“{text}”: {said}") from None
