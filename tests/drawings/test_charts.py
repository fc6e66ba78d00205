"""Charts start from zero, keep proportions and stay in the picture."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from missiongraph.drawings.charts import bar_chart, line_chart, steps
from missiongraph.web.rendering.view_models import Value

NUMBERS = st.floats(-1e9, 1e9).map(lambda number: round(number, 3))


@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_bars_are_as_long_as_their_numbers_and_start_from_zero(numbers: list[float]) -> None:
    drawn = bar_chart("name", "number", [(Value(str(n)), n, str(n)) for n in numbers]).bars
    span = (max(0.0, *numbers) - min(0.0, *numbers)) or 1.0
    zero = -100 * min(0.0, *numbers) / span
    for bar, number in zip(drawn, numbers, strict=True):
        assert bar.width == approx(100 * abs(number) / span, abs=0.01)
        assert (bar.start if number >= 0 else bar.start + bar.width) == approx(zero, abs=0.02)


@given(st.lists(st.tuples(st.floats(1500, 2100), NUMBERS), min_size=1, max_size=40))
def test_a_line_stays_in_the_picture(rows: list[tuple[float, float]]) -> None:
    drawn = line_chart("year", "number", [(year, n, "", "") for year, n in sorted(rows)], [(0.0, "0")])
    assert all(drawn.left <= point.x <= drawn.right and 0 <= point.y <= drawn.bottom for point in drawn.points)
    assert all(drawn.left <= tick.at <= drawn.right for tick in drawn.across)


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6), st.integers(2, 12))
def test_marks_of_a_scale_are_few_and_within_it(low: int, span: int, most: int) -> None:
    marks = steps(low, low + span, most)
    assert len(marks) <= most
    assert all(low - span * 1e-6 <= mark <= low + span * (1 + 1e-6) for mark in marks)
