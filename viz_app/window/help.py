"""The list of keys, over the window."""

from bisect import bisect
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget
from shiboken6 import delete

from viz_app.picture.legible import LEAST
from viz_app.window.actions.menus import PRESENTATION, ActionInfo

_SIGNS = {
    "PgDown": "Page down",
    "PgUp": "Page up",
    "Right": "→",
    "Left": "←",
    "Down": "↓",
    "Up": "↑",
}
_COLUMNS = (("Run", "Train"), ("File", "View", "Network"), ("Mouse", "Lecture", "Presentation", "Help"))
_MOUSE = (
    ("Point", "Show a cell's number and where it came from"),
    ("Click", "Keep looking at the cell"),
    ("Ctrl + click", "Show what the cell reaches"),
    ("Double click", "Go to the step that made the cell"),
    ("Wheel", "Zoom into the picture; drag to move it"),
)


_BETWEEN = 5
_MARGINS = 28, 16, 28, 20


class HelpOverlay(QScrollArea):
    """Every key and what it does, as the actions have them; where the window is too small for all, it scrolls.

    Parameters
    ----------
    menus : sequence of (str, sequence of ActionInfo)
        The actions, by menu.
    """

    def __init__(self, menus: Sequence[tuple[str, Sequence[ActionInfo]]], parent: QWidget) -> None:
        super().__init__(parent)
        self._outer, self._menus = parent, menus
        self.setObjectName("help")
        self.setAccessibleName("Keys")
        self.hide()

    def toggle(self) -> None:
        """Show the keys over the middle of the window, or hide them."""
        if self.widget() is None:
            self._lay_out()
        self.setVisible(not self.isVisible())
        if self.isVisible():
            self.place()
            self.raise_()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.widget() is None:
            self._lay_out()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep no widgets: Qt styles all that there are whenever the theme or the size changes."""
        super().hideEvent(event)
        if (sheet := self.takeWidget()) is not None:
            delete(sheet)

    def place_later(self) -> None:
        """Move to the middle of the window in an event of its own, where it is still shown then."""
        QTimer.singleShot(0, self, self._place_again)

    def _place_again(self) -> None:
        if self.isVisible():
            self.place()

    def place(self) -> None:
        """Move to the middle of the window, in the largest text that fits."""
        outer, largest = self._outer.rect(), self._outer.font().pixelSize()
        wide, high = self._size_with(largest)
        if wide > outer.width() or high > outer.height():
            sizes = range(min(LEAST, largest), largest)
            too_large = bisect(sizes, False, key=lambda size: not self._fits(size))
            wide, high = self._size_with(sizes[max(too_large - 1, 0)])
        wide += self.verticalScrollBar().sizeHint().width() if high > outer.height() else 0
        high += self.horizontalScrollBar().sizeHint().height() if wide > outer.width() else 0
        self.resize(min(wide, outer.width()), min(high, outer.height()))
        self.move(max((outer.width() - self.width()) // 2, 0), max((outer.height() - self.height()) // 2, 0))

    def _fits(self, size: int) -> bool:
        wide, high = self._size_with(size)
        return wide <= self._outer.width() and high <= self._outer.height()

    def _size_with(self, size: int) -> tuple[int, int]:
        """Write the list in text of a size, in pixels, and return how wide and high it is then."""
        sheet, edge = self.widget(), 2 * self.frameWidth()
        assert sheet is not None
        self.setStyleSheet(f"QLabel {{ font-size: {size}px; }}")
        self._space(size / self._outer.font().pixelSize())
        sheet.adjustSize()
        return sheet.width() + edge, sheet.height() + edge

    def _space(self, share: float) -> None:
        """Make the room between keys and texts smaller together with the text."""
        for grid in self.findChildren(QGridLayout):
            grid.setVerticalSpacing(round(_BETWEEN * share**2))
        sheet = self.widget()
        columns = None if sheet is None else sheet.layout()
        assert columns is not None
        left, top, right, bottom = (round(margin * share**2) for margin in _MARGINS)
        columns.setContentsMargins(left, top, right, bottom)

    def _lay_out(self) -> None:
        """Put the keys into columns; only once somebody asks for them."""
        sheet = QWidget()
        sheet.setObjectName("paper")
        columns = QHBoxLayout(sheet)
        columns.setSpacing(36)
        groups = {title.replace("&", ""): _rows(infos) for title, infos in self._menus}
        groups["Presentation"] = _rows(PRESENTATION)
        groups["Mouse"] = list(_MOUSE)
        for titles in _COLUMNS:
            columns.addLayout(_column([(title, groups[title]) for title in titles]))
        self.setWidget(sheet)


def _column(groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> QGridLayout:
    """Return groups of keys and texts below each other."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    for title, rows in groups:
        grid.addWidget(_text(title, "heading"), grid.rowCount(), 0, 1, 2)
        for keys, text in rows:
            row = grid.rowCount()
            grid.addWidget(_text(keys, "key"), row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(_text(text, "text"), row, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


def _rows(infos: Sequence[ActionInfo]) -> list[tuple[str, str]]:
    return [(_keys(info), info.text.replace("&", "").rstrip("…")) for info in infos if info.keys]


def _keys(info: ActionInfo) -> str:
    return "  ".join(_key(key) for key in info.keys)


def _key(key: str) -> str:
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    for name, sign in _SIGNS.items():
        if text.endswith(name):
            text = text.replace(name, sign)
    return text


def _text(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    return label
