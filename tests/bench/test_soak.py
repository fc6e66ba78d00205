"""What a soak takes for a fault: an answer of no build, an error, memory or files that grow; and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.servers import Server
from bench.soak import Record, Soak
from bench.soak_report import Report, percentile, slope
from bench.soak_requests import Ask

PAGE, BAD = Ask("pages", "/"), Ask("bad input", "/x", status=404)
MB = 1_000_000


def digest(body: bytes) -> frozenset[str]:
    return frozenset([hashlib.sha256(body).hexdigest()])


@pytest.fixture
def soak() -> Soak:
    """One whose two builds differ in one answer."""
    first = {PAGE: digest(b"one"), BAD: digest(b"none")}
    return Soak(Server("s", 1, 1, "/"), Path(), ["a", "b"], [first, {**first, PAGE: digest(b"two")}])


@pytest.mark.parametrize(
    ("ask", "status", "body", "faults"),
    [
        (PAGE, 200, b"one", []),
        (PAGE, 200, b"two", []),
        (PAGE, 503, b"", []),
        (PAGE, 429, b"", []),
        (BAD, 404, b"none", []),
        (PAGE, 200, b"one two", ["pages: wrong answer"]),
        (PAGE, 200, b"", ["pages: wrong answer"]),
        (PAGE, 500, b"one", ["pages: 500 for 200"]),
        (PAGE, 404, b"one", ["pages: 404 for 200"]),
        (BAD, 200, b"none", ["bad input: 200 for 404"]),
        (BAD, 404, b"other", ["bad input: wrong answer"]),
    ],
)
def test_an_answer_is_that_of_a_build_or_a_refusal(
    soak: Soak, ask: Ask, status: int, body: bytes, faults: list[str]
) -> None:
    soak._judge(ask, status, body)
    assert list(soak.record.wrong) == faults
    assert list(soak.record.faults.values()) == [1] * len(faults)


def record(memory: float, descriptors: float) -> Record:
    """One of an hour in which memory grows by so many MB and descriptors by so many, under peaks as of long queries."""
    found = Record()
    for second in range(0, 3600, 5):
        peak = 2 if second % 20 < 10 else 1
        grown = (400 + memory * second / 3600) * MB, 100 + descriptors * second / 3600
        found.samples.append((float(second), int(grown[0] * peak), round(grown[1] * peak), 9))
        found.times["pages"].append((float(second), 0.01))
    return found


@pytest.mark.parametrize(
    ("memory", "descriptors", "held"), [(0, 0, True), (10, 0, True), (-200, 0, True), (100, 0, False), (0, 50, False)]
)
def test_what_grows_is_found_and_a_peak_is_none(memory: float, descriptors: float, held: bool) -> None:
    report = Report(record(memory, descriptors), 3600)
    assert report.held is held
    assert f"the server {'held' if held else '**did not hold**'}" in report.text()
    assert report.drawing().count("<polyline") == 3


def test_what_grows_in_a_short_run_is_told_and_not_judged() -> None:
    report = Report(record(100, 0), 600)
    assert report.held
    assert "not judged" in report.text()


def test_a_fault_is_told_with_its_first_case() -> None:
    found = record(0, 0)
    found.fault("pages: wrong answer", "/doc/x: 5 bytes")
    found.fault("pages: wrong answer", "/doc/y: 6 bytes")
    report = Report(found, 3600)
    assert not report.held
    assert "- pages: wrong answer: 2 times, first /doc/x: 5 bytes" in report.text()


@given(st.lists(st.integers(0, 1000), min_size=1), st.sampled_from([0.01, 0.5, 0.99, 1.0]))
def test_a_percentile_is_the_least_that_a_part_does_not_exceed(times: list[int], part: float) -> None:
    found = percentile(times, part)
    assert sum(time <= found for time in times) >= part * len(times)
    assert sum(time < found for time in times) < part * len(times)


@given(st.integers(-5, 5), st.lists(st.integers(-1000, 1000), max_size=3))
def test_a_slope_is_that_of_most_points(rise: int, outliers: list[int]) -> None:
    points = [(float(number), float(rise * number)) for number in range(20)]
    for place, outlier in enumerate(outliers):
        points[place * 6] = (points[place * 6][0], float(outlier))
    assert slope(points) == pytest.approx(rise, abs=0.5)
