"""Export while the window goes on: a page at a time, whenever there is nothing else to do."""

from collections.abc import Generator
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from core.wording import counted, sentence
from viz_app.export.formats.base import ExportError
from viz_app.export.job import Job, export

_SLICE_S = 0.03
"""How long it works before others have their turn, if pages are drawn faster than that."""


class Runner(QObject):
    """Write what one job at a time asks for.

    Parameters
    ----------
    parent : QObject
        Whose end is its own.
    """

    progressed = Signal(int, int)
    """How many pages are done, and of how many."""
    finished = Signal(str)
    """All is written; says what, in a sentence."""
    failed = Signal(str)
    """It could not be written; says why, in a sentence."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._going: Generator[int, None, None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._work)

    @property
    def running(self) -> bool:
        """Whether something is being written."""
        return self._going is not None

    def start(self, job: Job) -> None:
        """Begin to write; what is being written already is given up."""
        self.cancel()
        self._job, self._going = job, export(job)
        self.progressed.emit(0, len(job.places))
        self._timer.start()

    def cancel(self) -> None:
        """Write nothing more, and leave nothing half-written."""
        self._timer.stop()
        if self._going is not None:
            self._going.close()
        self._job = self._going = None

    def _work(self) -> None:
        assert self._going is not None
        assert self._job is not None
        job, end = self._job, monotonic() + _SLICE_S
        try:
            for done in self._going:
                self.progressed.emit(done, len(job.places))
                if monotonic() > end or self._going is None:
                    return
        except (ExportError, OSError, MemoryError) as error:
            self.cancel()
            self.failed.emit(reason(error))
            return
        self._timer.stop()
        self._job = self._going = None
        self.finished.emit(written(job))


def reason(error: Exception) -> str:
    """Return in a sentence why something was not written."""
    if isinstance(error, OSError):
        return f"Could not write {error.filename or 'the file'}: {error.strerror or error}."
    if isinstance(error, MemoryError):
        return "Could not write the file: there is not enough memory for it."
    return sentence(error)


def written(job: Job) -> str:
    """Return in a sentence what a job has written."""
    if job.numbered:
        return f"Wrote {counted(len(job.places), 'file')} into {job.target}."
    return f"Wrote {job.paths[0]}."
