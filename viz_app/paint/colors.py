"""Turn the stops of a colour map into a table of colours, and numbers into places in it.

Built from the theme's stops rather than from pyqtgraph's maps: importing ``pyqtgraph.colormap`` alone takes a fifth of
a second, and none of its diverging maps is calm at zero on a dark ground.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from core.values import Array
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.levels import Levels, MapKind
from viz_app.paint.theme import Theme, theme_named
from viz_app.picture.elements import Tone

LAST = 250
"""The code of the high end; an even number, so that zero has a code of its own in the middle."""
NAN = 251
INFINITE = 252
HIDDEN = 253
COVERED = 254
"""The code of a cell that a quiz covers."""
EMPTY = 255
"""The code of a cell that is not computed yet: transparent."""

_COVER = 0.22
"""How much of the accent is in the colour of what is covered."""

# B. Ottosson, "A perceptual color space for image processing" (2020).
_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip


def codes(numbers: Array, levels: Levels) -> NDArray[np.uint8]:
    """Return the place of every number in the colour table: 0 to ``LAST``, or a mark for what is not finite."""
    scale = LAST / (levels.high - levels.low)
    kind = np.float32 if numbers.dtype == np.float32 and scale < 1e30 else np.float64
    with np.errstate(all="ignore"):
        places = np.multiply(numbers, kind(scale), dtype=kind)
        places += kind(0.5 - levels.low * scale)
        broken = not np.isfinite(places).all()
        np.clip(places, 0, LAST, out=places)
        result = places.astype(np.uint8)
    if broken:
        result[np.isnan(numbers)] = NAN
        result[np.isinf(numbers)] = INFINITE
    return result


@cache
def _table(name: str, colors: ColorMap, kind: MapKind) -> NDArray[np.uint32]:
    theme = theme_named(name, colors)
    table = np.zeros(256, dtype=np.uint32)
    mix = _mixed if kind is MapKind.GREY else _interpolated
    for code, (red, green, blue) in enumerate(mix(theme.maps[kind], LAST + 1)):
        table[code] = 0xFF000000 | int(red) << 16 | int(green) << 8 | int(blue)
    table[NAN] = QColor(theme.nan).rgba()
    table[INFINITE] = QColor(theme.infinite).rgba()
    table[HIDDEN] = QColor(theme.tones[Tone.FAINT]).rgba()
    table[COVERED] = cover_color(theme).rgba()
    return table


def cover_color(theme: Theme) -> QColor:
    """Return the colour of what a quiz covers: the accent, faintly, which no number has."""
    ground, accent = QColor(theme.base), theme.color(Tone.ACCENT)
    pairs = zip(*((color.red(), color.green(), color.blue()) for color in (ground, accent)), strict=True)
    red, green, blue = (round(a + _COVER * (b - a)) for a, b in pairs)
    return QColor(red, green, blue)


def table(theme: Theme, kind: MapKind) -> NDArray[np.uint32]:
    """Return the colours of all codes as 0xAARRGGBB, shape (256,)."""
    return _table(theme.name, theme.colors, kind)


@cache
def _bright(name: str, colors: ColorMap, kind: MapKind) -> NDArray[np.bool_]:
    theme = theme_named(name, colors)
    ground = luminance(_table(name, colors, kind))
    dark, light = (luminance(np.array([QColor(ink).rgba()]))[0] for ink in (theme.ink_dark, theme.ink_light))
    better: NDArray[np.bool_] = (ground + 0.05) / (dark + 0.05) > (light + 0.05) / (ground + 0.05)
    return better


def bright(theme: Theme, kind: MapKind) -> NDArray[np.bool_]:
    """Return for every code whether dark ink reads better on its colour than light ink, shape (256,)."""
    return _bright(theme.name, theme.colors, kind)


def luminance(colors: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the relative luminance of 0xAARRGGBB colours, 0 to 1 (WCAG 2.2)."""
    channels = np.stack([colors >> 16 & 255, colors >> 8 & 255, colors & 255], axis=-1)
    weighted: NDArray[np.float64] = _linear(channels / 255) @ np.array([0.2126, 0.7152, 0.0722])
    return weighted


def _mixed(stops: tuple[str, ...], count: int) -> NDArray[np.uint8]:
    """Interpolate in equal steps of what files of images hold, so that an image looks as it does elsewhere."""
    rgb = np.array([(color.red(), color.green(), color.blue()) for color in map(QColor, stops)])
    at = np.linspace(0, len(stops) - 1, count)
    mixed = np.stack([np.interp(at, np.arange(len(stops)), channel) for channel in rgb.T], axis=-1)
    result: NDArray[np.uint8] = np.rint(mixed).astype(np.uint8)
    return result


def _interpolated(stops: tuple[str, ...], count: int) -> NDArray[np.uint8]:
    """Interpolate in OKLab, where equal steps look equal."""
    rgb = np.array([(color.red(), color.green(), color.blue()) for color in map(QColor, stops)]) / 255
    lab = np.cbrt(_linear(rgb) @ _TO_LMS.T) @ _TO_LAB.T
    at = np.linspace(0, len(stops) - 1, count)
    smooth = np.stack([np.interp(at, np.arange(len(stops)), channel) for channel in lab.T], axis=-1)
    linear = (smooth @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_LMS).T
    linear = linear.clip(0, 1)
    gamma = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    result: NDArray[np.uint8] = np.rint(gamma * 255).astype(np.uint8)
    return result


def _linear(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
