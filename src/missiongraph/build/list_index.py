"""Writes and reads the index of lists: the statements of the default graph, and names in the order of each language.

It sorts, narrows and counts a list of 42,857 things; the engine takes twenty times as long.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.build.address_index import writing
from missiongraph.engine.protocol import Term
from missiongraph.errors import BuildError, Problem
from missiongraph.graph.statements_and_labels import best_text
from missiongraph.names.collation import collation_key, initial
from missiongraph.vocab import LABEL_PROPERTIES

_SCHEMA = """
CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE statement (property INTEGER, value INTEGER, thing INTEGER, PRIMARY KEY (property, value, thing))
    WITHOUT ROWID;
CREATE TABLE name (language TEXT, thing INTEGER, place INTEGER NOT NULL, initial TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (language, thing)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX by_text ON term (text);
CREATE INDEX by_thing ON statement (thing, property, value);
"""


def write_lists(file: Path, default_graph: Iterable[Triple], quads: Iterable[Quad], languages: Sequence[str]) -> None:
    """Writes the index of *default_graph* to *file*, with the names of its things in *languages*.

    :param quads: all graphs, which give names to things without one in *default_graph*
    """
    stated = [triple for triple in default_graph if isinstance(triple.subject, NamedNode)]
    things = sorted({str(triple.subject) for triple in stated})
    number = {text: place for place, text in enumerate(things)}  # numbers have the order of IRIs
    rows = set()
    labels: dict[str, list[Triple]] = defaultdict(list)
    for triple in stated:
        terms = (str(triple.predicate), str(triple.object), str(triple.subject))
        rows.add(tuple(number.setdefault(text, len(number)) for text in terms))
        if triple.predicate in LABEL_PROPERTIES:
            labels[terms[2]].append(triple)
    elsewhere: dict[str, list[Triple]] = defaultdict(list)
    for quad in quads:
        if quad.predicate in LABEL_PROPERTIES and str(quad.subject) not in labels:
            elsewhere[str(quad.subject)].append(quad.triple)
    with writing(file) as connection:
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO term VALUES (?, ?)", ((at, text) for text, at in number.items()))
        connection.executemany("INSERT INTO statement VALUES (?, ?, ?)", sorted(rows))
        for language in languages:
            names = [_name(thing, labels.get(thing) or elsewhere[thing], language) for thing in things]
            order = sorted(range(len(things)), key=lambda at: (collation_key(names[at], language), at))
            connection.executemany(
                "INSERT INTO name VALUES (?, ?, ?, ?, ?)",
                ((language, at, place, initial(names[at], language), names[at]) for place, at in enumerate(order)),
            )
        connection.executescript(_INDEXES)


def _name(thing: str, labels: Iterable[Triple], language: str) -> str:
    """The name of a thing for a reader of *language*; without one, the last part of its IRI."""
    found = best_text(labels, LABEL_PROPERTIES, language)
    return found[0] if found else thing[1:-1].rstrip("/#").rpartition("#")[2].rpartition("/")[2]


class ListIndex:
    """Reads the index of a build; safe to share between threads. Its methods use numbers for terms."""

    def __init__(self, file: Path) -> None:
        """:raises BuildError: *file* is no index"""
        try:
            self._connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self._connection.execute("SELECT 1 FROM term LIMIT 1")
        except sqlite3.Error as error:
            raise BuildError(Problem(f"cannot open the index {file}: {error}", advice="build again")) from None

    def number(self, term: Term) -> int | None:
        """The number of *term*; ``None`` if no statement has it."""
        row = self._connection.execute("SELECT id FROM term WHERE text = ?", (str(term),)).fetchone()
        return row[0] if row else None

    def terms(self, numbers: Collection[int]) -> dict[int, Term]:
        """The terms with these *numbers*."""
        return {number: term_of(text) for number, text in self.texts(numbers).items()}

    def texts(self, numbers: Collection[int]) -> dict[int, str]:
        """The terms with these *numbers*, as N-Triples write them."""
        return dict(self._many("SELECT id, text FROM term WHERE id IN (%s)", numbers))

    def things(self, predicate: NamedNode, value: Term) -> array[int]:
        """The things with *value* as a value of *predicate*, in order of IRI."""
        ends = self.number(predicate), self.number(value)
        text = "SELECT thing FROM statement WHERE property = ? AND value = ?"
        return array("q", (row[0] for row in self._connection.execute(text, ends)))

    def pairs(self, predicate: int, most: int) -> list[tuple[int, int]] | None:
        """All pairs of value and thing of *predicate*; ``None`` if there are more than *most*."""
        text = "SELECT value, thing FROM statement WHERE property = ? LIMIT ?"
        found = self._connection.execute(text, (predicate, most + 1)).fetchall()
        return found if len(found) <= most else None

    def statements(self, things: Collection[int], properties: Collection[int] = ()) -> Iterator[tuple[int, int, int]]:
        """Yields thing, property and value of each statement about *things*; if given, only with *properties*."""
        among = f" AND property IN ({', '.join(map(str, properties))})" if properties else ""
        return self._many("SELECT thing, property, value FROM statement WHERE thing IN (%s)" + among, things)

    def names(self, things: Collection[int], language: str) -> Iterator[tuple[int, int, str, str]]:
        """Yields number, place among all names in *language*, initial and name of each of *things*."""
        text = "SELECT thing, place, initial, text FROM name WHERE language = ? AND thing IN (%s)"
        return self._many(text, things, language)

    def _many(self, text: str, numbers: Collection[int], *given: str) -> Iterator[tuple[Any, ...]]:
        wanted = list(numbers)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            yield from self._connection.execute(text % ", ".join(map(str, some)), given)


#: The most numbers in one SQL query.
_AT_ONCE = 5_000


def term_of(text: str) -> Term:
    """The term that N-Triples write as *text*.

    >>> term_of('"Ciao"@it').language
    'it'
    """
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    found: Term = next(parse(f"<x:> <x:> {text} .", RdfFormat.N_TRIPLES)).object
    return found
