"""Reads the records of a CSV file as its dialect says (Tabular Data Model, section 8; Metadata Vocabulary, 5.9)."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from missiongraph.errors import Place
from missiongraph.publication.rdf_files import FaultyFile, decode

csv.field_size_limit(sys.maxsize)  # the outline of a country exceeds the library's limit for a cell

_LINES = {frozenset(("\r\n", "\n")): r"[^\n]*\n|[^\n]+", frozenset(("\n",)): r"[^\n]*\n|[^\n]+"}
_ANY_LINES = r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+"
_KNOWN_LINES = frozenset(("\r\n", "\n", "\r"))


@dataclass(frozen=True)
class Record:
    """The cells of a row that begins in *line* of the file; *number* counts the rows of the file from 1."""

    line: int
    number: int
    cells: list[str]


def check_dialect(dialect: Any, place: Place) -> None:
    """Checks that :func:`records_of` supports *dialect*, which is described at *place*.

    :raises FaultyFile: it does not; the message names the property
    """
    for name in ("delimiter", "quoteChar"):
        sign = getattr(dialect, name)
        if sign is not None and len(sign) != 1:
            raise FaultyFile(f"dialect: {name} “{sign}” is not one sign", place, "separate cells by one sign")
    if unknown := [end for end in dialect.line_terminators if end not in _KNOWN_LINES]:
        advice = "end rows by a line break"
        raise FaultyFile(f"dialect: lineTerminators “{unknown[0]}” are not followed", place, advice)


def records_of(content: bytes, path: str, dialect: Any) -> Iterator[Record]:
    """Yields the records of a file, without comments and what *dialect* skips, but with the header.

    :param path: what messages call the file
    :raises FaultyFile: *content* is not in the encoding of *dialect*, or is no CSV
    """
    lines = _Lines(_text(content, path, dialect), dialect)
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quoteChar,
        quoting=csv.QUOTE_MINIMAL if dialect.quoteChar else csv.QUOTE_NONE,
        doublequote=dialect.doubleQuote,
        escapechar=None if dialect.doubleQuote else "\\",
        skipinitialspace=dialect.skipInitialSpace,
        strict=True,
    )
    number = 0
    try:
        while (cells := lines.next_record(reader, comments=number >= dialect.skipRows)) is not None:
            number += 1
            cells = [dialect.trimmer(cell) for cell in cells[dialect.skipColumns :]]
            if number <= dialect.skipRows or not cells or (dialect.skipBlankRows and not any(cells)):
                continue
            yield Record(lines.first, number, cells)
    except csv.Error as error:
        raise FaultyFile(f"is no CSV: {error}", Place(path, lines.count)) from None


def header_rows(dialect: Any) -> int:
    """The number of rows of the header, as *dialect* says."""
    return int(dialect.headerRowCount) if dialect.header or dialect.headerRowCount > 1 else 0


def _text(content: bytes, path: str, dialect: Any) -> str:
    encoding = dialect.python_encoding.lower()
    if encoding.replace("_", "-") in ("utf-8", "utf-8-sig", "us-ascii"):
        return decode(content, path).removeprefix("\ufeff")
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FaultyFile(f"is not in {dialect.encoding}, as its dialect says", Place(path, line)) from None


class _Lines:
    """The lines of *text* for a CSV reader, without comment lines between records.

    :ivar first: the line in which the last record began
    :ivar count: the number of lines taken
    """

    def __init__(self, text: str, dialect: Any) -> None:
        self.first = self.count = 0
        pattern = _LINES.get(frozenset(dialect.line_terminators), _ANY_LINES)
        self._lines = (found[0] for found in re.finditer(pattern, text))
        self._prefix = dialect.commentPrefix
        self._between = False
        self._comments = False

    def next_record(self, reader: Iterator[list[str]], *, comments: bool) -> list[str] | None:
        self._between, self._comments = True, comments
        return next(reader, None)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            self.count += 1
            if self._between and self._comments and self._prefix and line.startswith(self._prefix):
                continue
            if self._between:
                self.first, self._between = self.count, False
            return line
        raise StopIteration
