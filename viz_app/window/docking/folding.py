"""Fold docks to a strip of tabs where the stage has too little room, and those away that have nothing to show."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QHBoxLayout, QMainWindow, QSizePolicy, QVBoxLayout, QWidget

_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
_SEPARATORS = 12
_SHARE, _LARGEST_SHARE = 0.55, 0.75
"""The least share of the window's width that the stage keeps, and the largest that it asks for its text."""
_STAGE = 44
"""The width that a stage wants, in sizes of its text."""


_LEAST_WIDTH = 21.5
"""The least width of a dock, in sizes of its text."""


class FoldedTab(QAbstractButton):
    """The name of a folded dock, written upwards; a click opens the dock, another one folds it again."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setText(name)
        self.setAccessibleName(f"Open the panel {name}")
        self.setToolTip(f"Open the panel {name}; there is no room for it beside the stage")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(round(1.5 * metrics.height()), metrics.horizontalAdvance(self.text()) + 2 * metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            palette = self.palette()
            if self.isChecked() or self.underMouse():
                painter.fillRect(self.rect(), palette.base() if self.isChecked() else palette.midlight())
            painter.setPen(palette.highlight().color() if self.hasFocus() else palette.windowText().color())
            painter.translate(0, self.height())
            painter.rotate(-90)
            painter.drawText(0, 0, self.height(), self.width(), Qt.AlignmentFlag.AlignCenter, self.text())


class Folding(QObject):
    """Folds docks, the least important first, where the stage would be too narrow, and unfolds them where it is not.

    What a person has closed or made float stays so. A folded dock that a person opens stands beside the stage until it
    is folded again, by its tab or by opening another one.

    Parameters
    ----------
    window : QMainWindow
        Whose docks they are.
    docks : sequence of QDockWidget
        What may be folded, the least important first.
    run : QDockWidget
        What stands below the stage, and is never folded: docks beside it give way to it.
    """

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget], run: QDockWidget) -> None:
        super().__init__(window)
        self._window, self._docks, self._run = window, tuple(docks), run
        self._em, self._text = 14.0, 13.0
        self._folded: list[QDockWidget] = []
        self._idle: tuple[QDockWidget, ...] = ()
        self._opened: QDockWidget | None = None
        self._busy = False
        self._tabs = {dock: FoldedTab(dock.windowTitle()) for dock in docks}
        self._strips = {_LEFT: _Strip(), _RIGHT: _Strip()}
        stage = window.takeCentralWidget() or QWidget()
        window.setCentralWidget(_between(self._strips[_LEFT], stage, self._strips[_RIGHT]))
        for dock, tab in self._tabs.items():
            tab.clicked.connect(self._toggle)
            dock.toggleViewAction().triggered.connect(self.update)
        self._show_tabs()
        window.installEventFilter(self)

    @property
    def folded(self) -> tuple[QDockWidget, ...]:
        """The docks that have a tab; one of them may be open."""
        return tuple(self._folded)

    def tab(self, dock: QDockWidget) -> FoldedTab:
        """Return the tab of a dock; it is shown while the dock is folded."""
        return self._tabs[dock]

    @property
    def room_beside(self) -> float:
        """The width that the docks beside the stage may have together."""
        width = self._window.width()
        return width - max(_SHARE * width, min(_STAGE * self._em, _LARGEST_SHARE * width)) - _SEPARATORS

    def set_sizes(self, em: float, text: float) -> None:
        """Take the size of the stage's and of the panels' text, in pixels."""
        self._em, self._text = em, text
        self.update()

    def set_idle(self, docks: Sequence[QDockWidget]) -> None:
        """Fold docks that have nothing to show, whatever room there is, and no others for that; they have no tab."""
        self._idle = tuple(docks)
        self.update()

    def update(self) -> None:
        """Fold and unfold what has to be."""
        if self._busy or not self._window.isVisible():
            return
        self._busy = True
        try:
            if self._opened is not None and self._opened.isHidden():
                self._opened = None  # a person has closed it: it is folded again
            opened = next((dock for dock in self._folded if not dock.isHidden() and dock is not self._opened), None)
            if opened is not None:
                self._open(opened)
            wanted = {*self._too_many(), *filter(self._stands, self._idle)}
            for dock in [dock for dock in self._folded if dock not in wanted]:
                self._unfold(dock)
            for dock in self._docks:
                if dock in wanted and dock not in self._folded:
                    self._fold(dock)
            self._show_tabs()
        finally:
            self._busy = False

    def unfold_all(self) -> None:
        """Let every dock stand where a person has put it: to be remembered, or to be put back."""
        self._busy = True
        for dock in tuple(self._folded):
            self._unfold(dock)
        self._opened = None
        self._show_tabs()
        self._busy = False

    def forget(self, dock: QDockWidget) -> None:
        """Leave a dock that is not there any more without a tab."""
        if dock in self._folded:
            self._folded.remove(dock)
            self._opened = None if self._opened is dock else self._opened
            self._show_tabs()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when the window has another size, or is shown."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.update()
        return False

    def _too_many(self) -> Iterator[QDockWidget]:
        """Yield the docks for which there is no room."""
        standing = [dock for dock in self._docks if self._stands(dock)]
        beside = [dock for dock in standing if self._area(dock) is not self._area(self._run)]
        for side in dict.fromkeys(self._area(dock) for dock in beside):
            sides = {self._area(dock) for dock in beside}
            taken = sum(max(self.least_width(dock) for dock in beside if self._area(dock) is one) for one in sides)
            if taken <= self.room_beside:
                break
            yield from (dock for dock in beside if self._area(dock) is side)
            beside = [dock for dock in beside if self._area(dock) is not side]
        for dock in standing:
            needed = self._run.minimumSizeHint().width() + self.least_width(dock) + _SEPARATORS
            if self._area(dock) is self._area(self._run) and needed > self._window.width():
                yield dock

    def _stands(self, dock: QDockWidget) -> bool:
        """Tell whether a person wants a dock to stand at a side of the window."""
        return not dock.isFloating() and (dock in self._folded or not dock.isHidden())

    def least_width(self, dock: QDockWidget) -> int:
        """Return the least width with which a dock is of use."""
        return max(dock.minimumSizeHint().width(), round(_LEAST_WIDTH * self._text))

    def _area(self, dock: QDockWidget) -> Qt.DockWidgetArea:
        return self._window.dockWidgetArea(dock)

    def _side(self, dock: QDockWidget) -> Qt.DockWidgetArea:
        return _LEFT if self._area(dock) is _LEFT else _RIGHT

    def _fold(self, dock: QDockWidget) -> None:
        self._folded.append(dock)
        dock.hide()

    def _unfold(self, dock: QDockWidget) -> None:
        self._folded.remove(dock)
        if self._opened is dock:
            self._opened = None
        dock.show()

    def _open(self, dock: QDockWidget | None) -> None:
        """Open one of the folded docks, and none beside it."""
        self._opened = dock
        for other in self._folded:
            other.setVisible(other is dock)
        if dock is not None:
            self._window.resizeDocks([dock], [self.least_width(dock)], Qt.Orientation.Horizontal)

    def _toggle(self) -> None:
        dock = next(dock for dock, tab in self._tabs.items() if tab is self.sender())
        self._busy = True
        self._open(None if dock is self._opened else dock)
        self._busy = False
        self.update()

    def _show_tabs(self) -> None:
        for dock, tab in self._tabs.items():
            strip = self._strips[self._side(dock)]
            if tab.parentWidget() is not strip:
                strip.add(tab)
            tab.setVisible(dock in self._folded and dock not in self._idle)
            tab.setChecked(dock is self._opened)
        for area, strip in self._strips.items():
            strip.setVisible(any(self._side(dock) is area for dock in self._folded if dock not in self._idle))


class _Strip(QWidget):
    """Tabs below each other."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 6, 0, 6)
        self._column.setSpacing(4)
        self._column.addStretch(1)

    def add(self, tab: FoldedTab) -> None:
        """Put a tab below the others."""
        self._column.insertWidget(self._column.count() - 1, tab)


def _between(left: QWidget, middle: QWidget, right: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(left)
    row.addWidget(middle, 1)
    row.addWidget(right)
    return box
