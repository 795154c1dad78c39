"""Draw how many samples there are of each class, as bars beside each other's names."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

_ROW = 1.35
"""The height of a row, in lines of text."""
_NAME_SHARE = 0.4
"""The largest share of the width that names take."""


class ClassBars(QWidget):
    """One row a class: its name, a bar, and how many samples it has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Samples of each class")

    def show_counts(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show the classes and their counts."""
        self._names, self._counts = tuple(names), tuple(counts)
        told = ", ".join(f"{name}: {count:,}" for name, count in zip(names, counts, strict=True))
        self.setAccessibleDescription(told)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(12 * line, round(_ROW * line * len(self._counts)))

    def minimumSizeHint(self) -> QSize:
        return QSize(6 * self.fontMetrics().height(), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._counts:
            return
        metrics, row = self.fontMetrics(), _ROW * self.fontMetrics().height()
        name_room = min(max(map(metrics.horizontalAdvance, self._names)), _NAME_SHARE * self.width())
        number_room = max(metrics.horizontalAdvance(f"{count:,}") for count in self._counts)
        left = name_room + 8
        room = max(self.width() - left - number_room - 8, 1.0)
        most = max(max(self._counts), 1)
        centre = Qt.AlignmentFlag.AlignVCenter
        first, last = int(event.rect().top() // row), int(event.rect().bottom() // row)
        with QPainter(self) as painter:
            for place in range(max(first, 0), min(last + 1, len(self._counts))):
                count, top = self._counts[place], place * row
                name = metrics.elidedText(self._names[place], Qt.TextElideMode.ElideRight, round(name_room))
                painter.setPen(self._theme.color(Tone.TEXT))
                painter.drawText(QRectF(0, top, name_room, row), centre | Qt.AlignmentFlag.AlignRight, name)
                bar = QRectF(left, top + 0.2 * row, room * count / most, 0.6 * row)
                painter.fillRect(bar, QColor(self._theme.tones[Tone.ACCENT]))
                painter.setPen(self._theme.color(Tone.MUTED))
                painter.drawText(QRectF(bar.right() + 6, top, number_room + 2, row), centre, f"{count:,}")
