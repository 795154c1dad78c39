"""Write files beside the window: what is not computed yet in slices of time, the files themselves in a thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from core.run.trace import Cursor, Trace
from core.wording import sentence
from viz_app.session.background import Background, Task
from viz_app.session.moving.way import Way
from viz_app.takeaway.files import Files, told, write_files

_LONGEST_S = 10.0
"""How long a window that closes waits for a file."""
Make = Callable[[], Files]
"""Returns what is to be written; called in a thread."""


class Writing(QObject):
    """Writes one thing at a time; what has begun is brought to its end."""

    told = Signal(str)
    """What has been written, or why nothing was, in a sentence."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._way = Way(self)
        self._way.paused.connect(self._tell_way)
        self._background = Background(self)
        self._background.finished.connect(self._tell)
        self._background.failed.connect(self._tell_failure)

    @property
    def busy(self) -> bool:
        """Whether something is being computed or written."""
        return self._way.goal is not None or self._background.busy

    def compute(self, trace: Trace, iteration: int, then: Callable[[], None]) -> None:
        """Execute an iteration to its end, and go on with ``then``."""
        self._way.go(trace, Cursor(iteration, len(trace.program.steps) - 1), then)

    def write(self, make: Make) -> None:
        """Write files that a person wants, in the place of any of their names; say what came of it."""
        self._background.start(partial(_written, make))

    def close(self) -> None:
        """Begin nothing more, and wait for what is being written."""
        self._way.stop()
        self._background.close(_LONGEST_S)

    def _tell(self, what: str) -> None:
        self.told.emit(what)

    def _tell_way(self, goal: Cursor, reached: int) -> None:
        self.told.emit(f"Computing the values of iteration {goal.iteration:,} first …")

    def _tell_failure(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self.told.emit(f"Could not write {error.filename or 'the file'}: {error.strerror or error}.")
        elif isinstance(error, MemoryError):
            self.told.emit("Could not write the file: there is not enough memory for it.")
        else:
            self.told.emit(f"Nothing was written: {sentence(error)}")


def _written(make: Make, task: Task) -> str:
    files = make()
    write_files(files, overwrite=True)  # the person has said so where there was one
    return told(files)
