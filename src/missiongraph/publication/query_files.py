"""Reads query files (``.rq``) with their headers: competency questions, rules, and views that pages draw.

The header is the block of comment lines at the top of the file::

    # title@en: Members of the Italian Network
    # question@en: Which cities form the Italian Network?
    # expect: VALUES (?city) {
    #   (<id/city/bergamo>)
    # }

``expect`` states the expected rows as inline data (SPARQL 1.1, section 10.2) over the query's own variables; the
prologue of the query holds for it. ``VALUES (?x) {}`` expects no row; ``true`` or ``false`` is the answer of an ASK.

A query with a ``view`` is a page that draws its rows. The view ``story`` is a sentence of the home page::

    # title@en: Mission cities
    # menu@en: Map
    # names@en: entry = City; round = Label round
    # view: map
    # filters: round
    # filled: round
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from missiongraph.errors import Place, nearest
from missiongraph.publication.rdf_files import FaultyFile, decode, read_all
from missiongraph.publication.source_folder import Publication
from missiongraph.publication.view_kinds import VIEW_KINDS, ViewKind

Severity = Literal["violation", "warning", "info"]

_LOCAL = ("title", "question", "message", "menu", "names", "caption", "sentence")
_KEYS = (*_LOCAL, "order", "home", "severity", "expect", "view", "filters", "filled", "pages", "lists")
_LINE = re.compile(r"#\s?(?P<key>[a-z]+)(?:@(?P<language>[A-Za-z-]+))?:\s?(?P<value>.*)")
_PROLOGUE = re.compile(r"^\s*(?:PREFIX|BASE)\b[^\n]*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A query file: the query, and the keys of its header. Texts are held by language tag.

    :ivar home: the place of its rows on the home page
    :ivar view: how a page draws its rows; ``None`` if no page does
    :ivar menu: the name of that page in the main navigation; empty if it is not listed there
    :ivar names: the names of the variables on the page, as ``variable = Name; …``
    :ivar caption: a sentence that says what the drawing shows
    :ivar sentence: the sentences of a story, one a line, with ``{variable}`` as blanks
    :ivar filters: the variables by which a reader may narrow the rows
    :ivar pages: variables; the page of each thing that they take shows the rows with that thing
    :ivar lists: the IRI of a class; links to the list of its instances lead to this page instead
    :ivar filled: a variable; a map fills the dots of rows in which it has a value
    """

    name: str
    path: str
    text: str
    title: dict[str, str] = field(default_factory=dict)
    question: dict[str, str] = field(default_factory=dict)
    message: dict[str, str] = field(default_factory=dict)
    expect: str | None = None
    order: int = 1000
    home: str | None = None
    severity: Severity = "violation"
    view: ViewKind | None = None
    menu: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    caption: dict[str, str] = field(default_factory=dict)
    sentence: dict[str, str] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    lists: str | None = None
    filled: str | None = None

    @property
    def is_page(self) -> bool:
        """Whether a page of its own draws the rows. A story is a sentence of the home page instead."""
        return self.view not in (None, "story")

    @property
    def query(self) -> str:
        """The query without its header, as pages and the editor show it."""
        lines = self.text.splitlines(keepends=True)
        return "".join(lines[_header_length(lines) :]).strip() + "\n"

    @property
    def expected_query(self) -> str | None:
        """A query whose answer is the expected rows; ``None`` if the header has no ``expect``, or that of an ASK."""
        if self.expect is None or self.expect in ("true", "false"):
            return None
        prologue = "\n".join(_PROLOGUE.findall(self.query))
        return f"{prologue}\nSELECT * WHERE {{ {self.expect} }}"


def read_questions(publication: Publication, files: Sequence[Path]) -> tuple[Question, ...]:
    """Reads the queries of *files*, sorted by the ``order`` of their headers, then by name.

    :raises UnreadableInput: an unknown key, a bad value or bytes that are not UTF-8; it lists all such files
    """
    questions = read_all(files, lambda file: _read_question(publication.path_of(file), file))
    return tuple(sorted(questions, key=lambda question: (question.order, question.name)))


def _read_question(path: str, file: Path) -> Question:
    text = decode(file.read_bytes(), path)
    lines = text.splitlines()
    values: dict[str, str] = {}
    local: dict[str, dict[str, str]] = {key: {} for key in _LOCAL}
    key = ""
    for number, line in enumerate(lines[: _header_length(lines)], start=1):
        match = _LINE.fullmatch(line)
        if match is None:  # a comment; after ``expect``, the next line of the inline data
            if key == "expect":
                values[key] += "\n" + line.lstrip("#").strip()
            continue
        key = match["key"]
        if key not in _KEYS:
            advice = nearest(key, _KEYS) or f"known: {', '.join(_KEYS)}"
            raise FaultyFile(f"unknown key “{key}” in the header", Place(path, number), advice)
        if key in _LOCAL:
            of_key, language = local[key], match["language"] or ""
            before = f"{of_key[language]}\n" if language in of_key else ""
            of_key[language] = before + match["value"].strip()
            key = ""
        else:
            values[key] = value = match["value"].strip()
            if key == "severity" and value not in ("violation", "warning", "info"):
                raise FaultyFile(f"unknown severity “{value}”", Place(path, number), "violation, warning or info")
            if key == "view" and value not in VIEW_KINDS:
                raise FaultyFile(f"unknown view “{value}”", Place(path, number), f"known: {', '.join(VIEW_KINDS)}")
            if key == "order" and not value.isdecimal():
                raise FaultyFile(f"the order “{value}” is not a number", Place(path, number))
    return Question(
        name=file.stem,
        path=path,
        text=text,
        **local,
        expect=values.get("expect"),
        order=int(values.get("order", "1000")),
        home=values.get("home"),
        severity=values.get("severity", "violation"),  # type: ignore[arg-type]  # one of the three, as checked above
        view=values.get("view"),  # type: ignore[arg-type]  # likewise
        filters=_variables(values.get("filters")),
        pages=_variables(values.get("pages")),
        lists=values.get("lists"),
        filled=values.get("filled"),
    )


def _variables(value: str | None) -> tuple[str, ...]:
    return tuple(re.split(r"[,\s]+", value)) if value else ()


def _header_length(lines: Sequence[str]) -> int:
    return next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
