"""Open the window: check that there is a display, start Qt, and end cleanly whatever happens."""

import faulthandler
import logging
import os
import signal
import sys
import traceback
from argparse import Namespace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from core.experiment import Experiment, OptionError
from viz_app.cli.opening import open_experiment
from viz_app.window.display import missing_display

USAGE = 2
_WAKE_MS = 250
_log = logging.getLogger(__name__)


def run(arguments: Namespace) -> int:
    """Open the window and return the exit code.

    Parameters
    ----------
    arguments : Namespace
        With ``preset``, ``batch``, ``sample``, ``seed``, ``dtype`` and ``theme``; ``None`` where nothing was said.
    """
    if problem := missing_display(os.environ):
        sys.stderr.write(f"{problem}\n")
        return USAGE
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if sys.stderr is not None:
        faulthandler.enable()
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(application, QApplication)
    return _Running(application, arguments).exec()


class _Running:
    """The application from the first paint to the last.

    Parameters
    ----------
    application : QApplication
        Qt's application.
    arguments : Namespace
        What the command line asks for.
    """

    def __init__(self, application: Any, arguments: Namespace) -> None:
        from viz_app.window.settings import Settings

        self._application = application
        self._settings = Settings()
        if arguments.theme is not None:
            self._settings.theme = arguments.theme
        self._arguments = arguments
        self._window: Any = None

    def exec(self) -> int:
        """Show the window and return the exit code once it is closed."""
        try:
            experiment = first_experiment(self._arguments, self._settings.preset)
        except OptionError as error:
            sys.stderr.write(f"netstep: {error}\n")
            return USAGE
        from PySide6.QtCore import QStandardPaths, QTimer

        from viz_app.picture.typeset import Store, save_store, use_store
        from viz_app.session.session import Session
        from viz_app.window.collector import Collector
        from viz_app.window.main_window import MainWindow

        self._application.setApplicationName("NetStep")
        caches = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
        use_store(Store(Path(caches) / "netstep" / "formulas.json", shipped=True))
        self._application.setApplicationDisplayName("NetStep")
        self._window = MainWindow(Session(experiment), self._settings)
        before = sys.excepthook, signal.signal(signal.SIGINT, self._interrupted)
        sys.excepthook = self._failed
        # Python handles signals only while it runs: wake it now and then.
        waker = QTimer()
        waker.timeout.connect(self._wake)
        waker.start(_WAKE_MS)
        collector = Collector()
        collector.start()
        try:
            self._window.show()
            return int(self._application.exec())
        finally:
            waker.stop()
            collector.stop()
            save_store()
            sys.excepthook = before[0]
            signal.signal(signal.SIGINT, before[1])
            self._window.close()
            self._window.deleteLater()

    def _wake(self) -> None:
        """Let Python run, so that it sees a signal."""

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self._window.close()
        self._application.quit()

    def _failed(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an exception that nobody caught, say so in one sentence, and go on."""
        if issubclass(kind, KeyboardInterrupt):
            self._interrupted(signal.SIGINT, None)
            return
        _log.error("".join(traceback.format_exception(kind, error, trace)))
        if self._window is not None:
            self._window.show_failure(f"{kind.__name__}: {error}")


def first_experiment(arguments: Namespace, remembered: str) -> Experiment:
    """Return what opens first: what the command line asks for, else the preset that was open last.

    Raises
    ------
    OptionError
        If there is no such preset, or it has not what was asked for.
    """
    return open_experiment(arguments, remembered)
