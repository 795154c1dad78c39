"""Paint samples as thumbnails: images, objects, points of a plane, or rows of numbers, each with its label."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from core.data.dataset import Dataset
from core.data.objects import LOOKS, Look
from core.data.toy import heights_of
from core.values import Array
from viz_app.paint.letters import paint_text
from viz_app.paint.plane import paint_place
from viz_app.paint.sketch import paint_look
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Tone

_MOST_KEPT = 4096
"""So many images are kept; those made first go first."""
_MOST_COMPARED = 1000
"""So many rows of a table say how large the numbers of each column are."""


class Thumbnails:
    """The samples of a data set as they look in a theme.

    Parameters
    ----------
    dataset : Dataset
        Where they are.
    theme : Theme
        The colours.
    """

    def __init__(self, dataset: Dataset, theme: Theme) -> None:
        self.dataset, self._theme = dataset, theme
        self._images: dict[int, QImage] = {}
        self._ends: tuple[Array, Array] | None = None

    def paint(self, painter: QPainter, sample: int, box: QRectF) -> None:
        """Paint a sample into a square."""
        looks = self._looks(sample)
        if looks:
            _paint_objects(painter, looks, box, self._theme)
        elif text := self.dataset.sample_text(sample):
            paint_text(painter, text, box, self._theme)
        elif self.dataset.reach is not None:
            self._paint_place(painter, sample, box)
        else:
            image = self._image(sample)
            painter.drawImage(_inside(box, image) if self._is_image else box, image)

    def label(self, sample: int) -> str:
        """Return what a person is told that a sample is."""
        if self.dataset.labels is None:
            return self.dataset.target_text(sample) or f"{sample}"
        return self.dataset.class_name(int(self.dataset.labels[sample]))

    def _paint_place(self, painter: QPainter, sample: int, box: QRectF) -> None:
        """Paint the plane, and in it the point that a sample is."""
        assert self.dataset.reach is not None
        x1, x2 = (self.dataset.inputs[sample] / self.dataset.reach).tolist()
        height = float(heights_of(self.dataset)[sample])
        paint_place(painter, (x1, x2), height, box, self._theme)

    def _looks(self, sample: int) -> tuple[Look, ...]:
        """Return what the tokens of a sample look like; nothing where they are no objects."""
        names = self.dataset.token_names[sample] if self.dataset.token_names else ()
        return tuple(LOOKS[name] for name in names) if LOOKS.keys() >= set(names) else ()

    @property
    def _is_image(self) -> bool:
        return self.dataset.picture_shape is not None

    def _image(self, sample: int) -> QImage:
        if sample not in self._images:
            while len(self._images) >= _MOST_KEPT:
                del self._images[next(iter(self._images))]
            self._images[sample] = self._drawn(sample)
        return self._images[sample]

    def _drawn(self, sample: int) -> QImage:
        numbers = self.dataset.thumbnail(sample)
        if self.dataset.column_names is not None and not self._is_image:
            return _ink(self._share(numbers), self._theme)
        if not self._is_image or numbers.min() < 0:
            return _ink(numbers if numbers.ndim == 2 else numbers.mean(axis=-1), self._theme)
        return _grey(numbers) if numbers.ndim == 2 else _colour(numbers)

    def _share(self, numbers: Array) -> Array:
        """Return where each number of a row of a table lies between the least and the most of its column, 0 to 1."""
        if self._ends is None:
            first = self.dataset.thumbnails(range(min(len(self.dataset), _MOST_COMPARED)))
            self._ends = first.min(axis=0), first.max(axis=0)
        low, high = self._ends
        return np.clip((numbers - low) / np.maximum(high - low, 1e-12), 0, 1)


def _inside(box: QRectF, image: QImage) -> QRectF:
    """Return the largest part of a box, in its middle, that has the aspect of an image."""
    size = QSizeF(image.size()).scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(box.topLeft(), size)
    place.moveCenter(box.center())
    return place


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


def _colour(numbers: Array) -> QImage:
    """Return red, green and blue, (h, w, 3), from black to their brightest."""
    share = numbers / max(float(numbers.max()), 1e-12)
    rgb = np.ascontiguousarray(np.rint(share * 255), dtype=np.uint8)
    rows, columns, _ = rgb.shape
    return QImage(rgb.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


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
