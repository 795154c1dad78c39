"""Draw a strip of samples around the chosen one; a click chooses another."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.data.dataset import Dataset
from core.data.objects import LOOKS, Look
from core.data.toy import heights_of
from core.values import Array
from viz_app.paint.plane import paint_place
from viz_app.paint.sketch import paint_look
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

_CELL = 3.1
"""The width of a thumbnail, in lines of text."""


class SampleStrip(QWidget):
    """The samples before and after the chosen one, each with its label."""

    sample_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._sample = 0
        self._count = 1
        self._theme = LIGHT
        self._images: dict[int, QImage] = {}
        self.setAccessibleName("Samples near the chosen one")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_samples(self, dataset: Dataset | None, sample: int, count: int) -> None:
        """Show a data set around a sample; ``count`` samples from it on are in the batch."""
        if dataset is not self._dataset:
            self._images.clear()
        elif (sample, count) == (self._sample, self._count):
            return
        self._dataset, self._sample, self._count = dataset, sample, count
        self.setVisible(dataset is not None)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self._images.clear()
        self.update()

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(round(5 * _CELL * line), round((_CELL + 1.2) * line))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def samples(self) -> range:
        """Return the numbers of the samples that are shown."""
        total = len(self._dataset) if self._dataset else 0
        room = min(max(int(self.width() / (_CELL * self.fontMetrics().height())), 1), total)
        first = min(max(self._sample - room // 2, 0), total - room)
        return range(first, first + room)

    def box(self, place: int) -> QRectF:
        """Return where the thumbnail at a place of the strip is drawn."""
        cell = self.width() / max(len(self.samples()), 1)
        size = min(cell, _CELL * self.fontMetrics().height()) - 6
        return QRectF(place * cell + (cell - size) / 2, 3, size, size)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        shown = self.samples()
        if shown and event.button() is Qt.MouseButton.LeftButton:
            place = int(event.position().x() / self.width() * len(shown))
            self.sample_requested.emit(shown[min(max(place, 0), len(shown) - 1)])

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._dataset is None:
            return
        painter = QPainter(self)
        for place, sample in enumerate(self.samples()):
            box = self.box(place)
            looks = self._looks(sample)
            if looks:
                _paint_objects(painter, looks, box, self._theme)
            elif self._dataset.reach is not None:
                self._paint_place(painter, sample, box)
            else:
                painter.drawImage(box, self._image(sample))
            chosen = 0 <= (sample - self._sample) % len(self._dataset) < self._count
            color = self._theme.color(Tone.ACCENT) if chosen else QColor(self._theme.border)
            painter.setPen(QPen(color, 3 if sample == self._sample else 2 if chosen else 1))
            painter.drawRect(box)
            painter.setPen(self._theme.color(Tone.TEXT if sample == self._sample else Tone.MUTED))
            under = QRectF(box.left() - 3, box.bottom() + 2, box.width() + 6, self.fontMetrics().height())
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, self._label(sample))
        painter.end()

    def _paint_place(self, painter: QPainter, sample: int, box: QRectF) -> None:
        """Paint the plane, and in it the point that a sample is."""
        assert self._dataset is not None
        assert self._dataset.reach is not None
        x1, x2 = (self._dataset.inputs[sample] / self._dataset.reach).tolist()
        height = float(heights_of(self._dataset)[sample])
        paint_place(painter, (x1, x2), height, box, self._theme)

    def _label(self, sample: int) -> str:
        assert self._dataset is not None
        if self._dataset.labels is None:
            return f"{sample}"
        label = int(self._dataset.labels[sample])
        return self._dataset.class_names[label] if self._dataset.class_names else f"{label}"

    def _looks(self, sample: int) -> tuple[Look, ...]:
        """Return what the tokens of a sample look like; nothing where they are no objects."""
        assert self._dataset is not None
        names = self._dataset.token_names[sample] if self._dataset.token_names else ()
        return tuple(LOOKS[name] for name in names) if LOOKS.keys() >= set(names) else ()

    def _image(self, sample: int) -> QImage:
        assert self._dataset is not None
        if sample not in self._images:
            numbers = _as_image(self._dataset, sample)
            is_image = self._dataset.row_image is not None or self._dataset.inputs.ndim == 4
            look = _grey(numbers) if is_image and numbers.min() >= 0 else _ink(numbers, self._theme)
            self._images[sample] = look
        return self._images[sample]


def _as_image(dataset: Dataset, sample: int) -> Array:
    """Return a sample as a matrix: an image where it is one, else one row."""
    numbers = dataset.inputs[sample]
    if numbers.ndim == 3:
        return np.asarray(numbers.mean(axis=0))
    if dataset.row_image is not None:
        numbers = numbers.reshape(dataset.row_image)
    return numbers if numbers.ndim == 2 else np.atleast_2d(numbers.ravel())


def _paint_objects(painter: QPainter, looks: tuple[Look, ...], box: QRectF, theme: Theme) -> None:
    """Paint the objects of a sample two by two, and right of them the shape that is asked for."""
    *objects, asked = looks
    painter.fillRect(box, QColor(theme.base))
    unit = box.width() / 3
    top = box.y() + (box.height() - 2 * unit) / 2
    for number, look in enumerate(objects):
        row, column = divmod(number, 2)
        place = QRectF(box.x() + column * unit, top + row * unit, unit, unit)
        paint_look(painter, look, place.adjusted(2, 2, -2, -2), theme)
    paint_look(painter, asked, QRectF(box.right() - unit, top + unit / 2, unit, unit).adjusted(2, 2, -2, -2), theme)


def _grey(numbers: Array) -> QImage:
    """Return an image from black to white, as the stage shows it."""
    share = numbers / max(float(numbers.max()), 1e-12)
    grey = np.ascontiguousarray(np.rint(share * 255), dtype=np.uint8)
    rows, columns = grey.shape
    return QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()


def _ink(numbers: Array, theme: Theme) -> QImage:
    """Return numbers as ink on paper: the lowest is the paper, the highest the colour of text."""
    low, high = min(float(numbers.min()), 0.0), max(float(numbers.max()), 1e-12)
    share = ((numbers - low) / (high - low))[..., None]
    paper, ink = (_rgb(color) for color in (theme.base, theme.tones[Tone.TEXT]))
    rgb = np.ascontiguousarray((paper + share * (ink - paper)).astype(np.uint8))
    rows, columns, _ = rgb.shape
    return QImage(rgb.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def _rgb(color: str) -> NDArray[np.int_]:
    shown = QColor(color)
    return np.array([shown.red(), shown.green(), shown.blue()])
