"""Whoever is killed in the middle leaves no damaged file, and what was kept is offered at the next start."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from viz_app.saved.session_reading import read_session

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL to send")

_SAVES = """
import sys
from pathlib import Path
from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.frame.place import Place
from viz_app.saved.session import Saved, write_session
experiment = open_preset("mlp-784-800-10")
run, number = experiment.run(), 0
path = Path(sys.argv[1])
while True:
    write_session(Saved(experiment, run.kept({0: run.state(0)}), Place(0, number % 9)), path)
    number += 1
    if number == 2:
        print("ready", flush=True)
"""
_WINDOW = """
import sys
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from core.presets import open_preset
from viz_app.window.starting import application as app
from viz_app.window.sessions import recovery
QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, sys.argv[1])
application = QApplication([])
recovery.EVERY_MS = 20
asked = []
QMessageBox.question = lambda *parts: asked.append(parts[2]) or QMessageBox.StandardButton.Open
def window():
    return next(one for one in application.topLevelWidgets() if hasattr(one, "session"))
def look():
    {look}
timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
sys.exit(app.run(lambda name: (open_preset("digits"), None)))
"""
_LEAVE = """
    session = window().session
    if session.place.iteration == 0:
        session.opening.set_options(optimizer="adam")
        session.navigation.go_to(4, 7)
    elif recovery.usual_folder().exists() and list(recovery.usual_folder().glob("*.netstep")):
        print("kept", flush=True)
        timer.stop()
"""
_COME_BACK = """
    session = window().session
    if asked and not session.saving._reader.busy:
        options = session.experiment.now
        print(len(asked), options.optimizer, session.place.iteration, session.place.step, window().isWindowModified(),
              flush=True)
        timer.stop()
        session.saving.begin_anew()
        window().close()
"""


def _start(program: str, folder: Path, argument: Path) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": ":".join(sys.path),
        "XDG_STATE_HOME": str(folder / "state"),
    }
    command = [sys.executable, "-c", program, str(argument)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_save_that_is_killed_leaves_a_whole_file(tmp_path: Path) -> None:
    """Some of the kills come in the middle: the part that was being written stays beside the file."""
    path = tmp_path / "it.netstep"
    for pause in (0.0, 0.013, 0.029):
        with _start(_SAVES, tmp_path, path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
            process.wait(60)
        assert read_session(path).notes == ()


def test_what_was_kept_before_a_kill_is_offered_at_the_next_start(tmp_path: Path) -> None:
    with _start(_WINDOW.format(look=_LEAVE.strip()), tmp_path, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "kept\n"
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    left = list((tmp_path / "state").glob("**/*.netstep"))
    assert len(left) == 1
    assert read_session(left[0]).place.iteration == 4
    with _start(_WINDOW.format(look=_COME_BACK.strip()), tmp_path, tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "1 adam 4 7 True\n", process.stderr.read()
        assert process.wait(60) == 0
    assert not list((tmp_path / "state").glob("**/*.netstep"))
