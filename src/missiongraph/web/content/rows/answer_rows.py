"""Rows of RDF terms, as any query answers them, and the kinds of values in their columns."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Literal, QuerySolutions, RdfFormat, parse

from missiongraph.engine.protocol import Term
from missiongraph.names.collation import Key
from missiongraph.translation import message
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.rendering import formatting

#: Most rows whose things are sorted by their names. More are sorted by their IRIs.
_MOST_NAMED = 5_000

_NUMBERS = formatting.INTEGERS | formatting.DECIMALS
_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?")
_DATES = frozenset(f"{formatting.XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth"))
_TRIPLE = (message("subject"), message("property"), message("object"))


@dataclass(frozen=True)
class Rows:
    """An answer as rows of terms; ``None`` is an unbound variable.

    :ivar names: of the columns
    :ivar is_graph: whether the rows are triples
    """

    names: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]
    is_graph: bool = False

    @classmethod
    def of_solutions(cls, answer: QuerySolutions) -> Rows:
        """The solutions of a SELECT query."""
        names = tuple(variable.value for variable in answer.variables)
        return cls(names, [tuple(row[name] for name in names) for row in answer])

    @classmethod
    def of_graph(cls, turtle: bytes) -> Rows:
        """The triples of CONSTRUCT or DESCRIBE."""
        quads = parse(turtle, RdfFormat.TURTLE)
        rows: list[tuple[Term | None, ...]] = [(quad.subject, quad.predicate, quad.object) for quad in quads]
        return cls(_TRIPLE, rows, is_graph=True)

    def column(self, index: int) -> list[Term | None]:
        """The terms of a column."""
        return [row[index] for row in self.rows]

    def find(self, holds: Callable[[Literal], bool]) -> list[int]:
        """The columns that have a value, and whose values are all literals for which *holds* is true."""
        found = []
        for index in range(len(self.names)):
            terms = [term for term in self.column(index) if term is not None]
            if terms and all(isinstance(term, Literal) and holds(term) for term in terms):
                found.append(index)
        return found


def sorted_rows(reader: Reader, rows: Rows, name: str, *, descending: bool) -> Rows:
    """*rows* sorted by the column *name*: numbers by size, then everything else by the text that the reader sees."""
    index = rows.names.index(name)
    named = len(rows.rows) <= _MOST_NAMED
    if named:
        reader.learn(rows.column(index))

    def key(row: tuple[Term | None, ...]) -> tuple[int, float, Key]:
        term = row[index]
        number = number_of(term)
        if term is None or number is not None:
            return (0 if term is None else 1), number or 0.0, ("", "", "")
        return 2, 0.0, reader.sort_key(reader.label(term)[0]) if named else (str(term).casefold(), "", "")

    return Rows(rows.names, sorted(rows.rows, key=key, reverse=descending), rows.is_graph)


def number_of(term: Term | None) -> float | None:
    """The number of a numeric literal; ``None`` for other terms, infinity and NaN."""
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS:
        return None
    try:
        number = float(term.value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def span_of(term: Term | None) -> tuple[float, float] | None:
    """Start and end of a date, month or year, in years with fractions; a day ends where it begins."""
    found = _DATE.match(term.value) if isinstance(term, Literal) and term.datatype.value in _DATES else None
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        start = _fraction(datetime.date(year or 0, month or 1, day or 1))
        if day is not None:
            return start, start
        return start, (_fraction(datetime.date(year or 0, month + 1, 1)) if month and month < 12 else (year or 0) + 1.0)
    except ValueError:
        return None


def _fraction(day: datetime.date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366


def is_number(term: Term | None) -> bool:
    """Whether *term* is a finite number."""
    return number_of(term) is not None


def is_date(term: Term | None) -> bool:
    """Whether *term* is a day, month or year."""
    return span_of(term) is not None
