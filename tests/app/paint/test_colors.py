import numpy as np
import pytest
from PySide6.QtGui import QColor

from tests.app.paint.pictures import map_of, painted, view_of
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.levels import Levels, MapKind
from viz_app.paint.colors import _TO_LAB, _TO_LMS, INFINITE, LAST, NAN, bright, codes, luminance, table
from viz_app.paint.theme import PRINT, THEMES, WINDOW_THEMES, Theme, theme_named
from viz_app.picture.elements import Legend, Rect

EVERY = [theme_named(name, colors) for name in WINDOW_THEMES for colors in ColorMap] + [PRINT]
THEME = pytest.mark.parametrize("theme", EVERY, ids=[f"{theme.name}-{theme.colors}" for theme in EVERY])
# G. Machado, M. Oliveira and L. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency"
# (2009), of linear RGB, in full: no red, no green, no blue cones.
SEEN = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
KIND = pytest.mark.parametrize("kind", MapKind)


def contrast(a: float, b: float) -> float:
    high, low = max(a, b), min(a, b)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zero_and_the_ends_have_their_own_codes(dtype: type) -> None:
    numbers = np.array([-9, -2, 0, 2, 9, np.nan, np.inf, -np.inf], dtype)
    found = codes(numbers, Levels(MapKind.DIVERGING, -2.0, 2.0))
    assert found.tolist() == [0, 0, LAST // 2, LAST, LAST, NAN, INFINITE, INFINITE]


def test_tiny_numbers_do_not_overflow() -> None:
    numbers = np.array([-1e-40, 0, 1e-40], np.float32)
    assert codes(numbers, Levels(MapKind.DIVERGING, -1e-40, 1e-40)).tolist() == [0, LAST // 2, LAST]


@THEME
def test_zero_of_signed_data_is_the_neutral_color(theme: Theme) -> None:
    neutral = theme.maps[MapKind.DIVERGING][3]
    assert QColor.fromRgba(int(table(theme, MapKind.DIVERGING)[LAST // 2])).name() == neutral
    for kind in (MapKind.SEQUENTIAL, MapKind.PROBABILITY):
        assert QColor.fromRgba(int(table(theme, kind)[0])).name() == neutral


@THEME
def test_an_image_has_the_greys_that_its_file_has(qapp: object, theme: Theme) -> None:
    colors = table(theme, MapKind.GREY)[: LAST + 1]
    greys = np.stack([colors >> shift & 255 for shift in (16, 8, 0)])
    assert (np.abs(greys - np.linspace(0, 255, LAST + 1)) <= 0.5).all()


@THEME
@KIND
def test_lightness_grows_or_falls_steadily_from_zero(theme: Theme, kind: MapKind) -> None:
    light = luminance(table(theme, kind)[: LAST + 1])
    sides = [light[LAST // 2 :], light[LAST // 2 :: -1]] if kind is MapKind.DIVERGING else [light]
    for side in sides:
        steps = np.diff(side) * (1 if theme.dark or kind is MapKind.GREY else -1)
        assert (steps > -0.002).all()
        assert contrast(side[0], side[-1]) > 7


@THEME
@KIND
def test_numbers_can_be_read_on_every_color(theme: Theme, kind: MapKind) -> None:
    ground = luminance(table(theme, kind)[: LAST + 1])
    inks = np.where(bright(theme, kind)[: LAST + 1], QColor(theme.ink_dark).rgba(), QColor(theme.ink_light).rgba())
    assert min(map(contrast, ground, luminance(inks))) > 4.0


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@KIND
def test_the_legend_has_the_colors_of_the_map_at_the_same_numbers(qapp: object, theme: Theme, kind: MapKind) -> None:
    levels = Levels(kind, -2.0 if kind is MapKind.DIVERGING else 0.0, 2.0)
    numbers = np.linspace(levels.low, levels.high, LAST + 1)[None, :]
    legend = painted(Legend(Rect(0, 0, LAST + 1, 40), levels), size=(LAST + 1, 40), theme=theme)
    view = view_of(numbers, levels=levels)
    heatmap = painted(map_of(view, Rect(0, 0, LAST + 1, 40)), size=(LAST + 1, 40), theme=theme)
    for x in range(1, LAST):
        assert legend.pixelColor(x, 5).name() == heatmap.pixelColor(x, 5).name()


@THEME
@pytest.mark.parametrize("cones", SEEN.values(), ids=list(SEEN))
def test_signs_can_be_told_apart_by_who_sees_colors_otherwise(theme: Theme, cones: list[list[float]]) -> None:
    """At a third of the way and beyond, a number and its negative differ by more than a glance needs, in OKLab."""
    colors = table(theme, MapKind.DIVERGING)[: LAST + 1]
    rgb = np.stack([colors >> shift & 255 for shift in (16, 8, 0)], axis=-1) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = (linear @ np.array(cones).T).clip(0, 1)
    lab = np.cbrt(seen @ _TO_LMS.T) @ _TO_LAB.T
    apart = np.linalg.norm(lab - lab[::-1], axis=-1)[: LAST // 3]
    assert apart.min() > 0.08


def test_a_theme_with_other_colors_is_the_same_one_each_time() -> None:
    assert theme_named("dark", ColorMap.VIRIDIS) is theme_named("dark", ColorMap.VIRIDIS)
    assert theme_named("dark", ColorMap.BLUE_ORANGE) is THEMES["dark"]
