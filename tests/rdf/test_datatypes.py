"""Lexical spaces of datatypes, against XSD 1.1 (Part 2) and RDF 1.1 Concepts (sections 3.3 and 5)."""

from __future__ import annotations

import base64
import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.rdf.datatypes import DATATYPES, example_of, is_lexical
from missiongraph.vocab import OWL, RDF, XSD

# RDF 1.1 Concepts, section 5.1
IN_RDF = set(
    re.findall(
        r"\w+",
        """string boolean decimal integer double float date time dateTime dateTimeStamp gYear gMonth gDay gYearMonth
    gMonthDay duration yearMonthDuration dayTimeDuration byte short int long unsignedByte unsignedShort unsignedInt
    unsignedLong positiveInteger nonNegativeInteger negativeInteger nonPositiveInteger hexBinary base64Binary anyURI
    language normalizedString token NMTOKEN Name NCName""",
    )
)

# The regular expressions of XSD 1.1, Part 2, sections 3.3.3 to 3.3.17 and 3.4, as they are printed there.
_TIME = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|(24:00:00(\.0+)?))"
_ZONE = r"(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR, _MONTH, _DAY = r"-?([1-9][0-9]{3,}|0[0-9]{3})", "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_IN_DAY = r"(T(([0-9]+H)([0-9]+M)?([0-9]+(\.[0-9]+)?S)?|([0-9]+M)([0-9]+(\.[0-9]+)?S)?|([0-9]+(\.[0-9]+)?S)))"
_DAYS = rf"(([0-9]+D){_IN_DAY}?|{_IN_DAY})"
PRINTED = {
    "decimal": r"(\+|-)?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "double": r"(\+|-)?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee](\+|-)?[0-9]+)?|(\+|-)?INF|NaN",
    "float": r"(\+|-)?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee](\+|-)?[0-9]+)?|(\+|-)?INF|NaN",
    "integer": r"[\-+]?[0-9]+",
    "time": _TIME + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "duration": f"-?P((([0-9]+Y([0-9]+M)?([0-9]+D)?|([0-9]+M)([0-9]+D)?|([0-9]+D)){_IN_DAY}?)|{_IN_DAY})",
    "yearMonthDuration": r"-?P((([0-9]+Y)([0-9]+M)?)|([0-9]+M))",
    "dayTimeDuration": f"-?P{_DAYS}",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "base64Binary": (
        r"((([A-Za-z0-9+/] ?){4})*(([A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]|([A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?="
        r"|[A-Za-z0-9+/] ?[AQgw] ?= ?=))?"
    ),
    "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
}
# Those have days of a month beside their form (the "Day-of-month Constraint").
DATED = {
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE.removesuffix('?')}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
}
BOUNDS = {
    "byte": (-128, 127), "short": (-32768, 32767), "int": (-2147483648, 2147483647),
    "long": (-9223372036854775808, 9223372036854775807), "unsignedByte": (0, 255), "unsignedShort": (0, 65535),
    "unsignedInt": (0, 4294967295), "unsignedLong": (0, 18446744073709551615), "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None), "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
}  # fmt: skip


def lexical(text: str, name: str) -> bool | None:
    return is_lexical(text, f"{XSD}{name}")


def test_all_datatypes_of_rdf_are_known_and_no_others_of_xsd() -> None:
    assert {one for one in DATATYPES if one.startswith(XSD)} == {f"{XSD}{name}" for name in IN_RDF}
    for name in ("QName", "NOTATION", "ID", "IDREF", "ENTITY", "NMTOKENS", "anySimpleType", "int8"):
        assert lexical("a", name) is None
    assert is_lexical("a", "https://example.org/datatype") is None


@pytest.mark.parametrize("name", sorted(IN_RDF))
def test_the_text_that_is_shown_as_an_example_is_one(name: str) -> None:
    example = example_of(f"{XSD}{name}")
    assert example is not None
    assert lexical(example, name)


@st.composite
def _nearly(draw: st.DrawFn, pattern: str) -> str:
    """A text of the form, or one that a slip away from it."""
    text: str = draw(st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii")))
    place = draw(st.integers(0, len(text)))
    slip: str = draw(st.sampled_from(["", *"0123456789-+:.TZPYMDHSE =\n_", "٣", "INF"]))
    after: str = text[place + draw(st.integers(0, 1)) :]
    return text[:place] + slip + after


@pytest.mark.parametrize("name", PRINTED)
@settings(max_examples=25)
@given(data=st.data())
def test_a_form_is_what_the_standard_prints(name: str, data: st.DataObject) -> None:
    text = data.draw(_nearly(PRINTED[name]))
    assert lexical(text, name) == (re.fullmatch(PRINTED[name], text) is not None)


@pytest.mark.parametrize("name", DATED)
@settings(max_examples=25)
@given(data=st.data())
def test_a_date_has_the_form_and_a_day_that_its_month_has(name: str, data: st.DataObject) -> None:
    text = data.draw(_nearly(DATED[name]))
    found = re.fullmatch(DATED[name], text)
    expected = False
    if found is not None:
        year, month, day = re.findall(r"-?\d*(\d{4})-(\d\d)-(\d\d)|--(\d\d)-(\d\d)", text)[0][:3]
        month, day = (month, day) if month else text[2:7].split("-")
        like = int(year or "2000") % 400 + 2000  # the calendar comes again after 400 years
        try:
            expected = date(like, int(month), int(day)) is not None
        except ValueError:
            expected = False
    assert lexical(text, name) == expected


@given(st.sampled_from(sorted(BOUNDS)), st.integers(-2, 2), st.integers(), st.sampled_from(["", "0", "000"]))
def test_an_integer_lies_within_its_bounds(name: str, beside: int, anywhere: int, zeros: str) -> None:
    least, greatest = BOUNDS[name]
    for value in (anywhere, *(bound + beside for bound in (least, greatest) if bound is not None)):
        text = f"{'-' if value < 0 else ''}{zeros}{abs(value)}"
        within = (least is None or value >= least) and (greatest is None or value <= greatest)
        assert lexical(text, name) == within


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # XSD 1.1 has the year 0 and those before it, which XSD 1.0 had not
        ("date", "-0044-03-15", True),
        ("gYear", "0000", True),
        ("date", "0000-02-29", True),
        ("date", "-0004-02-29", True),
        ("date", "-0003-02-29", False),
        ("date", "1900-02-29", False),
        ("date", "2000-02-29", True),
        ("date", "12020-02-29", True),
        ("gYear", "02020", False),
        ("gYear", "31/12/2020", False),
        ("gYear", "abcd", False),
        ("gYear", f"2{'0' * 5000}", True),
        ("gMonthDay", "--02-29", True),
        ("gMonthDay", "--04-31", False),
        # the end of a day, and no leap seconds
        ("time", "24:00:00.0", True),
        ("time", "24:00:01", False),
        ("time", "23:59:60", False),
        ("dateTime", "2020-12-31T24:00:00", True),
        ("dateTime", "2020-12-31T12:00:00+14:00", True),
        ("dateTime", "2020-12-31T12:00:00-14:01", False),
        ("dateTimeStamp", "2020-12-31T12:00:00", False),
        ("double", "+INF", True),
        ("double", "-NaN", False),
        ("double", "Infinity", False),
        ("decimal", "1e3", False),
        ("nonPositiveInteger", "+0", True),
        ("unsignedByte", "-0", True),
        ("unsignedByte", "256", False),
        ("unsignedLong", "9" * 5000, False),
        ("nonNegativeInteger", "9" * 5000, True),
        ("duration", "PT", False),
        ("duration", "P1YT", False),
        ("dayTimeDuration", "P1M", False),
        ("dayTimeDuration", "PT1M", True),
        ("yearMonthDuration", "P1D", False),
        ("boolean", "TRUE", False),
        ("base64Binary", "YR==", False),  # bits that no octet holds
        ("base64Binary", "Y Q = =", True),
        ("base64Binary", "YQ==\n", False),
        ("language", "it-", False),
        ("anyURI", "not an IRI, says %", True),
        ("Name", "a:b", True),
        ("NCName", "a:b", False),
        ("NCName", "città", True),
        ("NMTOKEN", "-1", True),
        ("Name", "-1", False),
        # Char of XML
        ("string", "a\x00", False),
        ("string", "\ufffe", False),
        ("string", "\n\t\U0001f600", True),
        # RDF collapses no white space
        ("integer", " 1", False),
        ("integer", "1\n", False),
        ("boolean", "true ", False),
        ("normalizedString", " a  b ", True),
        ("normalizedString", "a\tb", False),
        ("token", "a b", True),
        ("token", "a  b", False),
        ("token", " a", False),
        ("token", "a ", False),
        ("token", "a\nb", False),
        ("token", "", True),
    ],
)  # fmt: skip
def test_what_is_easily_judged_wrongly(name: str, text: str, expected: bool) -> None:
    assert lexical(text, name) is expected


@given(st.binary())
def test_what_is_encoded_is_base64(content: bytes) -> None:
    assert lexical(base64.b64encode(content).decode(), "base64Binary")
    assert lexical(content.hex(), "hexBinary")


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_what_is_written_as_json_is_json(value: object) -> None:
    assert is_lexical(json.dumps(value), RDF.JSON.value)


@pytest.mark.parametrize(
    ("datatype", "text", "expected"),
    [
        (RDF.langString, "\x00", True),
        (RDF.HTML, "<p>never closed", True),
        (RDF.XMLLiteral, "", True),
        (RDF.XMLLiteral, "a <b>b</b> <!-- c --> &amp; &#xe9;", True),
        (RDF.XMLLiteral, '<m:x xmlns:m="urn:m"/>', True),
        (RDF.XMLLiteral, "<m:x/>", False),
        (RDF.XMLLiteral, '<x xmlns="a" xmlns="a"/>', False),
        (RDF.XMLLiteral, "<a></b>", False),
        (RDF.XMLLiteral, "</rdf-literal><rdf-literal>", False),
        (RDF.XMLLiteral, "&nbsp;", False),
        (RDF.XMLLiteral, '<?xml version="1.0"?><a/>', False),
        (RDF.JSON, "NaN", False),
        (RDF.JSON, "[1,]", False),
        (RDF.JSON, "1" * 5000, True),
        (RDF.JSON, "[" * 100_000, None),
        (OWL.rational, "-1/3", True),
        (OWL.rational, "1/0", False),
        (OWL.real, "1", False),
    ],
)
def test_datatypes_of_rdf_and_owl(datatype: object, text: str, expected: bool | None) -> None:
    assert is_lexical(text, str(datatype).strip("<>")) is expected
