"""Save the session and open sessions, beside the window: a bad file leaves all as it was, and is said in a sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viz_app.saved.container import ENDING, SessionError
from viz_app.saved.own import Own
from viz_app.saved.records import WindowRecord
from viz_app.saved.session import Saved, write_session
from viz_app.saved.session_reading import read_session
from viz_app.session.background import Background, Task
from viz_app.session.saving.snapshot import snapshot, take_up
from viz_app.session.saving.work import Mark, Work
from viz_app.session.telling import Telling

if TYPE_CHECKING:
    from viz_app.session.session import Session


class Saving(QObject):
    """Writes sessions into files, and opens them.

    Parameters
    ----------
    session : Session
        What is saved, and what a file is opened in.
    """

    path_changed = Signal(object)
    """The file that the session is saved in, a ``Path``, or ``None``."""
    written = Signal(object)
    """A session has been written into this file."""
    opened = Signal(object, object)
    """A session has been opened: the ``Saved``, and the file that it was read from."""
    busy_changed = Signal(bool)
    """Whether a session is being read."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.work = Work(session)
        """What would be lost."""
        self.path: Path | None = None
        """The file that the session is saved in; ``None`` where there is none yet."""
        self._writer, self._reader = Background(self), Background(self)
        self._writer.finished.connect(self._take_written)
        self._writer.failed.connect(self._refuse_written)
        self._reader.finished.connect(self._take_read)
        self._reader.failed.connect(self._refuse_read)
        self._reader.busy_changed.connect(self.busy_changed)
        self._writing: tuple[Path, Mark] | None = None
        self._reading: tuple[Path, Callable[[], bool], bool] | None = None
        self.succeeded = False
        """Whether the last file was written, or opened."""

    @property
    def busy(self) -> bool:
        """Whether a session is being written or read."""
        return self._writer.busy or self._reader.busy

    @property
    def suggested_name(self) -> str:
        """What a file of this session would be called."""
        return str(self.path or f"{self._session.experiment.preset}-{self._session.place.iteration}{ENDING}")

    def save(self, path: Path, window: WindowRecord | None = None, own: Own | None = None) -> None:
        """Write the session into a file, beside the window; what is done meanwhile is not in it."""
        session = self._session
        saved = snapshot(session, window or WindowRecord(), own)
        self._writing, self.succeeded = (path, self.work.mark()), False
        self._writer.start(_Writing(saved, path))

    def open(self, path: Path, may_leave: Callable[[], bool] = lambda: True, *, recovered: bool = False) -> None:
        """Read a session beside the window, and open it.

        ``may_leave`` is asked once it has been read: whether the one that is open may go. One that is ``recovered`` has
        no file of its own.
        """
        self._reading, self.succeeded = (path, may_leave, recovered), False
        self._session.message.emit(f"Opening {path.name} …")
        self._reader.start(_Reading(path))

    def begin_anew(self) -> None:
        """Take what is open now as just opened, from no file: nothing would be lost."""
        self.work.settle()
        self._set_path(None)

    def finish(self) -> None:
        """Wait until what is being written has been."""
        self._writer.wait()

    def finish_opening(self) -> None:
        """Wait until what is being read has been opened, or refused."""
        self._reader.wait()

    def close(self) -> None:
        """Read no more; what is being written is finished."""
        self.finish()
        self._reader.close()
        self._writer.close()

    def _take_written(self, _: object) -> None:
        assert self._writing is not None
        path, mark = self._writing
        self.work.settle(mark, has_file=True)
        self._set_path(path)
        self.succeeded = True
        self._session.message.emit(f"Wrote {path}: the session.")
        self.written.emit(path)

    def _refuse_written(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            self._session.message.emit(f"The session was not written ({type(error).__name__}: {error}).")
            raise error
        assert self._writing is not None
        self._session.message.emit(
            f"The session was not written into {self._writing[0]}: {error.strerror or error}. Choose another place."
        )

    def _take_read(self, saved: Saved) -> None:
        assert self._reading is not None
        path, may_leave, recovered = self._reading
        if not may_leave():
            self._session.message.emit(f"{path.name} was not opened: what is open stays.")
            return
        self.take(saved, path, recovered=recovered)

    def take(self, saved: Saved, path: Path, *, recovered: bool = False) -> None:
        """Go on with a session that was read from a file."""
        take_up(self._session, saved)
        if recovered:
            self.work.unsettle()
        else:
            self.work.settle(has_file=True)
        self._set_path(None if recovered else path)
        self.succeeded = True
        opened = "Recovered the session." if recovered else f"Opened {path.name}."
        self._session.message.emit(" ".join((opened, *saved.notes)))
        self.opened.emit(saved, path)

    def _refuse_read(self, error: Exception) -> None:
        assert self._reading is not None
        name = self._reading[0].name
        if isinstance(error, SessionError):
            self._session.message.emit(str(error))
        elif isinstance(error, OSError):
            self._session.message.emit(f"Could not read {name}: {error.strerror or error}.")
        else:
            self._session.message.emit(f"{name} was not opened ({type(error).__name__}: {error}).")
            raise error

    def _set_path(self, path: Path | None) -> None:
        if path != self.path:
            self.path = path
            self.path_changed.emit(path)


class _Writing:
    """Writes a session in the background; it knows nothing of Qt."""

    def __init__(self, saved: Saved, path: Path) -> None:
        self._saved, self._path = saved, path

    def __call__(self, task: Task) -> None:
        write_session(self._saved, self._path)


class _Reading:
    """Reads a session in the background."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, task: Task) -> Saved:
        return read_session(self._path, Telling(task))
