"""Stand panels around the middle of a window: in docks that can be moved and closed, and put back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from core.experiment import Experiment
from viz_app.window.docking.boxes import joined, scrolled, stacked, tabbed
from viz_app.window.docking.folding import Folding

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_LARGEST = 1600, 960
_LOSS, _LOSS_BELOW_MORE = 0.33, 0.22
"""The share of the right side that the loss takes, and the one that it takes where more stands above it than usual."""
_PRESENTER = 0.45
"""The share of the right side that is the presenter's, while something is presented."""
_ROUNDS = 4
"""So often panels are laid out until they know how small they can be with another size of text."""
_LEAST = 640, 400
"""The least size of the window: docks fold before it is reached, and so they do not keep it larger."""
_USUAL_TEXT = 13.0
"""The size of text, in pixels, for which the widths below are."""
_TEXT, _TALLER = "text", "taller"
"""The names of what is remembered besides widths."""
_NETWORK, _NETWORK_BESIDE_MUCH = 250, 130
"""The height that the network keeps, and the height that it keeps when there is much to choose below it."""


@dataclass(frozen=True)
class DockInfo:
    """A dock: its title, where it stands on the first day, and how wide, in pixels (``None``: as its side is).

    What ``scrolls`` up and down may be higher than the dock. What is not ``movable`` has no title and always stays.
    Of what is ``tabbed`` one panel is seen at a time, each by its ``title``.
    What is ``occasional`` is there only while its panel has something to show.
    """

    title: str
    area: Qt.DockWidgetArea
    width: int | None = None
    scrolls: bool = False
    movable: bool = True
    tabbed: bool = False
    occasional: bool = False


NETWORK = DockInfo("Network", LEFT, 270)
DATA = DockInfo("Data", LEFT, scrolls=True)
INSPECTOR = DockInfo("Inspector", RIGHT, 340, scrolls=True)
PRESENTER = DockInfo("Presenter", RIGHT, 340, scrolls=True, occasional=True)
PLAYGROUND = DockInfo("Playground", RIGHT, 340, occasional=True)
RUN = DockInfo("Run", BOTTOM, 1000, movable=False)
LOSS = DockInfo("Training", RIGHT, tabbed=True)
_SIDES = (NETWORK, DATA), (INSPECTOR, LOSS)
"""The docks that share the height of a side."""


class Docks(QObject):
    """The docks of a window, by title; they can be moved and closed, and put back.

    They fold where there is no room for them. Their widths follow the size of the text.

    Parameters
    ----------
    window : QMainWindow
        Whose docks they are; its central widget is set already.
    panels : mapping of DockInfo to sequence of QWidget
        What stands in each dock, from above; ``NETWORK`` and ``DATA`` are among them.
    """

    def __init__(self, window: QMainWindow, panels: Mapping[DockInfo, Sequence[QWidget]]) -> None:
        super().__init__(window)
        self._window, self._panels, self._crowded = window, panels, False
        window.setAnimated(False)
        window.setMinimumSize(*_LEAST)
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            window.setCorner(corner, BOTTOM)
        boxes = {info: _box(info, widgets) for info, widgets in panels.items()}
        self._data = boxes[DATA]
        self._docks = {info: self._add(info, box) for info, box in boxes.items()}
        for left, right in pairwise(dock for info, dock in self._docks.items() if info.area is BOTTOM):
            window.splitDockWidget(left, right, Qt.Orientation.Horizontal)
        if PLAYGROUND in self._docks and INSPECTOR in self._docks:
            window.tabifyDockWidget(self._docks[INSPECTOR], self._docks[PLAYGROUND])
        self._absent = {info for info in self._docks if info.occasional}
        self._raised: QDockWidget | None = None
        self._raising = QTimer(self)
        self._raising.setSingleShot(True)
        self._raising.setInterval(0)
        self._raising.timeout.connect(self._raise)
        self._making_room = QTimer(self)
        self._making_room.setSingleShot(True)
        self._making_room.setInterval(0)
        self._making_room.timeout.connect(self.make_room)
        self._text = _USUAL_TEXT
        self._widths = {info: info.width / self._text for info in self._docks if info.width is not None}
        self._taller = 0
        self._shares: tuple[dict[DockInfo, int], ...] = ()
        self._settles = 0
        self._idle: list[QDockWidget] = []
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._settle)
        self.folding = Folding(window, self.closable, self._docks[RUN])
        self._first_state = window.saveState()
        window.installEventFilter(self)

    def __getitem__(self, title: str) -> QDockWidget:
        return next(dock for info, dock in self._docks.items() if info.title == title)

    @property
    def closable(self) -> tuple[QDockWidget, ...]:
        """The docks that can be closed and opened again."""
        return tuple(dock for info, dock in self._docks.items() if info.movable)

    def reset(self) -> None:
        """Put everything back where it was on the first day."""
        self.folding.unfold_all()
        self._widths = {info: info.width / _USUAL_TEXT for info in self._docks if info.width is not None}
        self._taller = 0
        self._window.restoreState(self._first_state)
        self.look_again()
        room = QGuiApplication.primaryScreen().availableSize()
        self._window.resize(min(_LARGEST[0], room.width() * 9 // 10), min(_LARGEST[1], room.height() * 9 // 10))
        self.folding.update()
        self.spread()

    @property
    def sizes(self) -> dict[str, float]:
        """What is remembered besides the window's own state: the text, in pixels, and widths, in sizes of the text."""
        widths = {info.title: width for info, width in self._widths.items()}
        return {_TEXT: self._text, _TALLER: float(self._taller), **widths}

    def take_sizes(self, sizes: Mapping[str, float]) -> None:
        """Give the docks the sizes that are remembered; their heights were of use only beside the same size of text."""
        self._widths |= {info: sizes[info.title] for info in self._docks if info.title in sizes}
        if sizes.get(_TEXT) == self._text:
            self._taller = round(sizes.get(_TALLER, 0))
            self.fit_widths()
            self._fit_run()
        else:
            self.spread()

    def spread(self) -> None:
        """Give every dock the room that suits the size of the window and of the text."""
        self.fit_widths()
        self._fit_run()
        self._share_left()
        self._share_right()

    def _fit_run(self) -> None:
        height = self._docks[RUN].minimumSizeHint().height() + self._taller
        self._resize({RUN: height}, Qt.Orientation.Vertical)

    def fit_widths(self) -> None:
        """Make the docks as wide as they were made at first, or by hand; narrower while the stage needs the room."""
        widths = {info: round(width * self._text) for info, width in self._widths.items() if self._stands(info)}
        below = {info: widths.pop(info) for info in tuple(widths) if self._area(info) is BOTTOM}
        self._resize(below, Qt.Orientation.Horizontal)
        least = {info: self.folding.least_width(self._docks[info]) for info in widths}
        excess = sum(self._by_side(widths).values()) - self.folding.room_beside
        spare = sum(self._by_side(widths).values()) - sum(self._by_side(least).values())
        if excess > 0 and spare > 0:
            share = min(excess / spare, 1.0)
            widths = {info: round(width - share * max(width - least[info], 0)) for info, width in widths.items()}
        self._resize(widths, Qt.Orientation.Horizontal)

    def _by_side(self, widths: Mapping[DockInfo, int]) -> dict[Qt.DockWidgetArea, int]:
        sides: dict[Qt.DockWidgetArea, int] = {}
        for info, width in widths.items():
            sides[self._area(info)] = max(sides.get(self._area(info), 0), width)
        return sides

    def _stands(self, info: DockInfo) -> bool:
        dock = self._docks[info]
        return not (dock.isHidden() or dock.isFloating() or dock in self.folding.folded)

    def _area(self, info: DockInfo) -> Qt.DockWidgetArea:
        return self._window.dockWidgetArea(self._docks[info])

    def set_sizes(self, em: float, text: float) -> None:
        """Take the size of the stage's and of the panels' text, in pixels: docks are as wide in letters as before."""
        self._shares = self._shares or self._heights()
        changed, self._text = text != self._text, text
        self.folding.set_sizes(em, text)
        self._settles = _ROUNDS if changed else self._settles
        self._settle()

    def _settle(self) -> None:
        """Give the docks their sizes again, those at the sides the shares of the height that they had."""
        self._settles = max(self._settles - 1, 0)
        for dock in self._docks.values():
            dock.widget().updateGeometry()  # what scrolls does not tell by itself that it can be narrower
        self.fit_widths()
        self._fit_run()
        for shares in self._shares:
            if all(self._stands(info) for info in shares):
                self._resize(shares, Qt.Orientation.Vertical)

    def _heights(self) -> tuple[dict[DockInfo, int], ...]:
        """Return the heights of the docks at each side, where all of them are seen."""
        sides = [side for side in _SIDES if self._window.isVisible() and all(self._stands(info) for info in side)]
        return tuple({info: self._docks[info].height() for info in side} for side in sides)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember how wide a person makes the docks: the window itself has the mouse while a line between them moves.

        After another size of text the panels say only step by step, by asking for a new layout, how small they can be.
        """
        if event.type() is QEvent.Type.MouseButtonRelease:
            self.measure()
        elif event.type() is QEvent.Type.MouseButtonPress:
            self._settles = 0
        elif event.type() is QEvent.Type.LayoutRequest and self._settles:
            self._settling.start()
        elif event.type() is QEvent.Type.Show:
            self._raising.start()  # once the window stands
        return False

    def measure(self) -> None:
        """Take the sizes that the docks have as those that are wanted."""
        self._shares = ()
        for info, dock in self._docks.items():
            if self._stands(info):
                self._widths[info] = dock.width() / self._text
        run = self._docks[RUN]
        self._taller = max(run.height() - run.minimumSizeHint().height(), 0)

    def show_experiment(self, experiment: Experiment) -> None:
        """Fold the losses where there are none, and make room for what there is to choose."""
        idle = [] if experiment.program.loss else [self._docks[LOSS]]
        if idle != self._idle:
            self._idle = idle
            self.folding.set_idle(idle)
            self.fit_widths()
            self._share_right()
        self.make_room()

    def make_room_soon(self) -> None:
        """Do so once all panels have been shown what has come, or gone."""
        self._making_room.start()

    def make_room(self) -> None:
        """Show what there is now, and share the left side anew where there is more, or less, to choose than before."""
        for info in (info for info in self._docks if info.occasional):
            self._show_occasional(info)
        crowded = sum(not panel.isHidden() for panel in self._panels[DATA]) > 1
        if crowded != self._crowded:
            self._crowded = crowded
            self._share_left()

    def _raise(self) -> None:
        """Bring to the front what has come last."""
        if self._raised is not None and not self._raised.isFloating():
            self._raised.raise_()
        self._raised = None

    def look_again(self) -> None:
        """Show what there is now, whatever was there when the layout was remembered."""
        self._absent |= {info for info in self._docks if info.occasional}
        self.make_room()

    def _show_occasional(self, info: DockInfo) -> None:
        """Show a dock once its panel has something to show, and hide it when it has nothing any more."""
        dock, absent = self._docks[info], all(panel.isHidden() for panel in self._panels[info])
        dock.toggleViewAction().setVisible(not absent)
        if absent:
            if info not in self._absent:
                self._absent.add(info)
                self._share_right()
            self.folding.forget(dock)
            dock.hide()
        elif info in self._absent:
            self._absent.remove(info)
            dock.show()
            self._raised = dock
            if self._window.isVisible():  # else a layout that is restored puts another one in front
                self._raise()
            self.folding.update()
            self._share_right()

    def _share_left(self) -> None:
        """Give the data the height that they need, as far as the network keeps its own, or half of the side."""
        self._shares = ()
        needed, room = self._data.sizeHint().height() + 40, self._window.height() - 180
        data = min(needed, max(room // 2, room - (_NETWORK_BESIDE_MUCH if self._crowded else _NETWORK)))
        self._resize({NETWORK: room - data, DATA: data}, Qt.Orientation.Vertical)

    def _share_right(self) -> None:
        """Give the losses a height at which they can be read."""
        room = self._window.height() - 180
        more = {PLAYGROUND, PRESENTER} & self._docks.keys() - self._absent
        loss = _LOSS_BELOW_MORE if more else _LOSS
        said = _PRESENTER if PRESENTER in more else 0.0
        shares = {PRESENTER: said, INSPECTOR: 1 - loss - said, LOSS: loss}
        heights = {info: round(share * room) for info, share in shares.items() if share and info in self._docks}
        self._resize(heights, Qt.Orientation.Vertical)

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
    if info.tabbed:
        return tabbed(panels)
    if len(panels) == 1:
        return panels[0]
    return joined(*panels) if info.scrolls else stacked(*panels)
