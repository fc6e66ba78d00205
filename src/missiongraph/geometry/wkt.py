"""Reads well-known text (OGC 06-103r4, section 7.2); messages have the column of the fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from missiongraph.geometry.errors import GeometryFault
from missiongraph.geometry.shapes import SINGLE, Geometry, Kind, Position

_Read = TypeVar("_Read")

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<word>[A-Za-z]+)|(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)(?![\w.+-])"
    r"|(?P<sign>[(),])|(?P<end>\Z)|(?P<other>.))",
    re.DOTALL,
)

#: The kind of geometry of each keyword; surfaces in space are read as areas seen from above.
_KINDS: dict[str, Kind] = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "LINEARRING": "LineString",
    "POLYGON": "Polygon",
    "TRIANGLE": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
    "POLYHEDRALSURFACE": "MultiPolygon",
    "TIN": "MultiPolygon",
    "GEOMETRYCOLLECTION": "GeometryCollection",
}
_CURVES = frozenset(("CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE"))

#: By the word after the keyword: the number of coordinates of a position, and how many are kept (measures are not).
_SIZES = {"Z": (3, 3), "M": (3, 2), "ZM": (4, 3)}

#: How deep collections may be nested.
_DEEPEST = 32


def read_wkt(text: str) -> Geometry:
    """Reads the geometry *text*; its positions keep their axis order.

    Keywords may have upper or lower case. ``POINT (1 2 3)`` is read as ``POINT Z (1 2 3)``, as most programs write it.

    >>> read_wkt("point z(11.34 44.49 55)").coordinates
    (11.34, 44.49, 55.0)

    :raises GeometryFault: *text* is no well-known text
    """
    reader = _Reader(text)
    geometry = reader.geometry(0)
    if reader.kind != "end":
        reader.refuse("the end", "la fine")
    return geometry


class _Reader:
    """A recursive descent parser; ``kind`` and ``token`` hold the current token."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self.kind = self.token = ""
        self._next()

    def _next(self) -> str:
        taken = self.token
        match = _TOKEN.match(self._text, self._at)
        assert match is not None and match.lastgroup is not None  # "other" and "end" take the rest
        self.kind, self.token = match.lastgroup, match[match.lastgroup]
        self._start, self._at = match.start(self.kind), match.end()
        return taken

    def refuse(self, english: str, italian: str) -> NoReturn:
        """Raises the error that says what was expected at the current token.

        :raises GeometryFault: always
        """
        found = f"“{self.token}”" if self.token else "the end"
        trovato = f"«{self.token}»" if self.token else "la fine"
        column = self._start + 1
        raise GeometryFault(
            f"is no well-known text: character {column}: expected {english}, found {found}",
            f"non è well-known text: carattere {column}: atteso {italian}, trovato {trovato}",
        )

    def _take(self, sign: str) -> None:
        if self.token != sign:
            self.refuse(f"“{sign}”", f"«{sign}»")
        self._next()

    def _says(self, word: str) -> bool:
        """Skips the current token if it is *word*; returns whether it did."""
        found = self.kind == "word" and self.token.upper() == word
        if found:
            self._next()
        return found

    def geometry(self, depth: int) -> Geometry:
        """Reads a geometry with its keyword."""
        if self.kind != "word":
            self.refuse("a keyword such as POINT", "una parola chiave come POINT")
        keyword, size = _without_size(self.token.upper())
        if keyword in _CURVES:
            raise GeometryFault(
                f"{keyword} is not drawn: write its curves as lines",
                f"{keyword} non si disegna: scriverne le curve a tratti",
            )
        if keyword not in _KINDS:
            self.refuse("a keyword such as POINT", "una parola chiave come POINT")
        self._next()
        if not size and self.kind == "word" and self.token.upper() in _SIZES:
            size = self._next().upper()
        kind = _KINDS[keyword]
        if self._says("EMPTY"):
            return Geometry(kind)
        if kind == "GeometryCollection":
            return Geometry(kind, members=self._members(depth))
        return Geometry(kind, _Positions(self, size).nested(kind))

    def _members(self, depth: int) -> tuple[Geometry, ...]:
        if depth >= _DEEPEST:
            raise GeometryFault("is nested too deeply", "è annidato troppo in profondità")
        return tuple(self.listed(lambda: self.geometry(depth + 1)))

    def bracketed(self, one: Callable[[], _Read]) -> _Read:
        """Reads with *one* what is in brackets."""
        self._take("(")
        value = one()
        self._take(")")
        return value

    def listed(self, one: Callable[[], _Read]) -> list[_Read]:
        """Reads with *one* each part of a list in brackets with commas; empty parts are left out."""
        self._take("(")
        parts = []
        while True:
            if not self._says("EMPTY"):
                parts.append(one())
            if self.token != ",":
                break
            self._next()
        self._take(")")
        return parts

    def numbers(self) -> list[float]:
        """Reads the coordinates of a position."""
        coordinates = []
        while self.kind == "number":
            coordinates.append(float(self._next()))
        if len(coordinates) < 2:
            self.refuse("a number", "un numero")
        return coordinates


class _Positions:
    """Reads the positions of one geometry, all of which have the same number of coordinates."""

    def __init__(self, reader: _Reader, size: str) -> None:
        self._reader = reader
        self._size, self._kept = _SIZES.get(size, (0, 3))

    def nested(self, kind: Kind) -> tuple[Any, ...]:
        """Reads the coordinates of a geometry of *kind*, in brackets."""
        reader = self._reader
        if kind == "Point":
            return reader.bracketed(self._position)
        if kind == "MultiPoint":
            return tuple(reader.listed(self._one_of_several))
        if kind == "LineString":
            return self._line(2)
        if kind == "Polygon":
            return tuple(reader.listed(lambda: self._line(4)))
        return tuple(reader.listed(lambda: self.nested(SINGLE[kind])))

    def _one_of_several(self) -> Position:
        """Reads a point of a ``MULTIPOINT``, with or without brackets around it."""
        return self._reader.bracketed(self._position) if self._reader.token == "(" else self._position()

    def _line(self, least: int) -> tuple[Position, ...]:
        """Reads *least* or more positions in brackets; a ring has four or more, and ends where it begins."""
        line = tuple(self._reader.listed(self._position))
        if len(line) < least:
            raise GeometryFault(
                f"is no well-known text: {len(line)} positions where {least} or more are wanted",
                f"non è well-known text: {len(line)} posizioni dove ne occorrono almeno {least}",
            )
        if least == 4 and line[0][:2] != line[-1][:2]:
            raise GeometryFault(
                "is no well-known text: a ring does not end where it begins",
                "non è well-known text: un anello non finisce dove comincia",
            )
        return line

    def _position(self) -> Position:
        numbers = self._reader.numbers()
        self._size = self._size or min(len(numbers), 4)
        if len(numbers) != self._size:
            raise GeometryFault(
                f"is no well-known text: a position has {len(numbers)} coordinates where {self._size} are wanted",
                f"non è well-known text: una posizione ha {len(numbers)} coordinate dove ne occorrono {self._size}",
            )
        return tuple(numbers[: self._kept])


def _without_size(keyword: str) -> tuple[str, str]:
    """*keyword* without the dimensions that are written in one word with it, and these.

    >>> _without_size("POINTZM"), _without_size("POINT")
    (('POINT', 'ZM'), ('POINT', ''))
    """
    for size in sorted(_SIZES, key=len, reverse=True):
        if keyword.removesuffix(size) in _KINDS and keyword not in _KINDS:
            return keyword.removesuffix(size), size
    return keyword, ""
