"""Do slow work in a thread of its own, and tell the window how far it is."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from core.data.progress import Cancelled, Progress

Work = Callable[[Progress], Any]
_ASK_MS = 25
"""How often the window asks how far the work is."""
_PATIENCE_S = 0.5
"""How long closing waits for work that was stopped."""


class _Job:
    """One piece of work in its thread, and what came of it."""

    def __init__(self, work: Work) -> None:
        self.progress = Progress()
        self.result: Any = None
        self.error: BaseException | None = None
        self._work = work
        self.thread = threading.Thread(target=self._run, name="reading", daemon=True)

    def _run(self) -> None:
        try:
            self.result = self._work(self.progress)
        except BaseException as error:  # noqa: BLE001  # it is raised again in the window's thread
            self.error = error


class Worker(QObject):
    """Does one piece of work at a time; another one stops it, and begins when it has ended.

    An error of the kinds that are expected is told by ``failed``; any other is raised in the window's thread.

    Parameters
    ----------
    expected : tuple of exception types
        The errors that are a person's matter, told in their own words.
    parent : QObject or None
        Qt's parent.
    """

    done = Signal(object)
    """What the work has returned."""
    failed = Signal(str)
    """Why it could not be done."""
    progressed = Signal(object)
    """The ``Progress``, again and again."""

    def __init__(self, expected: tuple[type[Exception], ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._expected = expected
        self._job: _Job | None = None
        self._next: _Job | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether there is work whose result is waited for."""
        job = self._next or self._job
        return job is not None and not job.progress.cancelled

    @property
    def stopping(self) -> bool:
        """Whether work that nobody waits for has not ended yet."""
        return self._job is not None

    def start(self, work: Work) -> None:
        """Do work; whatever was being done is stopped, and its result is dropped."""
        self.cancel()
        self._next = _Job(work)
        if self._job is None:
            self._begin()
        self._timer.start()

    def cancel(self) -> None:
        """Stop the work; nothing is told of it any more."""
        self._next = None
        if self._job is not None:
            self._job.progress.cancel()

    def close(self) -> None:
        """Stop the work, and wait for it a little: what waits for a server ends by itself."""
        self.cancel()
        if self._job is not None:
            self._job.thread.join(_PATIENCE_S)
        self._timer.stop()
        self._job = None

    def _begin(self) -> None:
        self._job, self._next = self._next, None
        if self._job is not None:
            self._job.thread.start()

    def _look(self) -> None:
        """Tell how far the work is, or what came of it."""
        job = self._job
        if job is not None and job.thread.is_alive():
            if self.busy and self._next is None:
                self.progressed.emit(job.progress)
            return
        self._begin()
        if self._job is None:
            self._timer.stop()
        if job is not None and not job.progress.cancelled:
            self._tell(job)

    def _tell(self, job: _Job) -> None:
        if job.error is None:
            self.done.emit(job.result)
        elif isinstance(job.error, MemoryError):
            self.failed.emit("There is not enough memory for it.")
        elif isinstance(job.error, self._expected):
            self.failed.emit(str(job.error))
        elif not isinstance(job.error, Cancelled):
            raise job.error
