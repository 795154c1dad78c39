"""What is typed is read as the number that it says, or refused; nothing is read as another number."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from viz_app.widgets.fields.reading import Bounds, Number, UnreadableError

RATES = Bounds(1e-30, 1e30)
WEIGHTS = Bounds(-1_000_000, 1_000_000)
WHOLE = Bounds(0, 2**32 - 1, whole=True)
ALL = [RATES, WEIGHTS, WHOLE]
LETTERS = "0123456789.,+-−/eE _%xk½²٣\xa0 "
PARTS = st.from_regex(r"[+-]?([0-9]{1,6}([.,][0-9]{0,6})?|[.,][0-9]{1,6})([eE][+-]?[0-9]{1,3})?", fullmatch=True)
TYPED = st.one_of(st.text(LETTERS, max_size=12), st.text(max_size=8), PARTS, st.tuples(PARTS, PARTS).map("/".join))


def read(bounds: Bounds, text: str) -> Number | str:
    """Return the number, or the reason against it."""
    try:
        return bounds.read(text)
    except UnreadableError as refusal:
        return str(refusal)


def meant(text: str) -> Fraction | None:
    """Return what a text says, exactly, by other means; ``None`` where it says no number."""
    parts = text.strip().replace("−", "-").split("/")
    if len(parts) > 2 or not all(re.fullmatch(r"[0-9.,eE+-]+", part.strip(), re.ASCII) for part in parts):
        return None
    try:
        numbers = [Fraction(Decimal(part.strip().replace(",", "."))) for part in parts]
        return numbers[0] / (numbers[1] if len(parts) > 1 else 1)
    except (ArithmeticError, ValueError):
        return None


@pytest.mark.parametrize("bounds", ALL, ids=str)
@given(text=TYPED)
def test_what_is_typed_is_read_as_it_is_meant_or_refused(bounds: Bounds, text: str) -> None:
    number = read(bounds, text)
    if isinstance(number, str):
        assert re.fullmatch(r"Expected .*\.", number)
        return
    exact = meant(text)
    assert exact is not None
    assert number in bounds
    assert (number == 0) == (exact == 0)
    assert abs(Fraction(number) - exact) <= abs(exact) * Fraction(1, 10**15)
    assert isinstance(number, int) == bounds.whole


@pytest.mark.parametrize("mark", [".", ","])
@given(number=st.floats(1e-30, 1e30))
def test_every_number_is_read_as_it_is_shown(mark: str, number: float) -> None:
    assert RATES.read(RATES.write(number).replace(".", mark)) == number


@given(number=st.integers(0, 2**32 - 1))
def test_every_whole_number_is_read_as_it_is_shown(number: int) -> None:
    assert WHOLE.read(WHOLE.write(number)) == number


@given(top=st.integers(0, 999), bottom=st.integers(1, 999))
def test_a_fraction_is_the_quotient_of_its_numbers(top: int, bottom: int) -> None:
    assert WEIGHTS.read(f"{top}/{bottom}") == top / bottom
    if top % bottom == 0:
        assert WHOLE.read(f"{top} / {bottom}") == top // bottom
    else:
        with pytest.raises(UnreadableError):
            WHOLE.read(f"{top}/{bottom}")


@pytest.mark.parametrize(
    ("bounds", "text", "number"),
    [(RATES, "0,5", 0.5), (RATES, ".5", 0.5), (RATES, "5.", 5.0), (RATES, " 1e9 ", 1e9), (RATES, "1E-3", 0.001),
     (RATES, "1,5e2", 150.0), (RATES, "3/8", 0.375), (WEIGHTS, "−1/16", -0.0625), (WEIGHTS, "-0,5/2", -0.25),
     (WHOLE, "1e3", 1000), (WHOLE, "2.5e1", 25), (WHOLE, "+7", 7), (WHOLE, "4294967295", 2**32 - 1)],
)  # fmt: skip
def test_a_number_can_be_written_in_many_ways(bounds: Bounds, text: str, number: float) -> None:
    assert bounds.read(text) == number


@pytest.mark.parametrize("bounds", ALL, ids=str)
@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "nan", "inf", "-inf", "1 000", "1.000,5", "1,000,000", "1_000", "0x1f", "1/0", "0/0", "1/2/3",
     "1e400", "1e-400", "1/1e-400", "5%", "½", "٣", "--1", "1e", "e5", "/2", "2/", "1" * 5000, "1\n2"],
)  # fmt: skip
def test_what_is_no_number_is_refused(bounds: Bounds, text: str) -> None:
    with pytest.raises(UnreadableError, match=r"^Expected .*\.$"):
        bounds.read(text)


@pytest.mark.parametrize("text", ["1,000", "1.000", "2.0", "0,5", "1e-1", "1/3", "-1", "4294967296", "1e10"])
def test_whole_numbers_take_no_decimal_mark_and_nothing_beyond(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"^Expected a whole number from 0 to 4,294,967,295; got "):
        WHOLE.read(text)


def test_a_reason_says_what_is_taken() -> None:
    for bounds, reason in (
        (RATES, "Expected a number from 1e-30 to 1e30, such as 0.5, 1e-3 or 1/16; got '0'."),
        (Bounds(0, 0, whole=True), "Expected 0, the only choice here; got '0.5'."),
    ):
        with pytest.raises(UnreadableError) as refusal:
            bounds.read(reason.split("'")[1])
        assert str(refusal.value).replace("−", "-") == reason


@pytest.mark.parametrize(
    ("number", "count", "stepped"),
    [(0.5, 1, 0.6), (0.05, 1, 0.06), (0.001, 3, 0.004), (0.1, -1, 0.09), (0.2, -3, 0.08), (0.25, -2, 0.23),
     (5.0, 1, 6.0), (0.9, 1, 1.0), (1e30, 1, 1e30), (1e-30, -1, 1e-30), (2e-30, -1, 1e-30)],
)  # fmt: skip
def test_the_last_digit_that_is_shown_is_stepped(number: float, count: int, stepped: float) -> None:
    assert RATES.stepped(number, count) == stepped


@given(number=st.floats(1e-30, 1e30), count=st.integers(-12, 12))
def test_steps_stay_within_the_bounds(number: float, count: int) -> None:
    after = RATES.stepped(number, count)
    assert after in RATES
    assert (after - number) * count >= 0


@given(number=st.integers(0, 10), count=st.integers(-12, 12))
def test_whole_numbers_step_by_one_up_to_their_ends(number: int, count: int) -> None:
    assert Bounds(0, 10, whole=True).stepped(number, count) == min(max(number + count, 0), 10)


@given(number=st.integers(-999, 999))
def test_below_zero_steps_go_through_it(number: int) -> None:
    assume(number % 10)
    assert WEIGHTS.stepped(number / 100, 1) == (number + 1) / 100
