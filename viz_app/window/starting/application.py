"""Open the window: check that there is a display, start Qt, and end cleanly whatever happens."""

import faulthandler
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from core.data.guest import Guest
from core.experiment import Experiment
from viz_app.window.starting.display import missing_display

if TYPE_CHECKING:
    from viz_app.saved.session import Saved

USAGE = 2
_WAKE_MS = 250
_log = logging.getLogger(__name__)

OpenFirst = Callable[[str], tuple[Experiment, Guest | None]]
"""Returns what is opened first, and who visits it, given the name of the preset that was open last."""


def run(
    open_first: OpenFirst,
    theme: str | None = None,
    session: "tuple[Saved, str] | None" = None,
    *,
    inference: bool = False,
) -> int:
    """Open the window and return the exit code.

    Parameters
    ----------
    open_first : callable
        Returns what is opened first, and who visits it, given the name of the preset that was open last.
    theme : str or None
        ``light``, ``dark`` or ``system``; ``None`` is the theme that was chosen last.
    session : (Saved, str) or None
        A session that is opened, and the file that it was read from.
    inference : bool
        Whether the forward pass alone is stepped first.

    Raises
    ------
    OptionError
        If ``open_first`` cannot open what it is asked for.
    """
    if problem := missing_display(os.environ):
        sys.stderr.write(f"netstep: {problem}\n")
        return USAGE
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if sys.stderr is not None:
        faulthandler.enable()
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(application, QApplication)
    return _Running(application, open_first, theme, session, inference=inference).exec()


class _Running:
    """The application from the first paint to the last.

    Parameters
    ----------
    application : QApplication
        Qt's application.
    open_first, theme, session, inference
        As for ``run``.
    """

    def __init__(
        self,
        application: Any,
        open_first: OpenFirst,
        theme: str | None,
        session: "tuple[Saved, str] | None",
        *,
        inference: bool,
    ) -> None:
        from viz_app.window.preferences import Preferences

        self._application = application
        self._preferences = Preferences()
        if theme is not None:
            self._preferences.theme = theme
        self._open_first, self._session, self._inference = open_first, session, inference
        self._window: Any = None
        self._recovery: Any = None

    def exec(self) -> int:
        """Show the window and return the exit code once it is closed."""
        from PySide6.QtCore import QEvent

        from viz_app.picture.typeset import save_store

        self._window = self._make_window()
        before = sys.excepthook, signal.signal(signal.SIGINT, self._interrupted)
        sys.excepthook = self._failed
        waker, collector = self._start_timers()
        try:
            self._window.show()
            self._recovery.offer_soon()
            return int(self._application.exec())
        finally:
            self._recovery.close()
            waker.stop()
            collector.stop()
            save_store()
            sys.excepthook = before[0]
            signal.signal(signal.SIGINT, before[1])
            self._window.close()
            self._window.deleteLater()
            self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs that would do so

    def _make_window(self) -> Any:
        """Return the window, with what opens first in it."""
        saved = self._session
        experiment, guest = self._open_first(self._preferences.preset) if saved is None else (saved[0].experiment, None)
        from PySide6.QtCore import QStandardPaths

        from viz_app.picture.typeset import Store, use_store
        from viz_app.session.session import Session
        from viz_app.window.main_window import MainWindow
        from viz_app.window.sessions import Recovery

        self._application.setApplicationName("NetStep")
        caches = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
        use_store(Store(Path(caches) / "netstep" / "formulas.json", shipped=True))
        self._application.setApplicationDisplayName("NetStep")
        session = Session(experiment)
        window = MainWindow(session, self._preferences)
        if guest is not None:
            session.guests.show(guest)
            session.saving.begin_anew()  # who comes first is given with the command
        if saved is not None:
            session.saving.take(saved[0], Path(saved[1]).absolute())
        if self._inference:
            session.inferring.enter()
        self._recovery = Recovery(window.parts)
        self._recovery.start()
        return window

    def _start_timers(self) -> tuple[Any, Any]:
        """Return the timer that lets Python run, and the one that collects its garbage."""
        from PySide6.QtCore import QTimer

        from viz_app.window.starting.collector import Collector
        from viz_app.window.starting.memory import share_arena

        # Python handles signals only while it runs: wake it now and then.
        waker = QTimer()
        waker.timeout.connect(self._wake)
        waker.start(_WAKE_MS)
        share_arena()
        collector = Collector()
        collector.start()
        return waker, collector

    def _wake(self) -> None:
        """Let Python run, so that it sees a signal."""

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self._window.close()
        self._application.quit()

    def _failed(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an exception that was not caught, say so in one sentence, and go on."""
        if issubclass(kind, KeyboardInterrupt):
            self._interrupted(signal.SIGINT, None)
            return
        _log.error("".join(traceback.format_exception(kind, error, trace)))
        if self._window is not None:
            from viz_app.window.dialogs import show_failure

            show_failure(self._window, f"{kind.__name__}: {error}")
