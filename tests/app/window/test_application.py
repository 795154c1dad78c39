import os
import signal
import subprocess
import sys

import pytest

_START = """
import sys, os, signal
import numpy as np
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from core.data.guest import Guest
from core.presets import open_preset
from viz_app.window.starting import application as app
QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, sys.argv[1])
application = QApplication([])
def fail():
    1 / 0
def see():
    box = application.activeModalWidget()
    if box is not None:
        print(box.text(), flush=True)
        waiting.stop()
        os.kill(os.getpid(), signal.SIGINT)
waiting = QTimer()
waiting.timeout.connect(see)
def ready():
    print("ready", flush=True)
    {then}
QTimer.singleShot(0, ready)
sys.exit(app.run(lambda name: (open_preset("worked-2-2-2"), {guest})))
"""


def _start(tmp_path, then, guest="None"):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ":".join(sys.path),
                   "XDG_STATE_HOME": str(tmp_path)}  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", _START.format(then=then, guest=guest), str(tmp_path)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_closing_the_window_ends_with_0(tmp_path):
    with _start(
        tmp_path, "next(w for w in QApplication.topLevelWidgets() if w.inherits('QMainWindow')).close()"
    ) as process:
        assert process.wait(60) == 0
        assert "Traceback" not in process.stderr.read()


def test_who_comes_first_is_there_once_the_window_is(tmp_path):
    guest = "Guest(np.array([0.5, 0.25]), np.array([0.0, 1.0]), 'mine')"
    look = "w = next(w for w in QApplication.topLevelWidgets() if hasattr(w, 'session'))"
    with _start(tmp_path, f"{look}; print(w.session.frame.guest.title, flush=True); w.close()", guest) as process:
        assert process.stdout.readline() == "ready\n"
        assert process.stdout.readline() == "mine\n"
        assert process.wait(60) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_ctrl_c_closes_the_window_and_ends(tmp_path):
    with _start(tmp_path, "pass") as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert "Traceback" not in process.stderr.read()


def test_an_exception_nobody_expected_is_logged_and_the_window_goes_on(tmp_path):
    with _start(tmp_path, "QTimer.singleShot(0, fail); waiting.start(5)") as process:
        assert process.stdout.readline() == "ready\n"
        assert "ZeroDivisionError: division by zero" in process.stdout.readline()
        assert process.wait(60) == 0
        assert "ZeroDivisionError" in process.stderr.read()
