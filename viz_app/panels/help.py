"""The list of keys, over the window."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from viz_app.actions import ActionInfo

_SIGNS = {
    "Right": "→",
    "Left": "←",
    "Up": "↑",
    "Down": "↓",
    "PgDown": "Page down",
    "PgUp": "Page up",
    "Shift+": "Shift ",
}
_MOUSE = (
    ("Point", "Show a cell's number and where it came from"),
    ("Click", "Keep looking at the cell"),
    ("Ctrl + click", "Show what the cell reaches"),
    ("Double click", "Go to the step that made the cell"),
    ("Wheel", "Zoom into the picture; drag to move it"),
)


class HelpOverlay(QFrame):
    """Every key and what it does, as the actions have them.

    Parameters
    ----------
    menus : sequence of (str, sequence of ActionInfo)
        The actions, by menu.
    """

    def __init__(self, menus: Sequence[tuple[str, Sequence[ActionInfo]]], parent: QWidget) -> None:
        super().__init__(parent)
        self._outer = parent
        self.setObjectName("help")
        self.setAccessibleName("Keys")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(28, 20, 28, 20)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(5)
        rows = {title: _rows(infos) for title, infos in menus}
        for column, titles in enumerate((("&Run",), ("&File", "&View", "&Help"))):
            row = 0
            for title in titles:
                row = self._add(3 * column, row, title, rows[title])
            if column == 1:
                self._add(3, row, "Mouse", _MOUSE)
        self._grid.setColumnMinimumWidth(2, 24)
        self.hide()

    def toggle(self) -> None:
        """Show the keys over the middle of the window, or hide them."""
        self.setVisible(not self.isVisible())
        if self.isVisible():
            self.place()
            self.raise_()

    def place(self) -> None:
        """Move to the middle of the window."""
        self.adjustSize()
        outer = self._outer.rect()
        self.move(max((outer.width() - self.width()) // 2, 0), max((outer.height() - self.height()) // 2, 0))

    def _add(self, column: int, row: int, title: str, rows: Sequence[tuple[str, str]]) -> int:
        """Add a group of rows and return the row after it."""
        self._grid.addWidget(_text(title.replace("&", ""), "heading"), row, column, 1, 2)
        for offset, (keys, text) in enumerate(rows, 1):
            self._grid.addWidget(_text(keys, "key"), row + offset, column, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(_text(text, "text"), row + offset, column + 1)
        return row + len(rows) + 1


def _rows(infos: Sequence[ActionInfo]) -> list[tuple[str, str]]:
    return [(_keys(info), info.text.replace("&", "").rstrip("…")) for info in infos if info.keys]


def _keys(info: ActionInfo) -> str:
    return "  ".join(_key(key) for key in info.keys)


def _key(key: str) -> str:
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    for name, sign in _SIGNS.items():
        text = text.replace(name, sign)
    return text


def _text(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    return label
