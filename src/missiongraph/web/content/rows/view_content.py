"""The content of a query view: its rows, filtered by the reader's choices, as a drawing and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions

from missiongraph.drawings.maps import NARROW, WIDE
from missiongraph.drawings.role_diagrams import MOST_SIDES, Ladder, Role, ladder
from missiongraph.engine.protocol import Term
from missiongraph.geometry import is_geometry
from missiongraph.publication.query_files import Question
from missiongraph.publication.settings import pick
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.layout.page_frame import view_page
from missiongraph.web.content.layout.term_writer import Reader, upper_first
from missiongraph.web.content.rows.answer_rows import Rows
from missiongraph.web.content.rows.row_views import DRAWINGS, map_view
from missiongraph.web.context.site import Site
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Choice, Evidence, Link, Value
from missiongraph.web.rendering.view_models.query_views import Drawing, Filter, ListedRow, Listing, ThingPart

#: The column of named graphs that a row rests on, and the column that marks a target.
EVIDENCE, TARGET = "evidence", "target"

#: The column of the thing that a row is about; a ladder has the undertaking there, then the role, then its member.
_THING, _ROLE, _MEMBER = 0, 1, 2

#: Most rows on a page. The CSV has all.
MOST_ROWS = 1000

#: Most values in a select box.
_MOST_CHOICES = 200

_HIDDEN = (EVIDENCE, TARGET)

#: A row of any query.
Row = tuple[Term | None, ...]


def rows_of(site: Site, view: Question) -> Rows:
    """All rows of *view*. The query is evaluated once and its rows are kept.

    :raises TypeError: if it is not a SELECT query
    """
    if view.path not in site.view_rows:
        answer = site.engine.query(view.text, prefixes=site.build.prefixes)
        if not isinstance(answer, QuerySolutions):
            raise TypeError(f"{view.path} is not a SELECT query")
        found = Rows.of_solutions(answer)
        site.view_rows[view.path] = (found.names, found.rows)
    return Rows(*site.view_rows[view.path])


def rows_about(site: Site, view: Question, name: str, thing: NamedNode) -> Rows:
    """The rows of *view* in which the variable *name* is *thing*."""
    rows = rows_of(site, view)
    key = view.name, name
    if key not in site.view_parts:
        index = rows.names.index(name)
        by_value: dict[Term | None, list[Row]] = {}
        for row in rows.rows:
            by_value.setdefault(row[index], []).append(row)
        site.view_parts[key] = by_value
    return Rows(rows.names, site.view_parts[key].get(thing, []))


def parts_about(reader: Reader, thing: NamedNode) -> tuple[ThingPart, ...]:
    """The parts of query views on the page of *thing*, each linked to its view, filtered by *thing* if it can be."""
    found = []
    for view in reader.site.build.views:
        for name in view.pages if view.is_page else ():
            rows = rows_about(reader.site, view, name, thing)
            if rows.rows:
                narrow = name in view.filters and not reader.site.static  # an export has views without filters only
                page = view_page(view, {name: thing.value} if narrow else None)
                title = pick(view.title, (reader.language,)) or view.name
                caption = pick(view.caption, (reader.language,)) or None
                drawn = _whole_ladder(reader, view, thing)
                whole = drawn is not None
                listed = listing(
                    reader, view, rows_of(reader.site, view) if whole else rows, without="" if whole else name
                )
                drawn = drawn or draw(reader, view, rows, wide=False)
                found.append(ThingPart(title, reader.href(page.address()), listed, drawn, caption, whole))
    return tuple(found)


def _whole_ladder(reader: Reader, view: Question, thing: NamedNode) -> Drawing | None:
    """The ladder of all rows if it has *thing*: it shows what undertakings share, which the rows of one cannot."""
    if view.view != "ladder":
        return None
    rows = rows_of(reader.site, view)
    parts = [part for row in rows.rows if (part := _role_in(row)) is not None]
    drawn = list(dict.fromkeys(part.undertaking for part in parts))[:MOST_SIDES]
    if not any(thing in part for part in parts if part.undertaking in drawn):
        return None
    return draw(reader, view, rows, wide=False)


def own_rows(reader: Reader, rows: Rows) -> Rows:
    """*rows* without those with texts in other languages; all rows if none would be left."""

    def languages(row: Row) -> set[str]:
        return {t.language.split("-")[0] for t in row if isinstance(t, Literal) and t.language}

    own = [row for row in rows.rows if languages(row) <= {reader.language}]
    return Rows(rows.names, own) if own else rows


def narrowed(rows: Rows, chosen: Mapping[str, str]) -> Rows:
    """The rows of things that have every *chosen* value of a column, if only in some of their rows."""
    kept = rows.rows
    for name, value in chosen.items():
        index = rows.names.index(name)
        things = {row[_THING] for row in kept if text_of(row[index]) == value}
        kept = [row for row in kept if row[_THING] in things]
    return Rows(rows.names, kept)


def text_of(term: Term | None) -> str:
    """*term* as the value of a query parameter."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


def choices(rows: Rows, name: str) -> tuple[Term, ...]:
    """The values of the column *name* to choose from."""
    terms = dict.fromkeys(rows.column(rows.names.index(name)))
    return tuple(term for term in terms if isinstance(term, NamedNode | Literal))[:_MOST_CHOICES]


def column_names(view: Question, rows: Rows, language: str) -> dict[str, str]:
    """The name of each column by its variable: the one in the header of the query, else the variable as words."""
    stated = pick(view.names, (language,))
    pairs = (pair.partition("=") for pair in stated.split(";") if "=" in pair)
    named = {name.strip(): words.strip() for name, _, words in pairs}
    return {name: named.get(name) or upper_first(formatting.humanise(name)) for name in rows.names}


def filters(reader: Reader, view: Question, rows: Rows, chosen: Mapping[str, str]) -> tuple[Filter, ...]:
    """A select box for each variable that the header names as a filter, with the values sorted by name."""
    names = column_names(view, rows, reader.language)
    found = []
    for name in view.filters:
        terms = choices(rows, name)
        reader.learn(terms)
        offered = sorted(((reader.value(t).text, text_of(t)) for t in terms), key=lambda pair: reader.sort_key(pair[0]))
        options = tuple(Choice(value, text, value == chosen.get(name)) for text, value in offered)
        found.append(Filter(name, names[name], (Choice("", reader.say("All"), name not in chosen), *options)))
    return tuple(found)


def draw(reader: Reader, view: Question, rows: Rows, *, wide: bool = True) -> Drawing | None:
    """*rows* as *view* draws them; ``None`` if it draws nothing.

    :param wide: whether the drawing is the main part of its page
    """
    shown = own_rows(reader, rows)
    if view.view == "map":
        return map_view(reader, shown, view.filled, WIDE if wide else NARROW)
    if view.view == "ladder":
        return _ladder(reader, shown)
    if view.view in DRAWINGS:
        names = column_names(view, rows, reader.language)
        kept = [index for index, name in enumerate(shown.names) if name != EVIDENCE]
        kept_names = tuple(names[shown.names[index]] for index in kept)
        return DRAWINGS[view.view].draw(reader, Rows(kept_names, list(dict.fromkeys(_picked(shown.rows, kept)))))
    return None


def _picked(rows: Sequence[Row], columns: Sequence[int]) -> Iterator[Row]:
    return (tuple(row[index] for index in columns) for row in rows)


class _RoleTerms(NamedTuple):
    """What a row of a role ladder says: its first three columns."""

    undertaking: Term
    role: Term
    member: Term


def _role_in(row: Row) -> _RoleTerms | None:
    """The role that a row says somebody has; ``None`` if one of the three columns is unbound."""
    undertaking, role, member, *_ = row
    if undertaking is None or role is None or member is None:
        return None
    return _RoleTerms(undertaking, role, member)


def _roles(reader: Reader, rows: Rows) -> list[Role[Term]]:
    """The roles of all rows, each once, with their names."""
    reader.learn([term for row in rows.rows for term in row])
    found = dict.fromkeys(part for row in rows.rows if (part := _role_in(row)) is not None)
    return [Role(part.undertaking, _role_name(reader, part.role), part.member) for part in found]


def _role_name(reader: Reader, term: Term) -> str:
    return upper_first(reader.label(term)[0]) if isinstance(term, NamedNode) else reader.value(term).text


def _ladder(reader: Reader, rows: Rows) -> Ladder | None:
    roles = _roles(reader, rows)
    terms = {term for role in roles for term in (role.undertaking, role.member)}
    links = {term: reader.link(term) if isinstance(term, NamedNode) else Link(text_of(term)) for term in terms}
    return ladder(roles, links, reader.sort_key)


def listing(reader: Reader, view: Question, rows: Rows, *, without: str = "") -> Listing:
    """*rows* as a table: one line a thing for a map, one line a member for a ladder, else one line a row.

    :param without: a variable whose column is left out
    """
    shown = own_rows(reader, rows)
    if view.view == "ladder":
        return _roles_listed(reader, view, shown)
    hidden = (*_HIDDEN, without)
    kept = [i for i, name in enumerate(shown.names) if name not in hidden and not _is_geometry(shown.column(i))]
    lines = _lines(shown.rows, [_THING] if view.view == "map" else kept)[:MOST_ROWS]
    reader.learn([term for line in lines for row in line for term in row])
    names, notes = column_names(view, shown, reader.language), _RowNotes(reader, shown)
    first = names[shown.names[_THING]]
    return Listing(
        tuple(names[shown.names[index]] for index in kept),
        tuple(
            ListedRow(tuple(_cell(reader, [row[index] for row in line]) for index in kept), notes.of(line, first))
            for line in lines
        ),
    )


class _RowNotes:
    """The margin notes of rows by their column of named graphs, which are read at once."""

    def __init__(self, reader: Reader, rows: Rows) -> None:
        self._index = rows.names.index(EVIDENCE) if EVIDENCE in rows.names else None
        graphs = self._graphs(rows.rows)
        self._margin = Margin(reader, graphs) if graphs else None

    def _graphs(self, rows: Sequence[Row]) -> list[NamedNode]:
        if self._index is None:
            return []
        return list(dict.fromkeys(graph for row in rows if isinstance(graph := row[self._index], NamedNode)))

    def of(self, rows: Sequence[Row], label: str) -> tuple[Evidence, ...]:
        return self._margin.notes(self._graphs(rows), label) if self._margin else ()


def _is_geometry(column: Sequence[Term | None]) -> bool:
    terms = [term for term in column if term is not None]
    return bool(terms) and all(map(is_geometry, terms))


def _lines(rows: Sequence[Row], columns: Sequence[int]) -> list[list[Row]]:
    """Groups of rows with equal values in *columns*."""
    found: dict[Row, list[Row]] = {}
    for key, row in zip(_picked(rows, columns), rows, strict=True):
        found.setdefault(key, []).append(row)
    return list(found.values())


def _cell(reader: Reader, terms: Sequence[Term | None]) -> tuple[Value, ...]:
    return tuple(_shown(reader, term) for term in dict.fromkeys(terms) if term is not None)


def _shown(reader: Reader, term: Term) -> Value:
    value = reader.value(term)
    is_property = isinstance(term, NamedNode) and (term, False) in reader.site.profile.names
    return Value(_role_name(reader, term)) if is_property else value


def _roles_listed(reader: Reader, view: Question, rows: Rows) -> Listing:
    roles, names = _roles(reader, rows), column_names(view, rows, reader.language)
    undertakings = list(dict.fromkeys(role.undertaking for role in roles))
    members = sorted(dict.fromkeys(role.member for role in roles), key=lambda m: reader.sort_key(reader.value(m).text))
    notes = _RowNotes(reader, rows)
    return Listing(
        (names[rows.names[_MEMBER]], *(reader.value(undertaking).text for undertaking in undertakings)),
        tuple(
            ListedRow(
                (
                    (reader.value(member),),
                    *(
                        tuple(Value(r.role) for r in roles if (r.undertaking, r.member) == (undertaking, member))
                        for undertaking in undertakings
                    ),
                ),
                notes.of([row for row in rows.rows if row[_MEMBER] == member], names[rows.names[_ROLE]]),
            )
            for member in members
        ),
    )
