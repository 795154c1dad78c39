"""A field to search in and the list of what it finds, over the window."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from core.wording import counted
from viz_app.frame.search import MOST, Found

_WIDTH, _ROWS = 46, 12
"""The width in sizes of the text, and how many results are seen at once."""
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS - 1, Qt.Key.Key_PageUp: 1 - _ROWS}
_TOP = 48


class FindOverlay(QFrame):
    """Ask for what is typed, and show what was found; Enter or a double click chooses one."""

    query_changed = Signal(str)
    chosen = Signal(object)
    """The ``Found`` to go to."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._outer = parent
        self.setObjectName("find")
        self.setAccessibleName("Find a step")
        self.field = QLineEdit(self)
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName("Name of a step, a layer or an operation")
        self.results = QListWidget(self)
        self.results.setAccessibleName("What was found")
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setUniformItemSizes(True)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._told = QLabel(self)
        self._told.setObjectName("about")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(6)
        for widget in (self.field, self.results, self._told):
            column.addWidget(widget)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self.query_changed)
        self.field.returnPressed.connect(self._choose)
        self.results.itemClicked.connect(self._choose)
        self.hide()

    def open(self, hint: str) -> None:
        """Come up with an empty field, which has the keyboard; ``hint`` stands in it."""
        self.field.clear()
        self.field.setPlaceholderText(hint)
        self.show()
        self.raise_()
        self.place()
        self.field.setFocus()

    def show_found(self, found: Sequence[Found], empty: str) -> None:
        """List what was found; ``empty`` is said where nothing was."""
        self.results.clear()
        for one in found:
            item = QListWidgetItem(f"{one.name}    {one.about}")
            item.setData(Qt.ItemDataRole.UserRole, one)
            item.setToolTip(one.about)
            self.results.addItem(item)
        self.results.setCurrentRow(0)
        if len(found) == MOST:
            self._told.setText(f"The first {MOST}: type more to find fewer. Enter goes there, Esc returns.")
        else:
            self._told.setText(f"{counted(len(found), 'result')}. Enter goes there, Esc returns." if found else empty)
        self.place()

    def place(self) -> None:
        """Stand at the top of the window, in its middle."""
        em = self.fontMetrics().height() / 1.3
        rows = min(self.results.count(), _ROWS)
        self.results.setVisible(rows > 0)
        line = self.results.sizeHintForRow(0) if rows else 0
        self.results.setFixedHeight(rows * line + 4)
        width = min(round(_WIDTH * em), self._outer.width() - 20)
        self.setFixedWidth(max(width, 200))
        self.adjustSize()
        self.move((self._outer.width() - self.width()) // 2, min(_TOP, max(self._outer.height() - self.height(), 0)))

    def sizeHint(self) -> QSize:
        return QSize(self.width(), super().sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys choose in the list while the field is typed in."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            move = _MOVES.get(Qt.Key(event.key()))
            if move is not None and self.results.count():
                row = self.results.currentRow() + move
                self.results.setCurrentRow(min(max(row, 0), self.results.count() - 1))
                return True
        return super().eventFilter(watched, event)

    def _choose(self) -> None:
        item = self.results.currentItem()
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
