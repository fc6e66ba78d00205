"""Values of RDF, formatted for readers of a language.

Pure functions of lexical forms. An unknown or ill-formed value is returned unchanged: no value makes a page fail, and
none is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from babel.dates import format_time as babel_time
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_percent,
    get_currency_name,
    get_currency_symbol,
)
from babel.numbers import format_decimal as babel_decimal
from babel.units import format_unit
from pyoxigraph import Literal, NamedNode

from missiongraph.geometry import Geometry, GeometryFault, read_literal
from missiongraph.translation import message, translate
from missiongraph.vocab import GEO

XSD = "http://www.w3.org/2001/XMLSchema#"
WKT, GEOJSON = GEO.wktLiteral.value, GEO.geoJSONLiteral.value

INTEGERS = frozenset(
    f"{XSD}{sign}{name}"
    for sign, names in {
        "": ("integer", "int", "long", "short", "byte"),
        "non": ("NegativeInteger", "PositiveInteger"),
        "unsigned": ("Long", "Int", "Short", "Byte"),
    }.items()
    for name in names
) | {XSD + "positiveInteger", XSD + "negativeInteger"}
DECIMALS = frozenset(XSD + name for name in ("decimal", "double", "float"))

_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_DATE = re.compile(rf"(\d{{4}}-\d\d-\d\d){_ZONE}")
_DATE_TIME = re.compile(rf"(\d{{4}}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)(?:\.\d+)?{_ZONE}")
_YEAR_MONTH = re.compile(rf"(\d{{4}})-(\d\d){_ZONE}")
_YEAR = re.compile(rf"(\d{{4,}}){_ZONE}")
_DURATION = re.compile(r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_BOX_DIGITS = 4  # decimal digits of degrees: about ten metres
_SHAPES: dict[str, str] = {
    "MultiPoint": message("Points"),
    "LineString": message("Line"),
    "MultiLineString": message("Lines"),
    "Polygon": message("Area"),
    "MultiPolygon": message("Areas"),
    "GeometryCollection": message("Points, lines and areas"),
}
_DURATION_UNITS = ("year", "month", "day", "hour", "minute", "second")
_SIZES = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")
_QUOTES = {"en": "“”", "it": "«»", "fr": "«»", "es": "«»", "pt": "«»", "de": "„“", "nl": "‘’", "pl": "„”"}

#: Most formatted values that are kept. Some recur on every page, such as the day of a check.
_REMEMBERED = 4096
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z\s_\-.]+|\d+")


@lru_cache
def locale_for(language: str) -> Locale:
    """The Babel locale of a language tag: British for plain English, English for an unknown language."""
    for name in (language, language.partition("-")[0]):
        try:
            if name.lower() != "en":
                return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "GB")


@lru_cache(_REMEMBERED)
def format_literal(lexical: str, datatype: str | None, language: str, *, year: bool = False) -> str:
    """A literal, formatted by its datatype IRI.

    :param year: whether an integer counts years, not things

    >>> format_literal("2022-09-09", XSD + "date", "it")
    '9 settembre 2022'
    >>> format_literal("soon", XSD + "date", "en")
    'soon'
    """
    if datatype in INTEGERS:
        return format_integer(lexical, language, year=year)
    if datatype in DECIMALS:
        return format_number(lexical, language)
    forms: dict[str, Callable[[str, str], str]] = {
        XSD + "date": format_date,
        XSD + "dateTime": format_datetime,
        XSD + "dateTimeStamp": format_datetime,
        XSD + "gYear": format_year,
        XSD + "gYearMonth": format_year_month,
        XSD + "duration": format_duration,
        XSD + "yearMonthDuration": format_duration,
        XSD + "dayTimeDuration": format_duration,
        XSD + "boolean": format_boolean,
        WKT: _geometry_in(WKT),
        GEOJSON: _geometry_in(GEOJSON),
    }
    known = forms.get(datatype or "")
    return known(lexical, language) if known else lexical


@lru_cache(_REMEMBERED)
def format_date(lexical: str, language: str) -> str:
    """An xsd:date: "9 September 2022"."""
    found = _DATE.fullmatch(lexical.strip())
    day = _day(found.group(1)) if found else None
    return babel_date(day, "long", locale_for(language)) if day else lexical


def format_datetime(lexical: str, language: str) -> str:
    """An xsd:dateTime: "9 September 2022, 14:30 UTC". Midnight without a time zone is shown as a time, too."""
    found = _DATE_TIME.fullmatch(lexical.strip())
    day = _day(found.group(1)) if found else None
    if not found or not day:
        return lexical
    try:
        clock = time.fromisoformat(found.group(2))
    except ValueError:
        return lexical
    locale = locale_for(language)
    zone = {None: "", "Z": " UTC"}.get(found.group(4), f" {found.group(4)}")
    return f"{babel_date(day, 'long', locale)}, {babel_time(clock, 'short', locale=locale)}{zone}"


def format_year(lexical: str, language: str) -> str:
    """An xsd:gYear: "2030"."""
    found = _YEAR.fullmatch(lexical.strip())
    return found.group(1) if found else lexical


def format_year_month(lexical: str, language: str) -> str:
    """An xsd:gYearMonth: "September 2022"."""
    found = _YEAR_MONTH.fullmatch(lexical.strip())
    first = _day(f"{found.group(1)}-{found.group(2)}-01") if found else None
    if not first:
        return lexical
    return format_skeleton("yMMMM", datetime(first.year, first.month, 1), locale=locale_for(language))


@lru_cache(_REMEMBERED)
def format_integer(number: int | str, language: str, *, year: bool = False) -> str:
    """A whole number with grouping, "1,904"; a year without, "2030"."""
    text = str(number).strip()
    if not re.fullmatch(r"[+-]?\d{1,24}", text):
        return str(number)
    return text.removeprefix("+") if year else babel_decimal(int(text), locale=locale_for(language))


def format_number(lexical: str, language: str) -> str:
    """A decimal or double with all its digits; with a power of ten only if it would be too long otherwise."""
    number = _decimal(lexical)
    if number is None:
        return lexical
    return babel_decimal(number, locale=locale_for(language), decimal_quantization=False)


def format_share(lexical: str, language: str) -> str:
    """A ratio as a percentage with one decimal, rounded so that only 1 becomes 100 %.

    >>> format_share("0.0211", "en"), format_share("0.9999", "en"), format_share("1", "it")
    ('2.1%', '99.9%', '100%')
    """
    share = _decimal(lexical)
    if share is None:
        return lexical
    cut = share.quantize(Decimal("0.001"), ROUND_DOWN if share < 1 else ROUND_HALF_EVEN)
    return format_percent(cut, format=None, locale=locale_for(language), decimal_quantization=False)


def format_money(amount: str, currency: str, language: str) -> str:
    """An amount with its currency, in millions if the rounded number is exact.

    >>> format_money("32000000", "EUR", "en")
    '€32 million'
    """
    number = _decimal(amount)
    if number is None:
        return f"{amount} {currency}"
    if not re.fullmatch(r"[A-Z]{3}", currency):
        return f"{format_number(amount, language)} {currency}"
    locale = locale_for(language)
    symbol = get_currency_symbol(currency, locale)
    if _is_round(number):
        return translate(
            language,
            "%(symbol)s%(amount)s",
            symbol=symbol,
            amount=format_compact_decimal(number, format_type="long", locale=locale, fraction_digits=2),
            name=get_currency_name(currency, number, locale),
        )
    if symbol == currency:
        return f"{currency} {format_number(amount, language)}"
    whole = number == number.to_integral_value()
    pattern = locale.currency_formats["standard"].pattern
    return format_currency(
        number, currency, pattern.replace(".00", "") if whole else None, locale, currency_digits=not whole
    )


def format_duration(lexical: str, language: str) -> str:
    """An xsd:duration: "2 years", "1 year, 6 months"."""
    found = _DURATION.fullmatch(lexical.strip())
    if not found:
        return lexical
    locale = locale_for(language)
    units = zip(found.groups(), _DURATION_UNITS, strict=True)
    return ", ".join(_unit(number, f"duration-{unit}", locale) for number, unit in units if number)


def format_boolean(lexical: str, language: str) -> str:
    """An xsd:boolean as "yes" or "no"."""
    if lexical in {"true", "1"}:
        return translate(language, "yes")
    return translate(language, "no") if lexical in {"false", "0"} else lexical


def format_geometry(geometry: Geometry, language: str) -> str:
    """A point as latitude and longitude, "44.4938° N, 11.3388° E"; any other geometry as its bounding box."""
    if geometry.is_empty:
        return translate(language, "Nowhere (an empty geometry)")
    if geometry.kind == "Point":
        longitude, latitude, *height = (_written_out(number) for number in geometry.coordinates)
        place = format_coordinates(latitude, longitude, language)
        if not height:
            return place
        return translate(
            language, "%(place)s, height %(height)s", place=place, height=format_number(height[0], language)
        )
    west, south, east, north = (_written_out(round(number, _BOX_DIGITS)) for number in geometry.box)
    corners = format_coordinates(south, west, language), format_coordinates(north, east, language)
    what = translate(language, _SHAPES[geometry.kind])
    return translate(language, "%(what)s between %(one)s and %(other)s", what=what, one=corners[0], other=corners[1])


def _written_out(number: float) -> str:
    digits = format(Decimal(repr(number)), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _geometry_in(datatype: str) -> Callable[[str, str], str]:
    """A formatter of literals of *datatype*. A literal that is ill-formed or off the globe is left as it is."""

    def write(lexical: str, language: str) -> str:
        try:
            return format_geometry(read_literal(Literal(lexical, datatype=NamedNode(datatype))), language)
        except GeometryFault:
            return lexical

    return write


def format_coordinates(latitude: str, longitude: str, language: str) -> str:
    """Two decimal degrees, each with its compass direction."""
    north, east = _decimal(latitude), _decimal(longitude)
    if north is None or east is None or north.copy_abs() > 90 or east.copy_abs() > 180:
        return f"{latitude}, {longitude}"

    def degrees(number: Decimal) -> str:
        return babel_decimal(number.copy_abs(), locale=locale_for(language), decimal_quantization=False)

    lat, lon = degrees(north), degrees(east)
    lat = translate(language, "%(lat)s° S", lat=lat) if north < 0 else translate(language, "%(lat)s° N", lat=lat)
    lon = translate(language, "%(lon)s° W", lon=lon) if east < 0 else translate(language, "%(lon)s° E", lon=lon)
    return f"{lat}, {lon}"


def format_bytes(size: int, language: str) -> str:
    """A file size in the largest fitting unit: "96 kB"."""
    number, unit = Decimal(size), 0
    while number >= 1000 and unit < len(_SIZES) - 1:
        number, unit = number / 1000, unit + 1
    rounded = number.quantize(Decimal("0.1") if 0 < number < 10 and unit else Decimal(1))
    return format_unit(rounded, f"digital-{_SIZES[unit]}", length="short", locale=locale_for(language))


def quote(text: str, language: str) -> str:
    """*text* in the quotation marks of a language."""
    marks = _QUOTES.get(language.partition("-")[0], "“”")
    return f"{marks[0]}{text}{marks[1]}"


def humanise(name: str) -> str:
    """A local name as words: "prefLabel" reads "Pref label", "hasGMLId" reads "Has GML id".

    >>> humanise("prefLabel")
    'Pref label'
    """
    words = _WORD.findall(name)
    if not words:
        return name
    lowered = [word if len(word) > 1 and word.isupper() else word.lower() for word in words]
    text = " ".join(lowered)
    return text[:1].upper() + text[1:]


def counts_years(name: str) -> bool:
    """Whether a property's name says that its integers are years, as "deadlineYear" does.

    >>> counts_years("deadlineYear"), counts_years("yearlyOutput")
    (True, False)
    """
    return humanise(name).lower().split()[-1:] == ["year"]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    """The number; ``None`` if the text is none, or if the number is too long to write out."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or len(text) > 60:
        return None
    if not number:
        return Decimal(0)
    return number if -7 < number.adjusted() < 15 else None


def _unit(number: str, unit: str, locale: Locale) -> str:
    # Babel 2.18 lacks the long forms of some locales (it, pt) and then names the unit itself.
    written = format_unit(Decimal(number), unit, length="long", locale=locale)
    return format_unit(Decimal(number), unit, length="short", locale=locale) if unit in written else written


def _is_round(number: Decimal) -> bool:
    return number.adjusted() >= 6 and number % 10_000 == 0
