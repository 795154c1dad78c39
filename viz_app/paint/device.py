"""Paint in pixels of the device, where maps, hair lines and images are sharp."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPaintEngine, QPainter

from viz_app.picture.elements import Rect


def is_raster(painter: QPainter) -> bool:
    """Tell whether what is painted becomes pixels, not vectors."""
    return painter.paintEngine().type() == QPaintEngine.Type.Raster


def device_scale(painter: QPainter) -> float:
    """Return how many pixels of the device a pixel of the picture is."""
    return painter.transform().m11() * painter.device().devicePixelRatio()


def device_rect(painter: QPainter, rect: Rect) -> QRect:
    """Return a rectangle of the picture in whole pixels of the device."""
    ratio = painter.device().devicePixelRatio()
    transform = painter.transform()
    start, end = transform.map(QPointF(rect.x, rect.y)), transform.map(QPointF(rect.right, rect.bottom))
    x, y = round(start.x() * ratio), round(start.y() * ratio)
    return QRect(x, y, max(1, round(end.x() * ratio) - x), max(1, round(end.y() * ratio) - y))


@contextmanager
def painting_device_pixels(painter: QPainter) -> Iterator[float]:
    """Paint in pixels of the device; gives how many there are in a pixel of the painter's."""
    ratio = painter.device().devicePixelRatio()
    painter.save()
    painter.resetTransform()
    painter.scale(1 / ratio, 1 / ratio)
    try:
        yield ratio
    finally:
        painter.restore()
