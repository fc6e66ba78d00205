"""The views of an answer: any rows of terms as a table, and as chart, map or graph where they hold what it takes."""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, parse

from missiongraph.engine.protocol import Term
from missiongraph.web import formatting
from missiongraph.web.coasts import coasts
from missiongraph.web.reader import Reader
from missiongraph.web.views import BarChart, Column, LineChart, Link, Map, Network, ResultTable, Value
from missiongraph.web.views.charts import MOST_BARS, MOST_POINTS, bar_chart, line_chart, steps
from missiongraph.web.views.maps import MOST_PLACES, map_of
from missiongraph.web.views.networks import network
from missiongraph.web.wording import message

#: Rows of an answer that the table shows; every other format has all of them.
MOST_ROWS = 500

#: Rows up to which names, not IRIs, decide the order of things.
_MOST_NAMED = 5_000

_LATITUDE, _LONGITUDE = ("lat", "latitude"), ("long", "lon", "lng", "longitude")
_NUMBERS = formatting.INTEGERS | formatting.DECIMALS
_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?")
_DATES = frozenset(f"{formatting.XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth"))
_TRIPLE = (message("subject"), message("property"), message("object"))


@dataclass(frozen=True)
class Rows:
    """An answer as rows of terms.

    :ivar is_graph: the rows are triples
    """

    names: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]
    is_graph: bool = False

    @classmethod
    def of_solutions(cls, answer: QuerySolutions) -> Rows:
        """The rows of a SELECT."""
        names = tuple(variable.value for variable in answer.variables)
        return cls(names, [tuple(row[name] for name in names) for row in answer])

    @classmethod
    def of_graph(cls, turtle: bytes) -> Rows:
        """The triples of a CONSTRUCT or DESCRIBE."""
        quads = parse(turtle, RdfFormat.TURTLE)
        rows: list[tuple[Term | None, ...]] = [(quad.subject, quad.predicate, quad.object) for quad in quads]
        return cls(_TRIPLE, rows, is_graph=True)

    def column(self, index: int) -> list[Term | None]:
        """The terms of a column."""
        return [row[index] for row in self.rows]

    def find(self, holds: Callable[[Literal], bool]) -> list[int]:
        """Columns of literals that all hold, in at least one row."""
        found = []
        for index in range(len(self.names)):
            terms = [term for term in self.column(index) if term is not None]
            if terms and all(isinstance(term, Literal) and holds(term) for term in terms):
                found.append(index)
        return found


def sorted_rows(reader: Reader, rows: Rows, name: str, *, descending: bool) -> Rows:
    """*rows* by the column called *name*: numbers by size, everything else by what the reader sees."""
    index = rows.names.index(name)
    named = len(rows.rows) <= _MOST_NAMED
    if named:
        reader.learn(rows.column(index))

    def key(row: tuple[Term | None, ...]) -> tuple[int, float, str]:
        term = row[index]
        number = _number(term)
        if term is None or number is not None:
            return (0 if term is None else 1), number or 0.0, ""
        text = reader.label(term)[0] if named else str(term)
        return 2, 0.0, text.casefold()

    return Rows(rows.names, sorted(rows.rows, key=key, reverse=descending), rows.is_graph)


def table(reader: Reader, rows: Rows, by: str | None, address: Callable[[str], str]) -> ResultTable:
    """The first rows; each heading leads to *address* of the order by its column, with a hyphen for descending."""
    shown = rows.rows[:MOST_ROWS]
    reader.learn([term for row in shown for term in row])
    columns = tuple(
        Column(
            reader.say(name) if rows.is_graph else name,
            address(f"-{name}" if by == name else name),
            {name: "ascending", f"-{name}": "descending"}.get(by or ""),  # type: ignore[arg-type]  # literals
        )
        for name in rows.names
    )
    cells = tuple(
        tuple(_cell(reader, term, is_property=rows.is_graph and index == 1) for index, term in enumerate(row))
        for row in shown
    )
    return ResultTable(columns, cells)


def _cell(reader: Reader, term: Term | None, *, is_property: bool) -> Value | None:
    if term is None:
        return None
    value = reader.value(term)
    if is_property and isinstance(term, NamedNode):
        return Value(reader.property_name(term), value.kind, value.href)
    return value


def _number(term: Term | None) -> float | None:
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS:
        return None
    try:
        number = float(term.value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _year(term: Term | None) -> float | None:
    """A date as a year with its fraction."""
    found = _DATE.match(term.value) if isinstance(term, Literal) and term.datatype.value in _DATES else None
    if found is None:
        return None
    try:
        day = datetime.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _is_number(term: Term | None) -> bool:
    return _number(term) is not None


def _is_date(term: Term | None) -> bool:
    return _year(term) is not None


def _measures(rows: Rows) -> list[int]:
    """Columns of numbers that are no coordinates."""
    return [index for index in rows.find(_is_number) if index not in (_coordinates(rows) or ())]


def chart(reader: Reader, rows: Rows) -> BarChart | LineChart | None:
    """Numbers over dates as a line, else beside names as bars; dates alone as rows a year."""
    numbers, dates = _measures(rows), rows.find(_is_date)
    if numbers and dates:
        return _line(reader, rows, dates[0], numbers[0])
    if numbers:
        others = [index for index in range(len(rows.names)) if index not in (*numbers, *(_coordinates(rows) or ()))]
        label, value = (others, numbers) if others else (numbers, numbers[1:])
        return _bars(reader, rows, label[0] if value else None, (value or numbers)[0])
    if dates:
        years = Counter(int(year) for term in rows.column(dates[0]) if (year := _year(term)) is not None)
        counted = [(Value(str(year)), float(count), str(count)) for year, count in sorted(years.items())]
        return bar_chart(rows.names[dates[0]], reader.say("Rows"), counted[:MOST_BARS])
    return None


def _bars(reader: Reader, rows: Rows, label: int | None, value: int) -> BarChart | None:
    kept = [row for row in rows.rows if row[value] is not None][:MOST_BARS]
    reader.learn([row[label] for row in kept] if label is not None else [])
    bars = []
    for place, row in enumerate(kept, start=1):
        name = row[label] if label is not None else None
        number, term = _number(row[value]), row[value]
        if number is not None and term is not None:
            bars.append(
                (reader.value(name) if name is not None else Value(str(place)), number, reader.value(term).text)
            )
    return bar_chart(rows.names[label] if label is not None else "#", rows.names[value], bars) if bars else None


def _line(reader: Reader, rows: Rows, date: int, value: int) -> LineChart | BarChart | None:
    points = []
    for row in rows.rows:
        year, number, when, term = _year(row[date]), _number(row[value]), row[date], row[value]
        if year is not None and number is not None and when is not None and term is not None:
            points.append((year, number, reader.value(when).text, reader.value(term).text))
    points.sort()
    if len({year for year, *_ in points}) < 2:
        return _bars(reader, rows, date, value)
    highest, lowest = max(0.0, *(p[1] for p in points)), min(0.0, *(p[1] for p in points))
    marks = [(mark, formatting.format_number(f"{mark:.10g}", reader.language)) for mark in steps(lowest, highest, 6)]
    return line_chart(rows.names[date], rows.names[value], points[:MOST_POINTS], marks)


def _coordinates(rows: Rows) -> tuple[int, int] | None:
    """The columns of latitude and longitude, by their names."""
    numbers = rows.find(_is_number)
    found = [[i for i in numbers if rows.names[i].lower() in names] for names in (_LATITUDE, _LONGITUDE)]
    return (found[0][0], found[1][0]) if all(found) else None


def map_view(reader: Reader, rows: Rows) -> Map | None:
    """Each row with a position as a place, called by its first thing or text."""
    places = list(_places(rows))[:MOST_PLACES]
    reader.learn([name for name, _, _ in places])
    found = []
    for name, longitude, latitude in places:
        if isinstance(name, NamedNode):
            link = reader.link(name)
        else:
            link = Link(name.value if isinstance(name, Literal) else "·")
        found.append((link, longitude, latitude))
    return map_of(found, coasts()) if found else None


def _places(rows: Rows) -> Iterator[tuple[Term | None, float, float]]:
    columns = _coordinates(rows)
    seen = set()
    for row in rows.rows:
        position: tuple[str, str] | None = None
        for term in row:
            if isinstance(term, Literal) and term.datatype.value == formatting.WKT:
                position = formatting.point(term.value)
                break
        if position is None and columns is not None:
            latitude, longitude = row[columns[0]], row[columns[1]]
            if isinstance(latitude, Literal) and isinstance(longitude, Literal):
                position = latitude.value, longitude.value
        if position is None:
            continue
        north, east = float(position[0]), float(position[1])
        things = [term for term in row if isinstance(term, NamedNode)]
        texts = [t for t in row if isinstance(t, Literal) and not _is_number(t) and t.datatype.value != formatting.WKT]
        name: Term | None = things[0] if things else texts[0] if texts else None
        if abs(north) <= 90 and abs(east) <= 180 and (name, position) not in seen:
            seen.add((name, position))
            yield name, east, north


def graph_view(reader: Reader, rows: Rows) -> Network | None:
    """Triples between things; of a table, lines from the first thing of a row to its others."""
    edges = list(islice(_edges(rows), MOST_ROWS))
    nodes = list(dict.fromkeys(node for source, _, target in edges for node in (source, target)))
    reader.learn([*nodes, *(label for _, label, _ in edges if isinstance(label, NamedNode))])
    links = {node: reader.link(node) if isinstance(node, NamedNode) else Link(str(node)) for node in nodes}
    named = [(s, reader.property_name(p) if isinstance(p, NamedNode) else p, t) for s, p, t in edges]
    return network(named, links)


def _edges(rows: Rows) -> Iterator[tuple[Term, NamedNode | str, Term]]:
    for row in rows.rows:
        if rows.is_graph:
            subject, predicate, target = row
            if subject is not None and isinstance(predicate, NamedNode) and not isinstance(target, Literal | None):
                yield subject, predicate, target
        else:
            things = [
                (name, term)
                for name, term in zip(rows.names, row, strict=True)
                if term is not None and not isinstance(term, Literal)
            ]
            yield from ((things[0][1], name, term) for name, term in things[1:] if term != things[0][1])


@dataclass(frozen=True)
class Drawing:
    """A view that needs rows of a certain kind, which *suits* finds out before anything is drawn."""

    suits: Callable[[Rows], bool]
    draw: Callable[[Reader, Rows], BarChart | LineChart | Map | Network | None]


DRAWINGS = {
    "chart": Drawing(lambda rows: bool(_measures(rows) or rows.find(_is_date)), chart),
    "map": Drawing(lambda rows: next(_places(rows), None) is not None, map_view),
    "graph": Drawing(lambda rows: next(_edges(rows), None) is not None, graph_view),
}
