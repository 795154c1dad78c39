"""Do slow work beside the window: one piece at a time, and only the newest counts."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

_LOOK_MS = 15


class Stopped(Exception):  # noqa: N818  # no error: nobody wants the result any more
    """Raised in work that nobody wants any more."""


@dataclass
class Task:
    """What a piece of work is told, and tells: passed to it, and used from its thread.

    ``progress`` and ``check`` raise ``Stopped`` once nobody wants the work any more.
    """

    _stopped: threading.Event = field(default_factory=threading.Event)
    _said: queue.SimpleQueue[tuple[float | None, str]] = field(default_factory=queue.SimpleQueue)

    def stop(self) -> None:
        """Let the work end at the next occasion."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether nobody wants the work any more."""
        return self._stopped.is_set()

    def check(self) -> None:
        """Go on, or end the work.

        Raises
        ------
        Stopped
            If nobody wants it any more.
        """
        if self.stopped:
            raise Stopped

    def progress(self, share: float | None, text: str = "") -> None:
        """Say how far the work is, from 0 to 1 (``None`` where that is not known), and with what.

        Raises
        ------
        Stopped
            If nobody wants it any more.
        """
        self.check()
        self._said.put((share, text))

    def heard(self) -> tuple[float | None, str] | None:
        """Return what was said last since the last call."""
        last = None
        while not self._said.empty():
            last = self._said.get()
        return last


@dataclass
class _Piece:
    work: Callable[[Task], object]
    task: Task = field(default_factory=Task)
    result: object = None
    error: BaseException | None = None
    thread: threading.Thread | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        try:
            self.result = self.work(self.task)
        except BaseException as error:  # noqa: BLE001  # told to whoever waits, in the window's thread
            self.error = error
        finally:
            self.done.set()

    def start(self) -> None:
        self.thread = threading.Thread(target=self.run, name="netstep-background", daemon=True)
        self.thread.start()

    def join(self, seconds: float | None = None) -> None:
        if self.thread is not None:
            self.thread.join(seconds)


class Background(QObject):
    """Runs work in a thread; what comes of it arrives between two events of the window's thread.

    The thread knows nothing of Qt: results wait to be fetched. So no object of Qt is touched, made or destroyed there,
    which ``viz_app.window.starting.collector`` relies on. Work must not make objects of Qt either.

    What is started while something else runs waits until that has seen that nobody wants it any more; of several that
    wait, the newest is left. So at most one piece of work takes memory.
    """

    finished = Signal(object)
    """The result."""
    failed = Signal(object)
    """The exception that ended the work."""
    progressed = Signal(object, str)
    """How far the work is, from 0 to 1, or ``None``; and with what."""
    busy_changed = Signal(bool)
    """Whether something runs that somebody waits for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: _Piece | None = None
        self._waiting: _Piece | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._busy = False

    @property
    def busy(self) -> bool:
        """Whether something runs that somebody waits for."""
        return self._busy

    def start(self, work: Callable[[Task], object]) -> None:
        """Do some work, in place of whatever was started before: nothing more is heard of that."""
        self._waiting = _Piece(work)
        if self._running is None:
            self._begin()
        else:
            self._running.task.stop()
        self._set_busy(True)

    def cancel(self) -> None:
        """Let nothing more be heard of what runs."""
        self._waiting = None
        if self._running is not None:
            self._running.task.stop()
        self._set_busy(False)

    def wait(self) -> None:
        """Wait until all that was started has been done, and tell of it."""
        while self._running is not None:
            self._running.join()
            self._look()

    def close(self, seconds: float = 1.0) -> None:
        """Cancel, and wait a little until the thread has ended; one that does not dies with the program."""
        self.cancel()
        running = self._running
        if running is not None:
            running.join(seconds)
        self._timer.stop()
        self._running = None

    def _begin(self) -> None:
        self._running, self._waiting = self._waiting, None
        if self._running is not None:
            self._running.start()
            self._timer.start()

    def _look(self) -> None:
        """Fetch what the thread has said or made."""
        piece = self._running
        if piece is None:
            self._timer.stop()
            return
        over, wanted = piece.done.is_set(), not piece.task.stopped
        if wanted and (heard := piece.task.heard()) is not None:
            self.progressed.emit(*heard)
        if not over:
            return
        piece.join()  # it has nothing left to do
        self._running = None
        self._begin()
        if self._running is None:
            self._timer.stop()
        if wanted and not piece.task.stopped:
            self._deliver(piece)

    def _deliver(self, piece: _Piece) -> None:
        self._set_busy(self._running is not None)
        if piece.error is None:
            self.finished.emit(piece.result)
        elif not isinstance(piece.error, Stopped):
            self.failed.emit(piece.error)

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
