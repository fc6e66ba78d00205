"""Guesses separator, encoding and columns of a table without a description, for the message that asks for one."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from missiongraph.errors import Place, Problem

#: A table under ``data/`` is read if its folder has a description of tables.
TABLE_SUFFIX = ".csv"
TABLES_DESCRIPTION = "csv-metadata.json"

_DELIMITERS = (",", ";", "\t", "|")
_ROWS = 20


@dataclass(frozen=True)
class Guess:
    """What a table seems to be; *encoding* is named as in a CSVW dialect."""

    delimiter: str
    encoding: str
    byte_order_mark: bool
    columns: tuple[str, ...]

    def __str__(self) -> str:
        mark = " with a byte order mark" if self.byte_order_mark else ""
        sign = "a tabulator" if self.delimiter == "\t" else f"“{self.delimiter}”"
        return f"its separator seems to be {sign}, its encoding {self.encoding}{mark}, its columns {self.named}"

    @property
    def named(self) -> str:
        """The names of the columns in quotation marks, or ``none``."""
        return ", ".join(f"“{name}”" for name in self.columns) or "none"

    @property
    def dialect(self) -> str | None:
        """The ``dialect`` that a description needs, as JSON; ``None`` if the default of CSVW fits."""
        said = {"delimiter": self.delimiter} if self.delimiter != "," else {}
        said |= {"encoding": self.encoding} if self.encoding != "UTF-8" else {}
        return f'"dialect": {json.dumps(said)}' if said else None


def undescribed(file: Path, path: str) -> Problem:
    """The problem to report for the table in *file*, which has no description; messages call it *path*."""
    seems = guess(file.read_bytes())
    place = PurePosixPath(path).parent / TABLES_DESCRIPTION
    needs = f", with {seems.dialect}" if seems.dialect else ""
    advice = f"describe its columns in {place}{needs}; docs/publication.md has a whole example"
    return Problem(f"a table without a description is not read: {seems}", Place(path), advice)


def guess(content: bytes) -> Guess:
    r"""Guesses the separator, the encoding and the columns of a table with this *content*.

    >>> str(guess(b"city;country\nMilano;Italy\n"))
    'its separator seems to be “;”, its encoding UTF-8, its columns “city”, “country”'
    """
    encoding, text = _decoded(content)
    counted = {sign: _widths(text, sign) for sign in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda sign: (_evenness(counted[sign]), -_DELIMITERS.index(sign)))
    header = next(csv.reader(io.StringIO(text, newline=""), delimiter=best), [])
    return Guess(best, encoding, content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")), tuple(header))


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16", content.decode("utf-16", "replace")
    try:
        return "UTF-8", content.decode("utf-8-sig")
    except UnicodeDecodeError:  # spreadsheets in western countries write this
        return "windows-1252", content.decode("windows-1252", "replace")


def _widths(text: str, delimiter: str) -> list[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [len(cells) for cells, _ in zip(reader, range(_ROWS), strict=False) if cells]
    except csv.Error:
        return []


def _evenness(widths: list[int]) -> tuple[float, int]:
    """The share of rows that are as wide as the header, and that width; both 0 if the header has fewer than 2 cells."""
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]
