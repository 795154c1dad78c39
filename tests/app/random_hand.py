"""Do one random thing to a window, with the events that a person's hand would make."""

import random
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QPoint, Qt, QThread, QTimer
from PySide6.QtGui import QAction, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMenuBar,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from core.data.guest import Guest
from core.visiting import input_of, target_of
from tests.app.random_data import browse, open_data, read
from tests.app.random_images import bring_image
from tests.app.random_lecture import lecture
from tests.app.random_own_input import own_input
from tests.app.random_sessions import use_sessions
from tests.app.random_steps import look_around
from tests.app.random_takeaway import take_away
from viz_app.panels.editor import EditorPanel
from viz_app.panels.editor.edge import AddMenu
from viz_app.panels.guest import GuestPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.confusion import ConfusionPanel
from viz_app.picture.elements import Heatmap, Panel, Relief, Scatter
from viz_app.widgets.charts.confusion_matrix import ConfusionMatrix
from viz_app.widgets.pictures.canvas import Canvas
from viz_app.widgets.plane import PlaneView
from viz_app.window.actions.menus import MENUS
from viz_app.window.beside.beside import BesideWindow
from viz_app.window.main_window import MainWindow
from viz_app.window.presentation.window import PresentationWindow

W = TypeVar("W", bound=QWidget)
Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier

_LEAVES = "quit"
"""The action that would end the walk."""
_SHORTCUTS = tuple(key for _, infos in MENUS for info in infos if info.name != _LEAVES for key in info.keys + info.also)
_OTHER_KEYS = ("Tab", "Shift+Tab", "Return", "Del", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Alt+F", "Alt+V", "Alt+H", "Menu")
_EDITING = ("Alt+Up", "Alt+Down", "Ctrl+D", "Ctrl+Del", "Ctrl+Z", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Return", "Tab", "Esc")
"""The keys of the network editor."""
_HELD = ("Right", "Left", "Shift+Right", "Shift+Left", "Down", "Up", "+", "-", "Tab")
_TEXTS = (
    "", "0", "1", "2", "3", "5", "17", "60", "-1", "9999", "2147483647", "99999999999", "0.5", "1e9", "1e-30", "-0.0",
    "nan", "inf", "1,5", "1/2", "abc", " ", "--", "0x1f", "1 2 3", "\xbd", "\xa0",
)  # fmt: skip
_ENDS = (Key.Key_Return, Key.Key_Return, Key.Key_Tab, Key.Key_Escape, None)
_FIELDS = (QAbstractSpinBox, QAbstractSpinBox, QAbstractItemView, QComboBox, QLineEdit)
"""What is typed into, one kind as often as another."""
_PICTURES = (
    "Canvas",
    "Canvas",
    "Timeline",
    "SampleStrip",
    "PlaneView",
    "LayerTable",
    "ConfusionMatrix",
    "Gallery",
    "SampleGrid",
    "DrawingPad",
)
"""The classes that half of the mouse's work is for; the canvas counts twice."""
_MODIFIERS = (Modifier.NoModifier,) * 5 + (Modifier.ControlModifier, Modifier.ShiftModifier)
_LEAST, _USUAL, _MOST = (800, 500), (1280, 800), (2560, 1440)
"""Sizes of the window; most are drawn below the usual one, since a large window takes long to paint."""
_LONGEST_WAIT_MS = 60
_NOTCH = 120
_RESCUE_MS = 5


class Hand:
    """Keys, clicks, the wheel, drags, fields, menus, sizes and docks of a window, by chance.

    What there is to choose from is what is visible, in Qt's own order of children: a choice depends on the generator
    and on the window, on no clock.

    Parameters
    ----------
    window : QMainWindow
        What is acted on; its action to quit is disabled.
    tell : callable
        Takes what is about to be done, in one line.
    """

    def __init__(self, window: QMainWindow, tell: Callable[[str], None]) -> None:
        self._window, self._tell = window, tell
        self._rescue = QTimer(window)
        self._rescue.timeout.connect(self._get_out)
        self._rescue.start(_RESCUE_MS)
        for action in _entries(window.menuBar()):
            if _LEAVES in action.text().replace("&", "").lower():
                action.setEnabled(False)
        self._acts: dict[Callable[[random.Random], None], int] = {
            self._press_key: 24,
            self._hold_key: 4,
            self._click: 22,
            self._double_click: 4,
            self._hover: 7,
            self._drag: 6,
            self._turn_wheel: 6,
            self._type: 11,
            self._edit: 8,
            self._visit: 5,
            self._browse: 6,
            self._open_data: 6,
            self._bring: 8,
            self._bring_image: 5,
            self._take_away: 4,
            self._use_sessions: 4,
            self._lecture: 6,
            self._look_around: 6,
            self._choose: 3,
            self._trigger: 6,
            self._open_menu: 2,
            self._right_click: 1,
            self._choose_tab: 3,
            self._resize: 1,
            self._drag_separator: 1,
            self._change_dock: 1,
            self._wait: 2,
        }

    def act(self, chance: random.Random) -> None:
        """Do one thing, and let the window answer; it has the keyboard, as a popup that closes may not give it back."""
        if QApplication.activeWindow() is None and QApplication.activePopupWidget() is None:
            self._window.activateWindow()
            QApplication.processEvents()
        (act,) = chance.choices(list(self._acts), list(self._acts.values()))
        act(chance)
        QApplication.processEvents()
        read(self._window)

    def _get_out(self) -> None:
        """Leave what runs an event loop of its own, and would wait for a person: a field's menu, a drag of text."""
        if QThread.currentThread().loopLevel() > 0:
            top = QApplication.activePopupWidget() or self._window
            QTest.keyClick(top.windowHandle(), Key.Key_Escape)

    # The keyboard

    def _press_key(self, chance: random.Random) -> None:
        key = chance.choice(_SHORTCUTS if chance.random() < 0.8 else _OTHER_KEYS)
        self._tell(f"press {key}")
        self._key(QKeySequence(key))

    def _hold_key(self, chance: random.Random) -> None:
        key, times = chance.choice(_HELD), chance.randrange(2, 9)
        self._tell(f"press {key} {times} times")
        for _ in range(times):
            self._key(QKeySequence(key))
            QApplication.processEvents()

    def _key(self, keys: QKeySequence) -> None:
        combination = keys[0]
        QTest.keyClick(self._keyboard(), combination.key(), combination.keyboardModifiers())

    def _type(self, chance: random.Random) -> None:
        """Type a number or rubbish into a field, and confirm it, leave the field, give it up, or do none of it."""
        text = chance.choice(_TEXTS) if chance.random() < 0.7 else str(chance.randrange(-20, 200))
        end = chance.choice(_ENDS)
        field = self._any(chance, chance.choice(_FIELDS))
        if field is None:
            self._tell("type nowhere: there is no field")
            return
        finish = end.name if end else "nothing"
        self._tell(f"type {text!r} into {_name(field)}, then {finish}")
        _press(*self._at(field, chance))
        focused = QApplication.focusWidget()
        if isValid(field) and (focused is None or not (focused is field or field.isAncestorOf(focused))):
            field.setFocus()  # it is scrolled out of sight, or something lies on it
        if chance.random() < 0.7:
            self._key(QKeySequence("Ctrl+A"))
        QTest.keyClicks(QApplication.focusWidget() or self._window, text)
        if end is not None:
            QTest.keyClick(self._keyboard(), end)

    def _edit(self, chance: random.Random) -> None:
        """Open the network editor; in it, press a key, add a layer, click what can be clicked, or go elsewhere."""
        panel = next((panel for panel in self._window.findChildren(EditorPanel) if panel.isVisible()), None)
        what = chance.choice(("key", "key", "add", "click", "click", "leave"))
        if panel is None:
            self._tell("open the network editor")
            QTest.keyClick(self._handle(), Key.Key_E, Modifier.ControlModifier)
        elif what == "key":
            panel.window().activateWindow()
            key = chance.choice(_EDITING)
            self._tell(f"press {key} in the network editor")
            self._key(QKeySequence(key))
        elif what == "add":
            menu = chance.choice(panel.findChildren(AddMenu))
            menu.fill()
            action = chance.choice([action for action in menu.actions() if action.isEnabled()])
            self._tell(f"add a layer {action.text()!r}")
            action.trigger()
        elif what == "click":
            buttons = [button for button in _below(panel, QAbstractButton) if button.isVisible()]
            button = chance.choice(buttons)
            self._tell(f"click {_name(button)} in the network editor")
            _press(*self._at(button, chance))
        else:
            self._tell("go back to the main window")
            self._window.activateWindow()

    def _visit(self, chance: random.Random) -> None:
        """Bring an input of one's own or a sample, label it, learn from it or take that back, or go back to the data.

        Now and then the input is one that fits nothing.
        """
        window = self._window
        assert isinstance(window, MainWindow)
        session, panel = window.session, window.panels[GuestPanel]
        what = chance.choice(("bring", "bring", "sample", "label", "learn", "leave"))
        numbers, wrong, label = (
            np.random.default_rng(chance.randrange(10**6)),
            chance.random(),
            chance.randrange(-1, 12),
        )
        if what == "bring":
            entry = input_of(session.experiment.program)
            shape = (3, 3) if entry is None or wrong < 0.1 else entry.shape[1:]
            target = target_of(session.experiment.program)
            row = numbers.random(target.shape[1:]) if target is not None and 0.1 < wrong < 0.4 else None
            self._tell(f"bring an input of shape {shape} with {'no' if row is None else 'a'} target")
            session.guests.show(Guest(numbers.random(shape) * (50 if wrong > 0.9 else 1), row, "Brought"))
        elif what == "sample":
            sample = chance.randrange(-1, 2000)
            self._tell(f"look at sample {sample}")
            window.parts.panels[ConfusionPanel].sample_requested.emit(sample)
        elif what == "label":
            self._tell(f"label the guest {label}")
            panel.label_requested.emit(None if label < 0 else label)
        else:
            self._tell(f"{what}, as to the guest")
            (panel.learn_requested if what == "learn" else panel.leave_requested).emit()

    def _browse(self, chance: random.Random) -> None:
        browse(self._window, chance, self._tell)

    def _open_data(self, chance: random.Random) -> None:
        open_data(self._window, chance, self._tell)

    def _bring(self, chance: random.Random) -> None:
        """Open the window of the own input; in it, draw, type, paste, press, or go elsewhere."""
        assert isinstance(self._window, MainWindow)
        own_input(self._window, chance, self._tell)

    def _use_sessions(self, chance: random.Random) -> None:
        assert isinstance(self._window, MainWindow)
        use_sessions(self._window, chance, self._tell)

    def _bring_image(self, chance: random.Random) -> None:
        assert isinstance(self._window, MainWindow)
        bring_image(self._window, chance, self._tell)

    def _lecture(self, chance: random.Random) -> None:
        """Present, point, ask and answer."""
        assert isinstance(self._window, MainWindow)
        lecture(self._window, chance, self._tell)

    def _look_around(self, chance: random.Random) -> None:
        assert isinstance(self._window, MainWindow)
        look_around(self._window, chance, self._tell)

    def _choose(self, chance: random.Random) -> None:
        """Open the list of a choice, go down or up in it, and take the entry or leave it."""
        box = self._any(chance, QComboBox)
        way, times = chance.choice((Key.Key_Down, Key.Key_Up)), chance.randrange(9)
        end = chance.choice((Key.Key_Return, Key.Key_Return, Key.Key_Escape))
        if box is None:
            self._tell("choose nothing: there is no choice")
            return
        self._tell(f"open {_name(box)}, {way.name} {times} times, then {end.name}")
        _press(*self._at(box, chance))
        for key in (*[way] * times, end):
            QTest.keyClick(self._keyboard(), key)

    # The mouse

    def _choose_tab(self, chance: random.Random) -> None:
        """Click a tab."""
        bar, share = self._any(chance, QTabBar), chance.random()
        if not isinstance(bar, QTabBar) or not bar.count():
            self._tell("choose no tab: there is none")
            return
        tab = int(share * bar.count())
        self._tell(f"choose the tab {bar.tabText(tab)!r}")
        middle = bar.mapTo(bar.window(), bar.tabRect(tab).center())
        _press(bar.window().windowHandle(), _inside(bar.window().windowHandle(), middle))

    def _click(self, chance: random.Random) -> None:
        widget, modifier = self._somewhere(chance), chance.choice(_MODIFIERS)
        button = chance.choice((*[Button.LeftButton] * 9, Button.RightButton))
        handle, at = self._at(widget, chance)
        self._tell(f"click {_name(widget)} at {_place(at)} with {button.name} {modifier.name}")
        QTest.mouseClick(handle, button, modifier, at)

    def _double_click(self, chance: random.Random) -> None:
        widget = self._somewhere(chance)
        handle, at = self._at(widget, chance)
        self._tell(f"double click {_name(widget)} at {_place(at)}")
        QTest.mouseDClick(handle, Button.LeftButton, Modifier.NoModifier, at)

    def _hover(self, chance: random.Random) -> None:
        widget = self._somewhere(chance)
        handle, at = self._at(widget, chance)
        self._tell(f"move the mouse to {_name(widget)} at {_place(at)}")
        QTest.mouseMove(handle, at)

    def _turn_wheel(self, chance: random.Random) -> None:
        widget, notches = self._somewhere(chance), chance.choice((-6, -2, -1, 1, 1, 2, 6))
        modifier = chance.choice(_MODIFIERS)
        handle, at = self._at(widget, chance)
        self._tell(f"turn the wheel over {_name(widget)} at {_place(at)} by {notches} with {modifier.name}")
        QTest.wheelEvent(handle, at, QPoint(0, notches * _NOTCH), QPoint(), modifier)

    def _drag(self, chance: random.Random) -> None:
        widget, button = self._somewhere(chance), chance.choice((*[Button.LeftButton] * 4, Button.MiddleButton))
        handle, start = self._at(widget, chance)
        if chance.random() < 0.5:
            way = QPoint(chance.randrange(-60, 61), chance.randrange(-60, 61))
        else:
            way = QPoint(chance.randrange(-900, 901), chance.randrange(-600, 601))
        self._drag_by(handle, start, way, button, _name(widget))

    def _drag_separator(self, chance: random.Random) -> None:
        """Drag the line between a dock and what is beside or above it."""
        docks = [dock for dock in self._shown(QDockWidget) if not dock.isFloating()]
        side, far = chance.random(), chance.randrange(-300, 301)
        if not docks:
            self._tell("drag no separator: there is no dock")
            return
        dock = chance.choice(docks)
        box, half = (
            dock.geometry(),
            dock.style().pixelMetric(dock.style().PixelMetric.PM_DockWidgetSeparatorExtent) // 2,
        )
        beside, above = QPoint(box.right() + 1 + half, box.center().y()), QPoint(box.center().x(), box.top() - 1 - half)
        start, way = (beside, QPoint(far, 0)) if side < 0.5 else (above, QPoint(0, far))
        self._drag_by(
            self._handle(), _inside(self._handle(), start), way, Button.LeftButton, f"the edge of {_name(dock)}"
        )

    def _drag_by(self, handle: QWindow, start: QPoint, way: QPoint, button: Qt.MouseButton, name: str) -> None:
        self._tell(f"drag {name} from {_place(start)} by {_place(way)} with {button.name}")
        end = _inside(handle, start + way)
        QTest.mousePress(handle, button, Modifier.NoModifier, start)
        for part in (4, 2, 1):
            QTest.mouseMove(handle, start + (end - start) / part)
            QApplication.processEvents()
        QTest.mouseRelease(handle, button, Modifier.NoModifier, end)

    # Menus

    def _take_away(self, chance: random.Random) -> None:
        assert isinstance(self._window, MainWindow)
        take_away(self._window, chance, self._tell)

    def _trigger(self, chance: random.Random) -> None:
        action = chance.choice([action for action in _entries(self._window.menuBar()) if action.isEnabled()])
        self._tell(f"choose {action.text()!r} from the menus")
        action.trigger()

    def _open_menu(self, chance: random.Random) -> None:
        """Open a menu with the mouse, and click an entry, or what opens on one."""
        bar = self._window.menuBar()
        title = chance.choice(bar.actions())
        self._tell(f"open the menu {title.text()!r}, and click in it")
        middle = bar.mapTo(self._window, bar.actionGeometry(title).center())
        _press(self._handle(), _inside(self._handle(), middle))
        for _ in range(2):
            QApplication.processEvents()
            popup = QApplication.activePopupWidget()
            if isinstance(popup, QMenu):
                at = popup.actionGeometry(chance.choice(popup.actions())).center()
                _press(popup.windowHandle(), _inside(popup.windowHandle(), at))

    def _right_click(self, chance: random.Random) -> None:
        """Click the stage with the right button, and an entry of the menu that opens."""
        canvas = self._window.panels[StagePanel].canvas
        at = QPoint(chance.randrange(max(canvas.width(), 1)), chance.randrange(max(canvas.height(), 1)))
        self._tell(f"click the stage with the right button at {_place(at)}")
        canvas.customContextMenuRequested.emit(at)
        QApplication.processEvents()
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            at = popup.actionGeometry(chance.choice(popup.actions())).center()
            _press(popup.windowHandle(), _inside(popup.windowHandle(), at))

    # The window

    def _resize(self, chance: random.Random) -> None:
        largest = _MOST if chance.random() < 0.25 else _USUAL
        size = tuple(chance.randint(least, most) for least, most in zip(_LEAST, largest, strict=True))
        self._tell(f"resize to {size[0]} x {size[1]}")
        self._window.showNormal()
        self._window.resize(*size)

    def _change_dock(self, chance: random.Random) -> None:
        dock, way = chance.choice(self._window.findChildren(QDockWidget)), chance.choice(("show", "hide", "float"))
        self._tell(f"{way} {_name(dock)}")
        if way == "float":
            dock.setFloating(not dock.isFloating())
        else:
            dock.setVisible(way == "show")

    def _wait(self, chance: random.Random) -> None:
        time_ms = chance.randrange(1, _LONGEST_WAIT_MS)
        self._tell(f"wait {time_ms} ms")
        QTest.qWait(time_ms)

    # What there is

    def _handle(self) -> QWindow:
        return self._window.windowHandle()

    def _keyboard(self) -> QWindow:
        """Return the window that has the keyboard: one beside the main one, or that one."""
        active = QApplication.activeWindow()
        handle = active.windowHandle() if isinstance(active, BesideWindow | PresentationWindow) else None
        return handle or self._handle()

    def _shown(self, kind: type[W]) -> list[W]:
        """Return the visible widgets of a kind that are no menus or lists that popped up."""
        return [widget for widget in _below(self._window, kind) if widget.isVisible() and _is_placed(widget)]

    def _any(self, chance: random.Random, kind: type[QWidget]) -> QWidget | None:
        """Return one of the visible widgets of a kind, if there are any."""
        shown = self._shown(kind)
        return chance.choice(shown) if shown else None

    def _somewhere(self, chance: random.Random) -> QWidget:
        """Return a visible widget: half of the time one that is painted, else one of any class, each as likely."""
        classes: dict[str, list[QWidget]] = {}
        for widget in self._shown(QWidget):
            classes.setdefault(type(widget).__name__, []).append(widget)
        painted = [name for name in _PICTURES if name in classes]
        names = painted if painted and chance.random() < 0.5 else list(classes)
        return chance.choice(classes[chance.choice(names)])

    def _at(self, widget: QWidget, chance: random.Random) -> tuple[QWindow, QPoint]:
        """Return somewhere on a widget: the window, and the point in it that shows that place or is nearest to it."""
        top = widget.window()
        return top.windowHandle(), _inside(top.windowHandle(), widget.mapTo(top, _place_on(widget, chance)))


def _press(handle: QWindow, at: QPoint) -> None:
    QTest.mouseClick(handle, Button.LeftButton, Modifier.NoModifier, at)


def _place_on(widget: QWidget, chance: random.Random) -> QPoint:
    """Return a place on a widget; on a picture, half of the time one that can be clicked."""
    across, down, aimed = chance.random(), chance.random(), chance.random() < 0.5
    if isinstance(widget, Canvas) and aimed:
        elements = widget.picture.elements
        spots = [part.rect for part in elements if isinstance(part, Heatmap | Panel) and _is_clickable(part)]
        if spots:
            rect = chance.choice(spots)
            place = widget.view.to_widget(rect.x + across * rect.width, rect.y + down * rect.height)
            return QPoint(*(int(part) for part in place))
    if isinstance(widget, PlaneView) and aimed:
        scatters = [part.centers for part in widget.picture.elements if isinstance(part, Scatter)]
        neurons = [part.rect.center for part in widget.picture.elements if isinstance(part, Relief) and part.key]
        spots = [tuple(center) for center in scatters[0]] if scatters and across < 0.7 else neurons
        if spots:
            return QPoint(*(int(part) for part in spots[int(down * len(spots))]))
    if isinstance(widget, ConfusionMatrix) and aimed and widget.names:
        last = len(widget.names) - 1
        return widget.box((round(down * last), round(across * last))).center().toPoint()
    return QPoint(int(across * widget.width()), int(down * widget.height()))


def _is_clickable(part: Heatmap | Panel) -> bool:
    return isinstance(part, Heatmap) or bool(part.choice or part.key)


def _is_placed(widget: QWidget) -> bool:
    top = widget.window()
    return (
        isinstance(top, QMainWindow | QDockWidget | BesideWindow | PresentationWindow)
        and top.windowHandle() is not None
    )


def _inside(top: QWindow, at: QPoint) -> QPoint:
    """Return the point of a window that is nearest to another point."""
    return QPoint(min(max(at.x(), 0), top.width() - 1), min(max(at.y(), 0), top.height() - 1))


def _entries(menu: QMenu | QMenuBar) -> Iterator[QAction]:
    """Yield every entry of a menu, and of the menus in it."""
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _entries(inner)
        elif not action.isSeparator():
            yield action


def _name(widget: QWidget) -> str:
    """Return the class of a widget, and what it is called, or what it is in."""
    called = next((text for text in _called(widget) if text), "")
    return f"{type(widget).__name__} {called!r}" if called else type(widget).__name__


def _called(widget: QWidget) -> Iterable[str]:
    yield from (widget.accessibleName(), widget.toolTip(), widget.objectName())
    parent = widget.parentWidget()
    if parent is not None and not parent.isWindow():
        yield from _called(parent)


def _place(at: QPoint) -> str:
    return f"({at.x()}, {at.y()})"


def _below(widget: QWidget, kind: type[W]) -> Iterator[W]:
    """Yield the widgets of a kind below a widget; ``findChildren`` lets PySide keep them all until that one is gone."""
    for child in widget.children():
        if isinstance(child, kind):
            yield child
        if isinstance(child, QWidget):
            yield from _below(child, kind)
