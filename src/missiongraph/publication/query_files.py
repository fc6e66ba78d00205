"""``.rq`` files and their header block: competency questions, rules, examples and rows of the home page in one.

A header is the block of comment lines at the top of the file::

    # title@en: Members of the Italian Network
    # question@en: Which cities form the Italian Network?
    # expect: VALUES (?city) {
    #   (<id/city/bergamo>)
    # }

``expect`` is inline data of SPARQL (section 10.2) over the query's own variables, read with the query's own
prologue; ``VALUES (?x) {}`` means no row, ``true`` and ``false`` answer an ASK.

A query with a ``view`` is shown as a page, and a ``story`` is told on the home page::

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
from typing import Literal, get_args

from missiongraph.errors import Place, nearest
from missiongraph.publication.reading import FaultyFile, decode, read_all
from missiongraph.publication.source_folder import Publication

Severity = Literal["violation", "warning", "info"]
View = Literal["map", "timeline", "ladder", "chart", "table", "story"]

_LOCAL = ("title", "question", "message", "menu", "names", "caption", "sentence")
_KEYS = (*_LOCAL, "order", "home", "severity", "expect", "view", "filters", "filled", "pages", "lists")
_LINE = re.compile(r"#\s?(?P<key>[a-z]+)(?:@(?P<language>[A-Za-z-]+))?:\s?(?P<value>.*)")
_PROLOGUE = re.compile(r"^\s*(?:PREFIX|BASE)\b[^\n]*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A query with what its header says of it.

    :ivar home: where its rows stand on the home page
    :ivar view: how a page shows its rows; ``None``: no page does
    :ivar menu: what the main navigation calls that page; empty: it does not
    :ivar names: what the page calls the variables, as ``variable = Name; …``
    :ivar caption: what the drawing shows, in a sentence
    :ivar sentence: of a story, with ``{variables}``; one a line
    :ivar filters: variables that a reader may narrow the rows by
    :ivar pages: variables whose things show, on pages of their own, the rows that name them
    :ivar lists: the class whose things its rows are, as an IRI: pages lead here where they lead to a list of them
    :ivar filled: the variable that fills the dot of a map where it has a value
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
    view: View | None = None
    menu: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    caption: dict[str, str] = field(default_factory=dict)
    sentence: dict[str, str] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    lists: str | None = None
    filled: str | None = None

    @property
    def query(self) -> str:
        """The query without its header, as one would show and edit it."""
        lines = self.text.splitlines(keepends=True)
        return "".join(lines[_header_length(lines) :]).strip() + "\n"

    @property
    def expected_query(self) -> str | None:
        """A query that yields the expected rows; none where the header expects none, or an ASK's answer."""
        if self.expect is None or self.expect in ("true", "false"):
            return None
        prologue = "\n".join(_PROLOGUE.findall(self.query))
        return f"{prologue}\nSELECT * WHERE {{ {self.expect} }}"


def read_questions(publication: Publication, files: Sequence[Path]) -> tuple[Question, ...]:
    """The queries of *files*, by their ``order`` and name.

    :raises UnreadableInput: lists every file with an unknown key, a bad value or bytes that are not UTF-8
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
        found = _LINE.fullmatch(line)
        if found is None:  # goes on with the value of the line before
            if key:
                values[key] += "\n" + line.lstrip("#").strip()
            continue
        key = found["key"]
        if key not in _KEYS:
            advice = nearest(key, _KEYS) or f"known: {', '.join(_KEYS)}"
            raise FaultyFile(f"unknown key “{key}” in the header", Place(path, number), advice)
        if key in _LOCAL:
            of_key, language = local[key], found["language"] or ""
            before = f"{of_key[language]}\n" if language in of_key else ""
            of_key[language] = before + found["value"].strip()
            key = ""
        else:
            values[key] = value = found["value"].strip()
            if key == "severity" and value not in ("violation", "warning", "info"):
                raise FaultyFile(f"unknown severity “{value}”", Place(path, number), "violation, warning or info")
            if key == "view" and value not in get_args(View):
                raise FaultyFile(f"unknown view “{value}”", Place(path, number), f"known: {', '.join(get_args(View))}")
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
