"""Tables of records from files (CSV or JSON), and what their columns state.

The data describes the columns with terms of CSV on the Web (Metadata Vocabulary for Tabular Data): ``csvw:title``,
``csvw:propertyUrl``, ``csvw:valueUrl`` (with the cell as ``{name}``), ``csvw:lang``. ``csvw:primaryKey`` names the
column of the key.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.errors import Place, Problem
from missiongraph.evidence.pages.read_page import UnreadablePage, decoded, read_bytes
from missiongraph.vocab import CSVW

#: Largest file that is read.
MOST_BYTES = 64_000_000
_SEPARATORS = (",", ";", "\t", "|")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """A column of a table of records.

    :ivar titles: the titles that it may have in a file
    :ivar states: the property that its cells state
    :ivar template: how a cell becomes an IRI, with ``{}`` for the cell; ``None``: it is a literal
    :ivar language: language tag of its cells
    :ivar is_key: whether its cells identify the rows
    """

    titles: tuple[str, ...]
    states: NamedNode
    template: str | None = None
    language: str | None = None
    is_key: bool = False

    def cell(self, row: Row) -> str | None:
        """Its cell in *row*; ``None`` if the row has no such column."""
        return next((row[title] for title in self.titles if title in row), None)


@dataclass(frozen=True)
class Table:
    """The rows of a file, each as cells by column title, and the digest of the file."""

    rows: tuple[Row, ...]
    digest: str
    name: str


def columns_of(engine: Engine, source: NamedNode) -> tuple[Column, ...]:
    """The columns of the records of *source*, as the data describes them; empty if *source* is no table."""
    text = f"""SELECT ?column ?title ?name ?states ?template ?lang ?key WHERE {{
        {source} {CSVW.tableSchema} ?schema . ?schema {CSVW.column} ?column .
        ?column {CSVW["title"]} ?title ; {CSVW.propertyUrl} ?states .
        OPTIONAL {{ ?column {CSVW["name"]} ?name }} OPTIONAL {{ ?column {CSVW.valueUrl} ?template }}
        OPTIONAL {{ ?column {CSVW.lang} ?lang }} OPTIONAL {{ ?schema {CSVW.primaryKey} ?key }} }} ORDER BY ?title"""
    found: dict[Term, Column] = {}
    for row in rows(engine, text):
        node, name = row["column"], _text(row["name"]) or _text(row["title"])
        earlier = found[node].titles if node in found else ()
        template = _text(row["template"]).replace(f"{{{name}}}", "{}") or None
        found[node] = Column(
            (*earlier, _folded(_text(row["title"]))),
            NamedNode(_text(row["states"])),
            template,
            _text(row["lang"]) or None,
            name == _text(row["key"]),
        )
    return tuple(sorted(found.values(), key=lambda column: (not column.is_key, column.titles)))


def read_table(file: Path, columns: Sequence[Column]) -> Table:
    """Read the table in *file*.

    :raises UnreadablePage: the file cannot be read, is too large, or has none of *columns*
    """
    data = read_bytes(file, MOST_BYTES, "records")
    if len(data) > MOST_BYTES:
        raise _unreadable(file, f"it has more than {MOST_BYTES // 1_000_000} MB", "cut it to the rows that are used")
    text = decoded(data)
    titles = {title for column in columns for title in column.titles}
    found = _json(text) if text.lstrip()[:1] in ("{", "[") else _separated(text, titles)
    if not titles.intersection(*[set().union(*(row.keys() for row in found[:100]))] if found else [()]):
        raise _unreadable(file, f"it has none of the columns {', '.join(sorted(titles))}", "is it the right file?")
    return Table(tuple(found), f"sha256:{sha256(data).hexdigest()}", file.name)


def _json(text: str) -> list[Row]:
    """The objects of a JSON array, or the values of an object of objects; empty if it is neither."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return []
    listed = read.values() if isinstance(read, dict) else read
    return [{_folded(k): _written(v) for k, v in item.items()} for item in listed if isinstance(item, dict)]


def _separated(text: str, titles: set[str]) -> list[Row]:
    """The rows of a CSV text. Its separator is the one that finds most of *titles* in the first line."""
    lines = text.splitlines(keepends=True)
    best: tuple[int, str] = (0, ",")
    for separator in _SEPARATORS:
        try:
            head = next(csv.reader(lines, delimiter=separator), [])
        except csv.Error:
            continue
        best = max(best, (len(titles & {_folded(cell) for cell in head}), separator), key=lambda item: item[0])
    try:
        head, *found = csv.reader(lines, delimiter=best[1])
    except (csv.Error, ValueError):
        return []
    names = [_folded(cell) for cell in head]
    return [dict(zip(names, (cell.strip() for cell in cells), strict=False)) for cells in found]


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _folded(title: str) -> str:
    return " ".join(title.split())


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))


def _unreadable(file: Path, what: str, advice: str) -> UnreadablePage:
    return UnreadablePage(Problem(f"these records cannot be checked: {what}", Place(file.name), advice))
