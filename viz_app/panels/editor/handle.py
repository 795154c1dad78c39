"""Where a row of the editor is taken hold of, to drag it."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton


class Handle(QToolButton):
    """Where a row is taken hold of, to drag it; it has the keyboard for the row."""

    dragged = Signal(int)
    """Where the mouse is, down the screen."""
    dropped = Signal()
    gave_up = Signal()

    def __init__(self) -> None:
        super().__init__(autoRaise=True)
        self.setObjectName("small")
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setToolTip("Drag to another place; Alt+Up and Alt+Down move it, too")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._from: QPoint | None = None
        self._dragging = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        here = event.globalPosition().toPoint()
        if self._dragging or (here - self._from).manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.dragged.emit(here.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._let_go(self.dropped if self._dragging else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._dragging:
            self._let_go(self.gave_up)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._let_go(self.gave_up if self._dragging else None)
        super().focusOutEvent(event)

    def _let_go(self, signal: object) -> None:
        self._from, self._dragging = None, False
        if signal is not None:
            signal.emit()  # type: ignore[attr-defined]
