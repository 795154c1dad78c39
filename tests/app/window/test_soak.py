"""Repaint the real window thousands of times: nothing may grow, and no reference may get lost.

PySide6-Essentials 6.12.0 gives up a reference of ``True`` and ``None`` too many with each repaint, and ends the process
after some thousand of them.
"""

import gc
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import getAllValidWrappers, isValid

from core.presets import open_preset
from viz_app.paint import formula, heatmap, raster
from viz_app.panels.stage import StagePanel
from viz_app.session.session import Session
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

REPAINTS = 900
PRESETS = ("worked-2-2-2", "digits")
ROUNDS = 10
LOST = 100
"""So many references may be fewer by chance; with one lost a repaint it would be hundreds."""
FEW = 60
Key = Qt.Key
WALK = (
    *(Key.Key_Right,) * 12, Key.Key_Down, *(Key.Key_Right,) * 4, Key.Key_Up, *(Key.Key_Right,) * 6, Key.Key_End,
    *(Key.Key_Right,) * 8, Key.Key_Escape, *(Key.Key_Left,) * 5, Key.Key_Home, Key.Key_R,
)  # fmt: skip
"""Through an iteration, into a product, across the border of iterations, and back to the very beginning."""

Open = Callable[[str], MainWindow]


class Painted(QObject):
    """How often a widget has been painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


@dataclass(frozen=True)
class Alive:
    """What there is in the process."""

    wrappers: int
    objects: int
    of_true: int
    of_none: int
    megabytes: float

    @classmethod
    def now(cls) -> "Alive":
        raster._rasters.clear()  # what they may hold is bounded, and tested, by itself
        heatmap._stamps.clear()
        formula._images.clear()
        gc.collect()
        return cls(
            len(getAllValidWrappers()),
            len(gc.get_objects()),
            sys.getrefcount(True),
            sys.getrefcount(None),
            _megabytes(),
        )


def _megabytes() -> float:
    """Return the memory that the process has taken; 0 where the system does not say."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * 4096 / 1e6 if statm.exists() else 0.0


@pytest.fixture
def open_window(qapp: QApplication, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens a small window; what is open at the end is closed."""
    windows: list[MainWindow] = []

    def make(preset: str) -> MainWindow:
        preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
        window = MainWindow(Session(open_preset(preset)), preferences)
        windows.append(window)
        window.resize(1000, 640)
        window.show()
        window.activateWindow()
        QApplication.processEvents()
        return window

    yield make
    for window in windows:
        if isValid(window):
            _close(window)


def _close(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def _repaint(window: MainWindow, painted: Painted, times: int, keys: Iterator[Key]) -> None:
    """Press keys until the stage has been painted so many times more; all else is painted now and then, too."""
    until = painted.count + times
    while painted.count < until:
        QTest.keyClick(window, next(keys))
        QApplication.processEvents()
        for _ in range(4):
            window.panels[StagePanel].canvas.repaint()
        window.repaint()


@pytest.mark.parametrize("preset", PRESETS)
def test_thousands_of_repaints_leave_nothing_behind(open_window: Open, preset: str) -> None:
    window, painted, keys = open_window(preset), Painted(), cycle(WALK)
    window.panels[StagePanel].canvas.installEventFilter(painted)
    looks: list[Alive] = []
    for number in range(ROUNDS + 1):
        window.parts.appearance.set_theme(("light", "dark")[number % 2])
        _repaint(window, painted, REPAINTS // len(PRESETS) // ROUNDS, keys)
        looks.append(Alive.now())
    first, last = looks[ROUNDS // 2], looks[-1]  # the first half goes through all formulas: what is kept is made
    assert painted.count >= REPAINTS // len(PRESETS)
    assert last.of_true > first.of_true - LOST
    assert last.of_none > first.of_none - LOST
    assert last.wrappers < first.wrappers + FEW
    assert last.objects < first.objects + 10 * FEW
    assert last.megabytes < first.megabytes + 20


ACTS = ("step", "back", "enter", "leave", "play", "faster", "next_layer", "last", "first", "restart", "keys", "larger")


@pytest.mark.parametrize("seed", range(8))
def test_closing_at_any_moment_is_clean(open_window: Open, seed: int) -> None:
    chance = random.Random(seed)
    window = open_window(chance.choice(("worked-2-2-2", "digits", "conv-kernel", "attention")))
    session = window.session
    jumps = (session.navigation.go_to_iteration, session.navigation.go_to_step, session.viewing.set_row)
    for _ in range(chance.randrange(1, 25)):
        match chance.randrange(8):
            case 0:
                chance.choice(jumps)(chance.randrange(60))
            case 1:
                window.parts.appearance.set_theme(chance.choice(("light", "dark")))
            case 2:
                QTest.qWait(chance.randrange(60))  # until some timer has come, or none
            case _:
                window.parts.actions[chance.choice(ACTS)].trigger()
    _close(window)
    assert not isValid(window)
    assert not isValid(session)


def test_closing_before_the_list_of_keys_is_fitted_to_another_size_of_text_is_clean(open_window: Open) -> None:
    window = open_window("worked-2-2-2")
    actions = window.parts.actions
    for then in (actions["keys"].trigger, window.close):  # hidden before the event comes, then gone
        actions["keys"].trigger()
        actions["larger"].trigger()
        then()
        QApplication.processEvents()
    _close(window)
    assert not isValid(window)


def test_closing_while_a_far_iteration_is_walked_to_is_clean(open_window: Open) -> None:
    window = open_window("digits")
    window.session.navigation.go_to_iteration(5000)
    QApplication.processEvents()
    assert window.session.frame.cursor.iteration < 5000
    _close(window)
    assert not isValid(window)
