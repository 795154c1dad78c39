"""What is painted of a plane has the colours that its legend says."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from viz_app.frame.levels import Levels, MapKind
from viz_app.paint.colors import codes, table
from viz_app.paint.painting import paint
from viz_app.paint.theme import DARK, LIGHT
from viz_app.picture.elements import Lines, Picture, Rect, Relief, Scatter, Tone

LEVELS = Levels(MapKind.DIVERGING, -1.0, 1.0)
WHOLE = Rect(0, 0, 60, 60)
themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def painted(element, theme, scale=1.0):
    side = round(60 * scale)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.base))
    image.setDevicePixelRatio(scale)
    with QPainter(image) as painter:
        paint(painter, Picture(60, 60, 13, (element,)), theme)
    return image


def color(height, theme):
    return QColor(int(table(theme, MapKind.DIVERGING)[codes(np.array([height]), LEVELS)][0]))


@themes
@pytest.mark.parametrize("height", [-1.0, -0.4, 0.0, 0.7, 1.0, np.nan, np.inf])
def test_a_number_has_the_colour_of_its_map(theme, height):
    image = painted(Relief(WHOLE, np.full((5, 5), height), LEVELS), theme)
    for x, y in ((1, 1), (30, 30), (58, 58)):
        assert image.pixelColor(x, y) == color(height, theme)


@themes
def test_numbers_are_blended_from_cell_to_cell(theme):
    image = painted(Relief(WHOLE, np.array([[-1.0, 1.0]]), LEVELS), theme)
    ends = [color(height, theme) for height in (-1.0, 1.0)]
    assert [image.pixelColor(x, 30) for x in (2, 57)] == ends
    middle = image.pixelColor(30, 30)
    for channel in ("red", "green", "blue"):
        low, high = sorted(getattr(end, channel)() for end in ends)
        assert low - 1 <= getattr(middle, channel)() <= high + 1
    assert middle not in ends


def scatter(height, *, held_back=False, marked=False):
    return Scatter(WHOLE, np.array([[30.0, 30.0]]), np.array([height]), np.array([held_back]), np.array([marked]), 6.0)


@themes
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_point_is_filled_with_its_class_and_hollow_where_it_is_held_back(theme, scale):
    middle = round(30 * scale)
    for height, warm in ((-1.0, False), (1.0, True)):
        inside = painted(scatter(height), theme, scale).pixelColor(middle, middle)
        assert (inside.red() > inside.blue()) is warm
        hollow = painted(scatter(height, held_back=True), theme, scale)
        assert hollow.pixelColor(middle, middle) == QColor(theme.base)
        around = hollow.pixelColor(round(34 * scale), middle)
        assert (around.red() > around.blue()) is warm


@themes
def test_a_point_of_the_batch_has_a_ring(theme):
    plain, ringed = (painted(scatter(1.0, marked=marked), theme).pixelColor(30, 20) for marked in (False, True))
    ink = theme.color(Tone.SELECTED)
    assert plain == QColor(theme.base)
    assert abs(ringed.lightness() - ink.lightness()) < 80


@themes
def test_a_point_that_is_as_pale_as_the_ground_can_be_seen(theme):
    image = painted(scatter(0.0), theme)
    ground = QColor(theme.base)
    rim = [abs(image.pixelColor(x, 30).lightness() - ground.lightness()) for x in range(22, 30)]
    assert max(rim) > 40


@themes
def test_lines_show_the_sign_and_the_size_of_their_weights(theme):
    ends = np.array([[(0.0, y), (60.0, y)] for y in (10.0, 30.0, 50.0)])
    image = painted(Lines(WHOLE, ends, np.array([1.0, -1.0, 0.01])), theme)
    warm, cold, faint = (image.pixelColor(30, y) for y in (10, 30, 50))
    assert warm.red() > warm.blue()
    assert cold.red() < cold.blue()
    assert faint == QColor(theme.base)


def test_no_points_and_no_lines_are_painted_as_nothing():
    empty = np.empty((0, 2))
    nothing = np.empty(0)
    for element in (
        Scatter(WHOLE, empty, nothing, nothing.astype(bool), nothing.astype(bool), 6.0),
        Lines(WHOLE, np.empty((0, 2, 2)), nothing),
        Lines(WHOLE, np.empty((0, 2, 2))),
    ):
        image = painted(element, LIGHT)
        assert image.pixelColor(30, 30) == QColor(LIGHT.base)
