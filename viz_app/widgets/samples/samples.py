"""Draw a strip of samples around the chosen one; a click chooses another."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.data.dataset import Dataset
from viz_app.paint.theme import LIGHT, Theme
from viz_app.paint.thumbnails import Thumbnails
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
        self._thumbnails: Thumbnails | None = None
        self.setAccessibleName("Samples near the chosen one")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_samples(self, dataset: Dataset | None, sample: int, count: int) -> None:
        """Show a data set around a sample; ``count`` samples from it on are in the batch."""
        if dataset is not self._dataset:
            self._thumbnails = Thumbnails(dataset, self._theme) if dataset else None
        elif (sample, count) == (self._sample, self._count):
            return
        self._dataset, self._sample, self._count = dataset, sample, count
        self.setVisible(dataset is not None)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self._thumbnails = Thumbnails(self._dataset, theme) if self._dataset else None
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
        if self._dataset is None or self._thumbnails is None:
            return
        painter = QPainter(self)
        for place, sample in enumerate(self.samples()):
            box = self.box(place)
            self._thumbnails.paint(painter, sample, box)
            chosen = 0 <= (sample - self._sample) % len(self._dataset) < self._count
            color = self._theme.color(Tone.ACCENT) if chosen else QColor(self._theme.border)
            painter.setPen(QPen(color, 3 if sample == self._sample else 2 if chosen else 1))
            painter.drawRect(box)
            painter.setPen(self._theme.color(Tone.TEXT if sample == self._sample else Tone.MUTED))
            under = QRectF(box.left() - 3, box.bottom() + 2, box.width() + 6, self.fontMetrics().height())
            label, room = self._thumbnails.label(sample), int(under.width())
            shown = self.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, room)
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()
