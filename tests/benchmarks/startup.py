"""Measure the start: from the process to the first painted window, against a bare PySide6 + pyqtgraph window.

Usage: python tests/benchmarks/startup.py [--rounds K]

The bare window shows eight heatmaps. Both start as fresh processes, in turns, with an event filter each that waits for
the first paint; the clock starts before the interpreter. Modules are compiled before, as they are where they have been
installed. The very first start finds neither settings nor a cache; those after it find what that has left.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

AIM_RATIO = 1.5

WATCH = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

application = QApplication(["netstep"])

class Watch(QObject):
    painted = False

    def eventFilter(self, watched, event):
        if not self.painted and event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
            self.painted = True
            QTimer.singleShot(0, self.report)
        return False

    def report(self):
        sys.stdout.write(repr(time.time()))
        sys.stdout.flush()
        for widget in application.topLevelWidgets():
            widget.close()
        application.quit()

watch = Watch()
application.installEventFilter(watch)
"""

OURS = (
    WATCH
    + """
from viz_app.__main__ import main

main(["--preset", "digits"])
"""
)

BARE = (
    WATCH
    + """
import numpy as np
import pyqtgraph as pg

pg.setConfigOptions(imageAxisOrder="row-major")
window = pg.GraphicsLayoutWidget()
random = np.random.default_rng(0)
for number in range(8):
    if number == 4:
        window.nextRow()
    window.addViewBox().addItem(pg.ImageItem(random.normal(size=(64, 32)), levels=(-3, 3)))
window.resize(1280, 720)
window.show()
application.exec()
"""
)


def seconds(script: str, folder: str) -> float:
    """Run a script in a fresh interpreter and return the seconds until its window was painted."""
    environment = {**os.environ, "XDG_CONFIG_HOME": folder, "XDG_CACHE_HOME": folder}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.time()
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout) - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        seconds(OURS, folder), seconds(BARE, folder)  # compiles what is not compiled yet
    with tempfile.TemporaryDirectory() as folder:
        first = seconds(OURS, folder)
        times = np.array([(seconds(OURS, folder), seconds(BARE, folder)) for _ in range(rounds)])
    ours, bare = np.median(times, axis=0)
    print(f"process start to first painted window, median of {rounds}:")
    print(f"  NetStep {ours:.2f} s   bare PySide6 + pyqtgraph with eight heatmaps {bare:.2f} s")
    print(f"  ratio {ours / bare:.2f} (aim: under {AIM_RATIO}); the very first start, nothing cached: {first:.2f} s")


if __name__ == "__main__":
    main()
