"""Measure large programs: opening, stepping, jumping and memory, in the real window.

Usage: python tests/benchmarks/scale.py [--program deep|wide|resnet|transformer] [--steps K] [--jump N]

``deep`` is a network of 200 dense layers, whose iteration has 2,400 steps; ``wide`` has one matrix of 4096 x 4096;
``resnet`` has the shape of ResNet-18 at 3 x 64 x 64, ``transformer`` 12 blocks. Each is stepped as it opens (those of
many steps with their layers folded), then with all unfolded. Beside the time by the clock stands what the window's
thread computed: the machine may be busy with something else. The
window stands on a screen that is not there (QT_QPA_PLATFORM=offscreen unless it is set). Stepping is timed from the key
press to the painted stage: with a pause of 0.2 s, and held, the next key as soon as the window is painted. A jump runs
iterations that are not shown; beside it stands the executor's own time for the same iterations, in the same process.
"""

import argparse
import gc
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
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.data.digits import digits
from core.experiment import Experiment
from core.layers import Dense
from core.network import Network
from core.options import Options, Rates
from core.preset import network_experiment
from core.run.executor import Executor
from core.values import Range
from tests.benchmarks.stepping import Painted, settle, until_painted
from tests.large import deep, resnet, transformer
from viz_app.panels.stage import StagePanel
from viz_app.session.session import Session
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences
from viz_app.window.starting.memory import resident_megabytes

PAUSE_S = 0.2
AIM_PACED_MS, AIM_JUMP, AIM_OPENING_S = 33.0, 1.2, 3.0


def wide() -> Experiment:
    """Return a dense network with a matrix of 4096 x 4096."""
    dataset = digits((64, 64))
    layers = (Dense(4096, "relu"), Dense(10, "softmax", output_names=dataset.class_names))
    network = Network(dataset.sample_shape, layers, dataset.row_image, Range.NON_NEGATIVE)
    return network_experiment("digits", network, dataset, Options(), loss="cross_entropy", rates=Rates(0.001))


def twelve_blocks() -> Experiment:
    """Return a transformer of 12 blocks."""
    return transformer(12, width=32, heads=4)


PROGRAMS = {
    "deep": (deep, 40, 2000),
    "wide": (wide, 22, 500),
    "resnet": (resnet, 40, 3),
    "transformer": (twelve_blocks, 40, 200),
}
"""How each is made, how many steps are timed, and how far is jumped unless it is said."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", choices=PROGRAMS, default=None, help="only this one")
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--jump", type=int, default=None)
    arguments = parser.parse_args()
    application = QApplication([])
    for name in [arguments.program] if arguments.program else PROGRAMS:
        make, steps, jump = PROGRAMS[name]
        measure(application, name, make, arguments.steps or steps, arguments.jump or jump)
        gc.collect()


def measure(application: QApplication, name: str, make, steps: int, jump: int) -> None:
    start, computed = time.perf_counter(), time.thread_time()
    experiment = make()
    compiled = time.perf_counter() - start
    session = Session(experiment)
    window = MainWindow(session, Preferences())
    window.resize(1920, 1080)
    window.show()
    application.processEvents()
    opened, computed = time.perf_counter() - start, time.thread_time() - computed
    window.activateWindow()
    count = len(experiment.program.steps)
    print(f"{name}: {count:,} steps, values of {experiment.program.nbytes('float32') / 1e6:,.0f} MB")
    print(f"  opening {opened:.2f} s, {compiled:.2f} s of it compiling, {computed:.2f} s computed "
          f"(aim: under {AIM_OPENING_S} s)")  # fmt: skip
    settle(application)
    painted = Painted(window.panels[StagePanel].canvas)
    if session.place.options.folds:
        walking(application, window, painted, steps, "folded, ")
        session.folding.unfold_all()
        session.navigation.first()
        settle(application, 1.0)
    walking(application, window, painted, steps, "")
    jumping(application, session, experiment, jump)
    print(f"  resident memory {resident_megabytes():,.0f} MB")
    window.close()
    window.deleteLater()
    settle(application, 0.1)


def walking(application: QApplication, window: MainWindow, painted: Painted, steps: int, how: str) -> None:
    for label, pause, aim in (("paced", PAUSE_S, AIM_PACED_MS), ("held", 0.0, None)):
        times, computed = stepping(application, window, painted, steps, pause)
        told = f" (aim: under {aim:.0f})" if aim else ""
        wall, own = (f"{np.median(ms):.1f} ms, 95th percentile {np.percentile(ms, 95):.1f}" for ms in (times, computed))
        print(f"  {how}{label}: median {wall}{told}; computed {own}")


def stepping(
    application: QApplication, window: MainWindow, painted: Painted, steps: int, pause: float
) -> tuple[list[float], list[float]]:
    """Return for each step the milliseconds by the clock, and those that the window's thread computed."""
    times, computed = [], []
    for _ in range(steps):
        settle(application, pause)
        before = time.thread_time()
        times.append(until_painted(painted, lambda: QTest.keyClick(window, Qt.Key.Key_Right)))
        computed.append(1000 * (painted.computed - before))
    return times, computed


def jumping(application: QApplication, session: Session, experiment: Experiment, jump: int) -> None:
    first = session.frame.cursor.iteration + 1
    session.navigation.go_to(first, 0)
    wait(application, session, first)
    executor = Executor(experiment.program, session.trace.run.state(first))
    start = time.perf_counter()
    for iteration in range(first, first + jump):
        executor.run(experiment.batch(iteration))
    own = time.perf_counter() - start
    start = time.perf_counter()
    session.navigation.go_to(first + jump, 0)
    wait(application, session, first + jump)
    ours = time.perf_counter() - start
    print(f"  a jump of {jump:,} iterations: {ours:.2f} s, the executor alone {own:.2f} s, "
          f"ratio {ours / own:.2f} (aim: at most {AIM_JUMP})")  # fmt: skip


def wait(application: QApplication, session: Session, iteration: int) -> None:
    while session.frame.cursor.iteration != iteration:
        application.processEvents()


if __name__ == "__main__":
    main()
