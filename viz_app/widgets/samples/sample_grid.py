"""Browse samples in a grid: only what is seen is painted, and what takes long is painted in slices."""

import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from viz_app.frame.told.browsing import Browsed
from viz_app.paint.theme import LIGHT, Theme
from viz_app.paint.thumbnails import Thumbnails
from viz_app.picture.elements import Tone
from viz_app.widgets.samples.tiles import Tiles

_SIDE, _GAP = 3.6, 0.7
"""The side of a thumbnail and the room around it, in lines of text."""
_SLICE_S = 0.012
"""How long painting takes before the window may do something else."""
_MOST_BYTES = 32 * 2**20
"""Thumbnails that are kept take no more memory than that."""
_NONE = np.empty(0, np.intp)


class SampleGrid(QAbstractScrollArea):
    """Thumbnails in rows, each with its label and its number; one of them is the current one.

    Arrows, Page up and down, Home and End go to others, with the mouse a click does; a double click or Return opens.
    """

    current_changed = Signal(int)
    sample_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails: Thumbnails | None = None
        self._browsed: Browsed | None = None
        self._samples: NDArray[np.intp] = _NONE
        self._current: int | None = None
        self._theme = LIGHT
        self._kept: OrderedDict[int, QPixmap] = OrderedDict()
        self._measure()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.viewport().update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Samples")
        self.setObjectName("samples")

    # What is shown

    def show_data(self, thumbnails: Thumbnails | None) -> None:
        """Draw the samples of other data, or the same in other colours."""
        self._thumbnails = thumbnails
        self._forget()

    def show_samples(self, browsed: Browsed | None, samples: NDArray[np.intp]) -> None:
        """Draw samples, and what is told of them; the current one stays where it is among them."""
        self._browsed, self._samples = browsed, samples
        self._fit()
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme; thumbnails of it come with ``show_data``."""
        self._theme = theme
        self._forget()

    @property
    def samples(self) -> NDArray[np.intp]:
        """The samples that there are to scroll through, in order."""
        return self._samples

    @property
    def current(self) -> int | None:
        """The sample that the keyboard is at; ``None`` where it is not among those that are drawn."""
        return None if self._place is None else self._current

    @property
    def complete(self) -> bool:
        """Whether all that is seen has been drawn."""
        return all(int(self._samples[place]) in self._kept for place in self.seen)

    @property
    def seen(self) -> range:
        """The places that are in view."""
        top = self.verticalScrollBar().value()
        return self._tiles.seen(top, top + self.viewport().height() - 1, len(self._samples))

    def choose(self, sample: int, *, middle: bool = False) -> bool:
        """Make a sample the current one, and scroll to it; return whether it is among those that are drawn."""
        self._current = sample
        place = self._place
        if place is None:
            return False
        self._reveal(place, middle)
        self.viewport().update()
        self.current_changed.emit(sample)
        return True

    def box(self, place: int) -> QRectF:
        """Return where the thumbnail at a place is drawn, in the viewport."""
        tile = self._tile(place)
        return QRectF(tile.x() + (tile.width() - self._side) / 2, tile.y() + self._gap / 2, self._side, self._side)

    def sample_at(self, point: QPoint) -> int | None:
        """Return the sample at a point of the viewport; ``None`` where there is none."""
        x = point.x() - self._left
        place = self._tiles.place_at(x, point.y() + self.verticalScrollBar().value(), len(self._samples))
        return None if place is None or x < 0 else int(self._samples[place])

    # Where it is

    def _measure(self) -> None:
        """Say where tiles are, for the size of the text and the room that there is."""
        line, room = self.fontMetrics().height(), self.viewport().width()
        self._side, self._gap = round(_SIDE * line), round(_GAP * line)
        high = round(self._side + 1.5 * self._gap + 2 * line)
        self._tiles = Tiles.filling(room, self._side + 1.6 * self._gap, high)
        self._left = max((room - self._tiles.columns * self._tiles.width) // 2, 0.0)  # the rows stand in the middle

    def _tile(self, place: int) -> QRectF:
        return self._tiles.box(place).translated(self._left, -self.verticalScrollBar().value())

    @property
    def _place(self) -> int | None:
        """The place of the current sample."""
        if self._current is None or not len(self._samples):
            return None
        place = int(np.searchsorted(self._samples, self._current))
        return place if place < len(self._samples) and self._samples[place] == self._current else None

    def _fit(self) -> None:
        """Let the scroll bar reach the last row; a third of a row is a step of it."""
        self._measure()
        bar, tiles = self.verticalScrollBar(), self._tiles
        bar.setRange(0, max(round(tiles.high(len(self._samples))) - self.viewport().height(), 0))
        bar.setSingleStep(round(tiles.height / 3))
        bar.setPageStep(max(self.viewport().height() - round(tiles.height / 2), 1))

    def _reveal(self, place: int, middle: bool) -> None:
        bar, tile = self.verticalScrollBar(), self._tiles.box(place)
        room = self.viewport().height()
        if middle and not bar.value() <= tile.top() <= tile.bottom() <= bar.value() + room:
            bar.setValue(round(tile.center().y() - room / 2))
        elif tile.top() < bar.value():
            bar.setValue(round(tile.top()))
        elif tile.bottom() > bar.value() + room:
            bar.setValue(round(tile.bottom() - room))

    def _forget(self) -> None:
        self._kept.clear()
        self.viewport().update()

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        first = next(iter(self.seen), 0)
        self._fit()
        place = self._place
        self._reveal(first if place is None else place, middle=False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
            self._forget()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is seen; thumbnails that are not made in a slice of time follow in the next one."""
        if self._thumbnails is None or self._browsed is None:
            return
        seen = [(place, int(self._samples[place])) for place in self.seen]
        until = time.perf_counter() + _SLICE_S
        missing = [sample for _, sample in seen if sample not in self._kept]
        for sample in missing:
            self._make(sample)
            if time.perf_counter() > until:
                break
        if missing and missing[-1] not in self._kept:
            self._timer.start()
        bold = QFont(self.font())
        bold.setBold(True)
        with QPainter(self.viewport()) as painter:
            for place, sample in seen:
                self._paint(painter, place, sample)
            for tone, font, box, text in self._captions(seen, bold):
                painter.setFont(font)
                painter.setPen(self._theme.color(tone))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        sample = self.sample_at(event.position().toPoint())
        if sample is not None and event.button() is Qt.MouseButton.LeftButton:
            self.choose(sample)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        sample = self.sample_at(event.position().toPoint())
        if sample is not None and event.button() is Qt.MouseButton.LeftButton:
            self.sample_opened.emit(sample)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self._place
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and place is not None:
            self.sample_opened.emit(int(self._samples[place]))
            return
        to = self._moved(event, place)
        if to is None:
            event.ignore()
        elif len(self._samples):
            self.choose(int(self._samples[min(max(to, 0), len(self._samples) - 1)]))

    def _moved(self, event: QKeyEvent, place: int | None) -> int | None:
        """Return the place that a key leads to; ``None`` where it leads nowhere."""
        columns, key = self._tiles.columns, Qt.Key
        page = max(int(self.viewport().height() // self._tiles.height), 1) * columns
        moves = {
            key.Key_Left: -1,
            key.Key_Right: 1,
            key.Key_Up: -columns,
            key.Key_Down: columns,
            key.Key_PageUp: -page,
            key.Key_PageDown: page,
        }
        ends = {key.Key_Home: 0, key.Key_End: len(self._samples) - 1}
        pressed = Qt.Key(event.key())
        if pressed in ends:
            return ends[pressed]
        if pressed not in moves or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        return self.seen.start if place is None else self._stepped(place, moves[pressed])

    def _stepped(self, place: int, step: int) -> int:
        """Return another place; up and down stay where there is no row."""
        to, last = place + step, len(self._samples) - 1
        if abs(step) == self._tiles.columns and not 0 <= to <= last:
            below = step > 0 and place // self._tiles.columns < last // self._tiles.columns
            return last if below else place
        return to

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            sample = self.sample_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if sample is None else self._tip(sample), self)
            return True
        return super().viewportEvent(event)

    def _tip(self, sample: int) -> str:
        if self._browsed is None:
            return ""
        told = self._browsed.told(sample)
        taken = f", taken for {told.guess}" if told.guess else ""
        changed = " Its target was changed." if told.changed else ""
        return f"Sample {told.number}: {told.label}{taken}; {self._browsed.part(sample)}.{changed}"

    # Painting

    def _make(self, sample: int) -> None:
        """Draw a thumbnail; those that were drawn first are forgotten where they are too many."""
        assert self._thumbnails is not None
        ratio = self.devicePixelRatioF()
        pixels = round(self._side * ratio)
        pixmap = QPixmap(pixels, pixels)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(self._theme.base))
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._thumbnails.paint(painter, sample, QRectF(0, 0, self._side, self._side))
        most = max(_MOST_BYTES // (4 * pixels * pixels), 2 * len(self.seen))
        while len(self._kept) >= most:
            self._kept.popitem(last=False)
        self._kept[sample] = pixmap

    def _paint(self, painter: QPainter, place: int, sample: int) -> None:
        """Paint a thumbnail and its frames; those that the shown iteration takes are marked."""
        box, tone = self.box(place), self._theme.color
        around = self._tile(place).adjusted(1, 1, -1, -1)
        if sample == self._current:
            painter.fillRect(around, QColor(self._theme.hover))
        if sample in self._kept:
            self._kept.move_to_end(sample)
            painter.drawPixmap(box.topLeft(), self._kept[sample])
        shown = self._browsed.shown if self._browsed else ()
        wide = 3 if shown[:1] == (sample,) else 2 if sample in shown else 1
        painter.setPen(QPen(tone(Tone.ACCENT if wide > 1 else Tone.FAINT), wide))
        painter.drawRect(box)
        if sample == self._current:
            painter.setPen(QPen(tone(Tone.TEXT), 2 if self.hasFocus() else 1))
            painter.drawRect(around)

    def _captions(self, seen: Sequence[tuple[int, int]], bold: QFont) -> Iterator[tuple[Tone, QFont, QRectF, str]]:
        """Yield what is written below each thumbnail: its label and what it is taken for, and its number."""
        if self._browsed is None:
            return
        line, metrics, room = self.fontMetrics().height(), QFontMetricsF(bold), self._tiles.width - 4
        for place, sample in seen:
            told, box = self._browsed.told(sample), self.box(place)
            first = QRectF(box.center().x() - room / 2, box.bottom() + self._gap / 4, room, line)
            label = f"{told.label} → {told.guess}" if told.guess else told.label
            tone = Tone.WARNING if told.guess else Tone.ACCENT if told.changed else Tone.TEXT
            label = f"{label} *" if told.changed else label
            yield tone, bold, first, metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)
            yield Tone.MUTED, self.font(), first.translated(0, line), told.number
