"""Numbers as a person reads them."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from viz_app.frame.words.numbers import characters_needed, factor, in_cell, number, numbers, percent, place
from viz_app.frame.words.writing import DIGITS, Writing, written

SINGLE = st.floats(width=32, allow_nan=False, allow_infinity=False)
DOUBLE = st.floats(-1e307, 1e307)
NEAR = st.floats(-1e7, 1e7) | st.floats(-1e-3, 1e-3)


def half_unit(text: str) -> Fraction:
    """Return half a unit of the last digit that is shown."""
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Fraction(10) ** (int(exponent or 0) - decimals) / 2


def assert_right(text: str, value: float) -> None:
    text = text.replace("−", "-")
    shown = Fraction(text)
    assert abs(shown - Fraction(value)) <= half_unit(text)
    assert (shown == 0) == (value == 0)
    assert shown * Fraction(value) >= 0
    assert not text.startswith("-0") or shown != 0


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.5, "0.5"), (-0.25, "−0.25"), (1234.6, "1235"), (0.123456, "0.1235"), (1e-7, "1e−7"),
     (2.5e9, "2.5e9"), (math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞"), (100.0, "100"), (-1e-12, "−1e−12"),
     (-0.0, "0"), (1.23456e-7, "1.235e−7"), (-9.8764e12, "−9.876e12")],
)  # fmt: skip
def test_number(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "characters", "text"),
    [(0.531, 4, ".531"), (0.531, 3, ".53"), (-0.531, 4, "−.53"), (0, 1, "0"), (-0.0, 2, "0"), (0.0004, 3, ""),
     (-0.0004, 3, ""), (12345.0, 3, "1e4"), (12345.0, 2, ""), (math.nan, 3, "NaN"), (math.nan, 2, ""),
     (-math.inf, 2, "−∞"), (-math.inf, 1, ""), (4.56e-5, 4, "5e−5"), (-4.56e-5, 5, "−5e−5"), (-4.56e-5, 4, ""),
     (0.00046, 4, "5e−4"), (0.00046, 5, ".0005"), (0.000046, 5, "5e−5"), (1e-12, 5, "1e−12"), (0.0312, 5, ".0312"),
     (0.5, 6, ".5"),
     (0.50004, 5, ".5000"), (0.9996, 3, "1.0"), (99.6, 2, ""), (99.6, 3, "100"), (float(np.float32(0.1)), 6, ".1"),
     (5e-324, 6, "5e−324"), (1e22, 4, "1e22"), (3.0, 0, "")],
)  # fmt: skip
def test_in_cell(value: float, characters: int, text: str) -> None:
    assert in_cell(value, characters) == text


@given(SINGLE | DOUBLE | NEAR, st.integers(0, 12))
@example(-4e-5, 4)
@example(9.995, 4)
def test_what_stands_in_a_cell_fits_it_and_is_right(value: float, characters: int) -> None:
    text = in_cell(value, characters)
    assert len(text) <= characters
    if text:
        assert_right(text, value)


@given(SINGLE | NEAR, st.integers(1, 12))
def test_a_negative_number_shows_the_digits_of_the_positive_one(value: float, characters: int) -> None:
    value = abs(value) or 1.0
    text = in_cell(value, characters)
    assert in_cell(-value, characters + 1) == (f"−{text}" if text else "")


@given(NEAR, st.integers(1, 11))
def test_more_room_never_makes_a_number_worse(value: float, characters: int) -> None:
    def error(text: str) -> Fraction:
        return abs(Fraction(text.replace("−", "-")) - Fraction(value))

    text = in_cell(value, characters)
    assert not text or error(in_cell(value, characters + 1)) <= error(text)


@given(SINGLE | DOUBLE | NEAR | st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf]))
@example(9.6e-5)
@example(-99.6)
def test_the_characters_that_a_number_needs_are_enough(value: float) -> None:
    (needed,) = characters_needed(np.array([value]))
    assert in_cell(value, int(needed))


@given(SINGLE | DOUBLE, st.integers(1, 9))
def test_a_number_has_as_many_digits_as_it_is_asked_for(value: float, digits: int) -> None:
    text = number(value, digits)
    if value == 0 or not 1e-4 <= abs(value) < 1e6:
        assert len(text.replace("−", "").partition("e")[0].replace(".", "")) <= digits
    shown = Fraction(text.replace("−", "-"))
    assert abs(shown - Fraction(value)) <= abs(Fraction(value)) * Fraction(10) ** (1 - digits) / 2
    assert not text.partition("e")[0].endswith(".")


def test_negative_factors_stand_in_brackets() -> None:
    assert (factor(-0.5), factor(0.5)) == ("(−0.5)", "0.5")


def test_place() -> None:
    assert (place((0, 3)), place(())) == ("[0, 3]", "")


def test_a_person_chooses_how_many_digits_and_which_sign() -> None:
    with written(Writing(2, comma=True)):
        assert (number(0.123456), number(0.123456, 3), number(0.123456, 6)) == ("0,12", "0,12", "0,123456")
        assert (number(1234.6), number(1.26e-7), factor(-0.555)) == ("1235", "1,3e−7", "(−0,56)")
        assert (in_cell(0.531, 6), in_cell(-12.345, 9), in_cell(0.00012345, 9)) == ("0,53", "−12", "0,00012")
        assert numbers([0.5, 1, 2.25], most=2) == "0,5; 1; …"
        assert percent(0.1234, 1) == "12,3%"
        assert (in_cell(0.531, 4), in_cell(-0.531, 4), in_cell(0.0061, 4), in_cell(0.96, 3)) == (
            "0,53",
            "−,53",
            "6e−3",
            ",96",
        )
        assert characters_needed(np.array([0.5, 12.0, 0.0])).tolist() == [3, 2, 1]
    with written(Writing(6)):
        assert (number(0.12345678), in_cell(0.12345678, 9)) == ("0.123457", ".123457")
    assert number(0.123456) == "0.1235"


@given(SINGLE | NEAR, st.integers(1, 11), st.sampled_from(DIGITS))
@settings(max_examples=60)
def test_in_a_cell_there_are_never_more_digits_than_chosen(value: float, characters: int, digits: int) -> None:
    text = in_cell(value, characters, Writing(digits))
    assert len(text) <= characters
    assert not in_cell(value, characters) or text
    if text:
        assert_right(text, value)
        shown = text.partition("e")[0].replace("−", "").replace(".", "").lstrip("0")
        assert len(shown) <= max(digits, len(text.partition(".")[0].replace("−", "")))
