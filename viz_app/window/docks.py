"""Stand panels around the middle of a window: in docks that can be moved and closed, and put back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from viz_app.window.boxes import joined, scrolled, stacked

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_LARGEST = 1600, 960
_LOSS = 0.33
"""The share of the right side that the loss takes."""
_NETWORK, _NETWORK_BESIDE_MUCH = 250, 130
"""The height that the network keeps, and the height that it keeps when there is much to choose below it."""


@dataclass(frozen=True)
class DockInfo:
    """A dock: its title, where it stands on the first day, and how wide, in pixels (``None``: as its side is).

    What ``scrolls`` up and down may be higher than the dock. What is not ``movable`` has no title and always stays.
    """

    title: str
    area: Qt.DockWidgetArea
    width: int | None = None
    scrolls: bool = False
    movable: bool = True


NETWORK = DockInfo("Network", LEFT, 270)
DATA = DockInfo("Data", LEFT, scrolls=True)
INSPECTOR = DockInfo("Inspector", RIGHT, 340, scrolls=True)
RUN = DockInfo("Run", BOTTOM, 1000, movable=False)
LOSS = DockInfo("Loss", RIGHT)


class Docks:
    """The docks of a window, by title; they can be moved and closed, and put back.

    Parameters
    ----------
    window : QMainWindow
        Whose docks they are; its central widget is set already.
    panels : mapping of DockInfo to sequence of QWidget
        What stands in each dock, from above; ``NETWORK`` and ``DATA`` are among them.
    """

    def __init__(self, window: QMainWindow, panels: Mapping[DockInfo, Sequence[QWidget]]) -> None:
        self._window, self._panels, self._crowded = window, panels, False
        window.setAnimated(False)
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            window.setCorner(corner, BOTTOM)
        boxes = {info: _box(info, widgets) for info, widgets in panels.items()}
        self._data = boxes[DATA]
        self._docks = {info: self._add(info, box) for info, box in boxes.items()}
        for left, right in pairwise(dock for info, dock in self._docks.items() if info.area is BOTTOM):
            window.splitDockWidget(left, right, Qt.Orientation.Horizontal)
        self._first_state = window.saveState()

    def __getitem__(self, title: str) -> QDockWidget:
        return next(dock for info, dock in self._docks.items() if info.title == title)

    @property
    def closable(self) -> tuple[QDockWidget, ...]:
        """The docks that can be closed and opened again."""
        return tuple(dock for info, dock in self._docks.items() if info.movable)

    def reset(self) -> None:
        """Put everything back where it was on the first day."""
        room = QGuiApplication.primaryScreen().availableSize()
        self._window.resize(min(_LARGEST[0], room.width() * 9 // 10), min(_LARGEST[1], room.height() * 9 // 10))
        self._window.restoreState(self._first_state)
        self.spread()

    def spread(self) -> None:
        """Give every dock the room that suits the size of the window."""
        widths = {info: info.width for info in self._docks if info.width is not None}
        for below in (False, True):
            sizes = {info: width for info, width in widths.items() if (info.area is BOTTOM) is below}
            self._resize(sizes, Qt.Orientation.Horizontal)
        self._share_left()
        self._share_right()

    def make_room(self) -> None:
        """Share the left side anew where there is more, or less, to choose than before."""
        crowded = sum(not panel.isHidden() for panel in self._panels[DATA]) > 1
        if crowded != self._crowded:
            self._crowded = crowded
            self._share_left()

    def _share_left(self) -> None:
        """Give the data the height that they need, as far as the network keeps its own, or half of the side."""
        needed, room = self._data.sizeHint().height() + 40, self._window.height() - 180
        data = min(needed, max(room // 2, room - (_NETWORK_BESIDE_MUCH if self._crowded else _NETWORK)))
        self._resize({NETWORK: room - data, DATA: data}, Qt.Orientation.Vertical)

    def _share_right(self) -> None:
        """Give the losses a height at which they can be read."""
        room = self._window.height() - 180
        self._resize({INSPECTOR: round((1 - _LOSS) * room), LOSS: round(_LOSS * room)}, Qt.Orientation.Vertical)

    def _resize(self, sizes: Mapping[DockInfo, int], way: Qt.Orientation) -> None:
        self._window.resizeDocks([self._docks[info] for info in sizes], list(sizes.values()), way)

    def _add(self, info: DockInfo, box: QWidget) -> QDockWidget:
        dock = QDockWidget(info.title, self._window)
        dock.setObjectName(info.title)
        dock.setWidget(scrolled(box) if info.scrolls else box)
        feature = QDockWidget.DockWidgetFeature
        dock.setFeatures(feature.DockWidgetMovable | feature.DockWidgetClosable)
        self._window.addDockWidget(info.area, dock)
        if not info.movable:
            dock.setTitleBarWidget(QWidget())
            dock.setFeatures(feature.NoDockWidgetFeatures)
        return dock


def _box(info: DockInfo, panels: Sequence[QWidget]) -> QWidget:
    """Return the panels of a dock as one widget."""
    if len(panels) == 1:
        return panels[0]
    return joined(*panels) if info.scrolls else stacked(*panels)
