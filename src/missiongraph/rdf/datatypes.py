"""Checks whether a text is in the lexical space of a datatype (RDF 1.1 Concepts, sections 3.3 and 5).

It knows the datatypes of XSD 1.1 that RDF 1.1 Concepts lists in section 5.1 (others, such as ``xsd:QName``, need a
context that RDF does not have), those of RDF itself, and two of OWL 2. RDF does not collapse white space first:
``" 1"`` is no ``xsd:integer``, and ``"a  b"`` is no ``xsd:token``.

RDFLib is no substitute. It accepts ``"1e3"`` as a decimal, ``"2020"`` as a time, digits of other scripts and white
space around numbers. It refuses years before 1 and ``24:00:00``, and does not know ``xsd:gYear``. The engine has no
such check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache, partial
from xml.parsers import expat

from missiongraph.vocab import OWL, RDF, XSD

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_YEAR, _MONTH, _DAY = r"-?(?:[1-9]\d{3,}|0\d{3})", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_MONTHS, _DAYS = r"(?=\d)(?:\d+Y)?(?:\d+M)?", r"\d+D"
_HOURS = r"T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?"
_DECIMAL, _INTEGER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", r"[+-]?\d+"
_FLOAT = rf"{_DECIMAL}(?:[Ee][+-]?\d+)?|[+-]?INF|NaN"
_BASE64 = r"[A-Za-z0-9+/] ?"
# NameStartChar and what else NameChar has (XML 1.0, 5th edition, and XML 1.1)
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LATER = "\\-.0-9\xb7\u0300-\u036f\u203f\u2040"
_CHARACTERS = "[^\x00\ud800-\udfff\ufffe\uffff]*"  # Char (XML 1.1, which XSD 1.1 knows beside XML 1.0)

#: By the name of a datatype in XSD: a pattern of its lexical space, and an example for people.
_FORMS = {
    "string": (_CHARACTERS, "text"),
    "normalizedString": (rf"(?![^\t\n\r]*[\t\n\r]){_CHARACTERS}", "text without line breaks"),
    "token": (rf"(?! )(?![^\t\n\r]*[\t\n\r])(?!.*  )(?!.* \Z){_CHARACTERS}", "text with single spaces"),
    "anyURI": (_CHARACTERS, "https://example.org/"),
    "boolean": ("true|false|1|0", "true"),
    "decimal": (_DECIMAL, "3.14"),
    "double": (_FLOAT, "3.14"),
    "float": (_FLOAT, "3.14"),
    "date": (rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?", "2020-12-31"),
    "time": (rf"{_TIME}{_ZONE}?", "23:59:00"),
    "dateTime": (rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?", "2020-12-31T23:59:00"),
    "dateTimeStamp": (rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}", "2020-12-31T23:59:00Z"),
    "gYear": (rf"{_YEAR}{_ZONE}?", "2020"),
    "gYearMonth": (rf"{_YEAR}-{_MONTH}{_ZONE}?", "2020-12"),
    "gMonth": (rf"--{_MONTH}{_ZONE}?", "--12"),
    "gMonthDay": (rf"--{_MONTH}-{_DAY}{_ZONE}?", "--12-31"),
    "gDay": (rf"---{_DAY}{_ZONE}?", "---31"),
    "duration": (rf"-?P(?=[\dT])(?:{_MONTHS})?(?:{_DAYS})?(?:{_HOURS})?", "P1Y2M3DT4H"),
    "yearMonthDuration": (rf"-?P{_MONTHS}", "P1Y2M"),
    "dayTimeDuration": (rf"-?P(?=[\dT])(?:{_DAYS})?(?:{_HOURS})?", "P3DT4H"),
    "hexBinary": (r"(?:[0-9a-fA-F]{2})*", "0FB7"),
    "base64Binary": (
        rf"(?:(?:{_BASE64}){{4}})*+(?<! )"
        rf"|(?:(?:{_BASE64}){{4}})*+(?:(?:{_BASE64}){{2}}[AEIMQUYcgkosw048] ?=|{_BASE64}[AQgw] ?= ?=)",
        "bWlzc2lvbg==",
    ),
    "language": (r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*", "en"),
    "NMTOKEN": (rf"[:{_START}{_LATER}]+", "name"),
    "Name": (rf"[:{_START}][:{_START}{_LATER}]*", "name"),
    "NCName": (rf"[{_START}][{_START}{_LATER}]*", "name"),
    "integer": (_INTEGER, "42"),
}

#: The least and the greatest value of the datatypes that are integers within bounds.
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}
_DATED = re.compile(r"(?:-?\d*(?P<year>\d{4})|-)-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_lexical(text: str, datatype: str) -> bool | None:
    """Whether *text* is in the lexical space of the datatype with the IRI *datatype*.

    :return: ``None`` if the datatype is unknown here, or if *text* is nested too deeply to be checked

    >>> is_lexical("2019-02-29", "http://www.w3.org/2001/XMLSchema#date")
    False
    """
    found = _check(datatype)
    return None if found is None else found(text)


def example_of(datatype: str) -> str | None:
    """An example of how values of *datatype* (an IRI) are written; ``None`` if it is unknown.

    >>> example_of("http://www.w3.org/2001/XMLSchema#date")
    '2020-12-31'
    """
    name = datatype.removeprefix(XSD)
    if name in _BOUNDS:
        return "-42" if _BOUNDS[name][1] in (0, -1) else "42"
    return _FORMS[name][1] if name in _FORMS else None


def _form(pattern: str) -> Callable[[str], bool]:
    match = re.compile(pattern, re.ASCII | re.DOTALL).fullmatch
    return lambda text: match(text) is not None


def _dated(pattern: str) -> Callable[[str], bool]:
    """A check of dates by *pattern* and the days of months (XSD 1.1, Part 2, "Day-of-month Constraint").

    The last four digits of a year decide whether it is a leap year. A date without a year may be 29 February.
    """
    match = re.compile(pattern, re.ASCII).fullmatch

    def check(text: str) -> bool:
        dated = _DATED.match(text) if match(text) else None
        if dated is None:
            return False
        year, month, day = int(dated["year"] or 0), int(dated["month"]), int(dated["day"])
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return day <= _DAYS_OF[month - 1] and (leap or (month, day) != (2, 29))

    return check


def _bounded(least: int | None, greatest: int | None) -> Callable[[str], bool]:
    form = _form(_INTEGER)

    def check(text: str) -> bool:
        if not form(text):
            return False
        digits = (
            text.lstrip("+-").lstrip("0")[:21] or "0"
        )  # longer numbers are outside of all bounds, and slow to convert
        value = -int(digits) if text.startswith("-") else int(digits)
        return (least is None or least <= value) and (greatest is None or value <= greatest)

    return check


def _is_xml_content(text: str) -> bool:
    """Whether *text* between a start tag and an end tag is namespace-well-formed XML (RDF 1.1 Concepts, 5.2)."""
    parser = expat.ParserCreate("utf-8", " ")
    try:
        parser.Parse(b"<rdf-literal>" + text.encode("utf-8", "surrogatepass") + b"</rdf-literal>", True)
    except expat.ExpatError:
        return False
    return True


def _is_json(text: str) -> bool | None:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(text, parse_constant=refuse, parse_int=str, parse_float=str)
    except ValueError:
        return False
    except RecursionError:
        return None
    return True


_Check = Callable[[str], bool | None]

#: Functions that make the check of a datatype. They are called when it is first needed, since compiling takes time.
_CHECKS: dict[str, Callable[[], _Check]] = {
    **{f"{XSD}{name}": partial(_form, pattern) for name, (pattern, _) in _FORMS.items()},
    **{f"{XSD}{name}": partial(_dated, _FORMS[name][0]) for name in ("date", "dateTime", "dateTimeStamp", "gMonthDay")},
    **{f"{XSD}{name}": partial(_bounded, *bounds) for name, bounds in _BOUNDS.items()},
    RDF.langString.value: lambda: lambda text: True,  # its literals have a tag, and any text (RDF 1.1, 3.3)
    RDF.HTML.value: lambda: lambda text: True,
    RDF.XMLLiteral.value: lambda: _is_xml_content,
    RDF.JSON.value: lambda: _is_json,
    OWL.rational.value: partial(_form, rf"{_INTEGER}/0*[1-9]\d*"),
    OWL.real.value: lambda: lambda text: False,  # it has no lexical forms of its own (OWL 2 Syntax, 4.1)
}


@cache
def _check(datatype: str) -> _Check | None:
    return _CHECKS[datatype]() if datatype in _CHECKS else None


#: IRIs of the datatypes whose lexical spaces are known here.
DATATYPES = frozenset(_CHECKS)

#: IRIs of ``xsd:integer`` and of the datatypes that are integers within bounds.
INTEGERS = frozenset(f"{XSD}{name}" for name in ("integer", *_BOUNDS))
