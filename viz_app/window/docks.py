"""Put panels into docks: the network and the data on the left, the inspector on the right, the run below."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QMainWindow,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

_LARGEST = 1600, 960
_WIDTHS = {"Network": 270, "Inspector": 340}
_BELOW = {"Run": 1000, "Loss": 330}
_NETWORK, _NETWORK_BESIDE_MUCH = 250, 130
"""The height that the network keeps, and the height that it keeps when there is much to choose below it."""


class Docks:
    """The docks of a window, by title; they can be moved and closed, and put back.

    Parameters
    ----------
    window : QMainWindow
        Whose docks they are; its central widget is set already.
    """

    def __init__(
        self, window: QMainWindow, *, network: QWidget, data: QWidget, inspector: QWidget, run: QWidget, loss: QWidget
    ) -> None:
        self._window, self._data, self._network = window, data, _NETWORK
        window.setAnimated(False)
        area = Qt.DockWidgetArea
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            window.setCorner(corner, area.BottomDockWidgetArea)
        self._docks = {
            "Network": self._add("Network", network, area.LeftDockWidgetArea),
            "Data": self._add("Data", scrolled(data), area.LeftDockWidgetArea),
            "Inspector": self._add("Inspector", scrolled(inspector), area.RightDockWidgetArea),
            "Run": self._add("Run", run, area.BottomDockWidgetArea),
            "Loss": self._add("Loss", loss, area.BottomDockWidgetArea),
        }
        self._docks["Run"].setTitleBarWidget(QWidget())  # the transport needs no title, and always stays
        self._docks["Run"].setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        window.splitDockWidget(self._docks["Run"], self._docks["Loss"], Qt.Orientation.Horizontal)
        self._first_state = window.saveState()

    def __getitem__(self, title: str) -> QDockWidget:
        return self._docks[title]

    @property
    def closable(self) -> tuple[QDockWidget, ...]:
        """The docks that can be closed and opened again."""
        return tuple(dock for title, dock in self._docks.items() if title != "Run")

    def reset(self) -> None:
        """Put everything back where it was on the first day."""
        room = QGuiApplication.primaryScreen().availableSize()
        self._window.resize(min(_LARGEST[0], room.width() * 9 // 10), min(_LARGEST[1], room.height() * 9 // 10))
        self._window.restoreState(self._first_state)
        self.spread()

    def spread(self) -> None:
        """Give every dock the room that suits the size of the window."""
        for sizes in (_WIDTHS, _BELOW):
            self._resize(sizes, Qt.Orientation.Horizontal)
        self._share_left()

    def favour_data(self, much: bool) -> None:
        """Share the left side anew; where there is ``much`` to choose, little of it is the network's."""
        self._network = _NETWORK_BESIDE_MUCH if much else _NETWORK
        self._share_left()

    def _share_left(self) -> None:
        needed, room = self._data.sizeHint().height() + 40, self._window.height() - 180
        data = min(needed, max(room // 2, room - self._network))
        self._resize({"Network": room - data, "Data": data}, Qt.Orientation.Vertical)

    def _resize(self, sizes: Mapping[str, int], way: Qt.Orientation) -> None:
        self._window.resizeDocks([self._docks[title] for title in sizes], list(sizes.values()), way)

    def _add(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(title)
        dock.setWidget(widget)
        feature = QDockWidget.DockWidgetFeature
        dock.setFeatures(feature.DockWidgetMovable | feature.DockWidgetClosable)
        self._window.addDockWidget(area, dock)
        return dock


def joined(*widgets: QWidget) -> QWidget:
    """Return panels below each other as one."""
    box = QWidget()
    box.setBackgroundRole(QPalette.ColorRole.Base)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return box


def stacked(*widgets: QWidget) -> QWidget:
    """Return widgets below each other, at the top of the room there is."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(8, 2, 8, 8)
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return box


class _Scrolled(QScrollArea):
    """An area that is never narrower than what it scrolls."""

    def minimumSizeHint(self) -> QSize:
        inside, bar = self.widget(), self.verticalScrollBar().sizeHint().width()
        width = inside.minimumSizeHint().width() + bar if inside else bar
        return QSize(width, super().minimumSizeHint().height())


class _WheelGuard(QObject):
    """Leave the wheel to the area that scrolls: a field that it passes over must not change."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def scrolled(widget: QWidget) -> QScrollArea:
    """Return a widget in an area that scrolls up and down."""
    area = _Scrolled()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    guard = _WheelGuard(area)
    for field in widget.findChildren(QWidget):
        if isinstance(field, (QAbstractSpinBox, QComboBox, QSlider)):
            field.installEventFilter(guard)
            if field.focusPolicy() is Qt.FocusPolicy.WheelFocus:
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return area
