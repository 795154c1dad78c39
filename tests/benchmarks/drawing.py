"""Measure drawing: from what the mouse does to the painted bars of the prediction, against painting an empty pad.

Usage: python tests/benchmarks/drawing.py [--preset NAME ...] [--size WxH] [--digits K]

A hand draws digits on the pad of the real window, with an event every 8 ms, as a usual mouse sends them, on a screen
that is not there (QT_QPA_PLATFORM=offscreen unless it is set). Each press, move and release is timed until the bars
show what the network answers to the ink that is there then: inking, preparing the drawing as a photo is prepared, the
network's forward pass, and painting. When a stroke has ended, the network is also run on the drawing in the main
window, which is painted anew; that comes after the bars, and is told by itself. The bare cost is a pad without ink
that is painted whole.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.presets import open_preset
from tests.benchmarks.stepping import Painted, settle
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.draw import DrawPage
from viz_app.session.session import Session
from viz_app.widgets.drawing.drawing_pad import DrawingPad
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

BOUND_MS = 50.0
PRESETS = ("digits", "conv-digits", "mlp-784-800-10")
EVENT_S = 0.008
_BUTTON, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ROUND = ((0.5, 0.15), (0.25, 0.35), (0.25, 0.65), (0.5, 0.85), (0.75, 0.65), (0.75, 0.35), (0.5, 0.15))
DIGITS = {
    "0": (ROUND,),
    "1": (((0.4, 0.25), (0.52, 0.12), (0.52, 0.88)),),
    "3": (((0.3, 0.2), (0.55, 0.12), (0.7, 0.3), (0.45, 0.48), (0.72, 0.65), (0.55, 0.88), (0.27, 0.78)),),
    "4": (((0.45, 0.12), (0.25, 0.55), (0.78, 0.55)), ((0.62, 0.3), (0.6, 0.9))),
    "7": (((0.25, 0.15), (0.75, 0.15), (0.45, 0.9)), ((0.35, 0.5), (0.68, 0.5))),
}
"""The corners of the strokes of digits, as shares of the paper."""


class Drawn(QObject):
    """Do one thing to the pad, and wait until the bars show what the network answers."""

    def __init__(self, panel: OwnInputPanel, pad: DrawingPad) -> None:
        super().__init__()
        self._bars, self._pad, self._asked = panel.answer.bars, pad, 0
        self._painted = Painted(self._bars)
        self.longest = 0.0
        self.busy: list[float] = []
        panel.drafted.connect(self._count)  # after the window's own connection: the bars know the answer by then

    def _count(self) -> None:
        self._asked += 1

    def turn(self) -> None:
        """Let the window do what there is to do."""
        self.longest = max(self.longest, timed(QApplication.processEvents))

    def rest(self, seconds: float) -> None:
        """Let time pass."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.turn()
            time.sleep(0.001)

    def until_shown(self, act: Callable[[], object]) -> float:
        """Return the milliseconds; bars that stay as they are need not be painted."""
        asked, answers = self._asked, self._bars.answers
        self._painted.seen = False
        start, begun = time.perf_counter(), time.process_time()
        act()
        while self._asked == asked or (self._bars.answers != answers and not self._painted.seen):
            self.turn()
            if time.perf_counter() - start > 10:
                raise TimeoutError("the bars did not follow within 10 s")
        self.busy.append(1000 * (time.process_time() - begun))
        return 1000 * (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--preset", nargs="+", default=PRESETS)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--digits", type=int, default=len(DIGITS))
    arguments = parser.parse_args()
    application = QApplication([])
    for preset in arguments.preset:
        measure(application, preset, arguments.size, arguments.digits)


def measure(application: QApplication, preset: str, size: str, digits: int) -> None:
    """Draw digits, and print how long the prediction took."""
    width, height = (int(part) for part in size.split("x"))
    window = MainWindow(Session(open_preset(preset)), Preferences())
    window.resize(width, height)
    window.show()
    settle(application, 1.0)
    window.parts.actions["own_input"].trigger()
    panel = window.panels[OwnInputPanel]
    panel.choose(DrawPage)
    assert isinstance(panel.page, DrawPage)
    pad = panel.page.pad
    settle(application, 0.5)
    bare = [timed(pad.repaint) for _ in range(30)]
    drawn = Drawn(panel, pad)
    draw(drawn, pad, "0")  # plans and fonts are made once
    times, drawn.longest, drawn.busy = [], 0.0, []
    for digit in list(DIGITS)[:digits]:
        pad.clear()
        drawn.rest(0.3)
        times += draw(drawn, pad, digit)
    report(f"{preset}, {size}, {len(times)} events", np.array(times), drawn, np.array(bare))
    window.session.guests.dismiss()  # a drawing is work that closing would ask about
    window.close()
    window.deleteLater()
    settle(application, 0.1)


def draw(drawn: Drawn, pad: DrawingPad, digit: str) -> list[float]:
    """Draw a digit; return the milliseconds of each event."""
    times = []
    for corners in DIGITS[digit]:
        first, *others = path(pad, corners)
        times.append(drawn.until_shown(partial(QTest.mousePress, pad, _BUTTON, _NONE, first)))
        for point in others:
            drawn.rest(EVENT_S)
            times.append(drawn.until_shown(partial(QTest.mouseMove, pad, point)))
        drawn.rest(EVENT_S)
        times.append(drawn.until_shown(partial(QTest.mouseRelease, pad, _BUTTON, _NONE, others[-1])))
        drawn.rest(0.2)
    return times


def path(pad: DrawingPad, corners: tuple[tuple[float, float], ...]) -> list[QPoint]:
    """Return where the mouse is at each event: a hand crosses the paper in about a third of a second."""
    sheet, points = pad.sheet, []
    for start, end in pairwise(corners):
        count = max(round(np.hypot(end[0] - start[0], end[1] - start[1]) / 0.024), 1)
        shares = (np.arange(count) / count)[:, None]
        points += (np.array(start) + shares * (np.array(end) - np.array(start))).tolist()
    points.append(corners[-1])
    return [QPoint(round(sheet.x() + x * sheet.width()), round(sheet.y() + y * sheet.height())) for x, y in points]


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds of a call."""
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


def report(title: str, times: np.ndarray, drawn: Drawn, bare: np.ndarray) -> None:
    high, empty = np.percentile(times, 95), np.median(bare)
    print(f"{title}: milliseconds from an event to the painted bars")
    print(f"  median {np.median(times):6.2f}   95th percentile {high:6.2f}   maximum {times.max():6.2f}"
          f"   (bound: 95th percentile within {BOUND_MS:g})")  # fmt: skip
    busy = np.array(drawn.busy)
    print(f"  of that the processor works: median {np.median(busy):.2f}, 95th percentile {np.percentile(busy, 95):.2f}")
    print(f"  an empty pad is painted in {empty:.2f}: the median is {np.median(times) / empty:.1f} times that")
    print(f"  the longest gap between two turns of the event loop: {drawn.longest:.1f}")


if __name__ == "__main__":
    main()
