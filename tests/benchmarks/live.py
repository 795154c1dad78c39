"""Measure training in the window, drawn live, against the same training without one.

Usage: python tests/benchmarks/live.py [--preset NAME] [--batch N] [--size WxH] [--seconds S] [--rounds K] [--tab NAME]

Both train the same network on the same samples in the same process, in turns: a turn with the window, then one without.
Judging at the end of every epoch is part of both. The window stands on a screen that is not there
(QT_QPA_PLATFORM=offscreen unless it is set), and shows the step in the middle of the backward pass. A gap is the time
between two events that are delivered while it trains: so long a key or a click may wait.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QTabWidget

from core.experiment import Experiment
from core.presets import open_preset
from core.run.training import Goal, Training
from tests.benchmarks.stepping import settle
from viz_app.session.session import Session
from viz_app.window.docking.docks import LOSS
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences
from viz_app.window.starting.collector import Collector

AIM_RATIO, AIM_GAP_MS, LEAST_FRAMES = 0.85, 50.0, 5.0
HELD_BACK = 200


class Events(QObject):
    """Write down the milliseconds between two events that an application delivers."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--preset", default="mlp-784-800-10")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each turn")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tab", default="Curves", help="which tab of the training panel is seen")
    arguments = parser.parse_args()
    application = QApplication([])
    collector = Collector()
    collector.start()  # as in the application
    experiment = open_preset(arguments.preset, batch_size=arguments.batch, shuffle=True, held_back=HELD_BACK)
    window = opened(application, experiment, arguments.size, arguments.tab)
    rounds = [
        (live(application, window.session, arguments.seconds), headless(experiment, arguments.seconds))
        for _ in range(arguments.rounds)
    ]
    report(arguments, rounds)
    collector.stop()
    window.session.stop()
    window.hide()
    window.deleteLater()
    settle(application, 0.1)


def opened(application: QApplication, experiment: Experiment, size: str, tab: str) -> MainWindow:
    """Return a window that stands in the middle of the backward pass."""
    window = MainWindow(Session(experiment), Preferences())
    window.resize(*map(int, size.split("x")))
    window.show()
    tabs = window.parts.docks[LOSS.title].widget()
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex([tabs.tabText(place) for place in range(tabs.count())].index(tab))
    window.session.trainer.set_goal(Goal())
    window.session.navigation.go_to_value("delta_1")
    settle(application, 1.0)
    return window


def live(application: QApplication, session: Session, seconds: float) -> tuple[float, list[float], float]:
    """Train in the window; return samples a second, the gaps in milliseconds, and frames a second."""
    frames = [0]

    def count(_: object) -> None:
        frames[0] += 1

    session.trainer.start()
    application.processEvents()
    first = session.trainer.reached
    session.frame_changed.connect(count)
    events = Events(application)
    start = now = time.perf_counter()
    while now - start < seconds:
        application.processEvents()
        now = time.perf_counter()
    application.removeEventFilter(events)
    done = session.trainer.reached - first
    session.frame_changed.disconnect(count)
    session.trainer.pause()
    settle(application, 0.2)
    size = session.experiment.options.batch_size
    return done * size / (now - start), events.gaps, frames[0] / (now - start)


def headless(experiment: Experiment, seconds: float) -> float:
    """Train without a window, from the beginning; return samples a second."""
    reports = Training(experiment, experiment.run()).reports()
    next(reports)
    start = time.perf_counter()
    done = 0
    for _ in reports:
        done += 1
        if time.perf_counter() - start >= seconds:
            break
    reports.close()
    return done * experiment.options.batch_size / (time.perf_counter() - start)


def report(arguments: argparse.Namespace, rounds: list[tuple[tuple[float, list[float], float], float]]) -> None:
    """Print the medians over the rounds, and the gaps of all of them."""
    ours = [speed for (speed, _, _), _ in rounds]
    bare = [speed for _, speed in rounds]
    gaps = np.array([gap for (_, some, _), _ in rounds for gap in some])
    frames = [rate for (_, _, rate), _ in rounds]
    ratios = [own / other for own, other in zip(ours, bare, strict=True)]
    print(f"{arguments.preset}, batch {arguments.batch}, {arguments.size}, tab {arguments.tab}, {len(rounds)} rounds")
    print(f"  in the window {np.median(ours):,.0f} samples/s, without one {np.median(bare):,.0f}")
    print(f"  ratio {np.median(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f} (aim: at least {AIM_RATIO})")
    print(f"  drawn {np.median(frames):.1f} times a second (at least {LEAST_FRAMES:.0f})")
    print(f"  gaps between two events: 99.9th percentile {np.percentile(gaps, 99.9):.1f} ms "
          f"(aim: under {AIM_GAP_MS:.0f}), worst {gaps.max():.1f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
