"""Walk at random over the real window, and say what it did not survive.

Usage: python -m tests.app.random_walk --actions 100000 --seed 1 [--preset NAME]

Keys, clicks, the wheel, drags, fields, menus, presets, sizes, themes and docks, drawn from the seed alone; only what
timers do between two actions is the machine's. Exceptions, Qt's warnings, the worst stall and the most memory are told,
and the exit code is 1 where there was an exception or a warning, a stall above 0.5 s, or more than 800 MB. A stall is
the time between two turns of the event loop, by the clock or as the window's thread computed, whichever is less: what
others do on a busy machine is no stall of the window's. A key that is held is many events, with turns between them.
"""

import argparse
import faulthandler
import gc
import os
import random
import re
import sys
import tempfile
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self
from unittest import mock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pyqtgraph
from PySide6.QtCore import (
    QAbstractEventDispatcher,
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QSettings,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QToolTip, QWidget

from core.editing.files import network_file
from core.layers import Dense, Node, Sum
from core.network import Graph, Input
from core.presets import PRESETS, open_preset
from tests.app.random_data import write_data
from tests.app.random_hand import Hand
from tests.app.stalls import Clock, Stall
from viz_app.picture.typeset import Store, use_store
from viz_app.reading.files import DataError
from viz_app.reading.named import reader as named_reader
from viz_app.reading.named.data_sets import Named
from viz_app.session.session import Session
from viz_app.window.exporting.export_dialog import ExportDialog
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences
from viz_app.window.starting.collector import Collector
from viz_app.window.starting.memory import resident_megabytes, share_arena

_ROOT = Path(__file__).parents[2]
_SOURCES = (str(_ROOT / "core"), str(_ROOT / "viz_app"), str(Path(pyqtgraph.__file__).parent))
"""Whose functions are named. pyqtgraph's are, too: it paints with no function of ours between Qt and it."""
_REMEMBERED = 20
"""So many actions are told with what they led to."""
_NO_FAULTS = ("This plugin does not support", "Mouse event at ")
"""What Qt says of every window without a screen; and what its tests say where a window shrinks under the mouse."""
_REPORTED = 1000
_GRAPH = Graph(
    {"x": Input((64,))},
    (
        Node("hidden", Dense(64), ("x",)),
        Node("sum", Sum(), ("hidden", "x")),
        Node("end", Dense(10, "softmax"), ("sum",)),
    ),
    "end",
)
LONGEST_STALL, MOST_MEMORY = 0.5, 800.0
"""Seconds that an action may take, and megabytes that the process may have."""
QT_WARNING = "Qt warning"

Key = tuple[str, str]


@dataclass
class Finding:
    """What went wrong once or more, and what had been done when it did so first.

    Parameters
    ----------
    key : tuple of str
        The type of an exception, and the file and function that it came from; for a warning of Qt's, its text.
    seed, number : int
        The walk, and the action.
    actions : tuple of str
        What was done, up to that action.
    details : str
        The traceback.
    count : int
        How often.
    """

    key: Key
    seed: int
    number: int
    actions: tuple[str, ...]
    details: str
    count: int = 1

    def __str__(self) -> str:
        kind, place = self.key
        head = f"{kind} in {place}: {self.count} times, first in action {self.number} of seed {self.seed}"
        return "\n".join([head, *(f"    {line}" for line in self.actions), self.details.rstrip()])


class Walk:
    """A seeded walk over a window, and what it found.

    Parameters
    ----------
    window : QWidget
        Where the walk goes; it is shown.
    seed : int
        Every action is drawn from it and from the action's number.
    """

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.seed, self.done = seed, 0
        self.findings: dict[Key, Finding] = {}
        self.actions: deque[str] = deque(maxlen=_REMEMBERED)
        self.worst = Stall.of(0.0, 0.0, "")
        """The longest stall."""
        self.most: tuple[float, str] = 0.0, ""
        """The most memory that the process had, in megabytes, and the action before it."""
        self._hand = Hand(window, self._tell)
        self._clock = Clock()
        self._dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher.awake.connect(self._turn)
        self._collector = Collector()

    def run(self, count: int) -> Iterator[str]:
        """Do so many actions more, and yield what each was."""
        with self._clock:
            for _ in range(count):
                self._act()
                self._collector.collect()
                yield self.actions[-1]

    def end(self) -> None:
        """Listen to events no more: those that end the application come when nobody can be called."""
        self._dispatcher.awake.disconnect(self._turn)

    def _act(self) -> None:
        self._clock.begin()
        with _Watch(self):
            self._hand.act(random.Random(f"{self.seed}/{self.done}"))
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs that would do so
        self._turn()
        self.most = max(self.most, (resident_megabytes(), self.actions[-1]))
        self.done += 1

    def _turn(self) -> None:
        """Judge what was done since the last turn of the event loop."""
        stall = self._clock.turn(self.actions[-1] if self.actions else "")
        if self.actions:
            self.worst = max(self.worst, stall)

    @property
    def passed(self) -> bool:
        """Whether nothing was found, nothing stalled, and the memory was enough."""
        return not self.findings and self.worst.seconds <= LONGEST_STALL and self.most[0] <= MOST_MEMORY

    def _tell(self, what: str) -> None:
        self.actions.append(f"{self.done}: {what}")

    def failed(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Keep an exception."""
        first = _first(error)
        frames = [frame for frame, _ in traceback.walk_tb(first.__traceback__)]
        details = "".join(traceback.format_exception(kind, error, trace))
        self._keep((type(first).__name__, _place_of(frames)), details)

    def warned(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        """Keep a warning of Qt's, or worse."""
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not message.startswith(_NO_FAULTS):
            self._keep((QT_WARNING, re.sub(r"\d+", "#", message)), message)

    def cautioned(self, message: Warning | str, category: type[Warning], *_: object) -> None:
        """Keep a warning of Python's: what raises it in the middle of Qt's painting would end the process."""
        place = _place_of([frame for frame, _ in traceback.walk_stack(None)][::-1])
        self._keep((category.__name__, place), "".join([*traceback.format_stack(), str(message)]))

    def _keep(self, key: Key, details: str) -> None:
        if key in self.findings:
            self.findings[key].count += 1
        else:
            self.findings[key] = Finding(key, self.seed, self.done, tuple(self.actions), details)


class _Watch:
    """Give a walk the exceptions and warnings that come up meanwhile, in slots and events and out of Qt's calls."""

    def __init__(self, walk: Walk) -> None:
        self._walk, self._warnings = walk, warnings.catch_warnings()

    def __enter__(self) -> Self:
        self._warnings.__enter__()
        warnings.simplefilter("always")
        warnings.showwarning = self._walk.cautioned
        self._before = sys.excepthook, qInstallMessageHandler(self._walk.warned)
        sys.excepthook = self._walk.failed
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        sys.excepthook, handler = self._before
        qInstallMessageHandler(handler)
        self._warnings.__exit__(kind, error, trace)
        if kind is None or error is None or not issubclass(kind, Exception):
            return False
        self._walk.failed(kind, error, trace)
        return True


def _first(error: BaseException) -> BaseException:
    """Return the exception that came before all others, where one led to the next."""
    while error.__context__ is not None:
        error = error.__context__
    return error


def _place_of(frames: Sequence[FrameType]) -> str:
    """Return the last of the named functions among calls, the outermost first; else the last one of all."""
    named = [frame for frame in frames if frame.f_code.co_filename.startswith(_SOURCES)]
    if not frames:
        return "nowhere"
    code = (named or frames)[-1].f_code
    return f"{Path(code.co_filename).name}:{code.co_qualname}"


@contextmanager
def opened(preset: str, folder: Path) -> Iterator[MainWindow]:
    """Open a window that asks no dialog's question; close it in the end, and leave the application as it was."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    font, palette = application.font(), application.palette()
    folder.mkdir(exist_ok=True)
    animated = QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
    QApplication.setEffectEnabled(Qt.UIEffect.UI_General, False)  # where it scrolls to is no matter of the clock
    use_store(Store(folder / "formulas.json", shipped=True))
    window = MainWindow(Session(open_preset(preset)), Preferences(_settings(folder)))
    with _no_dialogs(folder):
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        QApplication.processEvents()
        try:
            yield window
        finally:
            _close(window)
            application.setPalette(palette)
            application.setFont(font)
            QApplication.setEffectEnabled(Qt.UIEffect.UI_General, animated)
            use_store(None)


def _settings(folder: Path) -> QSettings:
    return QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)


_SAVED = {
    "netstep": "session",
    "png": "picture",
    "json": "network",
    "safetensors": "weights",
    "svg": "picture",
    "pdf": "document",
    "gif": "moving",
    "npz": "values",
    "csv": "table",
    "py": "script",
}
"""What is written, by its ending."""


def _exporting() -> Callable[[ExportDialog], None]:
    """Return what answers the export dialog: it writes the picture, each time in another format and look."""
    names, turns = cycle(("svg", "png", "gif", "pdf")), count()

    def export(dialog: ExportDialog) -> None:
        dialog.formats.setCurrentIndex(dialog.formats.findData(next(names)))
        looks, turn = dialog.looks, next(turns)
        for box in (looks.sizes, looks.themes, looks.colors, looks.digits, looks.notations):
            box.setCurrentIndex(turn % box.count())
        parts = list(looks.parts.values())
        parts[turn % len(parts)].toggle()
        looks.comma.toggle()
        dialog._export.click()
        while dialog._runner.running:
            QApplication.processEvents()
        dialog.close()

    return export


@contextmanager
def _no_dialogs(folder: Path) -> Iterator[None]:
    """Answer the dialogs that would wait for a person: a file is chosen every second time.

    What is opened is a graph that fits the digits, no network and no weights, or what was saved, if anything.
    """
    (folder / "graph.json").write_bytes(network_file(_GRAPH, "cross_entropy"))
    (folder / "none.json").write_text("{}")
    answers = cycle((False, True))
    weights = cycle(("weights.safetensors", "none.json", "weights.safetensors", "missing.safetensors"))
    anything = cycle(("session.netstep", "weights.safetensors", "network.json", "none.json", "session.netstep"))
    networks = cycle(("network.json", "graph.json", "network.json", "none.json"))
    buttons = QMessageBox.StandardButton
    unsaved = cycle((buttons.Discard, buttons.Cancel, buttons.Save, buttons.Discard))

    def choose(_parent: object, _title: str, _name: str, kinds: str) -> tuple[str, str]:
        name = next(f"{name}.{ending}" for ending, name in _SAVED.items() if f"*.{ending}" in kinds)
        return (str(folder / name) if next(answers) else "", "")

    files, folders = map(cycle, write_data(folder / "data"))

    def choose_folder(*_: object) -> str:
        return next(folders)

    def fetch(one: Named, *_: object) -> None:
        raise DataError(f"{one.title}: nothing is downloaded here.")

    def cache(_one: Named) -> Path:
        return folder / "cache"

    def choose_saved(_parent: object, _title: str, _name: str, kinds: str) -> tuple[str, str]:
        if "netstep" in kinds:
            return str(folder / next(anything)), ""
        if "npz" in kinds:
            return next(files), ""
        return str(folder / (next(networks) if "json" in kinds else next(weights))), ""

    def answer(_parent: object, _title: str, _text: str, choices: QMessageBox.StandardButton, *_: object) -> object:
        return next(unsaved) if choices & buttons.Discard else buttons.Yes

    def close(*_: object) -> None:
        """Close it at once."""

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(QFileDialog, "getSaveFileName", choose))
        stack.enter_context(mock.patch.object(QFileDialog, "getOpenFileName", choose_saved))
        stack.enter_context(mock.patch.object(QFileDialog, "getExistingDirectory", choose_folder))
        stack.enter_context(mock.patch.object(named_reader, "fetch", fetch))
        stack.enter_context(mock.patch.object(named_reader, "folder_of", cache))
        stack.enter_context(mock.patch.object(QMessageBox, "about", close))
        stack.enter_context(mock.patch.object(ExportDialog, "open", _exporting()))
        stack.enter_context(mock.patch.object(QMessageBox, "question", answer))
        yield


def _close(window: QWidget) -> None:
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    QToolTip.hideText()
    while not window.close():  # it asks about weights that are not saved
        pass
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def summary(walk: Walk, megabytes: tuple[float, float]) -> str:
    """Return what a walk found, the most frequent first."""
    found = sorted(walk.findings.values(), key=_frequency, reverse=True)
    return "\n\n".join(
        [
            *map(str, found),
            f"{walk.done} actions of seed {walk.seed}; {len(found)} findings\n"
            f"worst stall: {walk.worst}\n"
            f"most memory: {walk.most[0]:.0f} MB after {walk.most[1]}\n"
            f"memory: {megabytes[0]:.0f} MB before, {megabytes[1]:.0f} MB after\n",
        ]
    )


def _frequency(finding: Finding) -> int:
    return finding.count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--actions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--preset", choices=tuple(PRESETS), default="worked-2-2-2")
    arguments = parser.parse_args()
    faulthandler.enable()
    application = QApplication([])
    gc.disable()  # the walk collects between two actions
    share_arena()
    before = resident_megabytes()
    with tempfile.TemporaryDirectory() as folder, opened(arguments.preset, Path(folder)) as window:
        walk = Walk(window, arguments.seed)
        told_of: set[Key] = set()
        longest = 0.0
        for number, _ in enumerate(walk.run(arguments.actions), 1):
            for key in walk.findings.keys() - told_of:
                sys.stderr.write(f"\n{walk.findings[key]}\n")
                told_of.add(key)
            if walk.worst.seconds > max(LONGEST_STALL, longest):
                longest = walk.worst.seconds
                sys.stderr.write(f"\n{walk.worst}\n")
            if number % _REPORTED == 0:
                most = f"{walk.worst.seconds * 1000:.0f} ms and {walk.most[0]:.0f} MB at most"
                sys.stderr.write(f"\r{number} actions, {len(walk.findings)} findings, {most} ")
        told = summary(walk, (before, resident_megabytes()))
        walk.end()
    sys.stdout.write(f"\n{told}")
    gc.collect()  # what is destroyed after the application takes the process with it
    application.quit()
    return 0 if walk.passed else 1


if __name__ == "__main__":
    sys.exit(main())
