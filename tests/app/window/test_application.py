import os
import signal
import subprocess
import sys
from argparse import Namespace

import pytest

from core.experiment import OptionError
from viz_app.window.application import first_experiment

_START = """
import sys, os, signal
from argparse import Namespace
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from viz_app.window import application as app
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
none = dict.fromkeys(("preset", "batch", "sample", "seed", "dtype", "theme"))
sys.exit(app.run(Namespace(**none)))
"""


def _start(tmp_path, then):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ":".join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", _START.format(then=then), str(tmp_path)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_closing_the_window_ends_with_0(tmp_path):
    with _start(
        tmp_path, "next(w for w in QApplication.topLevelWidgets() if w.inherits('QMainWindow')).close()"
    ) as process:
        assert process.wait(60) == 0
        assert "Traceback" not in process.stderr.read()


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


def _arguments(**given):
    return Namespace(**{**dict.fromkeys(("preset", "batch", "sample", "seed", "dtype", "theme")), **given})


def test_opens_what_was_open_last_unless_told_otherwise():
    assert first_experiment(_arguments(), "sigmoid-3-4-2").preset == "sigmoid-3-4-2"
    told = first_experiment(_arguments(preset="digits", batch=4, sample=9, seed=1, dtype="float64"), "sigmoid-3-4-2")
    assert told.preset == "digits"
    assert (told.options.batch_size, told.options.sample, told.options.seed) == (4, 9, 1)
    assert told.options.dtype == "float64"


def test_options_that_there_are_not_are_refused():
    with pytest.raises(OptionError, match="batch size"):
        first_experiment(_arguments(preset="worked-2-2-2", batch=9), "digits")


def test_opens_with_the_kernel_that_was_asked_for():
    settings = first_experiment(_arguments(kernel="blur", stride="2"), "conv-kernel").settings
    assert (settings.kernel, settings.stride) == ("blur", (2, 2))
    with pytest.raises(OptionError, match="for --kernel; got digits"):
        first_experiment(_arguments(kernel="blur"), "digits")
