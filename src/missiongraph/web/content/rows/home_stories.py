"""The parts of the home page that come from query views: stories and drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from missiongraph.drawings.maps import Map
from missiongraph.engine.protocol import Term
from missiongraph.publication.query_files import Question
from missiongraph.publication.settings import pick
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.layout.page_frame import view_page
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows import view_content
from missiongraph.web.content.rows.answer_rows import Rows
from missiongraph.web.rendering.view_models import Evidence, Link, Value
from missiongraph.web.rendering.view_models.query_views import HomePart, Sentence

#: Places on the home page that the header of a query may name: the head, before or after the disagreement, or beside
#: the part before.
HEAD, PART, LATER, BESIDE = "map", "part", "later", "beside"

#: A blank in a story: ``{variable}`` for its values, ``{variable|words}`` for a link to its first value.
_BLANK = re.compile(r"\{(?P<name>\w+)(?:\|(?P<words>[^}]*))?\}")


def graphs_of(reader: Reader) -> list[NamedNode]:
    """The named graphs that stories rest on; *reader* learns the names of all terms in stories and drawings."""
    views = [(view, view_content.rows_of(reader.site, view)) for view in reader.site.build.views if view.home]
    reader.learn(term for _, rows in views for row in rows.rows for term in row)
    stories = [rows for view, rows in views if view.view == "story" and view_content.EVIDENCE in rows.names]
    found = (term for rows in stories for term in rows.column(rows.names.index(view_content.EVIDENCE)))
    return [graph for graph in found if isinstance(graph, NamedNode)]


def parts(reader: Reader, margin: Margin) -> dict[str, tuple[tuple[HomePart, ...], ...]]:
    """The parts at each place of the home page, in the order of the queries; those side by side are in one tuple.

    :param margin: of the graphs from `graphs_of`
    """
    found: dict[str, list[list[HomePart]]] = {PART: [], LATER: []}
    rows: list[list[HomePart]] = []
    for view in reader.site.build.views:
        if view.home in found:
            rows = found[view.home]
            rows.append([_part(reader, margin, view)])
        elif view.home == BESIDE and rows:
            rows[-1].append(_part(reader, margin, view))
    return {place: tuple(map(tuple, rows)) for place, rows in found.items()}


def head_map(reader: Reader) -> Map | None:
    """The map beside the headline, if a query view has that place."""
    view = next((view for view in reader.site.build.views if view.home == HEAD), None)
    drawn = view_content.draw(reader, view, view_content.rows_of(reader.site, view), wide=False) if view else None
    return drawn if isinstance(drawn, Map) else None


def _part(reader: Reader, margin: Margin, view: Question) -> HomePart:
    rows = view_content.rows_of(reader.site, view)
    language = (reader.language,)
    part = HomePart(pick(view.title, language) or view.name)
    if view.view == "story":
        return replace(part, sentences=tuple(_sentences(reader, margin, view, rows)), href=_address(reader, rows))
    page = reader.href(view_page(view).address())
    return replace(
        part,
        href=page,
        drawing=view_content.draw(reader, view, rows),
        lead=pick(view.question, language) or None,
        caption=pick(view.caption, language) or None,
        more=Link(reader.say("As a table"), f"{page}#page-table"),
    )


def _address(reader: Reader, rows: Rows) -> str | None:
    """The link to the page of ``?thing``, which a story is about."""
    thing = rows.rows[0][rows.names.index("thing")] if rows.rows and "thing" in rows.names else None
    address = reader.site.address_of(thing) if isinstance(thing, NamedNode) else None
    return reader.href(address) if address else None


def _sentences(reader: Reader, margin: Margin, view: Question, rows: Rows) -> Iterator[Sentence]:
    """The sentences of a story for which every variable has a value."""
    values = {name: _values(rows, name) for name in rows.names}
    always = {name for name in rows.names if all(term is not None for term in rows.column(rows.names.index(name)))}
    for number, text in enumerate(pick(view.sentence, (reader.language,)).splitlines()):
        wanted = [match["name"] for match in _BLANK.finditer(text)]
        if all(values.get(name) for name in wanted):
            notes = margin.notes(_graphs(rows, set(wanted) - always), "")
            yield Sentence(tuple(_pieces(reader, text, values)), _named(notes, f"note-{view.name}-{number}"))


def _named(notes: tuple[Evidence, ...], anchor: str) -> tuple[Evidence, ...]:
    return (replace(notes[0], id=anchor), *notes[1:]) if notes else ()


def _values(rows: Rows, name: str) -> tuple[Term, ...]:
    return tuple(term for term in dict.fromkeys(rows.column(rows.names.index(name))) if term is not None)


def _graphs(rows: Rows, names: set[str]) -> list[NamedNode]:
    """The graphs of those rows that bind a variable of *names*."""
    if view_content.EVIDENCE not in rows.names:
        return []
    evidence, columns = rows.names.index(view_content.EVIDENCE), [rows.names.index(name) for name in names]
    found = (row[evidence] for row in rows.rows if any(row[column] is not None for column in columns))
    return list(dict.fromkeys(graph for graph in found if isinstance(graph, NamedNode)))


def _pieces(reader: Reader, text: str, values: dict[str, tuple[Term, ...]]) -> Iterator[tuple[Value, ...]]:
    at = 0
    for match in _BLANK.finditer(text):
        yield (Value(text[at : match.start()]),)
        yield _filled(reader, values[match["name"]], match["words"])
        at = match.end()
    yield (Value(text[at:]),)


def _filled(reader: Reader, terms: Sequence[Term], words: str | None) -> tuple[Value, ...]:
    if words:
        return (replace(reader.value(terms[0]), text=words, lang=None),)
    return tuple(replace(reader.value(term), tag=None) for term in terms)
