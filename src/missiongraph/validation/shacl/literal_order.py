"""The order of literals by ``<`` and ``<=`` of SPARQL (SHACL, sections 4.3 and 4.5.3; XSD 1.1 Part 2).

Dates of Python have no year before 1, and RDFLib compares with them. SPARQL leaves the order of years, months and
durations to extensions. Here it is that of XSD.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from pyoxigraph import Literal

from missiongraph.rdf.datatypes import INTEGERS, is_lexical
from missiongraph.vocab import XSD

_ZONE = r"(?P<zone>Z|[+-]\d\d:\d\d)?"
_DATE, _CLOCK = r"(?P<year>-?\d+)-(?P<month>\d\d)-(?P<day>\d\d)", r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>[\d.]+)"
_DURATION = (
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>[\d.]+)S)?)?"
)
_A_DAY = 86400
#: How far a time without time zone may be from the same time in UTC, in seconds.
_ANY_ZONE = 14 * 3600
#: Days at which months of other lengths follow (XSD 1.1, Part 2, section 3.3.6.2), as years and months.
_REFERENCES = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))

_EXACT, _SINGLE, _DOUBLE = range(3)

#: A value that can be compared: the kind of its order, and its position in it.
_Key: TypeAlias = tuple[str, Any]


def comparable(literal: object) -> bool:
    """Whether a literal can be less or greater than another."""
    return isinstance(literal, Literal) and _key(literal) is not None


def is_less(one: object, other: object, *, or_equal: bool = False) -> bool:
    """Whether *one* is less than *other*; ``False`` if they cannot be compared.

    >>> year = lambda text: Literal(text, datatype=XSD.gYear)
    >>> is_less(year("-0044"), year("0000")), is_less(year("0000"), year("-0044"))
    (True, False)
    """
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return False
    first, second = _key(one), _key(other)
    if first is None or second is None or first[0] != second[0]:
        return False
    return _ORDERS[first[0]](first[1], second[1], or_equal)


@lru_cache(maxsize=4096)
def _key(literal: Literal) -> _Key | None:
    if literal.language is not None or not is_lexical(literal.value, literal.datatype.value):
        return None
    read = _READERS.get(literal.datatype.value)
    try:
        return None if read is None else read(literal.value)
    except ValueError:  # more digits than Python reads
        return None


def _exact(text: str) -> _Key:
    return "number", (Fraction(Decimal(text)), _EXACT)


def _float(text: str) -> _Key:
    return "number", (_single(float(text)), _SINGLE)  # float reads "INF" as it does "inf"


def _double(text: str) -> _Key:
    return "number", (float(text), _DOUBLE)


def _single(number: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def _moment(pattern: str) -> Callable[[str], _Key]:
    match = re.compile(pattern + _ZONE, re.ASCII).fullmatch

    def read(text: str) -> _Key:
        parts = match(text)
        assert parts, text
        found = {name: value for name, value in parts.groupdict().items() if value is not None}
        days = _days(int(found.get("year", 1972)), int(found.get("month", 1)), int(found.get("day", 1)))
        clock = int(found.get("hour", 0)) * 3600 + int(found.get("minute", 0)) * 60 + Fraction(found.get("second", "0"))
        zone = found.get("zone")
        if pattern == _CLOCK:
            clock %= _A_DAY  # 24:00:00 is 00:00:00 (section 3.3.8)
        return pattern, (days * _A_DAY + clock - (_offset(zone) if zone else 0), zone is not None)

    return read


def _days(year: int, month: int, day: int) -> int:
    """Days since 1 March of year 0 in the proleptic Gregorian calendar."""
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 1


def _offset(zone: str) -> int:
    if zone == "Z":
        return 0
    return (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60) * (-1 if zone[0] == "-" else 1)


def _duration(text: str) -> _Key:
    parts = re.fullmatch(_DURATION, text, re.ASCII)
    assert parts, text
    number = {name: Fraction(value or "0") for name, value in parts.groupdict().items() if name != "sign"}
    sign = -1 if parts["sign"] else 1
    months = sign * int(number["years"] * 12 + number["months"])
    clock = number["hours"] * 3600 + number["minutes"] * 60 + number["seconds"]
    return "duration", (months, sign * (number["days"] * _A_DAY + clock))


def _plainly(one: Any, other: Any, or_equal: bool) -> bool:
    return bool(one <= other if or_equal else one < other)


def _by_numbers(one: Any, other: Any, or_equal: bool) -> bool:
    """Compare two numbers. Beside a floating-point number, the other becomes one (SPARQL 1.1, section 17.3)."""
    (first, here), (second, there) = one, other
    kind = max(here, there)
    if kind == _EXACT:
        return _plainly(first, second, or_equal)
    return _plainly(_floating(first, kind), _floating(second, kind), or_equal)


def _floating(number: Fraction | float, kind: int) -> float:
    try:
        floating = float(number)
    except OverflowError:
        floating = math.copysign(math.inf, number)
    return _single(floating) if kind == _SINGLE else floating


def _by_moments(one: Any, other: Any, or_equal: bool) -> bool:
    (first, here), (second, there) = one, other
    if here == there:
        return _plainly(first, second, or_equal)
    return bool(first < second - _ANY_ZONE)


def _by_references(one: Any, other: Any, or_equal: bool) -> bool:
    first, second = (tuple(_after(reference, span) for reference in _REFERENCES) for span in (one, other))
    return all(_plainly(a, b, or_equal) for a, b in zip(first, second, strict=True))


def _after(reference: tuple[int, int], span: tuple[int, Fraction]) -> Fraction:
    months, seconds = span
    years, month = divmod(reference[0] * 12 + reference[1] - 1 + months, 12)
    return Fraction(_days(years, month + 1, 1) * _A_DAY + seconds)


_MOMENTS = {
    "date": _DATE,
    "dateTime": f"{_DATE}T{_CLOCK}",
    "time": _CLOCK,
    "gYear": r"(?P<year>-?\d+)",
    "gYearMonth": r"(?P<year>-?\d+)-(?P<month>\d\d)",
}
_READERS: dict[str, Callable[[str], _Key]] = {
    **dict.fromkeys((f"{XSD}decimal", *INTEGERS), _exact),
    f"{XSD}float": _float,
    f"{XSD}double": _double,
    **{f"{XSD}{name}": _moment(pattern) for name, pattern in _MOMENTS.items()},
    f"{XSD}dateTimeStamp": _moment(_MOMENTS["dateTime"]),
    **{f"{XSD}{name}": _duration for name in ("duration", "dayTimeDuration", "yearMonthDuration")},
    f"{XSD}string": lambda text: ("string", text),
    f"{XSD}boolean": lambda text: ("boolean", text in ("true", "1")),
}
_ORDERS: dict[str, Callable[[Any, Any, bool], bool]] = {
    "number": _by_numbers,
    **dict.fromkeys(("string", "boolean"), _plainly),
    **dict.fromkeys(_MOMENTS.values(), _by_moments),
    "duration": _by_references,
}
