"""Fixtures for tests with Qt: nothing may be left behind, and no test touches the user's settings."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QThread, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import getAllValidWrappers, isValid

from core.builder import Builder
from core.experiment import Experiment
from core.ops.elementwise import Divide
from core.ops.reduce import Mean
from core.options import Options
from core.presets import open_preset
from core.values import Role
from viz_app.frame.words.writing import Writing, use_writing
from viz_app.session.session import Session
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

OpenWindow = Callable[..., MainWindow]

_UNCOLLECTED = 100_000
"""So many objects are made, less those that are gone, before they are collected."""


def _alive(kind: type[QObject]) -> list[QObject]:
    return [thing for thing in getAllValidWrappers() if isinstance(thing, kind)]


def _active_timers() -> set[int]:
    return {id(timer) for timer in _alive(QTimer) if timer.isActive()}  # type: ignore[attr-defined]


def _top_level_widgets() -> list[QWidget]:
    if QApplication.instance() is None:
        return []
    return [widget for widget in QApplication.topLevelWidgets() if isValid(widget) and not widget.parent()]


def _running_threads() -> set[object]:
    running = {id(thread) for thread in _alive(QThread) if thread.isRunning()}  # type: ignore[attr-defined]
    return {*running, *threading.enumerate()}


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication) -> None:
    """Let the application of the tests be there first: a command makes one of another kind where there is none."""


@pytest.fixture(scope="package", autouse=True)
def collected_between_tests() -> Iterator[None]:
    """Keep the automatic collector from running while Qt holds a lock (see ``viz_app.window.starting.collector``)."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let weights that are not saved be lost when a window closes; any other question fails the test, not hangs it."""
    discard = QMessageBox.StandardButton.Discard

    def answer(*parts: object) -> QMessageBox.StandardButton:
        assert any(isinstance(part, QMessageBox.StandardButton) and part & discard for part in parts), parts[2]
        return discard

    monkeypatch.setattr(QMessageBox, "question", answer)


@pytest.fixture(autouse=True)
def numbers_as_usual() -> Iterator[None]:
    """Write numbers as usual after a window that has another look."""
    yield
    use_writing(Writing())


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a timer active, a thread running or a top-level widget alive."""
    timers, threads = _active_timers(), _running_threads()
    widgets = {id(widget) for widget in _top_level_widgets()}

    def left() -> list[object]:
        new = [widget for widget in _top_level_widgets() if id(widget) not in widgets]
        return [*new, *(_active_timers() - timers), *(_running_threads() - threads)]

    yield
    if QApplication.instance() is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    if left() or gc.get_count()[0] > _UNCOLLECTED:  # collecting takes longer than most tests
        gc.collect()
    assert not left(), f"top-level widgets, active timers or running threads left behind: {left()}"


@pytest.fixture
def small() -> Experiment:
    """Return the worked example: 2-2-2, every number by hand."""
    return open_preset("worked-2-2-2")


@pytest.fixture
def session(qapp: QApplication, small: Experiment) -> Iterator[Session]:
    """Return a session of the worked example."""
    session = Session(small)
    yield session
    session.deleteLater()


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    """Return settings of the test's own."""
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def open_window(qtbot: QtBot, store: QSettings) -> Iterator[OpenWindow]:
    """Return a function that opens a preset in a window that has the keyboard; in the end all are closed."""
    windows: list[MainWindow] = []
    palette = QApplication.palette()

    def opened(preset: str = "worked-2-2-2", size: tuple[int, int] = (1280, 800), **options: Any) -> MainWindow:
        window = MainWindow(Session(open_preset(preset, **options)), Preferences(store))
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(*size)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    yield opened
    for window in windows:
        window.parts.appearance.set_scale(100)  # all windows share the size of text
        window.close()
    QApplication.setPalette(palette)


@pytest.fixture
def broken_session(qapp: QApplication) -> Iterator[Session]:
    """Return a session whose step 0 divides 0 by 0, in every iteration."""
    builder = Builder()
    a, b = (builder.input(key, (1, 2), Role.INPUT) for key in "ab")
    quotient = builder.apply(Divide(), a, b, key="quotient")
    loss = builder.apply(Mean(), quotient, key="loss", role=Role.LOSS)
    zeros = np.zeros((1, 2), np.float32)
    experiment = Experiment(
        "none", builder.build(loss=loss.key), {}, Options(), data=lambda samples: {"a": zeros, "b": zeros}
    )
    session = Session(experiment)
    yield session
    session.deleteLater()
