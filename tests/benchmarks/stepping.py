"""Measure stepping: from the key press to the painted window, against a bare pyqtgraph window with the same arrays.

Usage: python tests/benchmarks/stepping.py [--preset NAME] [--batch N] [--size WxH] [--rounds K]

Both windows have the same size and run in the same process, iteration by iteration in turns, on a screen that is not
there (QT_QPA_PLATFORM=offscreen unless it is set). Walking goes on into iterations that were never seen, so that every
step of ours computes, resolves, rasterises and paints; the bare window only colours and paints the operands and the
result of the same step. Two paces are measured: a person's, with a pause between two keys, in which the window
prefetches the next step, so that the key finds it computed and painted; and none at all, the next key as soon as the
window is painted, where all of that is between the two. The curve of the losses follows 30 ms after the window, and is
not timed.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.presets import open_preset
from core.values import Array
from viz_app.frame.frame import Frame
from viz_app.panels.stage import StagePanel
from viz_app.session.session import Session
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

AIM_MS, AIM_RATIO = 16.7, 1.5
_LONGEST_S = 60


class Painted(QObject):
    """Tell whether a widget has been painted, and when: what the event loop does next is not part of that."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.seen = False
        self.at = self.computed = 0.0
        """When it was painted, by the clock and in seconds that the thread has computed."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), Qt.EventPriority.HighEventPriority.value)
        return False

    def customEvent(self, event: QEvent) -> None:
        """Come next after the painting that has just been begun."""
        if not self.seen:
            self.seen, self.at, self.computed = True, time.perf_counter(), time.thread_time()


def until_painted(painted: Painted, act: Callable[[], None]) -> float:
    """Act, wait until the window has been painted, and return the milliseconds."""
    QCoreApplication.sendPostedEvents(painted)
    painted.seen = False
    start = time.perf_counter()
    act()
    while not painted.seen:
        QApplication.processEvents()
        if time.perf_counter() - start > _LONGEST_S:
            raise TimeoutError(f"nothing was painted within {_LONGEST_S} s: the key did not reach the window")
    return 1000 * (painted.at - start)


class Bare:
    """A window with three image items, as one would write it with pyqtgraph alone."""

    def __init__(self, size: tuple[int, int]) -> None:
        pg.setConfigOptions(imageAxisOrder="row-major")
        self.widget = pg.GraphicsLayoutWidget()
        self.items = []
        lut = pg.colormap.get("CET-CBD1").getLookupTable()
        for _ in range(3):
            item = pg.ImageItem(lut=lut)
            self.widget.addViewBox().addItem(item)
            self.items.append(item)
        self.widget.resize(*size)
        self.widget.show()
        self.painted = Painted(self.widget.viewport())

    def show(self, arrays: list[Array], ends: list[float]) -> None:
        for item, array, end in zip(self.items, arrays, ends, strict=False):
            item.setImage(np.atleast_2d(array), levels=(-end, end))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--preset", default="mlp-784-800-10")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    width, height = (int(part) for part in arguments.size.split("x"))
    application = QApplication([])
    session = Session(open_preset(arguments.preset, batch_size=arguments.batch))
    window = MainWindow(session, Preferences())
    window.resize(width, height)
    window.show()
    bare = Bare((width, height))
    window.activateWindow()  # keys go to the active window
    settle(application)
    painted = Painted(window.panels[StagePanel].canvas)
    steps = len(session.experiment.program.steps)
    for _ in range(steps):  # every formula is typeset once
        until_painted(painted, lambda: QTest.keyClick(window, Qt.Key.Key_Right))
    settle(application)
    for pace, pause in (("a key every 0.15 s", 0.15), ("without a pause", 0.0)):
        ours, theirs, names = [], [], []
        for _ in range(arguments.rounds):
            shown = []
            settle(application, 0.5)
            for _ in range(steps):
                settle(application, pause)
                ours.append(until_painted(painted, lambda: QTest.keyClick(window, Qt.Key.Key_Right)))
                shown.append(maps(session.frame))
                names.append(f"step {session.frame.cursor.step} {session.frame.title}")
            settle(application, 0.5)
            for arrays, ends in shown:
                settle(application, pause)
                theirs.append(until_painted(bare.painted, partial(bare.show, arrays, ends)))
        print(f"{arguments.preset}, batch {arguments.batch}, {arguments.size}, {len(ours)} steps, {pace}: milliseconds")
        report(np.array(ours), np.array(theirs), names)
    window.close()
    bare.widget.close()


def maps(frame: Frame) -> tuple[list[Array], list[float]]:
    """Return the operands and the result of a frame, three at most, and their levels."""
    views = [*frame.operands, frame.result][-3:]
    return [view.array for view in views], [view.levels.high for view in views]


def settle(application: QApplication, seconds: float = 2.0) -> None:
    """Let idle work finish."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        application.processEvents()
        time.sleep(0.002)


def report(ours: np.ndarray, theirs: np.ndarray, names: list[str]) -> None:
    for label, times in (("NetStep", ours), ("bare pyqtgraph", theirs)):
        print(f"  {label:15} median {np.median(times):6.2f}   95th percentile {np.percentile(times, 95):6.2f}")
    ratio, high = np.median(ours) / np.median(theirs), np.percentile(ours, 95)
    print(f"  ratio of the medians {ratio:.2f} (aim: under {AIM_RATIO}); "
          f"95th percentile {high:.2f} ms (aim: under {AIM_MS} ms)")  # fmt: skip
    slowest = np.argsort(ours)[::-1][:5]
    print("  slowest: " + "; ".join(f"{names[i]} {ours[i]:.1f}" for i in slowest))


if __name__ == "__main__":
    main()
