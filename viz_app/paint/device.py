"""Paint in pixels of the device, where maps, hair lines and images are sharp."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPaintEngine, QPainter

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


def draw_cells(painter: QPainter, target: QRect, image: QImage, source: QRect | None = None) -> None:
    """Draw an image whose pixels are cells, each a sharp rectangle of its own colour.

    What is written as vectors is enlarged to a pixel for every unit of the file first: a viewer that blurs images then
    blurs no more than the edge of a cell. The painter's transform moves and scales by whole numbers, if at all.
    """
    source = source or image.rect()
    if is_raster(painter):
        painter.drawImage(target, image, source)
        return
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    painter.drawImage(target, enlarged(image.copy(source), target.width(), target.height()))


def enlarged(image: QImage, width: int, height: int) -> QImage:
    """Return an image in which every pixel has become a block, with the borders that ``Cells`` has.

    Parameters
    ----------
    image : QImage
        A pixel for each cell.
    width, height : int
        The size of the result, in pixels; at least that of the image.
    """
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    cells = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    rows, columns = (np.diff(np.rint(np.arange(count + 1) * (length / count)).astype(np.intp))
                     for count, length in zip(cells.shape, (height, width), strict=True))  # fmt: skip
    pixels = np.ascontiguousarray(cells.repeat(columns, axis=1).repeat(rows, axis=0))
    opaque = bool((cells >> 24 == 255).all())
    kind = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32
    return QImage(pixels.data, pixels.shape[1], pixels.shape[0], 4 * pixels.shape[1], kind).copy()
