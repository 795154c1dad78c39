"""Draw what a network answers as bars: a row for each class or output, with its name and its number."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viz_app.frame.told.answers import MOST, Answer
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

_ROW, _BAR = 1.3, 0.8
"""The height of a row and of its bar, in lines of text."""
_NAMES = 0.4
"""The share of the width that names may take."""
_GAP = 6
_ROUND = 2.0


class PredictionBars(QWidget):
    """The answers from above; the likeliest class stands out, and what is wanted has a frame.

    It is as high as ``rows`` rows, whatever it shows, so that nothing moves while answers change.

    Parameters
    ----------
    rows : int
        How many rows there is room for.
    """

    def __init__(self, rows: int = MOST, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows, self._theme = rows, LIGHT
        self._answers: tuple[Answer, ...] = ()
        self._measured: tuple[int, int] | None = None
        self.setAccessibleName("What the network answers")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What is drawn."""
        return self._answers

    @property
    def rows(self) -> int:
        """How many rows there is room for."""
        return self._rows

    def set_rows(self, rows: int) -> None:
        """Make room for another number of rows."""
        if rows != self._rows:
            self._rows = rows
            self.updateGeometry()

    def show_answers(self, answers: Sequence[Answer]) -> None:
        """Draw other answers."""
        if tuple(answers) == self._answers:
            return
        self._answers, self._measured = tuple(answers), None
        told = (f"{answer.name} {answer.text}" + (" (its label)" if answer.wanted else "") for answer in answers)
        self.setToolTip("\n".join(told))
        self.setAccessibleDescription(self.toolTip())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Measure what is written anew where the type is another one."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._measured = None

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(14 * line, round(self._rows * _ROW * line))

    def minimumSizeHint(self) -> QSize:
        return QSize(7 * self.fontMetrics().height(), self.sizeHint().height())

    def bar(self, row: int) -> QRectF:
        """Return where the whole of a row's bar has its place."""
        line = self.fontMetrics().height()
        left, right = self._names + _GAP, self._widths[1] + _GAP
        top = row * _ROW * line + (_ROW - _BAR) * line / 2
        return QRectF(left, top, max(self.width() - left - right, 0.0), _BAR * line)

    @property
    def _names(self) -> float:
        """The width of the names."""
        return min(self._widths[0] + 2.0, _NAMES * self.width())

    @property
    def _widths(self) -> tuple[int, int]:
        """The widths of the longest name and of the longest number."""
        if self._measured is None:
            width = self.fontMetrics().horizontalAdvance
            names = max((width(answer.name) for answer in self._answers), default=0)
            self._measured = names, max(width(text) for text in (">99%", *(answer.text for answer in self._answers)))
        return self._measured

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row, answer in enumerate(self._answers[: self._rows]):
                self._paint_row(painter, self.bar(row), answer)

    def _paint_row(self, painter: QPainter, bar: QRectF, answer: Answer) -> None:
        metrics, line = self.fontMetrics(), self.fontMetrics().height()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.hover))
        painter.drawRoundedRect(bar, _ROUND, _ROUND)
        painter.setBrush(self._theme.color(Tone.ACCENT if answer.leads else Tone.MUTED))
        filled = QRectF(bar)
        filled.setWidth(bar.width() * answer.share)
        painter.drawRoundedRect(filled, _ROUND, _ROUND)
        if answer.wanted:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color(Tone.TEXT), 2))
            painter.drawRoundedRect(bar.adjusted(-1, -1, 1, 1), _ROUND, _ROUND)
        painter.setPen(self._theme.color(Tone.TEXT if answer.leads or answer.wanted else Tone.MUTED))
        top = bar.center().y() - line / 2
        name = metrics.elidedText(answer.name, Qt.TextElideMode.ElideRight, round(self._names))
        painter.drawText(QRectF(0, top, self._names, line), Qt.AlignmentFlag.AlignRight, name)
        number = QRectF(bar.right(), top, self.width() - bar.right(), line)
        painter.drawText(number, Qt.AlignmentFlag.AlignRight, answer.text)
