"""An answer is right if it rounds to the number that is shown; else one sentence says how near it is."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz_app.frame.quiz.marking import DIGITS, Verdict, digits_asked, mark
from viz_app.frame.words.numbers import number
from viz_app.frame.words.writing import Writing, written

RIGHT, SIGN, ROUNDING, WRONG, UNREADABLE = Verdict


@pytest.mark.parametrize(
    ("text", "value", "verdict"),
    [
        ("0.427", 0.4268, RIGHT),
        ("0,427", 0.4268, RIGHT),
        (" ,427 ", 0.4268, RIGHT),
        ("4.27e-1", 0.4268, RIGHT),
        ("42.7 %", 0.4268, RIGHT),
        ("3/7", 3 / 7, RIGHT),
        ("0.1235", 0.12345, RIGHT),  # four digits, of which the last is rounded
        ("12346", 12345.6, RIGHT),
        ("−0.5", -0.5, RIGHT),
        ("1", 0.99996, RIGHT),
        ("0", 0.0, RIGHT),
        ("NaN", math.nan, RIGHT),
        ("-inf", -math.inf, RIGHT),
        ("-0.427", 0.4268, SIGN),
        ("0,427", -0.4268, SIGN),
        ("0.43", 0.4268, ROUNDING),
        ("0.426", 0.4268, ROUNDING),
        ("12300", 12345.6, ROUNDING),
        ("0.5", 0.4268, WRONG),
        ("0", 1e-9, WRONG),
        ("1", math.nan, WRONG),
        ("0.427", math.inf, WRONG),
        ("", 1.0, UNREADABLE),
        ("seven", 1.0, UNREADABLE),
        ("1/0", 1.0, UNREADABLE),
        ("1e999", 1.0, UNREADABLE),
        ("1 2", 12.0, UNREADABLE),
        ("9" * 60, 1.0, UNREADABLE),
        ("٣", 3.0, UNREADABLE),
    ],
)
def test_verdicts(text, value, verdict):
    marked = mark(text, value)
    assert marked.verdict is verdict
    assert marked.sentence.endswith(".")
    assert "\n" not in marked.sentence


@settings(max_examples=60, deadline=None)
@given(st.floats(-1e9, 1e9, allow_subnormal=False), st.integers(DIGITS, 9))
def test_the_number_as_it_is_shown_is_right_and_its_opposite_is_close(value, digits):
    shown = number(value, digits)
    assert mark(shown, value).right
    assert mark(shown.replace(".", ","), value).right
    opposite = shown[1:] if shown.startswith("−") else f"−{shown}"
    assert mark(opposite, value).verdict in ({SIGN} if value else {RIGHT})


@settings(max_examples=60, deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(1.05, 5))
def test_what_is_five_percent_off_is_not_right(value, factor):
    assert not mark(f"{value * factor:.6g}", value).right
    assert not mark(f"{value / factor:.6g}", value).right


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=50), st.floats())
def test_no_text_is_an_error(text, value):
    assert mark(text, value).sentence


def test_as_many_digits_are_asked_for_as_are_shown():
    assert digits_asked() == DIGITS
    with written(Writing(2, comma=True)):
        assert digits_asked() == 2
        assert mark("0.43", 0.4268, digits_asked()).right
        assert mark("0,43", 0.4268, digits_asked()).right
    assert mark("0.427", 0.4268, 5).verdict is ROUNDING
    assert mark("0.42680", 0.4268, 5).right
