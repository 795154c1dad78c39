"""Make map views and images of pictures by hand."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from core.values import Range, Value
from viz_app.frame.frame import MapView, Mark
from viz_app.frame.levels import Levels, levels_for
from viz_app.paint.painting import paint
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Element, Heatmap, Picture, Rect
from viz_app.picture.grid import whole


def view_of(
    array: np.ndarray,
    *,
    key: str = "a",
    span: Range = Range.SIGNED,
    levels: Levels | None = None,
    known: bool = True,
    computed: int | None = None,
    marks: Sequence[tuple[Mark, list[tuple[int, ...]]]] = (),
) -> MapView:
    finite = array[np.isfinite(array)]
    levels = levels or levels_for(span, float(finite.min(initial=0)), float(finite.max(initial=0)))
    lit = tuple((mark, np.array(indices)) for mark, indices in marks)
    return MapView(Value(key, array.shape, range=span), key, key, array if known else None, levels, computed, lit)


def map_of(view: MapView, rect: Rect, *, compact: bool = False) -> Heatmap:
    return Heatmap(rect, view, whole(view.shape), compact)


def painted(*elements: Element, size: tuple[int, int] = (200, 200), theme: Theme = LIGHT, ratio: float = 1) -> QImage:
    image = QImage(round(size[0] * ratio), round(size[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.base))
    with QPainter(image) as painter:
        paint(painter, Picture(*size, 14, elements), theme)
    return image


def colors_in(image: QImage, rect: Rect) -> set[str]:
    xs, ys = range(int(rect.x), int(rect.right)), range(int(rect.y), int(rect.bottom))
    return {image.pixelColor(x, y).name() for x in xs for y in ys}
