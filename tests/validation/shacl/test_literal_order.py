"""The order of literals (SPARQL 1.1, section 17.3; XSD 1.1, Part 2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from missiongraph.validation.shacl.literal_order import is_less
from missiongraph.vocab import XSD


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=XSD[datatype])


@pytest.mark.parametrize(
    ("datatype", "one", "other"),
    [
        ("date", "-0044-03-15", "-0027-01-16"),
        ("date", "-0001-12-31", "0000-01-01"),  # XSD 1.1 has a year 0
        ("date", "0000-02-29", "0000-03-01"),
        ("date", "9999-12-31", "12020-01-01"),
        ("date", "2020-01-02Z", "2020-01-02-01:00"),
        ("date", "2020-01-01", "2020-01-03Z"),
        ("dateTime", "2020-01-01T23:59:59", "2020-01-01T24:00:00"),
        ("dateTime", "2020-01-01T00:00:00.1Z", "2020-01-01T00:00:00.10001Z"),
        ("time", "24:00:00", "00:00:01"),
        ("gYear", "-0044", "0044"),
        ("gYear", "0999", "1000"),
        ("gYearMonth", "2019-12", "2020-01"),
        ("duration", "P1M", "P32D"),
        ("duration", "-P1D", "PT0S"),
        ("dayTimeDuration", "PT23H", "P1D"),
        ("yearMonthDuration", "P11M", "P1Y"),
        ("string", "Z", "a"),
        ("boolean", "0", "true"),
        ("integer", "9007199254740992", "9007199254740993"),
        ("double", "1e300", "INF"),
        ("float", "-INF", "-1"),
    ],
)
def test_in_order(datatype: str, one: str, other: str) -> None:
    assert is_less(typed(one, datatype), typed(other, datatype))
    assert not is_less(typed(other, datatype), typed(one, datatype))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("2020-01-01T00:00:00", "dateTime"), typed("2020-01-01T10:00:00Z", "dateTime")),  # within 14 hours
        (typed("P1M", "duration"), typed("P30D", "duration")),  # months have 28 to 31 days
        (typed("NaN", "double"), typed("1", "double")),
        (typed("2020-02-30", "date"), typed("2020-03-01", "date")),  # the first has no value
        (typed("2020-01-01", "date"), typed("2020-01-02T00:00:00", "dateTime")),
        (Literal("a"), typed("2", "integer")),
        (Literal("a", language="en"), Literal("b", language="en")),
        (NamedNode("urn:a"), NamedNode("urn:b")),
    ],
)
def test_not_comparable(one: object, other: object) -> None:
    for first, second in ((one, other), (other, one)):
        assert not is_less(first, second)
        assert not is_less(first, second, or_equal=True)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.decimals(-5, 5, places=2))
def test_exact_numbers_are_compared_exactly(one: Decimal, other: Decimal) -> None:
    first, second = (typed(f"{number:f}", "decimal") for number in (one, other))
    assert is_less(first, second) is (one < other)
    assert is_less(first, second, or_equal=True) is (one <= other)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(-5, 5))
def test_a_decimal_beside_a_double_is_one(one: float, other: float) -> None:
    exact = typed(f"{Decimal(repr(one)):f}", "decimal")
    assert is_less(exact, typed(repr(other), "double")) is (one < other)


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=zones)


@given(moments, moments)
def test_moments_are_those_of_the_calendar(one: datetime, other: datetime) -> None:
    first, second = (typed(moment.isoformat(), "dateTime") for moment in (one, other))
    assert is_less(first, second) is (one.astimezone(UTC) < other.astimezone(UTC))
