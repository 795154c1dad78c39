"""Numbers as a person reads them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz_app.frame.numbers import factor, in_cell, number, place


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.5, "0.5"), (-0.25, "−0.25"), (1234.6, "1235"), (0.123456, "0.1235"), (1e-7, "1.00e−7"),
     (2.5e9, "2.50e9"), (math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞"), (100.0, "100"), (-1e-12, "−1.00e−12")],
)  # fmt: skip
def test_number(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "characters", "text"),
    [(0.531, 4, ".531"), (0.531, 3, ".53"), (-0.531, 4, "−.53"), (0, 1, "0"), (0.0004, 3, "+0"), (-0.0004, 3, "−0"),
     (12345.0, 3, "1e4"), (12345.0, 2, ""), (math.nan, 3, "NaN"), (4.56e-5, 4, "5e−5"), (-4.56e-5, 5, "−5e−5"),
     (-4.56e-5, 4, "−0"), (0.00046, 4, "5e−4"), (1e-12, 5, "1e−12")],
)  # fmt: skip
def test_in_cell(value: float, characters: int, text: str) -> None:
    assert in_cell(value, characters) == text


@given(st.floats(-1e9, 1e9), st.integers(1, 8))
def test_what_stands_in_a_cell_fits_it(value: float, characters: int) -> None:
    assert len(in_cell(value, characters)) <= characters


@given(st.floats(-1e6, 1e6))
def test_four_digits_are_close(value: float) -> None:
    assert float(number(value).replace("−", "-")) == pytest.approx(value, rel=6e-3, abs=1e-300)


def test_negative_factors_stand_in_brackets() -> None:
    assert (factor(-0.5), factor(0.5)) == ("(−0.5)", "0.5")


def test_place() -> None:
    assert (place((0, 3)), place(())) == ("[0, 3]", "")
