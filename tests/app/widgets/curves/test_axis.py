"""Axes: every number has its place, and the numbers along an axis are round, few and told apart."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from viz_app.widgets.curves.axis import log_range_of, log_ticks, range_of, ticks

LOSSES = st.one_of(st.just(0.0), st.floats(min_value=1e-299, max_value=1e300))
POSITIVE = st.floats(min_value=1e-30, max_value=1e30)
MOST = st.integers(2, 12)


def written(text: str) -> float:
    return float(text.replace("−", "-"))


@given(st.lists(LOSSES, min_size=1, max_size=20))
def test_every_loss_lies_on_the_axis(losses: list[float]) -> None:
    low, high = range_of(losses)
    assert low < high
    assert all(low <= loss <= high for loss in losses)
    assert low >= 0 or min(losses) > 0


@given(LOSSES)
def test_one_loss_stands_on_an_axis_from_0(loss: float) -> None:
    low, high = range_of([loss])
    assert low == 0
    assert loss == 0 or 0.5 < loss / high < 0.9


@given(st.lists(POSITIVE, min_size=1, max_size=20))
def test_a_logarithmic_axis_has_at_least_a_decade(losses: list[float]) -> None:
    low, high = log_range_of(losses)
    assert high - low >= 1
    assert all(low <= math.log10(loss) <= high for loss in losses)


@given(st.floats(-1e20, 1e20), st.floats(1e-6, 1e20), MOST)
def test_ticks_are_few_and_say_what_they_are(low: float, span: float, most: int) -> None:
    assume(span > 1e-6 * abs(low))
    found = ticks(low, low + span, most)
    assert len(found) <= most
    texts = [text for _, text in found]
    assert len(set(texts)) == len(texts)
    for place, text in found:
        assert low - 1e-9 * span <= place <= low + span * (1 + 1e-9)
        assert written(text) == pytest.approx(place, abs=1e-6 * span)


@given(st.floats(-20, 20), st.floats(1, 30), MOST)
def test_logarithmic_ticks_stand_where_their_numbers_are(low: float, span: float, most: int) -> None:
    found = log_ticks(low, low + span, most)
    assert 1 <= len(found) <= most
    assert all(10**place == pytest.approx(written(text)) for place, text in found)


def test_iterations_are_whole_numbers() -> None:
    assert [text for _, text in ticks(0, 4, 8, 1.0)] == ["0", "1", "2", "3", "4"]
    assert [text for _, text in ticks(0, 4000, 5, 1.0)] == ["0", "1000", "2000", "3000", "4000"]


def test_no_number_at_all_has_an_axis() -> None:
    assert range_of([]) == (0.0, 1.0)
    assert log_range_of([])[0] < log_range_of([])[1]
