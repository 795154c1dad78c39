"""Tell how far slow work is, and let somebody stop it."""

import threading
import time

_REST_AFTER_S = 0.001


class Cancelled(Exception):  # noqa: N818  # it is no error: somebody asked for it
    """Somebody has stopped the work; nothing that it began is left."""


class Progress:
    """How far slow work is: told by who does it, read and stopped by who waits, in the same thread or in another.

    In a thread beside the main one the work rests twice as long as it has worked, some milliseconds each: so it does
    not keep the interpreter from a window.

    Attributes
    ----------
    what : str
        What is being done, in a few words.
    done, total : int
        How much of how much; the total is 0 while nobody knows.
    """

    def __init__(self) -> None:
        self.what, self.done, self.total = "", 0, 0
        self._cancelled = threading.Event()
        self._since = time.perf_counter()

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1; ``None`` while nobody knows."""
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def cancelled(self) -> bool:
        """Whether somebody has stopped it."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop the work where it tells next how far it is."""
        self._cancelled.set()

    def tell(self, done: int, total: int = 0, what: str | None = None) -> None:
        """Say how far the work is.

        Raises
        ------
        Cancelled
            If somebody has stopped it.
        """
        self.done, self.total = done, total
        if what is not None:
            self.what = what
        if self._cancelled.is_set():
            raise Cancelled(self.what)
        self._rest()

    def _rest(self) -> None:
        worked = time.perf_counter() - self._since
        if worked < _REST_AFTER_S:
            return
        if threading.current_thread() is not threading.main_thread():
            time.sleep(min(2 * worked, 0.05))
        self._since = time.perf_counter()
