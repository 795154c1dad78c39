"""Keep the session in one file every half a minute, and offer it again where NetStep did not end properly."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer

from viz_app.saved.session import write_session
from viz_app.session.background import Background, Task
from viz_app.session.saving import Same, snapshot
from viz_app.whole_file import remove_leftovers
from viz_app.window.dialogs import ask_recover
from viz_app.window.parts import Parts

EVERY_MS = 30_000
_NAME, _LOCK = "recovery-{}.netstep", "recovery-{}.lock"
_MOST = 100
"""More windows than that are not open at the same time."""


def usual_folder() -> Path:
    """Return the folder in which sessions are kept for recovery."""
    from platformdirs import user_state_path

    return user_state_path("netstep", appauthor=False)


class Recovery(QObject):
    """Keeps the session of a window, and offers one that was left by a window that did not close.

    Each window that is open has a file of its own, which goes when the window closes.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    folder : Path or None
        Where the files are; ``None`` is the platform's folder for what a program remembers.
    every_ms : int
        How often the session is kept; ``None`` is ``EVERY_MS``.
    """

    def __init__(self, parts: Parts, folder: Path | None = None, every_ms: int | None = None) -> None:
        super().__init__(parts.window)
        self._parts, self._session = parts, parts.session
        self._folder = folder or usual_folder()
        self._lock: QLockFile | None = None
        self.path: Path | None = None
        """The file of this window; ``None`` where none can be written."""
        self.left: list[Path] = []
        """Files that were left."""
        self._background = Background(self)
        self._background.failed.connect(self._tell)
        self._kept = self._state()
        self._told = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS if every_ms is None else every_ms)
        self._timer.timeout.connect(self.keep)

    def start(self) -> None:
        """Take a file, find those that were left, and begin to keep the session."""
        with suppress(OSError):  # where there is no such folder, nothing is kept
            self._folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, _MOST):
            lock = QLockFile(str(self._folder / _LOCK.format(number)))
            lock.setStaleLockTime(0)  # a lock is stale once its process has ended, however old it is
            if lock.tryLock(0):
                self._lock, self.path = lock, self._folder / _NAME.format(number)
                break
            if lock.error() is not QLockFile.LockError.LockFailedError:
                break
        self.left = list(self._found())
        remove_leftovers(self._folder)

    def offer_soon(self) -> None:
        """Offer what was left once the window stands."""
        QTimer.singleShot(0, self, self.offer)  # not where the window has gone by then

    def offer(self) -> bool:
        """Ask of each session that was left, the newest first, whether it is opened again; return whether one is.

        Those that nobody wants are removed; those that have not been asked about are offered at the next start.
        """
        recovered = False
        while self.left and not recovered:
            newest = max(self.left, key=_changed)
            self.left.remove(newest)
            if ask_recover(self._parts.window, datetime.fromtimestamp(_changed(newest))):
                recovered = self._recover(newest)
            else:
                _remove(newest)
        self._kept = self._state()
        self._timer.start()
        return recovered

    def _recover(self, path: Path) -> bool:
        """Open a session that was left, and keep it as that of this window; return whether it is open."""
        saving = self._session.saving
        saving.open(path, recovered=True)
        saving.finish_opening()
        if saving.succeeded and self.path is not None:
            self._background.start(_Keeping(self._parts, self.path))
            self._background.wait()
            if path != self.path:
                _remove(path)
        return saving.succeeded

    def keep_now(self) -> None:
        """Write the session as it is now, and wait until it has been written."""
        self.keep()
        self._background.wait()

    def keep(self) -> None:
        """Write the session as it is now, beside the window, where it is another one than before."""
        state = self._state()
        if self.path is None or state == self._kept or self._background.busy:
            return
        self._kept = state
        self._background.start(_Keeping(self._parts, self.path))

    def close(self) -> None:
        """Keep nothing any more: the window closes as it should."""
        self._timer.stop()
        self._background.wait()
        self._background.close()
        if self._lock is not None and self.path is not None:
            _remove(self.path)
            self._lock.unlock()
            self._lock = self.path = None

    def _found(self) -> Iterator[Path]:
        """Yield the files of windows that are not open any more."""
        for path in sorted(self._folder.glob(_NAME.format("*"))):
            number = path.stem.rpartition("-")[2]
            if path == self.path:
                yield path
                continue
            lock = QLockFile(str(self._folder / _LOCK.format(number)))
            lock.setStaleLockTime(0)
            if lock.tryLock(0):
                yield path
                lock.unlock()

    def _state(self) -> tuple[object, ...]:
        """Return what tells one session from another; it keeps no run."""
        session, visit = self._session, self._session.visit
        breakpoints = tuple((one, session.breakpoints.is_on(one)) for one in session.breakpoints)
        own = self._parts.own
        same = Same(session.experiment, session.trace, session.inference, visit and visit.guest, own.photo)
        drawn = None if own.drawing is None else own.drawing.tobytes()
        brought = own.preparation, drawn, session.writing.continued
        return same, session.trainer.trained, session.place, breakpoints, tuple(session.watches), *brought

    def _tell(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        if not self._told:
            self._told = True
            reason = error.strerror or error
            self._session.message.emit(f"The session cannot be kept for recovery in {self._folder}: {reason}.")


class _Keeping:
    """Writes a session in the background."""

    def __init__(self, parts: Parts, path: Path) -> None:
        self._saved, self._path = snapshot(parts.session, parts.looks, parts.own), path

    def __call__(self, task: Task) -> None:
        write_session(self._saved, self._path)


def _changed(path: Path) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
