"""Save and open sessions by chance: good ones, one that is cut short, another file, none; now and then one is kept."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from weakref import WeakKeyDictionary, finalize

from PySide6.QtWidgets import QApplication

from viz_app.window.main_window import MainWindow
from viz_app.window.sessions import Recovery

_PATIENCE_S = 10.0
_FILES = ("one.netstep", "two.netstep", "cut.netstep", "gone.netstep")


_folders: WeakKeyDictionary[MainWindow, Path] = WeakKeyDictionary()


def _folder(window: MainWindow) -> Path:
    """Return a folder for the sessions of a window; it goes with it."""
    if window not in _folders:
        _folders[window] = Path(mkdtemp(prefix="netstep-sessions-"))
        finalize(window, rmtree, _folders[window], ignore_errors=True)
    return _folders[window]


def use_sessions(window: MainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Save the session, open one, or keep and recover one; wait until that is done, or do not."""
    what, name, waits = chance.choice(("save", "save", "open", "open", "cut", "recover")), chance.choice(_FILES), True
    saving, folder = window.session.saving, _folder(window)
    if what == "save":
        waits = chance.random() < 0.7
        tell(f"save the session as {name}, and {'wait' if waits else 'go on'}")
        saving.save(folder / chance.choice(_FILES[:2]), window.parts.appearance.chosen)
    elif what == "cut":
        tell("cut a session short")
        whole = folder / _FILES[0]
        if whole.exists():
            data = whole.read_bytes()
            (folder / _FILES[2]).write_bytes(data[: chance.randrange(len(data))])
    elif what == "open":
        tell(f"open the session {name}")
        window.sessions.open_path(folder / name)
    else:
        tell("keep the session, and recover it")
        _recover(window)
    end = time.monotonic() + (_PATIENCE_S if waits else 0)
    while saving.busy and time.monotonic() < end:
        QApplication.processEvents()


def _recover(window: MainWindow) -> None:
    place = _folder(window) / "state"
    recovery = Recovery(window.parts, place)
    recovery.start()
    recovery.offer()
    recovery.keep_now()
    if recovery.path is not None and recovery.path.exists():
        (place / "recovery-50.netstep").write_bytes(recovery.path.read_bytes())
    recovery.close()
    recovery.deleteLater()
