"""Draw the guest as it enters the network: an image, a point of the plane, named objects, or a row of numbers."""

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.data.dataset import Dataset
from core.data.guest import Guest
from core.values import Array
from viz_app.paint.theme import LIGHT, Theme
from viz_app.paint.thumbnails import Thumbnails
from viz_app.picture.elements import Tone

_SIDE = 4.6
"""Its width and height, in lines of text."""


class GuestThumbnail(QWidget):
    """A square with the guest in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Dataset | None = None
        self._theme = LIGHT
        self._thumbnails: Thumbnails | None = None
        self.setAccessibleName("What enters the network")
        self.setToolTip("What enters the network")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_guest(self, guest: Guest, dataset: Dataset | None, target: Array | None = None) -> None:
        """Draw a guest that comes among some data, with the target that it has now."""
        self._data = _alone(guest, dataset, target)
        self._thumbnails = Thumbnails(self._data, self._theme)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self._thumbnails = Thumbnails(self._data, theme) if self._data else None
        self.update()

    def sizeHint(self) -> QSize:
        side = round(_SIDE * self.fontMetrics().height())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._thumbnails is None:
            return
        side = min(self.width(), self.height()) - 4
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        with QPainter(self) as painter:
            painter.fillRect(box, QColor(self._theme.base))
            self._thumbnails.paint(painter, 0, box)
            painter.setPen(QPen(self._theme.color(Tone.ACCENT), 2))
            painter.drawRect(box)


def _alone(guest: Guest, dataset: Dataset | None, target: Array | None) -> Dataset:
    """Return data of which the guest is the only sample, that look like some others."""
    inputs = guest.inputs[None]
    if dataset is None:
        return Dataset(guest.title, inputs, np.zeros((1, 1)))
    told = target is not None and dataset.labels is not None
    return Dataset(
        guest.title,
        inputs,
        np.zeros((1, 1)) if target is None else np.array(target[None]),
        np.array([int(np.argmax(target))]) if target is not None and told else None,
        dataset.row_image,
        token_names=(dataset.token_names[guest.sample],) if dataset.token_names and guest.sample is not None else None,
        reach=dataset.reach,
        token_labels=target.argmax(axis=-1)[None] if target is not None and target.ndim > 1 else None,
        alphabet=dataset.alphabet,
    )
