"""Levels: symmetric for signed data, from zero for the rest, round, and never too low."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.values import Range
from viz_app.frame.levels import Levels, MapKind, levels_for, round_up


def test_signed_data_is_diverging_and_symmetric_about_zero() -> None:
    assert levels_for(Range.SIGNED, -0.3, 1.7) == Levels(MapKind.DIVERGING, -2.0, 2.0)


def test_non_negative_data_is_sequential_from_zero() -> None:
    assert levels_for(Range.NON_NEGATIVE, 0.2, 0.23) == Levels(MapKind.SEQUENTIAL, 0.0, 0.25)


def test_probabilities_go_from_zero_to_one_whatever_they_are() -> None:
    assert levels_for(Range.PROBABILITY, 0.4, 0.41) == Levels(MapKind.PROBABILITY, 0.0, 1.0)


def test_pixels_are_grey_from_zero_unless_they_are_signed() -> None:
    assert levels_for(Range.NON_NEGATIVE, 0.2, 0.93, image=True) == Levels(MapKind.GREY, 0.0, 1.0)
    assert levels_for(Range.PROBABILITY, 0.2, 0.3, image=True) == Levels(MapKind.GREY, 0.0, 1.0)
    assert levels_for(Range.SIGNED, -0.3, 1.7, image=True) == levels_for(Range.SIGNED, -0.3, 1.7)


@pytest.mark.parametrize("number", [0.0, math.inf, math.nan])
def test_where_there_is_nothing_to_measure_the_end_is_one(number: float) -> None:
    assert round_up(number) == 1.0


@given(st.floats(1e-30, 1e30))
def test_the_end_is_just_above_the_number(number: float) -> None:
    end = round_up(number)
    assert number <= end * (1 + 1e-8)
    assert end <= number * 1.51


@given(st.floats(1e-30, 1e30))
def test_a_round_number_stays(number: float) -> None:
    assert round_up(round_up(number)) == pytest.approx(round_up(number))
