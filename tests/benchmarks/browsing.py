"""Measure the browser of samples: from the menu to the painted page, scrolling to the end, filtering, judging.

Usage: python tests/benchmarks/browsing.py [--mnist DIR] [--images N ...] [--rounds K]

The images are drawn here, 28 x 28, as many as MNIST's test set (10,000) and all of MNIST (70,000); where a folder is
given, its real test set is browsed, too. Every round opens a window anew, and the browser of it for the first time, so
that its widgets are made within the time. A page is painted once nothing that is in view is missing. Beside the
milliseconds by the clock stand those that the window's thread computed: on a machine that others use, too, the clock
goes on while nothing is done.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.data import Dataset, one_hot
from core.data.idx import find_pair, image_dataset
from core.options import Options, Rates
from core.preset import network_experiment
from core.presets import open_preset
from tests.benchmarks.stepping import Painted, settle
from viz_app.panels.browser import BrowserPanel
from viz_app.session.session import Session
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

AIM_MS = 300.0
"""Opening the browser on 10,000 images, up to its first thumbnails."""
AIM_LATER_MS = 100.0
"""What follows should seem to happen at once."""
SIZE = 1920, 1080
WRONG_WITHIN_S = 120.0


def drawn(count: int) -> Dataset:
    """Return so many images of a bright bar each, whose class is where it stands."""
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 10, count)
    images = chance.random((count, 28, 28), np.float32) * 0.3
    for label in range(10):
        images[labels == label, 2 * label + 4 : 2 * label + 6] = 0.9
    names = tuple(str(label) for label in range(10))
    return Dataset(
        f"Bars, {count:,}",
        images.reshape(count, -1),
        one_hot(labels, 10),
        labels,
        row_image=(28, 28),
        class_names=names,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mnist", type=Path, default=None, help="a folder with the files of the MNIST test set")
    parser.add_argument("--images", type=int, nargs="*", default=[10_000, 70_000], help="how many are drawn")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    application = QApplication([])
    datasets = [drawn(count) for count in arguments.images]
    if arguments.mnist:
        datasets.append(image_dataset(*find_pair(arguments.mnist), "MNIST test set"))
    for dataset in datasets:
        rounds = np.array([measure(application, dataset) for _ in range(arguments.rounds)])
        report(dataset, rounds)


def measure(application: QApplication, dataset: Dataset) -> list[tuple[float, float]]:
    """Return milliseconds of opening, opening again, the end, the middle, a class; and seconds until all is judged."""
    preset = open_preset("mlp-784-800-10")
    assert preset.network is not None
    experiment = network_experiment(
        "mlp-784-800-10",
        preset.network,
        dataset,
        Options(held_back=len(dataset) // 10),
        loss="cross_entropy",
        rates=Rates(0.1),
    )
    window = MainWindow(Session(experiment), Preferences())
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    settle(application, 1.0)
    panel = window.panels[BrowserPanel]

    def choose(box, place: int) -> None:
        box.setCurrentIndex(place)
        box.activated.emit(place)

    times = [painted(application, panel, window.parts.actions["browse_data"].trigger)]
    window.parts.browser.close()
    times.append(painted(application, panel, window.parts.actions["browse_data"].trigger))
    form = panel.form
    times.append(painted(application, panel, lambda: QTest.keyClick(form.grid, Qt.Key.Key_End)))
    times.append(painted(application, panel, lambda: panel.choose(len(dataset) // 2)))
    times.append(painted(application, panel, lambda: choose(form.classes, 4)))
    start = time.perf_counter()
    choose(form.verdicts, 1)
    while panel.browsed is None or panel.browsed.guesses is None:
        application.processEvents()
        if time.perf_counter() - start > WRONG_WITHIN_S:
            raise TimeoutError("the network was not judged")
    times.append((time.perf_counter() - start, 0.0))
    window.close()
    window.deleteLater()
    settle(application, 0.1)
    return times


def painted(application: QApplication, panel: BrowserPanel, act: Callable[[], None]) -> tuple[float, float]:
    """Act, and return the milliseconds until the page is painted: by the clock, and those that were computed."""
    start, computed = time.perf_counter(), time.thread_time()
    act()
    seen = Painted(panel.form.grid.viewport())
    while not (seen.seen and panel.form.grid.complete):
        application.processEvents()
        if time.perf_counter() - start > 10:
            raise TimeoutError("the page was not painted within 10 s")
    return 1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - computed)


def report(dataset: Dataset, rounds: np.ndarray) -> None:
    (middle, computed), worst = np.median(rounds, axis=0).T, rounds[..., 0].max(axis=0)
    where = f"window {SIZE[0]} x {SIZE[1]}, {len(rounds)} rounds, milliseconds"
    print(f"{dataset.name} ({len(dataset):,} images), {where}:")
    names = ("opening, the first time", "opening again", "to the end", "to the middle", "one class")
    for place, name in enumerate(names):
        aim = AIM_MS if place == 0 else AIM_LATER_MS
        kept = "kept" if middle[place] < aim else "NOT kept"
        told = f"median {middle[place]:6.1f}  worst {worst[place]:6.1f}  computed {computed[place]:6.1f}"
        print(f"  {name:24} {told}  (bound {aim:.0f}: {kept})")
    print(f"  all samples judged in slices within {middle[-1]:.1f} s")


if __name__ == "__main__":
    main()
