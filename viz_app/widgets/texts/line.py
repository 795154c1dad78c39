"""Show a line of text that changes with every step: unlike a label it never asks the window to be laid out again."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Line(QWidget):
    """A line of text in the longest form that fits; where none does, the shortest is cut at its end.

    Parameters
    ----------
    text : str
        What it says at first.
    margin : int
        The room on its left and right, in pixels.
    """

    def __init__(self, text: str = "", margin: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms: tuple[str, ...] = (text,)
        self._margin = margin
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What it says."""
        return self._forms[0]

    @property
    def shown(self) -> str:
        """The form of the text that fits, or the shortest."""
        metrics, room = self.fontMetrics(), self._room.width()
        return next((form for form in self._forms if metrics.horizontalAdvance(form) <= room), self._forms[-1])

    @property
    def least_width(self) -> int:
        """The width that the shortest form needs."""
        return self.fontMetrics().horizontalAdvance(self._forms[-1]) + 2 * self._margin

    def set_text(self, text: str, *shorter: str) -> None:
        """Say something else; ``shorter`` are other forms of it, each shorter than the one before."""
        if (text, *shorter) != self._forms:
            self._forms = text, *shorter
            self.setAccessibleName(text)
            self.update()

    @property
    def _room(self) -> QRect:
        return self.rect().adjusted(self._margin, 0, -self._margin, 0)

    def sizeHint(self) -> QSize:
        return QSize(120, round(1.7 * self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(20, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self._room
        shown = self.fontMetrics().elidedText(self.shown, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()
