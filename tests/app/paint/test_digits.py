"""The numbers that are written into cells: right, within their cell, and as many digits as fit."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtGui import QPainter

from tests.app.frame.test_numbers import assert_right
from tests.app.paint.pictures import map_of, view_of
from tests.app.paint.written import Written, written
from viz_app.frame.frame import MapView
from viz_app.paint.digits import form_of_numbers
from viz_app.paint.painting import paint
from viz_app.paint.theme import LIGHT
from viz_app.picture.elements import Picture, Rect

pytestmark = pytest.mark.usefixtures("qapp")
ROWS, COLUMNS = 3, 4


def numbers_in(
    array: np.ndarray, width: float, height: float, zoom: float = 1.0, scale: float = 1.0
) -> dict[tuple[int, int], Written]:
    """Return what is written in every cell of a map with cells of a size in pixels, magnified or painted larger."""
    rows, columns = array.shape
    room = Rect(0, 0, columns * width, rows * height)
    picture = Picture(4000, 4000, 14, (map_of(view_of(array), room),))

    def draw(painter: QPainter) -> None:
        painter.scale(zoom * scale, zoom * scale)
        paint(painter, picture, LIGHT, zoom=zoom)

    found = {}
    for one in written(draw):
        row, column = int(one.y // (height * zoom * scale)), int((one.x + 1) // (width * zoom * scale))
        found[row, column] = replace(one, x=one.x - column * width * zoom * scale)
    return found


def digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text.partition("e")[0])


NUMBERS = st.floats(-2, 2, width=32) | st.floats(width=32, allow_nan=False, allow_infinity=False) | st.just(0.0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    arrays(np.float32, (ROWS, COLUMNS), elements=NUMBERS) | arrays(np.float64, (ROWS, COLUMNS), elements=NUMBERS),
    st.integers(20, 120),
    st.sampled_from([1.0, 1.25, 3.0]),
)
def test_what_cells_show_is_right_and_within_them(array: np.ndarray, width: int, zoom: float) -> None:
    shown = numbers_in(array, width, 40, zoom)
    for (row, column), number in shown.items():
        assert_right(number.text, float(array[row, column]))
        assert number.x >= 2
        assert number.x + number.width(mono=True) <= width * zoom - 2


@pytest.mark.parametrize("width", [30, 36, 44, 60, 90])
def test_negative_numbers_have_as_many_digits_as_positive_ones(width: int) -> None:
    array = np.array([[0.6213, -0.6213, 0.0312, -0.0312]], np.float32)
    shown = numbers_in(array, width, 40)
    assert len(shown) == 4
    for column in (0, 2):
        assert shown[0, column + 1].text == "−" + shown[0, column].text


@pytest.mark.parametrize("width", [36, 44, 60, 90])
def test_tiny_numbers_are_written_too(width: int) -> None:
    array = np.array([[0.5, -4.1e-4, 4.1e-4, -0.31, 0.0]], np.float32)
    shown = numbers_in(array, width, 40)
    assert len(shown) == 5
    assert all(number.text.strip("−0.") for place, number in shown.items() if place != (0, 4))
    assert shown[0, 4].text == "0"


def test_a_number_that_does_not_fit_is_left_out_and_the_others_stay() -> None:
    shown = numbers_in(np.array([[0.5, -4.1e-30, 0.25, 0.75]], np.float32), 26, 40)
    assert set(shown) == {(0, 0), (0, 2), (0, 3)}


def test_a_map_writes_all_its_numbers_in_one_size() -> None:
    array = np.array([[0.5, -123.456, 4.1e-4, -0.31]], np.float32)
    assert len({number.size for number in numbers_in(array, 50, 40).values()}) == 1


@pytest.mark.parametrize("number", [1 / 3, -1 / 3, 12.3456789])
def test_what_is_magnified_shows_more_digits_and_then_larger_ones(number: float) -> None:
    array = np.full((1, 2), number)
    zooms = (1.0, 1.5, 2.5, 4.0, 8.0)
    shown = [numbers_in(array, 40, 30, zoom)[0, 0] for zoom in zooms]
    counts = [digits(one.text) for one in shown]
    assert counts == sorted(counts)
    assert counts[-1] >= counts[0] + 3
    assert [one.size for one in shown] == sorted(one.size for one in shown)
    assert shown[-1].size > 2 * shown[0].size


@pytest.mark.parametrize("width", range(20, 100, 7))
def test_a_picture_of_twice_the_size_shows_the_same_numbers(width: int) -> None:
    array = np.random.default_rng(0).normal(size=(3, 4))
    one, two = (numbers_in(array, width, 40, scale=scale) for scale in (1, 2))
    assert {place: number.text for place, number in one.items()} == {
        place: number.text for place, number in two.items()
    }
    assert all(abs(two[place].size - 2 * number.size) <= 1 for place, number in one.items())


@pytest.mark.parametrize(("width", "height"), [(18, 100), (100, 12)])
def test_cells_without_room_have_no_numbers(width: int, height: int) -> None:
    assert form_of_numbers(np.array([[0.5]]), width, height, 20) is None
    assert numbers_in(np.array([[0.5, 0.25]]), width, height) == {}


def test_no_number_is_smaller_than_nine_pixels() -> None:
    array = np.array([[-1e-12, 0.3]])
    forms = [form_of_numbers(array, width, 40, 14) for width in range(10, 200)]
    assert min(form.size for form in forms if form) >= 9


def test_shown_numbers_are_the_values_to_their_last_digit() -> None:
    array = np.array([[0.1, 1 / 16]], np.float32)
    texts = [number.text for number in numbers_in(array, 100, 40).values()]
    assert [Fraction(text) for text in texts] == [Fraction("0.1"), Fraction(1, 16)]


def test_what_a_mask_has_hidden_has_no_number_and_no_say() -> None:
    hidden = np.array([[False, True], [False, False]])
    plain = view_of(np.array([[0.25, 0.5], [0.75, 1.0]]))
    masked = replace(view_of(np.array([[0.25, -1e-30], [0.75, 1.0]])), hidden=hidden)

    def drawn(view: MapView) -> list[str]:
        picture = Picture(200, 200, 14, (map_of(view, Rect(0, 0, 60, 60)),))
        return sorted(one.text for one in written(lambda painter: paint(painter, picture, LIGHT)))

    assert drawn(masked) == [text for text in drawn(plain) if text != ".5"] == [".25", ".75", "1"]


def test_a_map_has_the_numbers_of_most_of_its_cells_or_none() -> None:
    """In cells for two figures 0.3 is written and 0.01 is not: a few numbers would look like all there is."""
    assert len(numbers_in(np.array([[-0.3, 0.2, 0.01]]), 25, 40)) == 2
    assert numbers_in(np.array([[-0.3, 0.01, 0.02]]), 25, 40) == {}
    assert len(numbers_in(np.array([[-0.3, 0.01, 0.02]]), 60, 40)) == 3
    assert len(numbers_in(np.array([[-0.3, 0, 0]]), 25, 40)) == 3
