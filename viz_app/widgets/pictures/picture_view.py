"""Show an image as it is, and the number of the pixel that the mouse is on."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viz_app.frame.words.numbers import numbers
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

Image = NDArray[np.generic]
_LONGEST = 800
"""More pixels along a side than this are not painted: some are left out."""


class PictureView(QWidget):
    """An image in grey or colour, as large as fits; pixels that grow stay square."""

    described = Signal(str)
    """The pixel that the mouse is on, with its numbers; nothing when it leaves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._array: Image | None = None
        self._image = QImage()
        self._theme = LIGHT
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def array(self) -> Image | None:
        """What is shown."""
        return self._array

    def show_image(self, array: Image, limits: tuple[float, float]) -> None:
        """Show an image, (h, w) or (h, w, 3); ``limits`` are the numbers of black and white."""
        self._array = array
        self._image = _painted(array, limits)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw the frame in the colours of a theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 40)

    @property
    def box(self) -> QRectF:
        """Where the image is painted."""
        if self._array is None:
            return QRectF()
        high, wide = self._array.shape[:2]
        scale = min((self.width() - 2) / wide, (self.height() - 2) / high)
        width, height = max(1.0, wide * scale), max(1.0, high * scale)
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._array is None:
            return
        box = self.box
        with QPainter(self) as painter:
            shrinks = box.width() < self._image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
            painter.drawImage(box, self._image)
            painter.setPen(QPen(QColor(self._theme.tones[Tone.MUTED]), 1))
            painter.drawRect(box.adjusted(-0.5, -0.5, 0.5, 0.5))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.described.emit(self.describe(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self.described.emit("")

    def describe(self, x: float, y: float) -> str:
        """Return which pixel is at a point of the widget, and its numbers; nothing beside the image."""
        box = self.box
        if self._array is None or not box.contains(x, y):
            return ""
        high, wide = self._array.shape[:2]
        row = min(int((y - box.y()) / box.height() * high), high - 1)
        column = min(int((x - box.x()) / box.width() * wide), wide - 1)
        return f"Row {row}, column {column}: {numbers(np.atleast_1d(self._array[row, column]), 3)}"


def _painted(array: Image, limits: tuple[float, float]) -> QImage:
    step = -(-max(array.shape[:2]) // _LONGEST)
    low, high = limits
    numbers = np.asarray(array[::step, ::step], np.float32)
    levels = np.clip((numbers - low) * (255 / ((high - low) or 1)), 0, 255).round().astype(np.uint8)
    rows, columns = levels.shape[:2]
    grey = levels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    levels = np.ascontiguousarray(levels)
    return QImage(levels.data, columns, rows, columns * (1 if grey else 3), kind).copy()
