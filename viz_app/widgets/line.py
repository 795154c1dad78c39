"""Show a line of text that changes with every step: unlike a label it never asks the window to be laid out again."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Line(QWidget):
    """A line of text, shortened at its end where it does not fit.

    Parameters
    ----------
    margin : int
        The room on its left and right, in pixels.
    """

    def __init__(self, text: str = "", margin: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._margin = text, margin
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, round(1.7 * self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(20, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.rect().adjusted(self._margin, 0, -self._margin, 0)
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()
