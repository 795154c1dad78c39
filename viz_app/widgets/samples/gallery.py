"""Draw samples side by side in rows; a click asks for one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viz_app.paint.theme import LIGHT, Theme
from viz_app.paint.thumbnails import Thumbnails
from viz_app.picture.elements import Tone
from viz_app.widgets.samples.tiles import Tiles

_CELL, _GAP = 3.0, 4
"""The width of a thumbnail in lines of text, and the space around it in pixels."""


class Gallery(QWidget):
    """As many rows as the samples take; whatever it stands in scrolls."""

    sample_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails: Thumbnails | None = None
        self._samples: tuple[int, ...] = ()
        self._theme = LIGHT
        self.setAccessibleName("Samples of the chosen cell")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_samples(self, thumbnails: Thumbnails | None, samples: Sequence[int]) -> None:
        """Draw samples."""
        self._thumbnails, self._samples = thumbnails, tuple(samples)
        self._fit()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme; thumbnails of it come with the next samples."""
        self._theme = theme
        self.update()

    @property
    def samples(self) -> tuple[int, ...]:
        """The samples that are drawn, in order."""
        return self._samples

    def box(self, place: int) -> QRectF:
        """Return where the sample at a place is drawn."""
        return self._tiles.box(place).adjusted(_GAP / 2, _GAP / 2, -_GAP / 2, -_GAP / 2)

    def sample_at(self, x: float, y: float) -> int | None:
        """Return the sample at a place; ``None`` where there is none."""
        place = self._tiles.place_at(x, y, len(self._samples))
        return None if place is None else self._samples[place]

    def sizeHint(self) -> QSize:
        return QSize(round(5 * self._pitch), self._needed)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._pitch), self._needed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def _pitch(self) -> float:
        return _CELL * self.fontMetrics().height()

    @property
    def _tiles(self) -> Tiles:
        return Tiles.filling(self.width(), self._pitch, self._pitch)

    @property
    def _needed(self) -> int:
        return round(self._tiles.high(len(self._samples)))

    def _fit(self) -> None:
        """Be as high as the rows."""
        if self.minimumHeight() != self._needed:
            self.setFixedHeight(self._needed)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._thumbnails is None:
            return
        seen = self._tiles.seen(event.rect().top(), event.rect().bottom(), len(self._samples))
        with QPainter(self) as painter:
            for place in seen:
                box = self.box(place)
                self._thumbnails.paint(painter, self._samples[place], box)
                painter.setPen(QPen(QColor(self._theme.tones[Tone.FAINT]), 1))
                painter.drawRect(box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        sample = self.sample_at(event.position().x(), event.position().y())
        if sample is not None and event.button() is Qt.MouseButton.LeftButton:
            self.sample_requested.emit(sample)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            sample = self.sample_at(event.pos().x(), event.pos().y())
            text = f"Sample {sample:,}. Click: the stage shows it, on the weights of this iteration."
            QToolTip.showText(event.globalPos(), "" if sample is None else text, self)
            return True
        return super().event(event)
