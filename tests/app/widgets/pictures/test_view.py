import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz_app.widgets.pictures.view import LARGEST_ZOOM, View, fitted

LENGTH = st.floats(10, 3000)


def test_a_fitted_picture_fills_the_widget_in_one_direction_and_is_centered_in_the_other() -> None:
    view = fitted((100, 50), (400, 400))
    assert view.scale == 4
    assert view.to_widget(0, 0) == (0, 100)
    assert view.to_widget(100, 50) == (400, 300)


@given(LENGTH, LENGTH, st.floats(0, 1), st.floats(0, 1), st.floats(1, 50))
def test_the_point_under_the_mouse_stays_while_magnifying(
    width: float, height: float, x: float, y: float, factor: float
) -> None:
    view = fitted((width, height), (width, height))
    at = (x * width, y * height)
    before = view.to_picture(*at)
    assert view.magnified(factor, *at).to_picture(*at) == pytest.approx(before, abs=1e-6 * max(width, height))


@given(st.lists(st.tuples(st.floats(0.1, 8), st.floats(0, 400), st.floats(0, 300), st.floats(-500, 500)), max_size=8))
def test_the_view_never_leaves_the_picture(moves: list[tuple[float, float, float, float]]) -> None:
    view = fitted((200, 300), (400, 300))
    for factor, x, y, shift in moves:
        view = view.magnified(factor, x, y).moved(shift, -shift)
        assert 1 <= view.zoom <= LARGEST_ZOOM
        for corner, size, have in zip(view.origin, view.picture, view.widget, strict=True):
            seen = size * view.scale
            if seen > have:
                assert corner <= 1e-6
                assert corner + seen >= have - 1e-6
            else:
                assert corner == pytest.approx((have - seen) / 2)


def test_magnifying_and_back_shows_all_again() -> None:
    view = fitted((100, 100), (100, 100))
    assert view.magnified(5, 10, 20).magnified(0.2, 90, 70) == view


def test_an_empty_widget_does_no_harm() -> None:
    assert isinstance(fitted((0, 0), (0, 0)).magnified(2, 0, 0), View)
