"""Values as readers of a language write them; what is ill-formed is shown as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.formatting import WKT, XSD, format_literal

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("lexical", "datatype", "english", "italian"),
    [
        ("2022-09-09", "date", "9 September 2022", "9 settembre 2022"),
        ("2022-09-09Z", "date", "9 September 2022", "9 settembre 2022"),
        ("2022-02-30", "date", "2022-02-30", "2022-02-30"),
        ("9/9/2022", "date", "9/9/2022", "9/9/2022"),
        ("-0044-03-15", "date", "-0044-03-15", "-0044-03-15"),
        ("2022-09-09T14:30:00Z", "dateTime", "9 September 2022, 14:30 UTC", "9 settembre 2022, 14:30 UTC"),
        ("2022-09-09T14:30:00+02:00", "dateTime", "9 September 2022, 14:30 +02:00", "9 settembre 2022, 14:30 +02:00"),
        ("2022-09-09T25:30:00", "dateTime", "2022-09-09T25:30:00", "2022-09-09T25:30:00"),
        ("2030", "gYear", "2030", "2030"),
        ("2022-09", "gYearMonth", "September 2022", "settembre 2022"),
        ("2022-13", "gYearMonth", "2022-13", "2022-13"),
        ("12345", "integer", "12,345", "12.345"),
        ("+7", "nonNegativeInteger", "7", "7"),
        ("twelve", "integer", "twelve", "twelve"),
        ("1234.50", "decimal", "1,234.5", "1.234,5"),
        ("3.14159265", "decimal", "3.14159265", "3,14159265"),
        ("1.0E3", "double", "1,000", "1.000"),
        ("1e-30", "double", "1e-30", "1e-30"),
        ("INF", "double", "INF", "INF"),
        ("NaN", "float", "NaN", "NaN"),
        ("0", "decimal", "0", "0"),
        ("true", "boolean", "yes", "sì"),
        ("0", "boolean", "no", "no"),
        ("maybe", "boolean", "maybe", "maybe"),
        ("P2Y", "duration", "2 years", "2 anni"),
        ("P1Y6M", "duration", "1 year, 6 months", "1 anno, 6 mesi"),
        ("PT36H", "dayTimeDuration", "36 hours", "36 ore"),
        ("P", "duration", "P", "P"),
        ("P1YT", "duration", "P1YT", "P1YT"),
        ("-P1Y", "duration", "-P1Y", "-P1Y"),
        ("anything", "string", "anything", "anything"),
    ],
)
def test_literals_in_two_languages(lexical: str, datatype: str, english: str, italian: str) -> None:
    assert format_literal(lexical, XSD + datatype, "en") == english
    assert format_literal(lexical, XSD + datatype, "it").replace(NBSP, " ") == italian


@pytest.mark.parametrize(
    ("lexical", "shown"),
    [
        ("POINT(11.3388 44.4938)", "44.4938° N, 11.3388° E"),
        ("Point (-70.5 -33.25)", "33.25° S, 70.5° W"),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(11 44)", "44° N, 11° E"),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(44 11)", "44° N, 11° E"),
        ("<http://www.opengis.net/def/crs/EPSG/0/32632> POINT(500000 0)", "0° N, 9° E"),
        ("POINT Z (11 44.50 55)", "44.5° N, 11° E, height 55"),
        ("<https://example.org/moon> POINT(44 11)", "<https://example.org/moon> POINT(44 11)"),
        ("LINESTRING(0 0, 1 1)", "Line between 0° N, 0° E and 1° N, 1° E"),
        ("POLYGON((11 44, 12 44, 12 45, 11 44))", "Area between 44° N, 11° E and 45° N, 12° E"),
        ("POLYGON EMPTY", "Nowhere (an empty geometry)"),
        ("POINT(190 95)", "POINT(190 95)"),
        ("POINT(11 44", "POINT(11 44"),
    ],
)
def test_geometries_as_coordinates(lexical: str, shown: str) -> None:
    assert format_literal(lexical, WKT, "en") == shown


def test_west_is_o_in_italian() -> None:
    assert formatting.format_coordinates("44.5", "-1.25", "it") == "44,5° N, 1,25° O"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("32000000", "EUR", "en", "€32 million"),
        ("32000000", "EUR", "it", "32 milioni di euro"),
        ("1500000", "EUR", "en", "€1.5 million"),
        ("32123456", "EUR", "en", "€32,123,456"),
        ("32123456", "EUR", "it", "32.123.456 €"),
        ("12.5", "EUR", "en", "€12.50"),
        ("5", "XYZ", "en", "XYZ 5"),
        ("5", "euros", "en", "5 euros"),
        ("much", "EUR", "en", "much EUR"),
    ],
)
def test_money(amount: str, currency: str, language: str, shown: str) -> None:
    assert formatting.format_money(amount, currency, language).replace(NBSP, " ") == shown


def test_years_are_not_grouped() -> None:
    assert format_literal("2030", XSD + "integer", "en", year=True) == "2030"
    assert format_literal("2030", XSD + "integer", "en") == "2,030"
    assert formatting.counts_years("http://example.org/deadlineYear")
    assert not formatting.counts_years("yearly")


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 byte"), (999, "999 byte"), (96123, "96 kB"), (1_234_567, "1.2 MB"), (3 * 10**12, "3 TB")],
)
def test_sizes_of_files(size: int, shown: str) -> None:
    assert formatting.format_bytes(size, "en") == shown


def test_quotation_marks_follow_the_language() -> None:
    assert [formatting.quote("x", language) for language in ("en", "it", "de", "xx")] == ["“x”", "«x»", "„x“", "“x”"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("prefLabel", "Pref label"), ("lead_partner", "Lead partner"), ("inNuts3", "In nuts3"), ("URI", "URI"), ("", "")],
)
def test_local_names_as_words(name: str, words: str) -> None:
    assert formatting.humanise(name) == words


DATATYPES = ["date", "dateTime", "gYear", "gYearMonth", "duration", "integer", "decimal", "double", "boolean"]


@given(st.text(), st.sampled_from([*(XSD + name for name in DATATYPES), WKT]), st.sampled_from(["en", "it", "ar", "x"]))
def test_no_lexical_form_makes_a_page_fail(lexical: str, datatype: str, language: str) -> None:
    assert isinstance(format_literal(lexical, datatype, language), str)


@given(st.from_regex(r"[+-]?[0-9]{1,80}(\.[0-9]{1,9})?([eE][+-]?[0-9]{1,9})?", fullmatch=True))
def test_no_number_makes_a_page_fail(lexical: str) -> None:
    for datatype in ("integer", "decimal", "double"):
        assert format_literal(lexical, XSD + datatype, "en")
    assert formatting.format_money(lexical, "EUR", "en")


@given(st.from_regex(r"-?[0-9]{1,3}([eE]-?[0-9]{1,9})?", fullmatch=True))
def test_no_coordinate_makes_a_page_fail(lexical: str) -> None:
    assert formatting.format_coordinates(lexical, lexical, "en")
