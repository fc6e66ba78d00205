"""Views of an answer: rows of any query as a table, chart, timeline, map or graph, if their columns suit it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode

from missiongraph.drawings.charts import MOST_BARS, MOST_POINTS, bar_chart, line_chart, steps
from missiongraph.drawings.country_outlines import coasts
from missiongraph.drawings.maps import MOST_PLACES, NARROW, map_of
from missiongraph.drawings.networks import network
from missiongraph.drawings.timelines import Happening, timeline
from missiongraph.engine.protocol import Term
from missiongraph.geometry import Geometry, GeometryFault, is_geometry, point, read_literal
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.answer_rows import Rows, is_date, is_number, number_of, span_of
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import (
    BarChart,
    Column,
    LineChart,
    Link,
    Map,
    Network,
    ResultTable,
    Timeline,
    Value,
)

#: Most rows that the table shows. The other formats have all.
MOST_ROWS = 500

_TEXTS = (f"{formatting.XSD}string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")
_LATITUDE, _LONGITUDE = ("lat", "latitude"), ("long", "lon", "lng", "longitude")


def table(reader: Reader, rows: Rows, by: str | None, address: Callable[[str], str]) -> ResultTable:
    """*rows* as a table.

    :param by: the column it is sorted by, with a hyphen in front if descending
    :param address: gives the address of the table sorted by a column
    """
    reader.learn([term for row in rows.rows for term in row])
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
        for row in rows.rows
    )
    return ResultTable(columns, cells)


def _cell(reader: Reader, term: Term | None, *, is_property: bool) -> Value | None:
    if term is None:
        return None
    value = reader.value(term)
    if is_property and isinstance(term, NamedNode):
        return Value(reader.property_name(term), value.kind, value.href)
    return value


def _measures(rows: Rows) -> list[int]:
    """The columns of numbers that are not coordinates."""
    return [index for index in rows.find(is_number) if index not in (_coordinates(rows) or ())]


def chart(reader: Reader, rows: Rows) -> BarChart | LineChart | None:
    """A chart: numbers over dates as a line, numbers by name as bars, dates alone as bars of rows a year."""
    numbers, dates = _measures(rows), rows.find(is_date)
    if numbers and dates:
        return _line(reader, rows, dates[0], numbers[0])
    if numbers:
        others = [index for index in range(len(rows.names)) if index not in (*numbers, *(_coordinates(rows) or ()))]
        label, value = (others, numbers) if others else (numbers, numbers[1:])
        return _bars(reader, rows, label[0] if value else None, (value or numbers)[0])
    if dates:
        years = Counter(int(span[0]) for term in rows.column(dates[0]) if (span := span_of(term)) is not None)
        counted = [(Value(str(year)), float(count), str(count)) for year, count in sorted(years.items())]
        return bar_chart(rows.names[dates[0]], reader.say("Rows"), counted[:MOST_BARS])
    return None


def _bars(reader: Reader, rows: Rows, label: int | None, value: int) -> BarChart | None:
    kept = [row for row in rows.rows if row[value] is not None][:MOST_BARS]
    reader.learn([row[label] for row in kept] if label is not None else [])
    bars = []
    for place, row in enumerate(kept, start=1):
        name = row[label] if label is not None else None
        number, term = number_of(row[value]), row[value]
        if number is not None and term is not None:
            bars.append(
                (reader.value(name) if name is not None else Value(str(place)), number, reader.value(term).text)
            )
    return bar_chart(rows.names[label] if label is not None else "#", rows.names[value], bars) if bars else None


def _line(reader: Reader, rows: Rows, date: int, value: int) -> LineChart | BarChart | None:
    points = []
    for row in rows.rows:
        span, number, when, term = span_of(row[date]), number_of(row[value]), row[date], row[value]
        if span is not None and number is not None and when is not None and term is not None:
            points.append((span[0], number, reader.value(when).text, reader.value(term).text))
    points.sort()
    if len({year for year, *_ in points}) < 2:
        return _bars(reader, rows, date, value)
    highest, lowest = max(0.0, *(p[1] for p in points)), min(0.0, *(p[1] for p in points))
    marks = [(mark, formatting.format_number(f"{mark:.10g}", reader.language)) for mark in steps(lowest, highest, 6)]
    return line_chart(rows.names[date], rows.names[value], points[:MOST_POINTS], marks)


def _coordinates(rows: Rows) -> tuple[int, int] | None:
    """The columns of latitude and longitude, found by their names."""
    numbers = rows.find(is_number)
    found = [[i for i in numbers if rows.names[i].lower() in names] for names in (_LATITUDE, _LONGITUDE)]
    return (found[0][0], found[1][0]) if all(found) else None


def map_view(reader: Reader, rows: Rows, filled: str | None = None, width: int = NARROW) -> Map | None:
    """A map: each row with a geometry or coordinates as a place, named by its first IRI or text.

    :param filled: the column that must have a value for a filled dot; by default all dots are filled
    :param width: in pixels
    """
    places = list(_places(rows))[:MOST_PLACES]
    reader.learn([name for name, _ in places])
    links = {name: reader.link(name) if isinstance(name, NamedNode) else _text_link(name) for name, _ in places}
    hollow: set[Link] = set()
    if filled in rows.names:
        index = rows.names.index(filled or "")
        full = {term for row in rows.rows if row[index] is not None for term in row}
        hollow = {link for name, link in links.items() if name not in full}
    return map_of([(links[name], at) for name, at in places], coasts(), hollow, width) if places else None


def _text_link(name: Term | None) -> Link:
    return Link(name.value if isinstance(name, Literal) else "·")


def timeline_view(reader: Reader, rows: Rows) -> Timeline | None:
    """A timeline: each row with a date as an event, named by its first IRI and its texts; a second date ends it.

    A property among the values says what happened. A row with ``true`` is a target.
    """
    dates = rows.find(is_date)
    if not dates:
        return None
    reader.learn([term for row in rows.rows for term in row])
    found = (_happening(reader, row, dates) for row in rows.rows)
    return timeline([happening for happening in found if happening is not None])


def _happening(reader: Reader, row: tuple[Term | None, ...], dates: list[int]) -> Happening | None:
    spans = [(row[index], span) for index in dates if (span := span_of(row[index])) is not None]
    if not spans:
        return None
    things = [term for term in row if isinstance(term, NamedNode)]
    texts = [t.value for t in row if isinstance(t, Literal) and t.datatype.value in _TEXTS]
    names = [reader.label(thing)[0] for thing in things if not _is_property(reader, thing)][:1] or texts[:1] or ["·"]
    more = [text for text in texts if text not in names]
    name = f"{names[0]} ({', '.join(more)})" if more else names[0]
    link = Link(name, reader.link(things[0]).href if things else None)
    when = " – ".join(reader.value(term).text for term, _ in spans[:2] if term is not None)
    events = [reader.property_name(thing) for thing in things if _is_property(reader, thing)]
    start, end = spans[0][1][0], max(spans[0][1][1], *(span[1] for _, span in spans[:2]))
    is_target = any(isinstance(term, Literal) and term.value == "true" for term in row)
    return Happening(link, " ".join((*events[:1], when)), start, end, is_target)


def _is_property(reader: Reader, term: NamedNode) -> bool:
    return (term, False) in reader.site.profile.names


def _places(rows: Rows) -> Iterator[tuple[Term | None, Geometry]]:
    columns = _coordinates(rows)
    seen = set()
    for row in rows.rows:
        geometry = _geometry_of(row, columns)
        if geometry is None:
            continue
        things = [term for term in row if isinstance(term, NamedNode)]
        texts = [t for t in row if isinstance(t, Literal) and not is_number(t) and not is_geometry(t)]
        name: Term | None = things[0] if things else texts[0] if texts else None
        if (name, geometry) not in seen:
            seen.add((name, geometry))
            yield name, geometry


def _geometry_of(row: tuple[Term | None, ...], columns: tuple[int, int] | None) -> Geometry | None:
    """The first geometry of a row, else the point of its columns of latitude and longitude."""
    stated = next((term for term in row if isinstance(term, Literal) and is_geometry(term)), None)
    with suppress(GeometryFault):
        if stated is not None:
            geometry = read_literal(stated)
            return None if geometry.is_empty else geometry
        latitude, longitude = (row[column] for column in columns) if columns else (None, None)
        if isinstance(latitude, Literal) and isinstance(longitude, Literal):
            return point(longitude.value, latitude.value)
    return None


def graph_view(reader: Reader, rows: Rows) -> Network | None:
    """A network: triples as edges; of other rows, edges from the first thing of a row to the others."""
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
    """A view of an answer: *suits* says whether rows have the columns that *draw* needs."""

    suits: Callable[[Rows], bool]
    draw: Callable[[Reader, Rows], BarChart | LineChart | Map | Network | Timeline | None]


DRAWINGS = {
    "chart": Drawing(lambda rows: bool(_measures(rows) or rows.find(is_date)), chart),
    "timeline": Drawing(lambda rows: bool(rows.find(is_date)), timeline_view),
    "map": Drawing(lambda rows: next(_places(rows), None) is not None, map_view),
    "graph": Drawing(lambda rows: next(_edges(rows), None) is not None, graph_view),
}
